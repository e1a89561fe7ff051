# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page of old tables shows, and what its form of columns says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from safeconduct.edges.desk import table_guess, table_words
from safeconduct.edges.desk.table_look import Looked
from safeconduct.edges.desk.table_report import KeptLine
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases.sheets import Form
from safeconduct.rooms.cases.table import (
    ORDERS,
    SYSTEMS,
    TARGETS,
    Column,
    TableMap,
    Target,
    plain_value,
)
from safeconduct.rooms.cases.table_dates import counts_days, orders_shown
from safeconduct.rooms.cases.table_facts import KEYS_MOST
from safeconduct.rooms.cases.table_plan import Fate, Line
from safeconduct.rooms.cases.table_rows import Remark

PREVIEWED = 5
NOTED = "note"
"""The choice for a value that is none of a field's: it goes into a note."""
OF_FIELDS = frozenset({"left", "emptied"})


@dataclass(frozen=True, slots=True)
class ShownRemark:
    """A remark as it is shown: its code, the column's heading, what stands there, and a case."""

    code: str
    header: str = ""
    more: str = ""
    case: str = ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as it is shown; `case` is the hex id of one that can be read here."""

    number: int
    fate: str
    label: str
    case: str
    case_name: str
    remarks: tuple[ShownRemark, ...]


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column in the form: where it goes, and what has to be asked of its values."""

    at: int
    header: str
    to: str
    key: bool
    asks_order: bool
    order: str
    shows: str
    asks_system: bool
    system: int
    choices: tuple[tuple[str, str], ...]
    """The field's choices and how they are called; nothing where it is none of choices."""
    values: tuple[tuple[str, str | None], ...]
    """What stands in the column, and what it means; None while nobody said so."""


Named = Callable[[CaseId], str]


def shown_line(line: Line, looked: Looked, named: Named, language: str) -> ShownRow:
    """Return a row that was looked at."""

    def remark(one: Remark) -> ShownRemark:
        header = looked.map.columns[one.column].header if one.column >= 0 else ""
        return _remark(one.code, header, one.more, named, language)

    case = line.case if line.case and named(line.case) else None
    return ShownRow(
        *(line.taken.number, line.fate.value, line.taken.label, case.hex() if case else ""),
        *(named(case) if case else "", tuple(map(remark, line.remarks))),
    )


def shown_kept(line: KeptLine, named: Named, language: str) -> ShownRow:
    """Return a row of the last report; a case that cannot be read here any more is left out."""
    case = CaseId(bytes.fromhex(line.case))
    name = named(case) if line.case else ""
    remarks = (_remark(one.code, one.header, one.more, named, language) for one in line.remarks)
    return ShownRow(line.number, line.fate, "", line.case if name else "", name, tuple(remarks))


def _remark(code: str, header: str, more: str, named: Named, language: str) -> ShownRemark:
    if code == "alike_case":
        name = named(CaseId(bytes.fromhex(more)))
        return ShownRemark(code, header, name, more if name else "")
    return ShownRemark(
        code, header, table_words.target(more, language) if code in OF_FIELDS else more
    )


def shown_columns(looked: Looked, called: Callable[[Target, str], str]) -> list[ShownColumn]:
    """Return the columns as the form asks of them."""
    rows = looked.rows
    found = []
    for at, one in enumerate(looked.map.columns):
        form = one.to.field.form if one.to and one.to.field else None
        cells = [row.cells[at] for row in rows if at < len(row.cells)] if form is Form.DATE else []
        asks, shows = orders_shown(cells)
        choices = one.to.field.choices if one.to and one.to.field and form is Form.ONE else ()
        values = table_guess.values_of(rows, at) if choices else {}
        found.append(
            ShownColumn(
                *(at, one.header, str(one.to) if one.to else "", one.header in looked.map.keys),
                *(asks or bool(one.order), one.order, "".join(shows) if len(shows) == 1 else ""),
                *(counts_days(cells), one.system),
                tuple((value, called(one.to, value)) for value in choices if one.to),
                tuple((text, one.choices.get(value)) for value, text in values.items()),
            )
        )
    return found


def columns_typed(looked: Looked, typed: Mapping[str, str], called: table_guess.Called) -> TableMap:
    """Return the columns as a form says them; nothing in it is believed."""
    rows, names = looked.rows, [one.header for one in looked.map.columns]
    columns = []
    for at, before in enumerate(looked.map.columns):
        to = TARGETS.get(typed.get(f"to-{at}", ""))
        order, system = typed.get(f"order-{at}", before.order), typed.get(f"system-{at}", "")
        columns.append(
            Column(
                before.header,
                to,
                order if order in ORDERS else "",
                int(system) if system in {str(one) for one in SYSTEMS} else before.system,
                _choices(typed, at, to, table_guess.values_of(rows, at))
                or table_guess.guess_choices(to, rows, at, called),
            )
        )
    keys = tuple(name for at, name in enumerate(names) if typed.get(f"key-{at}"))[:KEYS_MOST]
    return TableMap(looked.map.table, tuple(columns), keys)


def _choices(
    typed: Mapping[str, str], at: int, to: Target | None, values: Iterable[str]
) -> dict[str, str]:
    """Return what values mean, by their place in the column."""
    if to is None or to.field is None:
        return {}
    meant = {value: typed.get(f"choice-{at}-{n}", "") for n, value in enumerate(values)}
    known = {NOTED: "", **{one: one for one in to.field.choices}}
    return {plain_value(value): known[one] for value, one in meant.items() if one in known}


def shown_counts(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return how many rows have which fate, in one order."""
    return [(one.value, counts[one.value]) for one in Fate if counts.get(one.value)]


def context_of(looked: Looked) -> dict[str, Any]:
    """Return what is shown of the file itself."""
    sheet = looked.tables.sheets[looked.sheet]
    begin = looked.header + 1
    return {
        "looked": looked,
        "sheet": sheet,
        "headers": [one.header for one in looked.map.columns],
        "first": sheet.rows[begin : begin + PREVIEWED],
        "nowhere": [one.header for one in looked.map.columns if one.to is None],
    }


def doubles_of(found: Sequence[Sequence[CaseId]], named: Named) -> list[list[tuple[str, str]]]:
    """Return the cases of rows that came twice, each with its name."""
    return [[(case.hex(), named(case)) for case in cases] for cases in found]
