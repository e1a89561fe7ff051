# SPDX-License-Identifier: AGPL-3.0-or-later
"""What columns seem to be: by headings in two languages, and of three programs."""

import pytest

from safeconduct.edges.desk.importing.tables import Sheet
from safeconduct.edges.desk.table_guess import guess, headers, preset_for, presets, rows_of
from safeconduct.edges.desk.table_words import called
from safeconduct.rooms.cases.table import TARGETS


def guessed(*rows: tuple[str, ...]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Where columns seem to go, with headings in the first row, and which tells rows apart."""
    sheet = Sheet("", rows, 0)
    found = guess(headers(sheet, 0), rows_of(sheet, 0), called, table=b"t" * 16, system=0)
    return {one.header: str(one.to) for one in found.columns if one.to}, found.keys


def test_headings_of_small_offices_are_known_in_english_and_russian() -> None:
    english, key = guessed(
        ("No", "Name", "Full name", "Date of birth", "Phone number", "What happened")
    )
    russian, key_too = guessed(("№", "Имя", "ФИО", "Дата рождения", "Телефон", "Что случилось"))
    fields = [*english.values()]
    assert fields == [*russian.values()]
    assert fields[1:] == [
        *("person.1.papers_name", "person.1.born", "person.1.reach", "note.testimony"),
    ]
    assert (key, key_too) == (("No",), ("№",))


@pytest.mark.parametrize(
    ("row", "program", "key"),
    [
        (("Title", "Date added", "Template", "Geolocation", "Published"), "Uwazi", "Title"),
        (("id", "name", "sex", "origin_place", "nationalities"), "Bayanat", "id"),
        (("Person Record Number", "person_name", "sex"), "OpenEvSys", "Person Record Number"),
    ],
)
def test_tables_of_other_programs_are_known_by_their_headings(
    row: tuple[str, ...], program: str, key: str
) -> None:
    assert preset_for(row).name == program
    found, keys = guessed(row)
    assert keys == (key,)
    assert "person.1.name" in found.values()


def test_presets_name_their_sources_and_fields_that_are_there() -> None:
    assert all(one.source for one in presets())
    for one in presets():
        assert {*one.known.values(), *(to for _, to in one.begins)} <= {*TARGETS.values()}


def test_two_columns_never_go_to_one_date() -> None:
    found, _ = guessed(("Date of birth", "Year of birth", "Name"))
    assert list(found.values()).count("person.1.born") == 1


def test_headings_that_repeat_or_lack_are_told_apart() -> None:
    sheet = Sheet("", (("Name", "Name", ""), ("a", "b", "c")), 0)
    assert headers(sheet, 0) == ("Name", "Name (B)", "C")


def test_values_that_are_called_like_choices_mean_them() -> None:
    sheet = Sheet("", (("Role in case",), ("Asks for help",), ("партнёр",), ("boss",)), 0)
    rows = rows_of(sheet, 0)
    (column,) = guess(headers(sheet, 0), rows, called, table=b"t" * 16, system=0).columns
    assert column.choices["asks for help"] == "asks"
    assert "boss" not in column.choices
