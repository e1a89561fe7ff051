# SPDX-License-Identifier: AGPL-3.0-or-later
"""The crew: who belongs to the office, with which devices, what they do, and what waits."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from litestar import get

from safeconduct.edges.desk.standings import asks, stand, stands
from safeconduct.edges.desk.visit import Here, Page


@get("/crew", sync_to_thread=True)
def see_crew(visit: Here) -> Page:
    """Show everyone, by person."""
    desk = visit.desk
    everyone = stands(desk, visit.people.everyone())
    crew = [(person, [*them]) for person, them in groupby(everyone, lambda one: one.member.person)]
    asked = asks(desk)
    aside = desk.removals.quarantined(start=0, most=0)[1] if asked["steward"] else 0
    own = stand(desk, desk.device)
    return visit.page("crew.html", crew=crew, own=own, aside=aside, **asked)


@get("/crew/asked", sync_to_thread=True)
def see_asked(visit: Here) -> Page:
    """Show what waits for a second steward, again."""
    return visit.part("regions/asked.html", **asks(visit.desk))


VIEWS: Final = (see_crew, see_asked)
