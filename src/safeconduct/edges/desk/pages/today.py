# SPDX-License-Identifier: AGPL-3.0-or-later
"""Today: who waits for an answer and how long, and what is mine."""

from __future__ import annotations

from typing import Final

from litestar import get

from safeconduct.edges.desk.standings import asks, stand
from safeconduct.edges.desk.visit import Here, Page


@get("/", sync_to_thread=True)
def come_in(visit: Here) -> Page:
    """Go where the desk stands."""
    return visit.onward("/today" if visit.unlocked else "/unlock")


@get("/today", sync_to_thread=True)
def see_today(visit: Here) -> Page:
    """Show the desk's home."""
    desk = visit.desk
    own = stand(desk, desk.device)
    return visit.page("today.html", today=desk.today(), own=own, **asks(desk))


@get("/today/queue", sync_to_thread=True)
def see_queue(visit: Here) -> Page:
    """Show who waits, again."""
    return visit.part("regions/queue.html", today=visit.desk.today())


VIEWS: Final = (come_in, see_today, see_queue)
