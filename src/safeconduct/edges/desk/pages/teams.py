# SPDX-License-Identifier: AGPL-3.0-or-later
"""Teams: who belongs to which, making one, and changing who belongs to it."""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import DeviceId, VaultId
from safeconduct.rooms.crew import Team
from safeconduct.rooms.crew.decide import NotASteward

TEAM_ID_BYTES: Final = 16


@get("/teams", sync_to_thread=True)
def see_teams(visit: Here) -> Page:
    """Show every team with its people."""
    teams = visit.desk.teams
    return visit.page("teams.html", teams=teams.all(), steward=teams.may_form())


@get("/teams/new", sync_to_thread=True)
def choose_members(visit: Here) -> Page:
    """Show the form of a new team."""
    _need_steward(visit)
    return visit.page("team.html", **_shown(visit, None))


@post("/teams/made", sync_to_thread=True)
def make_team(visit: Here) -> Page:
    """Make a team of those who were chosen, and of this desk."""
    chosen = _chosen(visit)
    try:
        visit.desk.teams.form(visit.form.get("name"), chosen)
    except SafeconductError as error:
        return _refused(visit, error, None, chosen)
    said = visit.say("The team is there. Its people can read what it is given from now on.")
    return visit.onward("/teams", said)


@get("/teams/{name:str}", sync_to_thread=True)
def see_team(visit: Here, name: Named) -> Page:
    """Show the form that changes a team."""
    _need_steward(visit)
    return visit.page("team.html", **_shown(visit, _found(visit, name)))


@post("/teams/{name:str}/changed", sync_to_thread=True)
def change_team(visit: Here, name: Named) -> Page:
    """Say what a team is called from now on, and who belongs to it."""
    team, chosen = _found(visit, name), _chosen(visit)
    try:
        visit.desk.teams.change(team.id, visit.form.get("name"), chosen)
    except SafeconductError as error:
        return _refused(visit, error, team, chosen)
    said = visit.say(
        "Saved. Keys follow by themselves as soon as a desk of a steward of this team is open and "
        "online."
    )
    return visit.onward("/teams", said)


def _need_steward(visit: Visit) -> None:
    if not visit.desk.teams.may_form():
        raise NotASteward


def _found(visit: Visit, name: str) -> Team:
    raw = parse_id(name, TEAM_ID_BYTES)
    team = next((one for one in visit.desk.teams.all() if one.id == VaultId(raw)), None)
    if team is None:
        raise NotFoundException
    return team


def _chosen(visit: Visit) -> set[DeviceId]:
    everyone = (member.device.id for member in visit.people.everyone())
    return {device for device in everyone if visit.form.get(f"device-{device.hex()}")}


def _refused(
    visit: Visit, error: SafeconductError, team: Team | None, chosen: set[DeviceId]
) -> Page:
    typed = {"chosen": chosen, "typed": visit.form.get("name")}
    context = _shown(visit, team) | typed
    return visit.refused(visit.why(error), "team.html", into="team-refused", **context)


def _shown(visit: Visit, team: Team | None) -> dict[str, Any]:
    desk, everyone = visit.desk, visit.people.everyone()
    keepers = team.members & team.keepers if team else {desk.device}
    fixed = keepers - ({desk.device} if team else frozenset())
    there = team.members if team else frozenset[DeviceId]()
    open_to = {*desk.teams.addable(team.id if team else None), *there} - fixed
    return {
        "team": team,
        "may": team is None or desk.device in team.keepers,
        "fixed": [one for one in everyone if one.device.id in fixed],
        "members": [one for one in everyone if one.device.id in open_to],
        "chosen": there,
        "typed": team.name if team else "",
    }


VIEWS: Final = (see_teams, choose_members, make_team, see_team, change_team)
