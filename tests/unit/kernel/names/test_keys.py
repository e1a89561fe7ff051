# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys bring together what is one name, and keep apart what is not: docs/spec/names.md 8."""

from collections import Counter
from itertools import combinations

import pytest

from safeconduct.kernel.names import KEYS_MOST, SCHEMES, forms_of, keys_of, romanise
from safeconduct.kernel.names.declension import cases_of, pet_names_of
from safeconduct.kernel.names.endings import is_surname, patronymic, stems
from safeconduct.kernel.names.keys import keys_of_word
from safeconduct.kernel.names.known import Known, every_given, exactly
from safeconduct.kernel.names.letters import spellings, words_of
from tests.kit.spellings import ONE_NAME, OTHER_NAMES, UNSEEN


def recall(rows: tuple[tuple[str, ...], ...]) -> float:
    shared = [bool(keys_of(a) & keys_of(b)) for row in rows for a, b in combinations(row, 2)]
    return sum(shared) / len(shared)


def test_spellings_of_one_name_share_a_key() -> None:
    assert recall(ONE_NAME) >= 0.99
    assert recall(UNSEEN) >= 0.95


def test_other_names_share_none() -> None:
    assert not [pair for pair in OTHER_NAMES if keys_of(pair[0]) & keys_of(pair[1])]


def test_names_of_other_rows_share_none() -> None:
    crossing = {
        (row[0], other[0])
        for row, other in combinations((*ONE_NAME, *UNSEEN), 2)
        if keys_of(row[0]) & keys_of(other[0])
    }
    # Written in both sets, or of one origin.
    assert crossing <= {("Хава", "Ева")}


def test_surnames_of_man_woman_and_family_have_one_key() -> None:
    for form in ("Иванов", "Иванова", "Ивановы", "Ивановым", "Ivanova", "Ivanoff"):
        assert keys_of(form) == keys_of("Иванов"), form


def test_patronymics_tell_son_from_daughter_and_follow_the_fathers_name() -> None:
    assert keys_of("Магомедович") == keys_of("Mukhammadovich")
    assert not keys_of("Магомедович") & keys_of("Магомедовна")
    assert not keys_of("Магомедович") & keys_of("Магомед")
    for name, base in (("илич", None), ("iljiq", "ilj"), ("nikolaeviq", "nikol")):
        found = patronymic(name)
        assert (found.base if found else None) == base


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Саша", "Александр"),
        ("Sasha", "Александра"),
        ("Сашеньку", "Aleksandra"),
        ("Мага", "Magomed"),
    ],
)
def test_what_one_is_called_at_home_leads_to_the_name(short: str, full: str) -> None:
    assert keys_of(short) & keys_of(full)


def test_letters_of_two_alphabets_in_one_word_are_read_in_each() -> None:
    assert keys_of("Mагoмед") & keys_of("Магомед")
    assert keys_of("Хаджиeв") & keys_of("Хаджиев")
    assert {alphabet for alphabet, _ in spellings("сoсo")} == {"cyrillic", "latin"}


@pytest.mark.parametrize("typed", ["Г1апур", "Гӏапур", "ГIапур", "Гапур"])
def test_the_palochka_is_read_however_it_is_typed(typed: str) -> None:
    assert keys_of(typed) & keys_of("Гапур")


def test_words_that_tell_nobody_apart_have_no_keys_beside_others() -> None:
    assert keys_of("Алиев Вагиф оглы") == keys_of("Алиев Вагиф")
    assert keys_of("аль")
    assert keys_of("محمد بن علي") == keys_of("محمد علي")


@pytest.mark.parametrize("text", ["", " ", "123", "...", "'", "а" * 41, "\u0301"])
def test_what_is_no_name_has_no_keys(text: str) -> None:
    assert keys_of(text) == frozenset()


def test_scripts_that_nobody_reads_keep_their_words() -> None:
    assert keys_of("გიორგი") == {"oგიორგი"}
    assert words_of("Анна-Мария\tO'Нил") == ("анна", "мария", "o'нил")


def test_a_word_of_many_readings_has_few_keys() -> None:
    assert len(keys_of_word("jochecyochschou")) <= KEYS_MOST


def test_tables_of_given_names_are_well_formed() -> None:
    names = every_given()
    assert len(names) > 300
    assert not [key for key, times in Counter(one.key for one in names).items() if times > 1]
    for one in names:
        for name in (*one.full, *one.short):
            alphabets = {alphabet for alphabet, _ in spellings(name.partition("(")[0].casefold())}
            assert len(alphabets) == 1, name
            assert "other" not in alphabets, name
            assert any(known.given.key == one.key for known in exactly_of(name)), name


def exactly_of(name: str) -> tuple[Known, ...]:
    return exactly(words_of(name.partition("(")[0])[0])


def test_given_names_are_declined() -> None:
    assert cases_of("магомед") == ("магомед", "магомеда", "магомеду", "магомедом", "магомеде")
    assert set(cases_of("мария")) >= {"марии", "марию", "марией"}
    assert set(cases_of("лев", oblique="льв")) >= {"льва", "льву", "львом"}
    assert set(cases_of("любовь", oblique="любов", female=True)) >= {"любови", "любовью"}
    assert set(cases_of("саша")) >= {"саши", "сашей"}
    assert pet_names_of("катя") == ("катька", "катечка", "катенька")
    assert pet_names_of("ия") == ()


def test_endings_are_cut_where_they_can_be_one() -> None:
    assert stems("ivanovim") == {"ivanov"}
    assert stems("xukovskogo") == {"xukovsk"}
    assert "zajc" in stems("zajca")
    assert is_surname("hadxieva")
    assert not is_surname("magomed")


def test_forms_show_cases_spellings_and_schemes() -> None:
    forms = forms_of("Магомед")
    assert forms[0] == "магомед"
    assert {"мухаммад", "магомеду", "мага", "magomed", "mukhammad"} <= set(forms)
    assert {"ивановой", "iwanowa"} <= set(forms_of("Иванова"))
    assert "жуковского" in forms_of("Жуковский")
    assert forms_of("") == ()


@pytest.mark.parametrize(
    ("scheme", "written"),
    [
        ("icao", "shcherbakova iuliia zhukovskii khadzhiev tsvetaev"),
        ("passport-2010", "shcherbakova iuliia zhukovskii khadzhiev tcvetaev"),
        ("passport-2000", "shcherbakova yuliya zhukovskiy khadzhiyev tsvetayev"),
        ("bgn", "shcherbakova yuliya zhukovskiy khadzhiyev tsvetayev"),
        ("gost", "shherbakova yuliya zhukovskij xadzhiev czvetaev"),
        ("iso9", "ŝerbakova ûliâ žukovskij hadžiev cvetaev"),
        ("ala-lc", "shcherbakova iuliia zhukovskiĭ khadzhiev tsvetaev"),
        ("scholarly", "ščerbakova julija žukovskij xadžiev cvetaev"),
    ],
)
def test_schemes_write_as_their_standards_say(scheme: str, written: str) -> None:
    names = ("щербакова", "юлия", "жуковский", "хаджиев", "цветаев")
    assert " ".join(romanise(name, scheme) for name in names) == written
    assert scheme in SCHEMES
