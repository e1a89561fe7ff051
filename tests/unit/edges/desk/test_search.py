# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is found, and how it is shown."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk import search
from safeconduct.edges.desk.stems import stem
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
        ("семену", [2]),
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


@pytest.mark.parametrize(
    ("word", "same"),
    [("рейсов", "рейсами"), ("running", "runs"), ("братья", "братьев"), ("дом", "дома")],
)
def test_forms_of_a_word_have_one_stem(word: str, same: str) -> None:
    assert stem(word) == stem(same)


@pytest.mark.parametrize("word", ["", "25", "خطر", "გზა", "_", "д" * 41])
def test_what_no_stemmer_knows_stays_as_it_is(word: str) -> None:
    assert stem(word) == word


def test_code_names_are_found_by_the_beginnings_of_their_words(store: Store) -> None:
    with store.transaction() as writer:
        for number, name in enumerate(("amber lantern", "ёж серый", "quiet orchard")):
            row = (bytes([number]) * 16, name, "ru", None, 0, number, "preview")
            writer.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def names(words: str) -> list[str]:
        return [hit.code_name for hit in search.find_names(store, search.terms_of(words), 10)]

    assert names("lant amb") == ["amber lantern"]
    assert names("ЕЖ") == names("ёж сер") == ["ёж серый"]
    assert names("rchard") == names("") == names("%") == []
