# SPDX-License-Identifier: AGPL-3.0-or-later
"""The board: who sleeps where tonight, who goes in the next 72 hours, and what runs out."""

from __future__ import annotations

from typing import Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.board_page import FIRST, board_shown, days_shown, tonight_of
from safeconduct.edges.desk.forms import facts_in, parse_id
from safeconduct.edges.desk.visit import Here, Page, Visit
from safeconduct.edges.desk.ways_api import Seen
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.sheets import OVER_MOST, SHEET_BYTES, SheetId
from safeconduct.rooms.passage.board.tonight import Tonight
from safeconduct.rooms.passage.events import WORDS_MOST

PATH: Final = "/ways/board"
SAID: Final = {"go": True, "no": False}


@get(PATH, sync_to_thread=True)
def see_board(visit: Here) -> Page:
    """Show tonight, the next 72 hours, who is on the way and what runs out."""
    return visit.page("ways_board.html", **board_shown(visit, _there(visit), _only(visit)))


@get(f"{PATH}/again", sync_to_thread=True)
def see_lists(visit: Here) -> Page:
    """Show the lists of the board, or one of them, again."""
    return visit.part("regions/board.html", **board_shown(visit, _there(visit), _only(visit)))


@get(f"{PATH}/days", sync_to_thread=True)
def see_days(visit: Here) -> Page:
    """Show fourteen days of each party, or of each house."""
    houses = visit.asked("show") == "houses"
    return visit.page("ways_board_days.html", **days_shown(visit, _there(visit), houses=houses))


@post(f"{PATH}/said", sync_to_thread=True)
def say_go(visit: Here) -> Page:
    """Say that a ride goes, or that it does not."""
    there, form = _there(visit), visit.form
    go = SAID.get(form.get("act"))
    raw = parse_id(form.get("ride"), SHEET_BYTES)
    if go is None or not raw:
        raise NotFoundException
    try:
        seen = Seen(facts_in(form.get("saw"), OVER_MOST), facts_in(form.get("words"), WORDS_MOST))
        visit.desk.ways.say_go(SheetId(raw), seen, go=go)
    except SafeconductError as error:
        context = board_shown(visit, there, "soon")
        return visit.refused(visit.why(error), "ways_board.html", into="go-refused", **context)
    said = (
        visit.say("Saved: you said go. It goes when two people have said so.")
        if go
        else visit.say("Saved: it does not go.")
    )
    return visit.onward(f"{PATH}#soon-title", said)


def _there(visit: Visit) -> Tonight:
    there = tonight_of(visit)
    if there is None:
        raise NotFoundException
    return there


def _only(visit: Visit) -> str:
    asked = visit.asked("show")
    return asked if asked in FIRST else ""


VIEWS: Final = (see_board, see_lists, see_days, say_go)
