# SPDX-License-Identifier: AGPL-3.0-or-later
"""What would help most: the next bed, seat, place or escort, by whom it would save.

Where to look is guessed from prices, and from what alone bars those who are missed.  What is said
was tried: the same parties are planned anew without the thing and with it, and only the difference
counts (spec/why-not.md 5).  It is at least what one more saves, not at most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from safeconduct.rooms.passage.operations.operation import Operation, Plan
from safeconduct.rooms.passage.operations.score import missing, score
from safeconduct.rooms.passage.planner.aim import objective
from safeconduct.rooms.passage.planner.neighbourhood import Effort
from safeconduct.rooms.passage.planner.prices import no_prices
from safeconduct.rooms.passage.planner.progress import to_plan
from safeconduct.rooms.passage.planner.seek import Seeker
from safeconduct.rooms.passage.why.anew import Ask, anew
from safeconduct.rooms.passage.why.audit import Alone, why_not
from safeconduct.rooms.passage.why.guessed import guessed
from safeconduct.rooms.passage.why.in_force import PlanInForce, in_force
from safeconduct.rooms.passage.why.more import Kind, More, with_more
from safeconduct.rooms.passage.why.obstacles import Obstacle

ASKED: Final = 24
"""Of those missed so many are asked what alone bars them, the heaviest first."""
TRIED: Final = 8
MISSED: Final = 30
HOLDERS: Final = 30
"""Parties planned anew in one try: of those missed, and of those who hold such a place now."""
EFFORT: Final = Effort(0.4, 0)


class Help(NamedTuple):
    """What one more would save, with the plan that does."""

    more: More
    saves: int
    """Weighted misses."""
    parties: tuple[int, ...]
    """Who would be missed no more."""
    plan: Plan
    """For the operation that has it."""


def most_helpful(now: PlanInForce) -> Iterator[Help]:
    """Yield one more thing after another as each was tried, the likeliest first.

    Those that save nobody are among them: that was tried too.
    """
    missed = _missed(now)
    for more in _wanted(now, missed):
        yield _try(now, missed, more)


def _missed(now: PlanInForce) -> list[int]:
    """Return who is missed, the heaviest first."""
    p = now.tables.parties
    missed = missing(now.operation, to_plan(now.tables, now.trips))
    return sorted(missed, key=lambda one: (-p.weight[one] * p.size[one], one))


def _wanted(now: PlanInForce, missed: list[int]) -> list[More]:
    """Return what may help, the likeliest first, as far as one can guess."""
    p, wanted = now.tables.parties, Counter[More]()
    for party in missed[:ASKED]:
        for alone in why_not(now, party, int(p.deadline[party])).alone:
            more = _asked_for(now.operation, alone)
            if more is not None:
                wanted[more] += int(p.weight[party] * p.size[party])
    misses = score(now.operation, to_plan(now.tables, now.trips)).weighted_misses
    for more, worth in guessed(now.tables, misses):
        wanted[more] += round(worth)
    return [more for more, worth in wanted.most_common(TRIED) if worth]


def _asked_for(of: Operation, alone: Alone) -> More | None:
    """Return of what one more might lift an obstacle."""
    chance = alone.chance
    run, departure = of.ways.run[chance.way], of.ways.departure[chance.way]
    by_way = {
        Obstacle.SEATS: Kind.SEAT,
        Obstacle.KNOWLEDGE: Kind.KNOWLEDGE,
        Obstacle.DRIVING: Kind.ESCORT,
        Obstacle.MET_ESCORT: Kind.ESCORT,
    }
    if run is not None and alone.obstacle in by_way:
        return More(by_way[alone.obstacle], of.runs.escort[run])
    if run is None and alone.obstacle is Obstacle.ESCORT:
        return More(Kind.COMPANION, chance.way)
    if departure is not None and alone.obstacle is Obstacle.PLACES:
        return More(Kind.PLACE, departure)
    if chance.house is not None and alone.obstacle is Obstacle.BEDS:
        return More(Kind.BED, chance.house)
    if chance.country is not None and alone.obstacle is Obstacle.QUOTA:
        return More(Kind.QUOTA, chance.country, chance.leave // 7)
    return None


def _try(now: PlanInForce, missed: list[int], more: More) -> Help:
    """Plan some parties anew without it, then from there with it, and compare."""
    holders = [party for party in now.trips if _holds(now, party, more)]
    parties = list(dict.fromkeys((*missed[:MISSED], *holders[:HOLDERS])))
    without = _anew(now, parties)
    larger = in_force(with_more(now.operation, more), without)
    found = _anew(larger, parties)
    before, after = missing(now.operation, without), missing(larger.operation, found)
    misses = score(now.operation, without).weighted_misses
    return Help(
        more=more,
        saves=misses - score(larger.operation, found).weighted_misses,
        parties=tuple(sorted(before - after)),
        plan=found,
    )


def _holds(now: PlanInForce, party: int, more: More) -> bool:
    """Tell whether a party has one of those of which there would be one more."""
    t, trip = now.tables, now.trips[party]
    match more.kind:
        case Kind.BED:
            return int(t.houses.house_id[trip.house]) == more.row
        case Kind.COMPANION:
            return int(t.ways.way_id[trip.way]) == more.row
        case Kind.PLACE:
            return int(t.ways.departure[trip.way]) == more.row
        case Kind.QUOTA:
            return (trip.country, trip.leave // 7) == (more.row, more.week)
        case _:
            return int(t.ways.escort[trip.way]) == more.row


def _anew(now: PlanInForce, parties: list[int]) -> Plan:
    of = now.operation
    aim = objective(of.rates, miss=10 * of.rates.unplanned)
    seeker = Seeker(now.tables, aim, no_prices(now.tables), now.free)
    found = anew(now, seeker, parties, Ask(EFFORT)) or {}
    others = {one: trip for one, trip in now.trips.items() if one not in set(parties)}
    return to_plan(now.tables, others | found)
