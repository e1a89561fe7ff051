# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing in an old table: read it, say what its columns are, look at each row, bring it in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from litestar import get, post

from safeconduct.edges.desk import record_words, table_words
from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.importing.found import LookedMeanwhile, NoTable, expecting
from safeconduct.edges.desk.importing.sheets import load
from safeconduct.edges.desk.looked import looked_through
from safeconduct.edges.desk.pages.cases import reader_choices, readers_chosen
from safeconduct.edges.desk.table_page import (
    columns_typed,
    context_of,
    doubles_of,
    shown_columns,
    shown_counts,
    shown_kept,
    shown_line,
)
from safeconduct.edges.desk.visit import Here, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms.cases import Part
from safeconduct.rooms.cases.sheets import SHEET_BYTES
from safeconduct.rooms.cases.table import Target

STEP: Final = 100
DOUBLES_SHOWN: Final = 50
TEMPLATE: Final = "tables.html"
AT: Final = "/tables"


@get(AT, sync_to_thread=True)
def see(visit: Here) -> Page:
    """Show what was looked at, what became of the last table, or where to begin."""
    failed = visit.desk.cases.tables.failed()
    return visit.page(TEMPLATE, **_shown(visit), reason=_why(visit, failed) if failed else "")


@post(f"{AT}/look", sync_to_thread=True)
def look(visit: Here) -> Page:
    """Read a file where it lies."""
    path = Path(visit.form.get("path").strip().strip("\"'"))
    with suppress(RuntimeError):  # The home of somebody whom this computer does not know.
        path = path.expanduser()
    return _do(visit, lambda: visit.desk.cases.tables.begin_look(path.name, lambda: load(path)))


@post(f"{AT}/sheet", sync_to_thread=True)
def choose_sheet(visit: Here) -> Page:
    """Look at another sheet of it, below another row, or by another table that was kept."""
    tables, typed = visit.desk.cases.tables, visit.form
    sheet, header = _number(typed.get("sheet")), _number(typed.get("header"))
    kept = parse_id(typed.get("table"), SHEET_BYTES)
    looked = tables.looked
    other = looked is not None and sheet is not None and sheet != looked.sheet
    below = None if other or header is None else header - 1
    return _do(visit, lambda: tables.choose(sheet or 0, below, None if other else kept))


@post(f"{AT}/map", sync_to_thread=True)
def set_columns(visit: Here) -> Page:
    """Look at each row by these columns."""
    tables = visit.desk.cases.tables
    looked = tables.looked
    if looked is None:
        return visit.onward(AT)
    return _do(
        visit, lambda: tables.map(columns_typed(looked, visit.form.fields, tables.book.called))
    )


@post(f"{AT}/bring", sync_to_thread=True)
def bring(visit: Here) -> Page:
    """Keep how the table is read, and bring in its rows."""
    typed, readers = visit.form, readers_chosen(visit)
    team = VaultId(parse_id(typed.get("team"), SHEET_BYTES))
    there = team if team in {one.id for one in visit.desk.teams.usable()} else None
    try:
        if typed.get("looks") != str(visit.desk.cases.tables.looks):
            raise LookedMeanwhile
        visit.desk.cases.tables.begin(
            typed.get("title"), there, readers, held=bool(typed.get("held"))
        )
    except SafeconductError as error:
        context = _shown(visit) | reader_choices(visit, readers) | {"typed": typed.fields}
        return visit.refused(visit.why(error), TEMPLATE, "tables-refused", **context)
    return visit.onward(AT)


@post(f"{AT}/stop", sync_to_thread=True)
def stop(visit: Here) -> Page:
    """Stop what is looked at or brought in; what is written stands."""
    visit.desk.cases.tables.stop()
    return visit.onward(AT, visit.say("Stopped."))


@post(f"{AT}/drop", sync_to_thread=True)
def drop(visit: Here) -> Page:
    """Forget what was looked at, or the last report."""
    visit.desk.cases.tables.drop()
    return visit.onward(AT, visit.say("Thrown away."))


def _do(visit: Visit, work: Callable[[], None]) -> Page:
    try:
        work()
    except SafeconductError as error:
        context = _shown(visit) | {"typed": visit.form.fields}
        return visit.refused(_why(visit, error), TEMPLATE, "tables-refused", **context)
    return visit.onward(AT)


def _why(visit: Visit, error: SafeconductError) -> str:
    return visit.why(expecting(NoTable, error))


def _number(text: str) -> int | None:
    fits = text.isascii() and text.isdigit() and len(text) < 6  # noqa: PLR2004
    return int(text) if fits else None


def _shown(visit: Visit) -> dict[str, Any]:
    tables = visit.desk.cases.tables
    book, looked, start = tables.book, tables.looked, visit.start()
    report = None if looked else tables.last()
    lines = looked.lines if looked else report.lines if report else ()
    some, total = lines[start : start + STEP], len(lines)
    return {
        **(_looked(visit) if looked else {}),
        "looked": looked,
        "looks": tables.looks,
        "report": report,
        "running": tables.running,
        "progress": tables.progress,
        "may": book.may(),
        "rows": _rows(visit, some),
        "counts": shown_counts(looked.counts if looked else report.counts if report else {}),
        "doubles": doubles_of(book.doubles()[:DOUBLES_SHOWN], book.name),
        "start": start,
        "step": STEP,
        "total": total,
        "typed": {},
    }


def _rows(visit: Visit, some: Any) -> list[Any]:  # noqa: ANN401  (lines, looked at or kept)
    tables = visit.desk.cases.tables
    name, looked = tables.book.name, tables.looked
    if looked is None:
        shown = [shown_kept(one, name, visit.language) for one in some]
    else:
        shown = [shown_line(one, looked, name, visit.language) for one in some]
    told = {row.case for row in shown} | {one.case for row in shown for one in row.remarks}
    looked_through(visit, (CaseId(bytes.fromhex(one)) for one in told if one), (Part.IDENTITY,))
    return shown


def _looked(visit: Visit) -> dict[str, Any]:
    """Return what is shown of a table that was looked at."""
    tables, language = visit.desk.cases.tables, visit.language
    looked = tables.looked
    assert looked is not None

    def called(to: Target, value: str) -> str:
        return record_words.choice(to.kind, to.name, value, language)

    kept = tables.book.tables()
    return {
        **context_of(looked),
        **reader_choices(visit),
        "columns": shown_columns(looked, called),
        "groups": table_words.groups(language),
        "kept": sorted((one.fact.name, table.hex()) for table, one in kept.items()),
        "known": looked.map.table.hex() if looked.map.table in kept else "",
        "team_of": kept[looked.map.table].vault if looked.map.table in kept else None,
    }


VIEWS: Final = (see, look, choose_sheet, set_columns, bring, stop, drop)
