# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the library that reads sheets does not tell of a workbook: formulas, errors, count of days.

Runs in the sandbox alone.  It reads the XML of a workbook (ECMA-376 part 1, 18.3.1) by Expat,
without documents types, so without entities; it takes nothing from it but places, and what stands
in a cell of an error.
"""

from __future__ import annotations

import encodings.cp437  # noqa: F401  (names in a zip; nothing can be loaded once this is confined)
import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import IO, Final, Literal, NamedTuple
from xml.parsers import expat

from safeconduct.edges.desk.importing.tables import MARKS_MOST, Says

BOOK: Final = "xl/workbook.xml"
LINKS: Final = "xl/_rels/workbook.xml.rels"
ERROR_MOST: Final = 20
PIECE: Final = 1 << 16
_PLACE: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})")
Marked = dict[tuple[int, int], tuple[Says, str]]
"""By row and column of the sheet, from 0."""


class Found(NamedTuple):
    """The marks of each sheet by its name, and from which year numbers count days."""

    sheets: Mapping[str, Marked]
    system: Literal[1900, 1904]


class _NoWorkbook(Exception):
    """It has a document type, or is no workbook."""


def marked_cells(data: bytes) -> Found | None:
    """Return what is to be told of a workbook's cells; None where that cannot be known."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return _found(book)
    except (_NoWorkbook, KeyError, ValueError, zipfile.BadZipFile, expat.ExpatError, OSError):
        return None


def _found(book: zipfile.ZipFile) -> Found:
    names, system = _sheets(book)
    links = dict[str, str]()

    def link(name: str, told: dict[str, str]) -> None:
        if name == "Relationship":
            links[told.get("Id", "")] = posixpath.join("/xl", told.get("Target", ""))[1:]

    with book.open(LINKS) as file:
        _read(file, link)
    return Found({name: _cells(book, links[at]) for name, at in names.items() if at in links},
                 system)  # fmt: skip


def _sheets(book: zipfile.ZipFile) -> tuple[dict[str, str], Literal[1900, 1904]]:
    names, from_1904 = dict[str, str](), list[bool]()

    def take(name: str, told: dict[str, str]) -> None:
        if name == "sheet":
            link = next((text for key, text in told.items() if key.endswith(":id")), "")
            names[told.get("name", "")] = link
        elif name == "workbookPr" and told.get("date1904", "") in {"1", "true", "on"}:
            from_1904.append(True)

    with book.open(BOOK) as file:
        _read(file, take)
    return names, 1904 if from_1904 else 1900


class _Cells:
    """The cells of one sheet, one after the other."""

    def __init__(self) -> None:
        self.marks: Marked = {}
        self._place = ""
        self._sort = ""
        self._formula = False
        self._inside = False
        self._text: list[str] = []

    def start(self, name: str, told: dict[str, str]) -> None:
        if name == "c":
            self._place, self._sort = told.get("r", ""), told.get("t", "")
            self._formula, self._text = False, []
        elif name == "f":
            self._formula = True
        elif name == "v":
            self._inside = True

    def text(self, said: str) -> None:
        if self._inside and len(self._text) < ERROR_MOST:
            self._text.append(said[:ERROR_MOST])

    def end(self, name: str) -> None:
        if name == "v":
            self._inside = False
        if name != "c" or not (self._formula or self._sort == "e"):
            return
        found = _PLACE.fullmatch(self._place)
        if not found:
            raise _NoWorkbook
        if len(self.marks) < MARKS_MOST:
            at = int(found[2]) - 1, _number(found[1])
            self.marks[at] = self._says(), "".join(self._text)[:ERROR_MOST]

    def _says(self) -> Says:
        if self._sort == "e":
            return "error"
        # A formula may give a text without a letter, and says so.
        return "formula" if self._text or self._sort == "str" else "no_value"


def _cells(book: zipfile.ZipFile, name: str) -> Marked:
    cells = _Cells()
    with book.open(name) as file:
        _read(file, cells.start, cells.end, cells.text)
    return cells.marks


def _number(letters: str) -> int:
    number = 0
    for one in letters:
        number = number * 26 + ord(one) - 64
    return number - 1


def _read(
    file: IO[bytes],
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] = lambda _: None,
    text: Callable[[str], None] = lambda _: None,
) -> None:
    """Read XML piece by piece; names come without their space."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, told: start(name.rpartition(":")[2], told)
    parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    parser.CharacterDataHandler = text
    while piece := file.read(PIECE):
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def _refuse(*_: object) -> None:
    raise _NoWorkbook
