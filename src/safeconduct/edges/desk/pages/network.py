# SPDX-License-Identifier: AGPL-3.0-or-later
"""The network of one case: drawn, and the same in sentences."""

from __future__ import annotations

from typing import Final

from litestar import get

from safeconduct.edges.desk.looked import looked_at
from safeconduct.edges.desk.network_words import labels
from safeconduct.edges.desk.pages.cases import found
from safeconduct.edges.desk.visit import Here, Named, Page
from safeconduct.rooms.cases import Part
from safeconduct.rooms.cases.network import network_of
from safeconduct.rooms.cases.network_layout import draw


@get("/cases/{name:str}/network", sync_to_thread=True)
def see_network(visit: Here, name: Named) -> Page:
    """Show who belongs to whom and who hunts whom, and remember that it was looked at."""
    case = found(visit, name)
    looked_at(visit, case, (Part.IDENTITY, Part.JOURNEY))
    network = network_of(visit.desk.cases.records.record(case.id))
    return visit.page(
        "network.html",
        case=case,
        path=f"/cases/{name}",
        network=network,
        drawing=draw(network, labels(visit.language)),
    )


VIEWS: Final = (see_network,)
