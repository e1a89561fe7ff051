# SPDX-License-Identifier: AGPL-3.0-or-later
"""Giving a colleague's device back what it left behind for a trip: one page, one button."""

from __future__ import annotations

from typing import Final

from litestar import get, post

from safeconduct.edges.desk.pages.devices import found_device
from safeconduct.edges.desk.standings import is_steward
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.crew.travel import NotAsked, NotAway


@get("/crew/{name:str}/give-back", sync_to_thread=True)
def ask_to_give_back(visit: Here, name: Named) -> Page:
    """Say what to make sure of first, and what happens."""
    if not is_steward(visit.desk):
        raise NotASteward
    found = found_device(visit, name)
    waits = _why_not(visit, found.member.device.id)
    return visit.page("giving_back.html", found=found, waits=waits, path=f"/crew/{name}")


@post("/crew/{name:str}/given-back", sync_to_thread=True)
def give_back(visit: Here, name: Named) -> Page:
    """Give it back."""
    found = found_device(visit, name)
    try:
        missing = visit.desk.travel.give_back(found.member.device.id)
    except NotAway as error:
        return visit.onward("/crew", visit.why(error))
    except SafeconductError as error:
        context = {"found": found, "waits": "", "path": f"/crew/{name}"}
        return visit.refused(visit.why(error), "giving_back.html", into="giving-refused", **context)
    said = visit.say("Given back. The device has it when it is next online.")
    if missing:
        said = visit.say(
            "Given back what this desk holds; the rest is still missing. Another steward who reads "
            "it has to give it: your colleague’s question stays on Today."
        )
    return visit.onward("/crew", said)


def _why_not(visit: Visit, device: DeviceId) -> str:
    """Say why there is nothing to give back now; nothing where there is."""
    trip = next((one for one in visit.desk.travel.away() if one.device == device), None)
    if trip is None:
        return visit.why(NotAway())
    return "" if trip.asked else visit.why(NotAsked())


VIEWS: Final = (ask_to_give_back, give_back)
