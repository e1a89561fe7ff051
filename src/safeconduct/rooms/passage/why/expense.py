# SPDX-License-Identifier: AGPL-3.0-or-later
"""At whose expense a plan moves a party: who would go in time if another, less pressed, did not.

Each party that is late or left behind is tried in the place of each that weighs less, or weighs the
same and has more time.  Nothing is decided here: people do (between.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from safeconduct.rooms.passage.operations.operation import Operation, Plan
from safeconduct.rooms.passage.operations.score import is_late
from safeconduct.rooms.passage.planner.aim import objective
from safeconduct.rooms.passage.planner.dispatch import Trips
from safeconduct.rooms.passage.planner.free import Free
from safeconduct.rooms.passage.planner.prices import no_prices
from safeconduct.rooms.passage.planner.progress import to_trips
from safeconduct.rooms.passage.planner.seek import Seeker
from safeconduct.rooms.passage.planner.tables import lay_out


class Expense(NamedTuple):
    """A party that goes, and one that would go in time in its place."""

    moved: int
    missed: int


def at_expense(operation: Operation, plan: Plan, *, go_on: Callable[[], bool]) -> Iterator[Expense]:
    """Yield each party that is moved at the expense of one in greater danger or with less time.

    The plan keeps the rules.  Who could go in time although nobody gave way is not among them.
    It ends where `go_on`, asked before each trial, says no: more may then be there.
    """
    tables = lay_out(operation)
    trips, free = to_trips(tables, plan), Free(tables)
    for party, trip in trips.items():
        free.take(party, trip)
    misses_first = objective(operation.rates, miss=10 * operation.rates.unplanned)
    seeker = Seeker(tables, misses_first, no_prices(tables), free)
    late = {one.party for one in plan if is_late(operation, one)}
    missed = [one for one in range(len(operation.parties.size)) if one not in trips or one in late]
    for party in missed:
        if not go_on():
            return
        own = trips.get(party)
        if own is not None:
            free.give(party, own)
        if not _in_time(operation, seeker, party):
            in_time = {one: trips[one] for one in trips if one not in late}
            yield from _payers(operation, seeker, party, (in_time, go_on))
        if own is not None:
            free.take(party, own)


def _payers(
    operation: Operation, seeker: Seeker, party: int, among: tuple[Trips, Callable[[], bool]]
) -> Iterator[Expense]:
    """Yield each whose place alone would let a party go in time; `among` trips, until no."""
    trips, go_on = among
    for other in sorted(trips):
        if not go_on():
            return
        if _yields(operation, other, party):
            seeker.free.give(other, trips[other])
            if _in_time(operation, seeker, party):
                yield Expense(other, party)
            seeker.free.take(other, trips[other])


def _in_time(operation: Operation, seeker: Seeker, party: int) -> bool:
    _, trip = seeker.best(party)
    if trip is None:
        return False
    return int(seeker.tables.ways.out[trip.way]) <= operation.parties.deadline[party]


def _yields(operation: Operation, moved: int, missed: int) -> bool:
    """Tell whether a party weighs less than another, or the same and has more time."""
    p = operation.parties
    return (p.weight[moved], -p.deadline[moved]) < (p.weight[missed], -p.deadline[missed])


__all__ = ["Expense", "at_expense"]
