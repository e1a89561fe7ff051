# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much there is to do, for stewards: numbers and links, no names of people and no words."""

from __future__ import annotations

from typing import Any, Final

from litestar import get
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.overview_api import AGES, Load
from safeconduct.edges.desk.standings import is_steward
from safeconduct.edges.desk.visit import Here, Page, Visit
from safeconduct.rooms.crew.decide import answers


@get("/overview", sync_to_thread=True)
def see_overview(visit: Here) -> Page:
    """Show the counts; on another's desk there is no such page."""
    return visit.page("overview.html", **_shown(visit))


@get("/overview/counts", sync_to_thread=True)
def see_counts(visit: Here) -> Page:
    """Show the counts, again."""
    return visit.part("regions/overview.html", **_shown(visit))


def _shown(visit: Visit) -> dict[str, Any]:
    if not is_steward(visit.desk):
        raise NotFoundException
    counts, present = visit.desk.overview.overview(), visit.desk.roster().present()
    helpers = [
        (one, counts.loads.get(one.device.id, Load()))
        for one in visit.people.everyone()
        if one.device.id in counts.loads or (one.device.id in present and answers(one.roles))
    ]
    ages = list(zip((*AGES, None), (0, *AGES), counts.ages, strict=True))
    return {"counts": counts, "helpers": helpers, "ages": ages, "present": present}


VIEWS: Final = (see_overview, see_counts)
