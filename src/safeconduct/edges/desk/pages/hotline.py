# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hotline's inbox: the queue and other lists; what narrows them stands in the address alone."""

from __future__ import annotations

from typing import Any, Final

from litestar import get

from safeconduct.edges.desk.placing import LEVELS, TYPED
from safeconduct.edges.desk.queue_rows import Sieve
from safeconduct.edges.desk.visit import Here, Page, Visit

SHOWS: Final = (
    *("waiting", "nobody", "mine", "silent", "snoozed", "overdue", "lost", "closed", "hostile"),
    "behind",
    "all",
)
PAGE_ROWS: Final = 40


@get("/hotline", sync_to_thread=True)
def see_inbox(visit: Here) -> Page:
    """Show one page of the inbox."""
    return visit.page("hotline.html", **_rows(visit))


@get("/hotline/rows", sync_to_thread=True)
def see_rows(visit: Here) -> Page:
    """Show the same page of the inbox, again."""
    return visit.part("regions/rows.html", **_rows(visit))


def _rows(visit: Visit) -> dict[str, Any]:
    asked, start = visit.asked("show"), visit.start()
    show = asked if asked in SHOWS else SHOWS[0]
    level, tags = TYPED.get(visit.asked("danger")), visit.desk.triage.tags()
    tag = visit.asked("tag") if visit.asked("tag") in tags else ""
    rows, total = visit.desk.inbox(show=show, start=start, most=PAGE_ROWS, sieve=Sieve(tag, level))
    page = {"rows": rows, "total": total, "show": show, "start": start, "step": PAGE_ROWS}
    danger = "" if level is None else str(level.value)
    return page | {"danger": danger, "tag": tag, "levels": LEVELS, "known_tags": tags}


VIEWS: Final = (see_inbox, see_rows)
