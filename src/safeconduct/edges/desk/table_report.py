# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept of an old table that was brought in: what became of each row, and no word of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

import msgspec

from safeconduct.edges.desk.table_look import Looked
from safeconduct.rooms.cases.table import TableMap
from safeconduct.rooms.cases.table_plan import Fate, Line
from safeconduct.rooms.cases.table_rows import Remark

LINES_KEPT: Final = 20_000
SAID_OF_FIELDS: Final = frozenset({"left", "emptied", "twice", "key_twice", "no_key_to_part"})
"""Remarks of which the report keeps more than the column: no words of a cell."""


class KeptRemark(msgspec.Struct, frozen=True):
    """A remark as a report keeps it."""

    code: str
    header: str
    more: str


class KeptLine(msgspec.Struct, frozen=True):
    """A row of a report as it is kept: its number, and no word of it."""

    number: int
    fate: str
    case: str
    remarks: tuple[KeptRemark, ...]


class Report(msgspec.Struct, frozen=True):
    """What became of each row of a table."""

    name: str
    lines: tuple[KeptLine, ...]
    counts: dict[str, int]
    written: int = 0
    why: str = ""
    """Why it stopped before its end, as a code."""


_REPORT: Final = msgspec.json.Decoder(Report)


def report_in(text: str) -> Report | None:
    """Return a report as it was kept; None where there is none that this program knows."""
    try:
        return _REPORT.decode(text) if text else None
    except msgspec.MsgspecError:
        return None


def report_text(report: Report) -> str:
    """Return a report as it is kept."""
    return msgspec.json.encode(report).decode()


def report_of(looked: Looked, done: Sequence[Line], wanted: Collection[Fate], why: str) -> Report:
    """Return what became of each row; what was wanted and is not done waits."""
    written = {one.taken.number: one for one in done}
    lines = [
        written.get(one.taken.number)
        or (replace(one, fate=Fate.WAITS) if one.fate in wanted else one)
        for one in looked.lines
    ]
    counts = dict(Counter(one.fate.value for one in lines))
    told = tuple(_kept_line(one, looked.map) for one in lines[:LINES_KEPT])
    return Report(looked.title, told, counts, len(done), why)


def _kept_line(line: Line, table: TableMap) -> KeptLine:
    def remark(one: Remark) -> KeptRemark:
        header = table.columns[one.column].header if one.column >= 0 else ""
        return KeptRemark(one.code, header, one.more if one.code in SAID_OF_FIELDS else "")

    case = line.case.hex() if line.case else ""
    return KeptLine(line.taken.number, line.fate.value, case, tuple(map(remark, line.remarks)))
