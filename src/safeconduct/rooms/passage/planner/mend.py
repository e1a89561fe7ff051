# SPDX-License-Identifier: AGPL-3.0-or-later
"""Planning again after something happened, with as little change as that needs.

First whoever cannot go as planned gets the best that is free, and everybody else what they had:
the repair.  Behind it two plans are improved side by side, one in which every promise that is
broken has its price, one in which none has.  What has begun is never touched, no plan is worse
than the repair, and the best under the prices is the first.
Pure, as `plan` is: the same work gives the same plans.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from safeconduct.rooms.passage.operations.aftermath import NOBODY, after
from safeconduct.rooms.passage.operations.circumstances import (
    Circumstances,
    EscortKnows,
    HouseholdKnows,
    Itinerary,
    LongPlan,
)
from safeconduct.rooms.passage.operations.itineraries import LongScore, long_score
from safeconduct.rooms.passage.planner.aim import objective
from safeconduct.rooms.passage.planner.dispatch import dispatch, urgent_first
from safeconduct.rooms.passage.planner.draft import Draft
from safeconduct.rooms.passage.planner.free import Free
from safeconduct.rooms.passage.planner.prices import no_prices
from safeconduct.rooms.passage.planner.rest import (
    TOLD_HOSTS,
    Rest,
    escorts_of,
    hosts_of,
    what_is_left,
)
from safeconduct.rooms.passage.planner.seek import Kept, Seeker


@dataclass(frozen=True, slots=True)
class Option:
    """One of the plans to choose from."""

    plan: LongPlan
    score: LongScore
    broken: int
    """Parties who could go as they were told, and are to go otherwise."""
    people: int
    """People of these parties."""
    price: int
    """What breaking these promises costs, in units of the objective."""

    @property
    def rank(self) -> tuple[int, int, int]:
        """By what plans are compared once promises count; less is better."""
        misses, bare, cost = self.score.rank
        return misses, bare, cost + self.price


@dataclass(frozen=True, slots=True)
class Mending:
    """How far planning again has come: the best so far, and whom it is all about."""

    best: Option
    others: tuple[Option, ...]
    """What else there is to choose, the fewest promises broken first."""
    hit: tuple[int, ...]
    """Parties who cannot go, or go on, as planned."""
    stranded: tuple[int, ...]
    """Parties on the road by a way that was closed, or with an escort who was lost."""
    work: int


MendWatch = Callable[[Mending], bool]
"""Told of every small step; says whether to go on."""


def mend(
    circumstances: Circumstances,
    plan: LongPlan,
    *,
    work: int | None,
    watch: MendWatch,
    seed: int = 0,
) -> Mending:
    """Return the plans to choose from after what happened, the best first.

    `plan` is what was being carried out until then.  `work` is the most units of work to do, None
    for no end; `watch` is told of every small step and says whether to go on.
    """
    mender = _Mender(what_is_left(after(circumstances, plan), plan), plan)
    turns = mender.improved(mender.repaired(), seed)
    while True:
        now = next(turns)
        if (work is not None and now.work >= work) or not watch(now):
            return now


class _Mender:
    """Repairs, and improves behind it."""

    def __init__(self, rest: Rest, old: LongPlan) -> None:
        self._rest = rest
        self._old = {one.party: one for one in old.journeys}
        self._known = old
        rates = rest.after.operation.rates
        self._aim = objective(rates, miss=10 * rates.unplanned)
        self._kept: dict[int, Kept] = {}
        """By party that can go as planned, what was planned, and the price of any other."""
        self._draft = Draft(rest, self._seeker({}))

    def repaired(self) -> Mending:
        """Give everybody who is hit the best that is free, those on the way first."""
        hit, draft, on_the_way = self._keep(), self._draft, self._rest.cuts.on_the_way
        for party in (party for party in hit if party in on_the_way):
            draft.house(party)
        to_come = {party for party in hit if party not in on_the_way}
        order = [party for party in urgent_first(self._rest.tables) if party in to_come]
        for _ in dispatch(draft.seeker, order, draft.trips):
            pass
        stranded = (p for p, cut in on_the_way.items() if self._is_stranded(cut.was))
        return Mending(
            best=self._option(draft),
            others=(),
            hit=tuple(sorted(hit)),
            stranded=tuple(sorted(stranded)),
            work=2 * len(hit),
        )

    def improved(self, now: Mending, seed: int) -> Iterator[Mending]:
        """Improve two plans in turn; yield how far it is at first and after each small step."""
        yield now
        found = [now.best] * 3
        drafts = [Draft(self._rest, self._seeker(kept), self._draft) for kept in (self._kept, {})]
        turns = [draft.improve(seed) for draft in drafts]
        while True:
            for number, turn in enumerate(turns):
                now = replace(now, work=now.work + next(turn))
                option = self._option(drafts[number])
                if number == 0:
                    found[0] = min(found[0], option, key=lambda one: one.rank)
                else:
                    found[1] = min(found[1], option, key=lambda one: one.score.rank)
                yield _choose(now, found)

    def _seeker(self, kept: Mapping[int, Kept]) -> Seeker:
        t = self._rest.tables
        return Seeker(t, self._aim, no_prices(t), Free(t), kept)

    def _keep(self) -> list[int]:
        """Leave everybody who can be left as they are; return who cannot, the heavier first."""
        rest, draft, hit = self._rest, self._draft, list[int]()
        levels, weight = rest.levels, rest.after.operation.parties.weight
        ways = rest.cuts.on_the_way
        for party in sorted(levels, key=lambda g: (g not in ways, -levels[g], -weight[g], g)):
            trip = rest.trips.get(party)
            if trip is None or not draft.seeker.fits(party, trip):
                hit.append(party)
                continue
            draft.take(party, trip)
            self._kept[party] = Kept(trip, self._price(party))
        return hit

    def _price(self, party: int) -> int:
        """Return what it costs to change what was promised to a party."""
        after, level = self._rest.after, self._rest.levels[party]
        prices = after.circumstances.prices
        each = (0, prices.told, prices.host, prices.ticket)[level]
        return each * after.operation.parties.size[party]

    def _is_stranded(self, one: Itinerary) -> bool:
        after = self._rest.after
        return one.way in after.closed and after.operation.ways.arrive[one.way] >= after.today

    def _option(self, draft: Draft) -> Option:
        """Return a plan as it stands, and what it does to promises."""
        after, size = self._rest.after, self._rest.after.operation.parties.size
        journeys = tuple(sorted(draft.journeys(), key=lambda one: one.party))
        now = {one.party: one for one in journeys}
        broken = [
            party
            for party, kept in self._kept.items()
            if self._rest.levels[party] and now.get(party) != self._old[party]
        ]
        plan = LongPlan(journeys, *self._learnt(now))
        return Option(
            plan,
            long_score(after, plan),
            len(broken),
            sum(size[party] for party in broken),
            sum(self._kept[party].price for party in broken),
        )

    def _learnt(
        self, now: Mapping[int, Itinerary]
    ) -> tuple[tuple[EscortKnows, ...], tuple[HouseholdKnows, ...]]:
        """Return who has learnt of a party and has no part in its journey any more."""
        after = self._rest.after
        escorts, hosts = set(self._known.escorts_know), set(self._known.households_know)
        for party, level in self._rest.levels.items():
            old, one = self._old[party], now.get(party)
            if level < TOLD_HOSTS or one == old:
                continue
            met = escorts_of(after, one) if one else NOBODY
            escorts |= {EscortKnows(knower, party) for knower in escorts_of(after, old) - met}
            met = hosts_of(after, one.lodgings) if one else NOBODY
            told = hosts_of(after, old.lodgings) - met
            hosts |= {HouseholdKnows(knower, party) for knower in told}
        return tuple(sorted(escorts)), tuple(sorted(hosts))


def _choose(now: Mending, found: list[Option]) -> Mending:
    """Return the best of what was found, and what else there is that is better in something."""
    first, *rest = sorted(found, key=lambda one: (one.rank, one.broken))
    shown: list[Option] = []
    for one in sorted(rest, key=lambda one: (one.broken, one.score.rank)):
        better = ((other.broken, other.score.rank) for other in (first, *shown))
        if not any(b <= one.broken and rank <= one.score.rank for b, rank in better):
            shown.append(one)
    return replace(now, best=first, others=tuple(shown))
