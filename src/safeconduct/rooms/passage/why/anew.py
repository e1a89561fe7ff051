# SPDX-License-Identifier: AGPL-3.0-or-later
"""Some parties of a plan planned anew together, once; all others stay as they are.

First they are dealt journeys: who must go takes the best one, whoever still has room for the old
one keeps it, and the others take what is left.  Then the solver looks for better, and its answer
stands only if our own sum finds it cheaper.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from safeconduct.rooms.passage.planner.dispatch import Trips, dispatch
from safeconduct.rooms.passage.planner.free import Trip
from safeconduct.rooms.passage.planner.neighbourhood import Effort, Neighbourhood
from safeconduct.rooms.passage.planner.offers import Breadth, Offers, offer
from safeconduct.rooms.passage.planner.seek import Seeker
from safeconduct.rooms.passage.why.in_force import PlanInForce, fits

BREADTH = Breadth(ways=24, houses=2)
ANY_WAY = Breadth(ways=1 << 30, houses=3)
"""For who must go."""


class Must(NamedTuple):
    """Who must leave, and by which day."""

    party: int
    by: int


class Ask(NamedTuple):
    """How long to look, who must go, and what each journey costs that is not as it was."""

    effort: Effort
    must: Must | None = None
    keep: int = 0


def anew(now: PlanInForce, seeker: Seeker, parties: list[int], ask: Ask) -> Trips | None:
    """Return trips for these parties; None if who must go cannot, in what they leave free.

    The seeker looks in what is free with this plan in force, which afterwards stands as before.
    """
    with now.without(parties) as old:
        return _Anew(now, seeker, parties, ask).trips(old)


class _Anew:
    def __init__(self, now: PlanInForce, seeker: Seeker, parties: list[int], ask: Ask) -> None:
        self._now, self._seeker, self._parties, self._ask = now, seeker, parties, ask
        self._must = ask.must.party if ask.must else None

    def trips(self, old: Trips) -> Trips | None:
        """Deal journeys, and look for better ones."""
        offers = {party: self._offer(party, old.get(party)) for party in self._parties}
        first: Trips = {}
        if self._must is not None:
            found = self._solve([offers[self._must]], {})
            if not found:
                return None
            first = found
        dealt = self._deal(old, first)
        for party, trip in dealt.items():
            if party != self._must and trip != old.get(party):
                offers[party] = _joined(offers[party], self._offer(party, trip))
        dear = [self._dearer(each, old.get(each.party)) for each in offers.values()]
        found = self._solve(dear, dealt)
        if found is None or self._cost(found, old) > self._cost(dealt, old):
            return dealt
        return found

    def _deal(self, old: Trips, first: Trips) -> Trips:
        """Give each a journey in turn; what is free stands as before afterwards."""
        now, p, dealt = self._now, self._now.tables.parties, dict(first)
        for party, trip in first.items():
            now.free.take(party, trip)
        order = sorted(self._parties, key=lambda one: (-p.weight[one] * p.size[one], one))
        left = []
        for party in (one for one in order if one not in first):
            if party in old and fits(now, party, old[party]):
                now.free.take(party, old[party])
                dealt[party] = old[party]
            else:
                left.append(party)
        for _ in dispatch(self._seeker, left, dealt):
            pass
        for party, trip in dealt.items():
            now.free.give(party, trip)
        return dealt

    def _offer(self, party: int, has: Trip | None) -> Offers:
        """Return what a party may choose from; who must go has no later day, and cannot stay."""
        if self._ask.must is None or party != self._must:
            return offer(self._seeker, party, has, BREADTH)
        whole = offer(self._seeker, party, None, ANY_WAY)
        out, by = self._now.tables.ways.out, self._ask.must.by
        ways = {way: cost for way, cost in whole.ways.items() if out[way] <= by}
        return replace(whole, unplanned=None, ways=ways)

    def _dearer(self, offers: Offers, old: Trip | None) -> Offers:
        """Let each journey cost more than the old one; one that shares nothing with it, twice."""
        keep, ways = self._ask.keep, self._now.tables.ways
        if old is None or offers.party == self._must or not keep:
            return offers
        place = int(ways.town[old.way]), int(ways.arrive[old.way])
        stays = {
            stay: cost + keep * (stay != old[1:]) for stay, cost in offers.stays[place].items()
        }
        return replace(
            offers,
            ways={way: cost + keep * (way != old.way) for way, cost in offers.ways.items()},
            stays=offers.stays | {place: stays},
        )

    def _cost(self, trips: Trips, old: Trips) -> float:
        """Return what these parties cost with these trips."""
        changed = sum(trips.get(party) != old[party] for party in old if party != self._must)
        return self._seeker.together(self._parties, trips) + self._ask.keep * changed

    def _solve(self, offers: list[Offers], hint: Trips) -> Trips | None:
        hood = Neighbourhood(self._now.tables, self._now.free, self._seeker.aim.run)
        return hood.solve(offers, hint, self._ask.effort).trips


def _joined(one: Offers, other: Offers) -> Offers:
    """Return all that both offer to one party."""
    stays = {
        place: one.stays.get(place, {}) | other.stays.get(place, {})
        for place in one.stays | other.stays
    }
    return replace(one, ways=one.ways | other.ways, stays=stays)
