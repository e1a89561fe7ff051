# SPDX-License-Identifier: AGPL-3.0-or-later
"""At whose expense a plan that was made again moves a party, or gives it a bed.

Whoever had a place by a journey that stands, could have kept it and is missed now pays, however
little they weigh; so does who is missed and weighs more, as in `expense`.  Who has left weighs more
than who has not: a roof comes first (spec/planning.md 9).  Nothing is decided here: people do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final

from safeconduct.rooms.passage.operations.circumstances import Itinerary, Lodging, LongPlan
from safeconduct.rooms.passage.planner.aim import objective
from safeconduct.rooms.passage.planner.cut import Cut, misses
from safeconduct.rooms.passage.planner.free import STAYS, Free, Trip
from safeconduct.rooms.passage.planner.lodge import Lodged, Lodger
from safeconduct.rooms.passage.planner.prices import no_prices
from safeconduct.rooms.passage.planner.rest import Rest
from safeconduct.rooms.passage.planner.seek import Seeker
from safeconduct.rooms.passage.why.expense import Expense


def at_expense_again(
    rest: Rest,
    plans: tuple[LongPlan, LongPlan],
    hit: Collection[int],
    *,
    go_on: Callable[[], bool],
) -> Iterator[Expense]:
    """Yield each party that a plan moves, or houses, otherwise than before at another's expense.

    `plans` are the one that stood and the new one, which keeps the rules, and `hit` parties that
    could not go as planned whatever became of others.  It ends where `go_on`, asked before each
    trial, says no: more may then be there.
    """
    weighing = _Weighing(rest, *plans, go_on)
    for party in range(len(rest.operation.parties.size)):
        if not weighing.misses(party, weighing.new.get(party)):
            continue
        if not go_on():
            return
        yield from weighing.payers(party, hit)


class _Weighing:
    """What a plan leaves free, and who could have it."""

    def __init__(self, rest: Rest, old: LongPlan, new: LongPlan, go_on: Callable[[], bool]) -> None:
        t, rates = rest.tables, rest.operation.rates
        aim = objective(rates, miss=10 * rates.unplanned)
        self._rest: Final = rest
        self._go_on: Final = go_on
        self._seeker: Final = Seeker(t, aim, no_prices(t), Free(t))
        self._lodger: Final = Lodger(rest.after, self._seeker)
        self._ways: Final = {int(way): row for row, way in enumerate(t.ways.way_id)}
        self._houses: Final = {int(house): row for row, house in enumerate(t.houses.house_id)}
        self._old: Final = {one.party: one for one in old.journeys}
        self.new: Final = {
            one.party: one for one in new.journeys if one.party not in rest.cuts.gone
        }
        for party in self.new:
            self._move(party, take=True)

    def misses(self, party: int, one: Itinerary | None) -> bool:
        """Tell whether a party misses by a journey."""
        return misses(self._rest.after, self._rest.cuts, party, one)

    def payers(self, party: int, hit: Collection[int]) -> Iterator[Expense]:
        """Yield each at whose giving way alone a party would be missed no more."""
        lost = party not in hit and party in self._old
        lost = lost and not self.misses(party, self._old[party])
        others = [one for one in self._changed() if one != party]
        if party in self.new:
            self._move(party, take=False)
        if not self._could_go(party):
            found = [
                Expense(one, party)
                for one in others
                if (lost or self._rank(one) < self._rank(party)) and self._yields(one, party)
            ]
            yield from found or (self._together(others, party) if lost else ())
        if party in self.new:
            self._move(party, take=True)

    def _changed(self) -> list[int]:
        """Return who goes, or sleeps, otherwise than before, the heaviest first."""
        some = (one for one, journey in self.new.items() if self._old.get(one) != journey)
        return sorted(some, key=lambda one: (*(-of for of in self._rank(one)), one))

    def _rank(self, party: int) -> tuple[int, int, int]:
        """Return how pressed a party is: the greater goes first."""
        p = self._rest.operation.parties
        left = party in self._rest.cuts.on_the_way
        return int(left), p.weight[party], -p.deadline[party]

    def _yields(self, other: int, party: int) -> bool:
        """Tell whether a party could go if another alone did not."""
        if not self._go_on():
            return False
        self._move(other, take=False)
        could = self._could_go(party)
        self._move(other, take=True)
        return could

    def _together(self, others: list[int], party: int) -> Iterator[Expense]:
        """Yield the one that takes the last that a party needed, where several took it together."""
        for one in others:
            self._move(one, take=False)
        could = True
        for one in others:
            self._move(one, take=True)
            if could and not self._could_go(party):
                could = False
                yield Expense(one, party)

    def _could_go(self, party: int) -> bool:
        """Tell whether a party would be missed no more by what is free."""
        cut, seeker = self._rest.cuts.on_the_way.get(party), self._seeker
        was = self._rest.trips.get(party)
        if was is not None and not self.misses(party, self._old[party]) and seeker.fits(party, was):
            return True
        if cut is not None:
            return not self._lodger.bare(cut, self._lodger.find(cut))
        _, trip = seeker.best(party)
        deadline = self._rest.operation.parties.deadline[party]
        return trip is not None and int(seeker.tables.ways.out[trip.way]) <= deadline

    def _move(self, party: int, *, take: bool) -> None:
        """Take what a journey needs from today on, or give it back."""
        one, cut = self.new[party], self._rest.cuts.on_the_way.get(party)
        country = STAYS if one.country is None else one.country
        if cut is not None:
            lodged = Lodged(tuple(self._later(cut, one)), country)
            (self._lodger.take if take else self._lodger.give)(cut, lodged)
            return
        (lodging,) = one.lodgings
        trip = Trip(self._ways[one.way], self._houses[lodging.house], lodging.leave, country)
        free = self._seeker.free
        (free.take if take else free.give)(party, trip)

    def _later(self, cut: Cut, one: Itinerary) -> Iterator[Lodging]:
        """Yield the lodgings from a cut on, in rows of the tables."""
        for house, first, leave in one.lodgings:
            if leave > cut.day or first >= cut.day:
                yield Lodging(self._houses[house], max(first, cut.day), leave)


__all__ = ["at_expense_again"]
