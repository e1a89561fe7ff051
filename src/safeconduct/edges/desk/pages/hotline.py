# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hotline's inbox: every conversation, those that wait longest first."""

from __future__ import annotations

from typing import Any, Final

from litestar import get

from safeconduct.edges.desk.visit import Here, Page, Visit

SHOWS: Final = ("waiting", "mine", "all")
PAGE_ROWS: Final = 40
DIGITS_MOST: Final = 7


@get("/hotline", sync_to_thread=True)
def see_inbox(visit: Here) -> Page:
    """Show one page of the inbox."""
    return visit.page("hotline.html", **_rows(visit))


@get("/hotline/rows", sync_to_thread=True)
def see_rows(visit: Here) -> Page:
    """Show the same page of the inbox, again."""
    return visit.part("regions/rows.html", **_rows(visit))


def _rows(visit: Visit) -> dict[str, Any]:
    asked, begin = visit.asked("show"), visit.asked("start")
    show = asked if asked in SHOWS else SHOWS[0]
    start = int(begin) if begin.isascii() and begin.isdigit() and len(begin) <= DIGITS_MOST else 0
    rows, total = visit.desk.inbox(show=show, start=start, most=PAGE_ROWS)
    return {"rows": rows, "total": total, "show": show, "start": start, "step": PAGE_ROWS}


VIEWS: Final = (see_inbox, see_rows)
