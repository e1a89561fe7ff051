# SPDX-License-Identifier: AGPL-3.0-or-later
"""The crew: who belongs to the office, with which devices, and what they do."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from litestar import get

from safeconduct.edges.desk.visit import Here, Page


@get("/crew", sync_to_thread=True)
def see_crew(visit: Here) -> Page:
    """Show everyone, by person."""
    everyone = visit.people.everyone()
    crew = [(person, [*them]) for person, them in groupby(everyone, lambda member: member.person)]
    return visit.page("crew.html", crew=crew)


VIEWS: Final = (see_crew,)
