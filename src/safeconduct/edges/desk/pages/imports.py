# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing in what the office had before: a look first, then its report, then it itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from litestar import get, post

from safeconduct.edges.desk.importing.columns import FIELDS, chosen, headers
from safeconduct.edges.desk.importing.found import Source
from safeconduct.edges.desk.importing.imap import PORT, Account, Mailbox, UnknownCertificate
from safeconduct.edges.desk.importing.sheets import Sheets
from safeconduct.edges.desk.importing.sources import Asked, source_of
from safeconduct.edges.desk.visit import Here, Page, Visit
from safeconduct.kernel.errors import Refused, SafeconductError

LINES_SHOWN: Final = 100
WAITING_SHOWN: Final = 100
PREVIEWED: Final = 3
PORT_MOST: Final = 65_535
TEMPLATE: Final = "imports.html"
_APART: Final = re.compile(r"[\n,;]")


@get("/imports", sync_to_thread=True)
def see(visit: Here) -> Page:
    """Show what is being brought in, what was looked at, or where to begin."""
    failed = visit.desk.imports.failed()
    reason = visit.why(failed) if failed else ""
    return visit.page(TEMPLATE, **(_shown(visit) | _of(failed)), reason=reason)


@get("/imports/state", sync_to_thread=True)
def see_state(visit: Here) -> Page:
    """Show how far it is, again."""
    return visit.part("regions/importing.html", **_state(visit))


@post("/imports/look", sync_to_thread=True)
def look(visit: Here) -> Page:
    """Look at a file or a folder where it lies."""
    path = Path(visit.form.get("path").strip().strip("\"'"))
    with suppress(RuntimeError):  # The home of somebody whom this computer does not know.
        path = path.expanduser()
    asked = Asked(_ours(visit), visit.front.zone)

    def opened() -> Source:
        source = source_of(path, asked)
        if isinstance(source, Sheets):
            columns = visit.desk.imports.columns(source)
            source = Sheets(source.tables, columns, asked.zone)
        return source

    return _look(visit, path.name, opened)


@post("/imports/mailbox", sync_to_thread=True)
def look_into_mailbox(visit: Here) -> Page:
    """Look into a mailbox where it lies; the password is kept nowhere."""
    typed = visit.form
    port = typed.get("port")
    fits = port.isascii() and port.isdigit() and 0 < int(port[:6]) <= PORT_MOST
    account = Account(
        host=typed.get("host").strip(),
        user=typed.get("user").strip(),
        password=typed.get("password"),
        port=int(port) if fits else PORT,
        fingerprint=typed.get("fingerprint").strip(),
    )
    ours = _ours(visit)
    return _look(visit, account.user, lambda: Mailbox(account, ours))


@post("/imports/columns", sync_to_thread=True)
def set_columns(visit: Here) -> Page:
    """Read the sheets again, by other columns, and keep those for next time."""
    imports = visit.desk.imports
    looked, sheets = imports.looked, imports.tables
    if looked is None or sheets is None:
        return visit.onward("/imports")
    columns = {
        at: chosen(visit.form.fields, at, len(headers(sheet, sheets.columns_of(at))))
        for at, sheet in enumerate(sheets.tables.sheets)
    }
    imports.keep_columns(sheets, columns)
    again = Sheets(sheets.tables, columns, visit.front.zone)
    return _look(visit, looked.name, lambda: again)


@post("/imports/bring", sync_to_thread=True)
def bring(visit: Here) -> Page:
    """Bring in what was looked at."""
    try:
        visit.desk.imports.begin()
    except Refused as error:
        return visit.refused(visit.why(error), TEMPLATE, "imports-refused", **_shown(visit))
    return visit.onward("/imports")


@post("/imports/stop", sync_to_thread=True)
def stop(visit: Here) -> Page:
    """Stop what is being looked at or brought in."""
    visit.desk.imports.stop()
    return visit.onward("/imports", visit.say("Stopped."))


@post("/imports/drop", sync_to_thread=True)
def drop(visit: Here) -> Page:
    """Forget what was looked at, or the last report."""
    visit.desk.imports.drop()
    return visit.onward("/imports", visit.say("Thrown away."))


def _look(visit: Visit, name: str, opened: Callable[[], Source]) -> Page:
    try:
        visit.desk.imports.begin_look(name, opened)
    except SafeconductError as error:
        context = _shown(visit) | {"typed": _typed(visit)} | _of(error)
        return visit.refused(visit.why(error), TEMPLATE, "imports-refused", **context)
    return visit.onward("/imports")


def _of(error: SafeconductError | None) -> dict[str, Any]:
    found = error.fingerprint if isinstance(error, UnknownCertificate) else ""
    return {"fingerprint": ":".join(found[at : at + 4] for at in range(0, len(found), 4))}


def _typed(visit: Visit) -> dict[str, str]:
    """Return what was typed, but for the password."""
    return {name: text for name, text in visit.form.fields.items() if name != "password"}


def _ours(visit: Visit) -> tuple[str, ...]:
    typed = visit.form.get("ours")
    visit.desk.imports.keep_ours(typed)
    return tuple(one.strip() for one in _APART.split(typed) if one.strip())


def _state(visit: Visit) -> dict[str, Any]:
    imports = visit.desk.imports
    running = imports.running
    ended = visit.asked("was") == "1" and not running
    told = {"doing": imports.doing, "progress": imports.progress}
    return {"running": running, "ended": ended, **told}


def _shown(visit: Visit) -> dict[str, Any]:
    imports = visit.desk.imports
    looked = imports.looked
    report = looked or imports.last()
    start = visit.start()
    return {
        **_state(visit),
        "may": imports.may(),
        "looked": looked is not None,
        "report": report,
        "lines": report.lines[start : start + LINES_SHOWN] if report else (),
        "start": start,
        "step": LINES_SHOWN,
        "pressing": report.pressing[:WAITING_SHOWN] if report else (),
        "waiting": report.waiting[:WAITING_SHOWN] if report else (),
        "named": imports.code_name,
        "sheets": _sheets(imports.tables) if looked else (),
        "fields": FIELDS,
        "typed": {"ours": imports.ours()},
        "port": PORT,
        "fingerprint": "",
    }


def _sheets(found: Sheets | None) -> list[dict[str, Any]]:
    """Return of each sheet what a form needs to say which column says what."""
    if found is None:
        return []
    shown = []
    for at, sheet in enumerate(found.tables.sheets):
        columns = found.columns_of(at)
        begin = columns.header + 1
        shown.append(
            {
                "at": at,
                "name": sheet.name,
                "columns": columns,
                "headers": headers(sheet, columns),
                "rows": sheet.rows[begin : begin + PREVIEWED],
            }
        )
    return shown


VIEWS: Final = (see, see_state, look, look_into_mailbox, set_columns, bring, stop, drop)
