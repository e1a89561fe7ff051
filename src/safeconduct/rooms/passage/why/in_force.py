# SPDX-License-Identifier: AGPL-3.0-or-later
"""An operation with a plan that is being carried out: what is still free, and who holds the rest.

What explains a plan stands on this.  The plan keeps the rules; nothing here looks for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from safeconduct.rooms.passage.operations.operation import Operation, Plan
from safeconduct.rooms.passage.planner.dispatch import Trips
from safeconduct.rooms.passage.planner.free import STAYS, Free, Trip
from safeconduct.rooms.passage.planner.progress import to_trips
from safeconduct.rooms.passage.planner.tables import Tables, lay_out


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """The places of all `trips` are taken from what is `free`."""

    operation: Operation
    tables: Tables
    trips: Trips
    free: Free

    @contextmanager
    def without(self, parties: list[int]) -> Iterator[Trips]:
        """Have the places of these parties free for a while; yields the trips that they hold."""
        held = {party: self.trips[party] for party in parties if party in self.trips}
        for party, trip in held.items():
            self.free.give(party, trip)
        try:
            yield held
        finally:
            for party, trip in held.items():
                self.free.take(party, trip)

    def out(self, party: int) -> int | None:
        """Return the day on which a party leaves; None when it does not."""
        trip = self.trips.get(party)
        return None if trip is None else int(self.tables.ways.out[trip.way])


def in_force(operation: Operation, plan: Plan) -> PlanInForce:
    """Lay out an operation, and take the places of a plan that keeps its rules."""
    tables = lay_out(operation)
    free = Free(tables)
    trips = to_trips(tables, plan)
    for party, trip in trips.items():
        free.take(party, trip)
    return PlanInForce(operation, tables, trips, free)


def fits(now: PlanInForce, party: int, trip: Trip) -> bool:
    """Tell whether a journey that some plan had may be taken in what is free now."""
    t, free = now.tables, now.free
    size, network = int(t.parties.size[party]), int(t.parties.network[party])
    run, departure = int(t.ways.run[trip.way]), int(t.ways.departure[trip.way])
    escort, host = int(t.ways.escort[trip.way]), int(t.houses.household[trip.house])
    nights = free.beds[trip.house, int(t.ways.arrive[trip.way]) : trip.leave]
    room = [free.seats[run], free.cap[departure], *nights]
    if trip.country != STAYS:
        room.append(free.quota[trip.country, trip.leave // 7])
    strangers = network < 0 or not (
        free.host_met[host, network] or (run >= 0 and free.escort_met[escort, network])
    )
    driven = run < 0 or (free.clash[run] == 0 and free.knowledge[escort] > 0)
    return bool(np.min(room) >= size and strangers and driven)
