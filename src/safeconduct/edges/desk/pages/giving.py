# SPDX-License-Identifier: AGPL-3.0-or-later
"""Giving a part of a case that can be read here to more people: devices by name, and teams."""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.cases_api import Chosen
from safeconduct.edges.desk.pages.cases import PARTS, found
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.rooms.cases import CaseFile, Part


@get("/cases/{name:str}/{part:str}/give", sync_to_thread=True)
def choose_recipients(visit: Here, name: Named, part: Named) -> Page:
    """Show to whom a part could be given."""
    return visit.page("case_give.html", **_shown(visit, *_readable(visit, name, part)))


@post("/cases/{name:str}/{part:str}/given", sync_to_thread=True)
def give(visit: Here, name: Named, part: Named) -> Page:
    """Give a part to those who were chosen."""
    case, one = _readable(visit, name, part)
    could = visit.desk.cases.givable(case.id, one)
    devices = [device for device in could.devices if visit.form.get(f"device-{device.hex()}")]
    teams = [team for team in could.teams if visit.form.get(f"team-{team.hex()}")]
    try:
        visit.desk.cases.give(case.id, one, Chosen(devices, teams))
    except SafeconductError as error:
        context = _shown(visit, case, one) | {"chosen": {*devices, *teams}}
        return visit.refused(visit.why(error), "case_give.html", into="giving-refused", **context)
    said = visit.say("Given. Their desks can read this part when they hear of it.")
    return visit.onward(f"/cases/{name}/{part}/who", said)


def _readable(visit: Visit, name: str, part: str) -> tuple[CaseFile, Part]:
    case, one = found(visit, name), PARTS.get(part)
    if one is None or case.part(one) is None:
        raise NotFoundException
    return case, one


def _shown(visit: Visit, case: CaseFile, part: Part) -> dict[str, Any]:
    could = visit.desk.cases.givable(case.id, part)
    everyone = visit.people.everyone()
    return {
        "case": case,
        "path": f"/cases/{case.id.hex()}",
        "of": part,
        "members": [one for one in everyone if one.device.id in could.devices],
        "teams": [team for team in visit.desk.teams.usable() if team.id in could.teams],
        "chosen": set(),
    }


VIEWS: Final = (choose_recipients, give)
