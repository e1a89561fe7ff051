# SPDX-License-Identifier: AGPL-3.0-or-later
"""What if this party had to leave by that day: a plan in which it does, and who pays for it.

About sixty parties that are nearest in the way are planned anew with it (spec/why-not.md 4).
Nothing here is ever carried out by itself: between two people a person decides.
What was not found may exist all the same; only the audit's `hard` says that it does not.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from safeconduct.rooms.passage.operations.operation import Journey, Operation, Plan
from safeconduct.rooms.passage.operations.score import Score, missing, score
from safeconduct.rooms.passage.planner.aim import objective
from safeconduct.rooms.passage.planner.neighbourhood import Effort
from safeconduct.rooms.passage.planner.prices import no_prices
from safeconduct.rooms.passage.planner.progress import to_plan
from safeconduct.rooms.passage.planner.seek import Seeker
from safeconduct.rooms.passage.why.anew import Ask, Must, anew
from safeconduct.rooms.passage.why.audit import in_the_way
from safeconduct.rooms.passage.why.in_force import PlanInForce

NEIGHBOURS: Final = 60
IN_THE_WAY: Final = 40
"""Of these, parties whose journeys hold what it would need; the others leave from near by then."""
EFFORT: Final = Effort(1.0, 0)
KEEP: Final = 30
"""A plan that changes costs so many times less than a person of weight 1 who is late."""


class Change(NamedTuple):
    """Another party's journey that would be another, or none, or a new one."""

    party: int
    before: Journey | None
    after: Journey | None


class Forced(NamedTuple):
    """A plan that keeps every rule and lets the party leave in time, and its price."""

    journey: Journey
    plan: Plan
    before: Score
    after: Score
    changed: tuple[Change, ...]
    """All others whose journeys change, by party."""
    pay: tuple[int, ...]
    """Others who would newly miss: leave late, or not at all."""
    gain: tuple[int, ...]
    """Others who would miss no more."""


def force(now: PlanInForce, party: int, by: int) -> Forced | None:
    """Look for a plan in which a party leaves by a day; None when none was found."""
    of = now.operation
    aim = objective(of.rates, miss=10 * of.rates.unplanned)
    seeker = Seeker(now.tables, aim, no_prices(now.tables), now.free)
    parties = [party, *_neighbours(now, party, by)]
    found = anew(now, seeker, parties, Ask(EFFORT, Must(party, by), of.rates.late // KEEP))
    if found is None:
        return None
    trips = {one: trip for one, trip in now.trips.items() if one not in set(parties)} | found
    return compared(
        now.operation, to_plan(now.tables, now.trips), to_plan(now.tables, trips), party
    )


def _neighbours(now: PlanInForce, party: int, by: int) -> list[int]:
    """Return who is planned anew: first who is in the way on most ways."""
    t = now.tables
    held = [one for one, _ in in_the_way(now, party, by).most_common(IN_THE_WAY)]
    day = {one: now.out(one) for one in range(len(t.parties.size))}
    near = sorted(
        (one for one in day if one != party and t.parties.zone[one] == t.parties.zone[party]),
        key=lambda one: abs((t.days if (out := day[one]) is None else out) - by),
    )
    return list(dict.fromkeys((*held, *near)))[:NEIGHBOURS]


def compared(of: Operation, old: Plan, new: Plan, party: int) -> Forced:
    """Compare a plan in which a party leaves with the one before, of the same operation."""
    before = {journey.party: journey for journey in old}
    after = {journey.party: journey for journey in new}
    changed = [
        Change(one, before.get(one), after.get(one))
        for one in sorted(before | after)
        if one != party and before.get(one) != after.get(one)
    ]
    missed, misses = missing(of, old) - {party}, missing(of, new) - {party}
    return Forced(
        journey=after[party],
        plan=new,
        before=score(of, old),
        after=score(of, new),
        changed=tuple(changed),
        pay=tuple(sorted(misses - missed)),
        gain=tuple(sorted(missed - misses)),
    )
