# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who holds what a journey would need: the parties whose journeys are in its way.

Each obstacle that others' journeys can be has its own rule; of any other nobody holds anything.
The answer names who is a relative of whom: for coordinators only (spec/why-not.md 6).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from safeconduct.rooms.passage.free import STAYS, Trip
from safeconduct.rooms.passage.in_force import InForce
from safeconduct.rooms.passage.obstacles import Obstacle

Holds = Callable[[int, Trip], bool]
"""Whether a party with its trip holds what is needed."""


def holders(now: InForce, party: int, trip: Trip, obstacle: Obstacle) -> tuple[int, ...]:
    """Return the parties who hold what a party would need for a journey, by number."""
    holds = _HOLDS[obstacle](now, party, trip)
    told = (other for other, has in now.trips.items() if other != party and holds(other, has))
    return tuple(sorted(told))


def _seats(now: InForce, _: int, trip: Trip) -> Holds:
    run = now.tables.ways.run
    return lambda _, has: bool(run[has.way] == run[trip.way])


def _driving(now: InForce, _: int, trip: Trip) -> Holds:
    ways, runs = now.tables.ways, now.tables.runs
    run = ways.run[trip.way]

    def drives(_: int, has: Trip) -> bool:
        other = ways.run[has.way]
        if other in (-1, run) or runs.escort[other] != runs.escort[run]:
            return False
        return bool(min(runs.end[run], runs.end[other]) > max(runs.day[run], runs.day[other]))

    return drives


def _knowledge(now: InForce, _: int, trip: Trip) -> Holds:
    escort = now.tables.ways.escort
    return lambda _, has: bool(escort[has.way] == escort[trip.way])


def _met_escort(now: InForce, party: int, trip: Trip) -> Holds:
    network, tells = now.tables.parties.network, _knowledge(now, party, trip)
    return lambda other, has: bool(network[other] == network[party]) and tells(other, has)


def _places(now: InForce, _: int, trip: Trip) -> Holds:
    departure = now.tables.ways.departure
    return lambda _, has: bool(departure[has.way] == departure[trip.way])


def _met_host(now: InForce, party: int, trip: Trip) -> Holds:
    network, host = now.tables.parties.network, now.tables.houses.household
    return lambda other, has: bool(
        network[other] == network[party] and host[has.house] == host[trip.house]
    )


def _beds(now: InForce, party: int, trip: Trip) -> Holds:
    t, arrive = now.tables, int(now.tables.ways.arrive[trip.way])
    left = now.free.beds[trip.house, arrive : trip.leave] < t.parties.size[party]
    short = {arrive + night for night, few in enumerate(left.tolist()) if few}

    def sleeps(_: int, has: Trip) -> bool:
        nights = range(int(t.ways.arrive[has.way]), has.leave)
        return has.house == trip.house and not short.isdisjoint(nights)

    return sleeps


def _quota(_: InForce, __: int, trip: Trip) -> Holds:
    wanted = trip.country, trip.leave // 7
    return lambda _, has: has.country != STAYS and (has.country, has.leave // 7) == wanted


def _nobody(_: InForce, __: int, ___: Trip) -> Holds:
    return lambda _, __: False


_HOLDS: Final[Mapping[Obstacle, Callable[[InForce, int, Trip], Holds]]] = {
    **dict.fromkeys(Obstacle, _nobody),
    Obstacle.SEATS: _seats,
    Obstacle.DRIVING: _driving,
    Obstacle.KNOWLEDGE: _knowledge,
    Obstacle.MET_ESCORT: _met_escort,
    Obstacle.PLACES: _places,
    Obstacle.MET_HOST: _met_host,
    Obstacle.BEDS: _beds,
    Obstacle.QUOTA: _quota,
}
