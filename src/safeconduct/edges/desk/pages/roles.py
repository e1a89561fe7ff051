# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a colleague may do here: one page with every role, and a second steward who confirms.

What is asked waits on Today and Crew like an expulsion, and is signed there (`removals`).
"""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post

from safeconduct.edges.desk.pages.devices import found_device
from safeconduct.edges.desk.standings import is_steward
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import Refused
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.decide import NotASteward, takes_two
from safeconduct.rooms.crew.removing import AlreadyAsked
from safeconduct.rooms.crew.role_changes import GIVEN, SameRoles

DONE_BEFORE: Final = (AlreadyAsked, SameRoles)
"""Refusals that a second press meets: what was wanted is so already, or asked."""


@get("/crew/{name:str}/roles", sync_to_thread=True)
def choose_roles(visit: Here, name: Named) -> Page:
    """Show every role, with those that this device has."""
    if not is_steward(visit.desk):
        raise NotASteward
    return visit.page("roles.html", **_shown(visit, name))


@post("/crew/{name:str}/roles-asked", sync_to_thread=True)
def ask_for_roles(visit: Here, name: Named) -> Page:
    """Ask for those that were chosen; the founder who is the only steward yet says so."""
    chosen = frozenset(role for role in GIVEN if visit.form.get(role.value))
    try:
        visit.desk.removals.change_roles(found_device(visit, name).member.device.id, chosen)
    except DONE_BEFORE as error:
        return visit.onward("/crew", visit.why(error))
    except Refused as error:
        context = _shown(visit, name) | {"chosen": chosen}
        return visit.refused(visit.why(error), "roles.html", into="roles-refused", **context)
    if takes_two(visit.desk.roster()) and found_device(visit, name).asked:
        said = visit.say("Asked. Another steward sees it on Today and signs as the second.")
    else:
        said = visit.say("Done. The other desks follow when they hear of it.")
    return visit.onward("/crew", said)


def _shown(visit: Visit, name: str) -> dict[str, Any]:
    found = found_device(visit, name)
    now = found.member.roles
    return {
        "found": found,
        "path": f"/crew/{name}",
        "chosen": now,
        "given": GIVEN,
        "keeps_steward": found.here and Role.STEWARD in now,
        "needs_second": takes_two(visit.desk.roster()),
    }


VIEWS: Final = (choose_roles, ask_for_roles)
