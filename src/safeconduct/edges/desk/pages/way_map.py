# SPDX-License-Identifier: AGPL-3.0-or-later
"""The map of the roads that this desk reads: drawn, and the same in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from litestar import get
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.map_page import map_shown
from safeconduct.edges.desk.visit import Here, Page
from safeconduct.kernel.sheets import SHEET_BYTES
from safeconduct.rooms.passage import Book
from safeconduct.rooms.passage.kinds import TOWN

if TYPE_CHECKING:
    from safeconduct.edges.desk.visit import Visit
    from safeconduct.rooms.passage import Sheet


@get("/ways/map", sync_to_thread=True)
def see_map(visit: Here) -> Page:
    """Show towns and the ways between them, all or those around one town."""
    if Book.ROADS not in visit.desk.ways.network().books:
        raise NotFoundException
    return visit.page("ways_map.html", **map_shown(visit, _around(visit)))


def _around(visit: Visit) -> Sheet | None:
    asked = visit.asked("town")
    if not asked:
        return None
    town = parse_id(asked, SHEET_BYTES)
    found = visit.desk.ways.network().sheet(town, TOWN) if town else None
    if found is None:
        raise NotFoundException
    return found


VIEWS: Final = (see_map,)
