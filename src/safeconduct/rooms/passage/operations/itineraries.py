# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an itinerary is made of, and what a plan of them is worth (spec/operation.md 10).

The same sums as in `score`, for journeys through several houses.  Who is in shelter and has no bed
from some night on is counted apart from who is still in danger: both count as missed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from safeconduct.rooms.passage.operations.aftermath import Aftermath
from safeconduct.rooms.passage.operations.circumstances import Itinerary, Lodging, LongPlan, Move


@dataclass(frozen=True, slots=True)
class LongScore:
    """Sums over a whole plan; people are counted, not parties."""

    weighted_misses: int
    """Risk weights of all who leave late or not at all, and of those without a bed."""
    objective: int
    on_time: int
    late: int
    unplanned: int
    unhoused: int
    """People on the way or in shelter who have no bed from some night on."""
    bare_nights: int
    """Nights without a bed up to the horizon, over all of them together."""
    exposure: int
    out_of_country: int
    runs_used: int

    @property
    def rank(self) -> tuple[int, int, int]:
        """By what plans are compared; less is better."""
        return self.weighted_misses, self.bare_nights, self.objective


class Step(NamedTuple):
    """From where and when a party comes to a lodging, and by which move; None where none fits."""

    town: int
    day: int
    lodging: Lodging
    move: Move | None


def begun(after: Aftermath, one: Itinerary) -> bool:
    """Tell whether a party has left its zone."""
    return after.operation.ways.out[one.way] < after.today


def end(after: Aftermath, one: Itinerary) -> int:
    """Return the day on which the last lodging ends."""
    return one.lodgings[-1].leave if one.lodgings else after.operation.ways.arrive[one.way]


def lacks_bed(after: Aftermath, one: Itinerary) -> bool:
    """Tell whether a party has no bed from some night on."""
    return one.country is None and end(after, one) < after.operation.days


def steps(after: Aftermath, one: Itinerary) -> Iterator[Step]:
    """Yield how the party comes from lodging to lodging."""
    ways, houses = after.operation.ways, after.operation.houses
    town, day = ways.town[one.way], ways.arrive[one.way]
    factor = _factor(after, one.party)
    for lodging in one.lodgings:
        to, gap = houses.town[lodging.house], lodging.first - day
        moves = (Move(town, to, 0, 0, 0, 0),) if to == town else after.moves.get((town, to), ())
        # Nights without a bed are in between only where they are over.
        most = max(gap, 0) if lodging.first <= after.today else 0
        fitting = [move for move in moves if 0 <= gap - move.days <= most]
        best = min(fitting, key=lambda m: (m.exposure + factor * m.registered, m), default=None)
        yield Step(town, day, lodging, best)
        town, day = to, lodging.leave


def long_exposure(after: Aftermath, one: Itinerary) -> int:
    """Return the exposure of a whole itinerary, for one person."""
    ways, houses = after.operation.ways, after.operation.houses
    factor = _factor(after, one.party)
    total = ways.exposure[one.way] + factor * ways.registered[one.way]
    for step in steps(after, one):
        nights = step.lodging.leave - step.lodging.first
        total += nights * houses.exposure[step.lodging.house]
        if step.move is not None:
            total += step.move.exposure + factor * step.move.registered
    if one.country is not None:
        total += after.operation.countries.exposure[one.country]
    return total


def long_score(after: Aftermath, plan: LongPlan) -> LongScore:
    """Return what a plan is worth, whether or not it keeps the rules.

    The plan names rows that exist, and no party twice.
    """
    of, journeys = after.operation, plan.journeys
    size, weight, rates = of.parties.size, of.parties.weight, of.rates
    planned = {one.party for one in journeys}
    left = [party for party in range(len(size)) if party not in planned]
    late = [one.party for one in journeys if _late(after, one)]
    bare = [one for one in journeys if lacks_bed(after, one)]
    runs = {of.ways.run[one.way] for one in journeys} - {None}
    return LongScore(
        weighted_misses=sum(size[party] * weight[party] for party in missed(after, plan)),
        objective=sum(long_cost(after, one) for one in journeys)
        + sum(size[party] * weight[party] for party in left) * rates.unplanned
        + len(runs) * rates.run,
        on_time=sum(size[one.party] for one in journeys) - sum(size[party] for party in late),
        late=sum(size[party] for party in late),
        unplanned=sum(size[party] for party in left),
        unhoused=sum(size[one.party] for one in bare),
        bare_nights=sum(size[one.party] * (of.days - end(after, one)) for one in bare),
        exposure=sum(size[one.party] * long_exposure(after, one) for one in journeys),
        out_of_country=sum(size[one.party] for one in journeys if one.country is not None),
        runs_used=len(runs),
    )


def missed(after: Aftermath, plan: LongPlan) -> frozenset[int]:
    """Return the parties that are late, not moved, or without a bed from some night on."""
    fine = {one.party for one in plan.journeys
            if not _late(after, one) and not lacks_bed(after, one)}  # fmt: skip
    return frozenset(range(len(after.operation.parties.size))) - fine


def long_cost(after: Aftermath, one: Itinerary) -> int:
    """Return what one itinerary adds to the objective, its run apart."""
    of = after.operation
    rates, weight = of.rates, of.parties.weight[one.party]
    each = long_exposure(after, one) + rates.wait * weight * of.ways.out[one.way]
    each += rates.money * of.ways.cost[one.way]
    each += rates.money * sum(step.move.cost for step in steps(after, one) if step.move)
    if _late(after, one):
        each += rates.late * weight
    if lacks_bed(after, one):
        each += rates.unplanned * weight
    elif one.country is None:
        each += rates.no_exit
    if one.country is not None:
        each += rates.money * of.countries.cost[one.country]
    return of.parties.size[one.party] * each


def _late(after: Aftermath, one: Itinerary) -> bool:
    return after.operation.ways.out[one.way] > after.operation.parties.deadline[one.party]


def _factor(after: Aftermath, party: int) -> int:
    of = after.operation
    return of.search_list_factor if of.parties.wanted[party] else 1
