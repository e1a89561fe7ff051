# SPDX-License-Identifier: AGPL-3.0-or-later
"""Leaving: all that is open with a colleague's device, passed on in one act.

A steward uses it for anybody, and everybody for their own device.  It takes nobody out: that is
the next page, and the links to it stand at the end.
"""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.pages.devices import found_for_us
from safeconduct.edges.desk.standings import Stand, is_steward, stands, waits
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DEVICE_ID_BYTES, DeviceId
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.decide import answers


@get("/crew/{name:str}/leaving", sync_to_thread=True)
def see_what_is_open(visit: Here, name: Named) -> Page:
    """Show what is open with a device."""
    return visit.page("leaving.html", **_shown(visit, found_for_us(visit, name)))


@post("/crew/{name:str}/passed-on", sync_to_thread=True)
def pass_on(visit: Here, name: Named) -> Page:
    """Pass what it holds to a colleague."""
    found = found_for_us(visit, name)
    to = DeviceId(parse_id(visit.form.get("to"), DEVICE_ID_BYTES))
    try:
        passed = visit.desk.removals.pass_on(found.member.device.id, to, visit.form.get("text"))
    except Refused as error:
        shown = _shown(visit, found)
        return visit.refused(visit.why(error), "leaving.html", into="passing-refused", **shown)
    done = visit.say("Handed over. It stands on their Today.")
    nothing = visit.say("Nothing was left to hand over.")
    return visit.onward(f"/crew/{name}/leaving", done if passed else nothing)


def _shown(visit: Visit, found: Stand) -> dict[str, Any]:
    desk, device = visit.desk, found.member.device.id
    present = desk.roster().present()
    _, held = desk.inbox(show="mine", start=0, most=0, of=device)
    everyone = visit.people.everyone()
    same = [one for one in everyone if one.person == found.member.person and one != found.member]
    return {
        "found": found,
        "path": f"/crew/{device.hex()}",
        "own": device == desk.device,
        "steward": is_steward(desk),
        "was_steward": Role.STEWARD in found.member.had,
        "held": desk.inbox(show="mine", start=0, most=held, of=device)[0],
        "asked": [one for one in waits(desk) if one.by == device],
        "others": [one for one in stands(desk, same) if one.here],
        "takers": [
            one for one in everyone if one.device.id in present - {device} and answers(one.roles)
        ],
        "loads": desk.overview.loads,
        "typed": visit.form.get("text"),
        "to": visit.form.get("to"),
    }


VIEWS: Final = (see_what_is_open, pass_on)
