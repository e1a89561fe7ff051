# SPDX-License-Identifier: AGPL-3.0-or-later
"""Workbooks as office programs write them, read in the sandbox: what each cell is, and is not."""

import io
import os
import zipfile
from datetime import date
from pathlib import Path

import pytest

from safeconduct.edges.desk import table_guess
from safeconduct.edges.desk.importing.found import NotReadable
from safeconduct.edges.desk.importing.sheet_marks import marked_cells
from safeconduct.edges.desk.importing.sheets import load
from safeconduct.edges.desk.importing.tables import Sheet, Tables
from tests.kit.old_tables import written, xlsx

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'
    "<workbook>&c;</workbook>"
)


def read(tmp_path: Path, content: bytes) -> Tables:
    """The sheets of a workbook, through the sandbox."""
    return load(written(tmp_path / "list.xlsx", content))


def marks(sheet: Sheet) -> dict[str, str]:
    """What is told of cells, by their names in the program."""
    return {
        f"{table_guess.letters(sheet.left + one.column)}{one.row + 1}": one.says
        for one in sheet.marks
    }


def test_formulas_errors_and_merged_cells_are_marked_and_hidden_sheets_told(
    tmp_path: Path,
) -> None:
    rows = [
        ("No", "Name", "Age", "Region"),
        (1, "Ару", "=A2*10", "North"),
        (2, "Tam", "=A3*10", None),
        (3, "Mirel", "#N/A", "South"),
    ]
    content = xlsx(rows, merged=("D2:D3",), saved={"C2": "10"}, other=[("x",)])
    found = read(tmp_path, content)
    people, old = found.sheets
    assert (people.hidden, old.hidden, found.formulas, found.system) == (0, 1, 1, 1900)
    assert marks(people) == {"C2": "formula", "C3": "no_value", "C4": "error", "D3": "merged"}
    assert [row[2] for row in people.rows] == ["Age", "10", "", "#N/A"]
    assert people.rows[2][3] == "North"


def test_rows_keep_their_numbers_below_empty_ones_and_empty_ones_are_none(tmp_path: Path) -> None:
    found = read(tmp_path, xlsx([(), (), (None, "Name"), (None, "Ару"), (), (None, "Tam")]))
    (sheet,) = found.sheets
    header = table_guess.header_row(sheet)
    rows = table_guess.rows_of(sheet, header)
    assert [(one.number, one.cells[-1]) for one in rows] == [(4, "Ару"), (6, "Tam")]
    assert table_guess.headers(sheet, header)[-1] == "Name"


def test_days_counted_from_1904_are_those_days(tmp_path: Path) -> None:
    rows = [("Born",), (date(1990, 4, 3),), (31_504,)]
    for from_1904, system in ((False, 1900), (True, 1904)):
        found = read(tmp_path, xlsx(rows, from_1904=from_1904))
        assert found.system == system
        assert found.sheets[0].rows[1][0].startswith("1990-04-03")
        assert found.sheets[0].rows[2][0] == "31504"


def test_letters_and_separators_of_text_are_found_and_told(tmp_path: Path) -> None:
    text = "№;Имя;Год\n1;Ару Лесная;1990\n2;Мирель Дуб;1988\n"
    for coding, told in (("utf-8", "utf-8"), ("utf-16", "utf-16"), ("cp1251", "cp1251")):
        found = load(written(tmp_path / "list.csv", text, coding))
        assert (found.coding, found.separator) == (told, ";")
        assert found.sheets[0].rows[1][1] == "Ару Лесная"
    tabs = load(written(tmp_path / "list.csv", text.replace(";", "\t")))
    assert tabs.separator == "\t"


def test_a_workbook_with_a_document_type_tells_nothing_of_its_cells() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("xl/workbook.xml", BOMB)
        book.writestr("xl/_rels/workbook.xml.rels", "<Relationships/>")
    assert marked_cells(out.getvalue()) is None
    assert marked_cells(b"PK\x03\x04 nothing") is None


def test_a_pipe_is_no_table_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "list.csv")
    with pytest.raises(NotReadable):
        load(tmp_path / "list.csv")
