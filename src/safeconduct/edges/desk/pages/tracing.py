# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letting the server tell devices apart, to find who floods it: what it costs, what it told."""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post

from safeconduct.edges.desk.standings import is_steward
from safeconduct.edges.desk.visit import Here, Page, Visit
from safeconduct.kernel.errors import Refused, SafeconductError, Unreachable
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.crew.taking_back import NothingToTakeBack
from safeconduct.rooms.crew.tracing import TracesAlready, TracesNot
from safeconduct.rooms.crew.tracing_facts import REASON_MOST

PATH: Final = "/crew/tracing"


@get("/crew/traced", sync_to_thread=True)
def see_tracing(visit: Here) -> Page:
    """Show on every desk that it runs, again."""
    return visit.part("regions/tracing.html", **told(visit))


@get(PATH, sync_to_thread=True)
def ask_about_tracing(visit: Here) -> Page:
    """Say what it costs; while it runs, show how much came from each device."""
    if not is_steward(visit.desk):
        raise NotASteward
    return visit.page("tracing.html", **_shown(visit))


@post("/crew/tracing/opened", sync_to_thread=True)
def open_tracing(visit: Here) -> Page:
    """Let the next access epoch trace."""
    try:
        visit.desk.tracing.open(visit.form.get("reason"))
    except TracesAlready as error:
        return visit.onward(PATH, visit.why(error))
    except Refused as error:
        return _refused(visit, error)
    return visit.onward(PATH)


@post("/crew/tracing/taken-back", sync_to_thread=True)
def take_tracing_back(visit: Here) -> Page:
    """Do not begin after all."""
    try:
        visit.desk.tracing.take_back()
    except NothingToTakeBack as error:
        return visit.onward(PATH, visit.why(error))
    return visit.onward("/crew", visit.say("Taken back. It does not begin."))


@post("/crew/tracing/ended", sync_to_thread=True)
def end_tracing(visit: Here) -> Page:
    """Renew the office's access for all alike."""
    try:
        visit.desk.tracing.end()
    except TracesNot as error:
        return visit.onward("/crew", visit.why(error))
    except Refused as error:
        return _refused(visit, error)
    return visit.onward(PATH)


def told(visit: Visit) -> dict[str, Any]:
    """Return what the region on Today and Crew shows."""
    return {"running": visit.desk.tracing.running(), "steward": is_steward(visit.desk)}


def _shown(visit: Visit) -> dict[str, Any]:
    tracing = visit.desk.tracing
    running = tracing.running()
    shares, unread = _shares(visit) if running else ((), "")
    return {
        "running": running,
        "shares": shares,
        "unread": unread,
        "ending": running and tracing.ending(),
        "wish": None if running else tracing.wish(),
        "void": not running and tracing.void(),
        "members": visit.desk.roster().members,
        "reason_most": REASON_MOST,
        "typed": visit.form.get("reason"),
    }


def _shares(visit: Visit) -> tuple[Any, str]:
    """Return what the server counted, or why that is not known now."""
    try:
        return visit.desk.tracing.shares(), ""
    except Unreachable:
        return (), visit.say("The server does not answer, so the amounts cannot be shown now.")
    except SafeconductError as error:
        return (), visit.why(error)


def _refused(visit: Visit, error: Refused) -> Page:
    shown = _shown(visit)
    return visit.refused(visit.why(error), "tracing.html", into="tracing-refused", **shown)


VIEWS: Final = (see_tracing, ask_about_tracing, open_tracing, take_tracing_back, end_tracing)
