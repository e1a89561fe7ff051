# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calls to phones: where they go, being called oneself, and saying that somebody sees to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from litestar import get, post

from safeconduct.edges.desk.pages.duty import NoDutyFromHere
from safeconduct.edges.desk.visit import Here, Page, Visit
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.wire.pages import SENTENCE

PATH: Final = "/duty/calls"


@get(PATH, sync_to_thread=True)
def see_calls(visit: Here) -> Page:
    """Show what is set, and what it shows to whom."""
    return visit.page("calls.html", **_shown(visit))


@get("/today/calls", sync_to_thread=True)
def see_calling(visit: Here) -> Page:
    """Show that phones are being called, again."""
    return visit.part("regions/calls.html", **calling(visit))


@post("/duty/calls/place", sync_to_thread=True)
def set_place(visit: Here) -> Page:
    """Say through which server the office calls."""
    address = visit.form.get("address")
    return _do(visit, lambda: visit.desk.duty.calls.set_place(address), visit.say("Saved."))


@post("/duty/calls/own", sync_to_thread=True)
def set_own(visit: Here) -> Page:
    """Be called, or no more."""
    on = visit.form.get("on") == "1"
    said = visit.say("Saved. Subscribe to the address, then try it.") if on else visit.say("Saved.")
    return _do(visit, lambda: visit.desk.duty.calls.set_own(on=on), said)


@post("/duty/calls/tried", sync_to_thread=True)
def try_own(visit: Here) -> Page:
    """Call the person at this desk."""
    if visit.desk.duty.calls.try_own():
        return visit.onward(PATH, visit.say("The server took the call. Look at your phone."))
    failed = visit.say("The server of the calls did not take it. Nobody can be called through it.")
    return visit.onward(PATH, failed)


@post("/duty/calls/acknowledged", sync_to_thread=True)
def acknowledge(visit: Here) -> Page:
    """Say that somebody here sees to all that calls."""
    said = visit.say("Nobody is called any more for an hour. Your colleagues see that you do it.")
    try:
        _need_answerer(visit)
        visit.desk.duty.calls.acknowledge()
    except Refused as error:
        said = visit.why(error)
    return visit.onward("/today", said)


def calling(visit: Visit) -> dict[str, Any]:
    """Return what Today says of calls."""
    return {"calling": visit.desk.duty.calls.calling()}


def _shown(visit: Visit) -> dict[str, Any]:
    duty = visit.desk.duty
    return {
        **calling(visit),
        "sentence": SENTENCE,
        "may": duty.may(),
        "sets": duty.calls.may_set_place(),
        "typed": dict(visit.form.fields),
    }


def _need_answerer(visit: Visit) -> None:
    if not visit.desk.duty.may():
        raise NoDutyFromHere


def _do(visit: Visit, act: Callable[[], None], said: str) -> Page:
    try:
        _need_answerer(visit)
        act()
    except Refused as error:
        return visit.refused(visit.why(error), "calls.html", into="calls-refused", **_shown(visit))
    return visit.onward(PATH, said)


VIEWS: Final = (see_calls, see_calling, set_place, set_own, try_own, acknowledge)
