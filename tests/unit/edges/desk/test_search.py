# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is found, and how it is shown."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from safeconduct.edges.desk import search
from safeconduct.edges.desk.hits import find_names
from safeconduct.edges.desk.stems import start_of, stem
from safeconduct.edges.desk.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path, bytes(32))
    search.index(opened, [(1, "Ёлка у СЕМЁНА"), (2, "семен и дорога"), (3, "ﬁne Straße, 25-й дом")])
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("елка", [1]),
        ("СЕМ", [2, 1]),
        ("семён дор", [2]),
        ("fine strasse", [3]),
        ("25", [3]),
        ("", []),
        ("\"'*()-", []),
        ("нет", []),
        ("AND", []),
        ("семену", [2, 1]),
        ("Semyon", [2, 1]),
        ("дорогами", [2]),
        ("ёлками", [1]),
        ("домов", [3]),
        ("streets", []),
    ],
)
def test_words_are_found_however_they_are_written(
    store: Store, words: str, found: list[int]
) -> None:
    assert search.find(store, search.terms_of(words), 10) == found


def test_snippet_marks_the_original_words() -> None:
    text = "Брат ждёт у ёлки, потом уехал."
    assert (
        search.snippet(text, search.terms_of("елк")) == "Брат ждёт у \u2068ёлки\u2069, потом уехал."
    )


def test_snippet_of_a_long_text_is_short() -> None:
    text = " ".join(f"word{number}" for number in range(5000))
    shown = search.snippet(text, ["word2500"])
    assert "\u2068word2500\u2069" in shown
    assert len(shown) < 200


def test_snippet_marks_a_word_in_another_form() -> None:
    shown = search.snippet("Ищут братья, и дорога закрыта.", search.terms_of("братьями дорогу"))
    assert shown == "Ищут \u2068братья\u2069, и \u2068дорога\u2069 закрыта."


def test_names_are_found_in_other_scripts_and_forms_and_words_are_not(store: Store) -> None:
    texts = (
        "Меня ищет Мухаммад, брат Лены",
        "Mukhammad wrote to Elena again",
        "верю в лучшее, вера есть \ue000gmuhammad",
        "и\u0306 Магоме\u0301д",
    )
    search.index(store, enumerate(texts, start=10))

    def found(words: str) -> list[int]:
        return search.find(store, search.terms_of(words), 10)

    assert found("Магомед") == found("muhammad") == [13, 11, 10]
    assert found("Елена") == found("lena muhammed") == [11, 10]
    assert found("Vera") == found("gmuhammad x") == []


def test_dates_are_found_however_they_are_written_and_with_a_month_its_days(store: Store) -> None:
    texts = ("born 2017-04-03", "3.4.2017 в Горске", "в 04.2017", "2017 год, дом 04", "2017-05-04")
    search.index(store, enumerate(texts, start=10))

    def found(words: str) -> list[int]:
        return search.find(store, search.terms_of(words), 10)

    assert found("2017-04-03") == found("03.04.2017") == [11, 10]
    assert found("2017-04") == found("4.2017") == [12, 11, 10]
    assert found("2017-04 горск") == [11]
    assert found("2017") == [14, 13, 12, 11, 10]
    assert found("2017-06") == []


def test_snippet_marks_dates_in_other_writing() -> None:
    text = "слово " * 30 + "пришли 3.04.2017 ночью"
    shown = search.snippet(text, search.terms_of("2017-04"))
    assert "пришли \u20683\u2069.\u206804\u2069.\u20682017\u2069 ночью" in shown


def test_what_is_older_than_a_number_is_found(store: Store) -> None:
    search.index(store, ((number, "мельница") for number in range(10, 20)))
    assert search.find(store, ["мельниц"], 3) == [19, 18, 17]
    assert search.find(store, ["мельниц"], 3, before=12) == [11, 10]


def test_what_is_indexed_again_stands_once(store: Store) -> None:
    search.index(store, [(1, "Хадижат"), (4, "Хадижат"), (4, "Хадижат")])
    assert search.find(store, ["khadija"], 10) == [4]
    search.forget(store, [1, 4])
    assert search.find(store, ["khadija"], 10) == search.find(store, ["елка"], 10) == []


def test_snippet_marks_names_in_other_scripts() -> None:
    text = "слово " * 30 + "ищет Ol'ga, сестра Магомеда"
    shown = search.snippet(text, search.terms_of("ольга mukhammad"))
    assert "\u2068Магомеда\u2069" in shown
    assert "\u2068Ol\u2069'\u2068ga\u2069" in shown


@pytest.mark.parametrize(
    ("word", "same"),
    [("рейсов", "рейсами"), ("running", "runs"), ("братья", "братьев"), ("дом", "дома")],
)
def test_forms_of_a_word_have_one_stem(word: str, same: str) -> None:
    assert stem(word) == stem(same)


@given(st.text(st.sampled_from("aeiouydlnstабеилнстуыяь"), min_size=1, max_size=8))
@example("dying")
@example("ties")
@example("sky")
def test_a_word_begins_as_what_is_marked_for_its_stem_does(word: str) -> None:
    assert stem(word)
    assert word.startswith(start_of(stem(word)))
    assert search.HIT_START in search.snippet(word, [stem(word)])


@given(st.text("aб- ", max_size=80), st.integers(0, 80))
@example("-- a", 0)
@example("-- a", 1)
def test_words_around_a_place_are_those_of_the_whole_text(text: str, start: int) -> None:
    start = min(start, len(text))
    places = [found.span() for found in re.finditer(r"\w+", text)]
    first = sum(place[0] <= start for place in places) - 1 if start else 0
    low, high = max(0, first - search.WORDS_AROUND), first + search.WORDS_AROUND + 1
    around = low > 0, places[low:high], high < len(places)
    assert search._around(text, start) == around


@pytest.mark.parametrize("word", ["", "25", "خطر", "გზა", "_", "д" * 41])
def test_what_no_stemmer_knows_stays_as_it_is(word: str) -> None:
    assert stem(word) == word


def test_code_names_are_found_by_the_beginnings_of_their_words(store: Store) -> None:
    with store.transaction() as writer:
        for number, name in enumerate(("amber lantern", "ёж серый", "quiet orchard")):
            row = (bytes([number]) * 16, name, "ru", None, 0, number, "preview")
            columns = "id, code_name, language, waiting_since, unread, last_at, preview"
            writer.execute(
                f"INSERT INTO conversations ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", row
            )

    def names(words: str) -> list[str]:
        return [hit.code_name for hit in find_names(store, search.terms_of(words), 10)]

    assert names("lant amb") == ["amber lantern"]
    assert names("ЕЖ") == names("ёж сер") == ["ёж серый"]
    assert names("rchard") == names("") == names("%") == []
