# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plans made one party after another: a first plan, and parties put back where it is better."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from safeconduct.rooms.passage.planner.free import Trip
from safeconduct.rooms.passage.planner.seek import Seeker
from safeconduct.rooms.passage.planner.tables import Tables

Trips = dict[int, Trip]


def urgent_first(t: Tables) -> list[int]:
    """Return the parties by deadline, the higher weight first."""
    order: list[int] = np.lexsort((-t.parties.weight, t.parties.deadline)).tolist()
    return order


def dispatch(seeker: Seeker, order: Iterable[int], trips: Trips) -> Iterator[int]:
    """Give each party the best journey that is left; yield after each one."""
    for party in order:
        _, trip = seeker.best(party)
        if trip is not None:
            seeker.free.take(party, trip)
            trips[party] = trip
        yield party


def reinsert(seeker: Seeker, order: Iterable[int], trips: Trips) -> Iterator[int]:
    """Take each party out and put it where it now costs least; yield after each one."""
    for party in order:
        old = trips.pop(party, None)
        if old is not None:
            seeker.free.give(party, old)
        _, trip = seeker.best(party)
        if trip is not None:
            seeker.free.take(party, trip)
            trips[party] = trip
        yield party
