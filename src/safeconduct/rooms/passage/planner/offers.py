# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is put before the solver for one party: some ways, and some stays behind each of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from safeconduct.rooms.passage.planner.free import Trip
from safeconduct.rooms.passage.planner.seek import Kept, Seeker

Place = tuple[int, int]
"""A town and the day of arrival there."""
StayKey = tuple[int, int, int]
"""House, day of leaving, country."""


@dataclass(frozen=True, slots=True)
class Offers:
    """One party's ways and stays, each with its cost, and the exposure that each adds."""

    party: int
    unplanned: int | None
    """What it costs not to move it; None when it must go."""
    ways: dict[int, int] = field(default_factory=dict)
    stays: dict[Place, dict[StayKey, int]] = field(default_factory=dict)
    kept: Kept | None = None
    """What was promised and can be kept; its way and stay are among the others."""


@dataclass(frozen=True, slots=True)
class Breadth:
    """How many ways a party is offered, and how many houses at the end of each."""

    ways: int
    houses: int


def offer(seeker: Seeker, party: int, old: Trip | None, breadth: Breadth) -> Offers:
    """Return the cheapest ways in what is free, with stays.

    The old journey is among them, and the promised one if it can be kept.
    """
    t, kept = seeker.tables, seeker.promised(party)
    offers = Offers(party, round(seeker.unplanned(party)), kept=kept)
    sure = [one for one in (old, kept.trip if kept else None) if one is not None]
    ways, costs = seeker.journeys(party)
    if len(ways) > breadth.ways:
        cheapest = np.argpartition(costs, breadth.ways)[: breadth.ways]
        ways = ways[np.sort(cheapest)]
    for trip in sure:
        if trip.way not in ways:
            ways = np.append(ways, trip.way)
    alone = seeker.way_costs(party, ways)
    size = int(t.parties.size[party])
    for way, cost in zip(ways.tolist(), alone.tolist(), strict=True):
        offers.ways[way] = round(cost)
        place = int(t.ways.town[way]), int(t.ways.arrive[way])
        if place not in offers.stays:
            stays = seeker.shelter.stays(
                party, place, _allowance(seeker, party, way), breadth.houses
            )
            offers.stays[place] = {
                (stay.house, stay.leave, stay.country): round(size * stay.value) for stay in stays
            }
    for trip in sure:
        place = int(t.ways.town[trip.way]), int(t.ways.arrive[trip.way])
        whole = seeker.cost(party, trip)
        offers.stays[place][trip[1:]] = round(whole) - offers.ways[trip.way]
    return offers


def _allowance(seeker: Seeker, party: int, way: int) -> int:
    """Return what exposure the ceiling leaves for a stay behind a way."""
    return seeker.tables.ceiling - int(seeker.free.exposures(party, np.array([way]))[0])
