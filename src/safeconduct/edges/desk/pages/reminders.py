# SPDX-License-Identifier: AGPL-3.0-or-later
"""A calendar for one's telephone that says nothing but to open the desk."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, get, post
from litestar.status_codes import HTTP_200_OK

from safeconduct.edges.desk.pages.exports import handed_out
from safeconduct.edges.desk.tasks_page import own_devices
from safeconduct.edges.desk.visit import Here, Page
from safeconduct.rooms.cases.reminders import AHEAD, HOUR


@get("/reminders", sync_to_thread=True)
def see_reminders(visit: Here) -> Page:
    """Show what the calendar says and what it gives away, and the button that makes it."""
    return visit.page("reminders.html", ahead=AHEAD, hour=HOUR)


@post("/reminders/made", status_code=HTTP_200_OK, sync_to_thread=True)
def make_calendar(visit: Here) -> Response[Any]:
    """Give the file."""
    own, today = own_devices(visit), visit.words.today(visit.desk.now())
    said = visit.say("Open the desk")
    content = visit.desk.cases.reminders.calendar(own, today, said)
    return handed_out(content, "calendar.ics")


VIEWS: Final = (see_reminders, make_calendar)
