# SPDX-License-Identifier: AGPL-3.0-or-later
"""Old tables as messy as real ones, written by a library that office programs agree with."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

HEAD = ("No", "Name", "Full name", "Born", "Phone", "Role in case", "Story", "Office use")


def xlsx(
    rows: Sequence[Sequence[object]],
    *,
    from_1904: bool = False,
    merged: Sequence[str] = (),
    saved: Mapping[str, str] | None = None,
    other: Sequence[Sequence[object]] = (),
) -> bytes:
    """A workbook with these rows; `saved` are results of formulas, by cell, as programs save them.

    With `other` rows a second, hidden sheet has them.
    """
    book = openpyxl.Workbook()
    if from_1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet.title = "People"
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    if other:
        more = book.create_sheet("Old")
        more.sheet_state = "hidden"
        for row in other:
            more.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return _with_results(out.getvalue(), saved or {})


def _with_results(data: bytes, saved: Mapping[str, str]) -> bytes:
    """Write results beside formulas, which the library leaves to office programs."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(out, "w") as copy:
        for name in book.namelist():
            text = book.read(name)
            if name == "xl/worksheets/sheet1.xml":
                for cell, result in saved.items():
                    found = rf'(<c r="{cell}"[^>]*><f>[^<]*</f>)<v( ?/|></v)>'
                    text = re.sub(found.encode(), rf"\g<1><v>{result}</v>".encode(), text)
            copy.writestr(name, text)
    return out.getvalue()


def written(path: Path, content: bytes | str, coding: str = "utf-8") -> Path:
    """A file with this content."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode(coding))
    return path
