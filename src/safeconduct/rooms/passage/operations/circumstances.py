# SPDX-License-Identifier: AGPL-3.0-or-later
"""An operation on one of its days: what happened, what was promised and who learnt of whom.

The second version of operations and plans (docs/spec/operation.md 8): what the first cannot say.
Integers only, as there; a row that names another is counted from 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from safeconduct.rooms.passage.operations.operation import Operation, Plan


class Move(NamedTuple):
    """A way from a town to another for who is sheltered there already."""

    town: int
    to: int
    days: int
    exposure: int
    registered: int
    cost: int


class EscortKnows(NamedTuple):
    """An escort who has learnt of a party."""

    escort: int
    party: int


class HouseholdKnows(NamedTuple):
    """A household that has learnt of a party."""

    household: int
    party: int


class Hold(NamedTuple):
    """Beds kept for somebody else on these nights, as long as the hold has not expired."""

    house: int
    first: int
    last: int
    beds: int
    expires: int


class Promise(NamedTuple):
    """Who was told: 0 nobody, 1 the party, 2 its hosts and escort too, 3 a ticket was bought."""

    party: int
    level: int


class HouseBurned(NamedTuple):
    """Nobody sleeps there from a night on."""

    house: int
    since: int


class HouseholdLost(NamedTuple):
    """Arrested or gone: none of its houses takes anybody from a night on."""

    household: int
    since: int


class EscortLost(NamedTuple):
    """Arrested or gone: drives nobody from a day on."""

    escort: int
    since: int


class DepartureCancelled(NamedTuple):
    """Goes nowhere."""

    departure: int


class WayClosed(NamedTuple):
    """Nobody leaves by it on these days."""

    way: int
    first: int
    last: int


class ZoneClosed(NamedTuple):
    """Nobody leaves it on these days."""

    zone: int
    first: int
    last: int


class TownClosed(NamedTuple):
    """Nobody comes there or moves away on these days; who is there can stay, or go abroad."""

    town: int
    first: int
    last: int


class CountryClosed(NamedTuple):
    """Nobody leaves for it on these days."""

    country: int
    first: int
    last: int


class BedsChanged(NamedTuple):
    """So many beds on these nights."""

    house: int
    first: int
    last: int
    beds: int


class QuotaChanged(NamedTuple):
    """So many people in a week."""

    country: int
    week: int
    quota: int


class SizeChanged(NamedTuple):
    """So many people from a day on."""

    party: int
    since: int
    size: int


class DeadlineMoved(NamedTuple):
    """Another last day on which leaving is not late."""

    party: int
    deadline: int


@dataclass(frozen=True, slots=True)
class Events:
    """What happened, as it is known on the day `today`; of what was said twice the last holds."""

    today: int = 0
    houses_burned: tuple[HouseBurned, ...] = ()
    households_lost: tuple[HouseholdLost, ...] = ()
    escorts_lost: tuple[EscortLost, ...] = ()
    departures_cancelled: tuple[DepartureCancelled, ...] = ()
    ways_closed: tuple[WayClosed, ...] = ()
    zones_closed: tuple[ZoneClosed, ...] = ()
    towns_closed: tuple[TownClosed, ...] = ()
    countries_closed: tuple[CountryClosed, ...] = ()
    beds_changed: tuple[BedsChanged, ...] = ()
    quotas_changed: tuple[QuotaChanged, ...] = ()
    sizes_changed: tuple[SizeChanged, ...] = ()
    deadlines_moved: tuple[DeadlineMoved, ...] = ()


@dataclass(frozen=True, slots=True)
class PromisePrices:
    """What it costs to change what was promised to one person, by who was told."""

    told: int = 3_000
    host: int = 6_000
    ticket: int = 12_000


@dataclass(frozen=True, slots=True)
class Circumstances:
    """An operation, and all that its first version cannot say."""

    operation: Operation
    prices: PromisePrices = field(default_factory=PromisePrices)
    moves: tuple[Move, ...] = ()
    escorts_know: tuple[EscortKnows, ...] = ()
    households_know: tuple[HouseholdKnows, ...] = ()
    holds: tuple[Hold, ...] = ()
    promises: tuple[Promise, ...] = ()
    events: Events = field(default_factory=Events)


class Lodging(NamedTuple):
    """A party sleeps in a house from the night `first` to the night before `leave`."""

    house: int
    first: int
    leave: int


@dataclass(frozen=True, slots=True, order=True)
class Itinerary:
    """How one party goes, through one house or several.

    With `country` None it is in the last house at the horizon; if the lodgings end before, it has
    no bed from then on.
    """

    party: int
    way: int
    lodgings: tuple[Lodging, ...]
    country: int | None


@dataclass(frozen=True, slots=True)
class LongPlan:
    """A plan of itineraries by party, and who has learnt of a party and need not have."""

    journeys: tuple[Itinerary, ...] = ()
    escorts_know: tuple[EscortKnows, ...] = ()
    households_know: tuple[HouseholdKnows, ...] = ()


def lengthen(operation: Operation, plan: Plan) -> LongPlan:
    """Return a plan of the first version as one of the second."""
    return LongPlan(
        tuple(
            Itinerary(
                one.party,
                one.way,
                (Lodging(one.house, operation.ways.arrive[one.way], one.leave),),
                one.country,
            )
            for one in plan
        )
    )
