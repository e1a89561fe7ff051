# SPDX-License-Identifier: AGPL-3.0-or-later
"""Today: who waits for an answer and how long, and what is mine."""

from __future__ import annotations

from typing import Final

from litestar import get

from safeconduct.edges.desk.abroad_page import abroad_due
from safeconduct.edges.desk.board_page import tonight_of
from safeconduct.edges.desk.line_page import line_alarms_of
from safeconduct.edges.desk.pages.calls import calling
from safeconduct.edges.desk.pages.duty import on_duty
from safeconduct.edges.desk.pages.looks import looks_of
from safeconduct.edges.desk.pages.watch import on_watch
from safeconduct.edges.desk.retained import due_soon
from safeconduct.edges.desk.standings import asks, stand
from safeconduct.edges.desk.tasks_page import papers_due, tasks_due
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
    return visit.page(
        "today.html",
        today=desk.today(),
        own=own,
        onward=desk.moves.onward(),
        running=desk.tracing.running(),
        bulletins=desk.bulletins.running(),
        erasing=desk.cases.erasures.running(),
        own_waits=desk.cases.own_files.waiting(),
        backup=desk.backups.last(),
        alike_waits=desk.cases.across.waiting(),
        **asks(desk),
        **looks_of(visit),
        **on_duty(visit),
        **calling(visit),
        **on_watch(visit),
        **due_soon(desk),
        **tasks_due(visit),
        costs_wait=len(desk.cases.money.waiting()),
        **papers_due(visit),
        board=tonight_of(visit),
        **abroad_due(visit),
        line_alarms=line_alarms_of(desk),
    )


@get("/today/queue", sync_to_thread=True)
def see_queue(visit: Here) -> Page:
    """Show who waits, again."""
    return visit.part("regions/queue.html", today=visit.desk.today())


@get("/today/alarm", sync_to_thread=True)
def see_alarm(visit: Here) -> Page:
    """Show of whom nothing was heard in time, again."""
    return visit.part(
        "regions/alarm.html", today=visit.desk.today(), **on_duty(visit), **calling(visit)
    )


VIEWS: Final = (come_in, see_today, see_queue, see_alarm)
