# SPDX-License-Identifier: AGPL-3.0-or-later
"""Parties that no plan can move at all, and which one thing more would change that.

Each party is looked at as if it had the whole operation to itself, late or not.  What is said to
help would do so alone; that others need the same thing is not weighed (spec/operation.md 6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from safeconduct.rooms.passage.operations.operation import Operation


class Lack(StrEnum):
    """What there could be one more of."""

    ESCORT = "escort"
    """Somebody who goes along on a way that the party may not go alone."""
    SEATS = "seats"
    """A larger car."""
    KNOWLEDGE = "knowledge"
    """An escort who may still be told of a party."""
    STRANGER = "stranger"
    """An escort who has met nobody of the party's network."""
    PLACES = "places"
    """A departure on which the party is not too many together."""
    HOUSE = "house"
    """A house that suits the party and has beds, in a town where a way ends."""
    EXIT = "exit"
    """A country that takes the party as soon as it comes."""
    CEILING = "ceiling"
    """A journey less exposed than what the ceiling allows."""
    WAY = "way"
    """A way from the party's zone to another town."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """A party without a journey.

    Each of `any_of` would alone be enough.  If that is empty, all of `all_of` are lacking at once
    on the way where least is; if both are, no way is left to the party at all.
    """

    party: int
    any_of: tuple[Lack, ...]
    all_of: tuple[Lack, ...] = ()


Lacks = frozenset[Lack]
NOTHING: Lacks = frozenset()


def find_stuck(operation: Operation) -> tuple[Stuck, ...]:
    """Return every party that cannot go at all, by party."""
    look = _Look(operation)
    found = (look.at(party) for party in range(len(operation.parties.size)))
    return tuple(one for one in found if one is not None)


class _Look:
    def __init__(self, operation: Operation) -> None:
        self._of = operation
        self._ways: defaultdict[int, list[int]] = defaultdict(list)
        self._houses: defaultdict[int, list[int]] = defaultdict(list)
        for way, zone in enumerate(operation.ways.zone):
            self._ways[zone].append(way)
        for house, town in enumerate(operation.houses.town):
            self._houses[town].append(house)

    def at(self, party: int) -> Stuck | None:
        """Return what a party lacks; None when it can go."""
        found: set[Lacks] = set()
        for lacks in self._journeys(party):
            if not lacks:
                return None
            found.add(lacks)
        if self._sleeps_somewhere(party):
            found.add(frozenset({Lack.WAY}))
        single = {lack for lacks in found if len(lacks) == 1 for lack in lacks}
        if single or not found:
            return Stuck(party, _in_order(single))
        least = min((_in_order(lacks) for lacks in found), key=lambda one: (len(one), one))
        return Stuck(party, (), least)

    def _journeys(self, party: int) -> Iterator[Lacks]:
        """Yield what each way out lacks: nothing, one thing or more."""
        of, known = self._of, dict[tuple[int, int], tuple[tuple[Lacks, int], ...]]()
        reach, ready = of.parties.reach[party], of.parties.ready[party]
        factor = of.search_list_factor if of.parties.wanted[party] else 1
        for way in self._ways[of.parties.zone[party]]:
            town, arrive = of.ways.town[way], of.ways.arrive[way]
            if of.ways.out[way] < ready or arrive >= of.days or town in reach:
                continue
            lacks = frozenset(self._on_the_way(party, way))
            risk = of.ways.exposure[way] + factor * of.ways.registered[way]
            if (town, arrive) not in known:
                known[town, arrive] = tuple(self._stays(party, town, arrive))
            for missing, more in known[town, arrive]:
                exposed = {Lack.CEILING} if risk + more > of.ceiling else NOTHING
                yield lacks | missing | exposed

    def _on_the_way(self, party: int, way: int) -> Iterator[Lack]:
        of, size = self._of, self._of.parties.size[party]
        run, departure = of.ways.run[way], of.ways.departure[way]
        if departure is not None and of.departures.cap[departure] < size:
            yield Lack.PLACES
        if run is None:
            if not of.parties.alone[party]:
                yield Lack.ESCORT
            return
        escort = of.runs.escort[run]
        if of.escorts.seats[escort] < size:
            yield Lack.SEATS
        if of.escorts.knowledge_cap[escort] < 1:
            yield Lack.KNOWLEDGE
        if of.parties.network[party] in of.escorts.met[escort]:
            yield Lack.STRANGER

    def _stays(self, party: int, town: int, arrive: int) -> Iterator[tuple[Lacks, int]]:
        """Yield what is lacking in a town from a day on, and how exposed one is there at least."""
        welcome = [house for house in self._houses[town] if self._welcomes(party, house)]
        exposed = [risk for house in welcome for risk in self._exits(party, house, arrive)]
        if exposed:
            yield NOTHING, min(exposed)
        yield frozenset({Lack.HOUSE}), 0
        if welcome:
            yield frozenset({Lack.EXIT}), 0

    def _welcomes(self, party: int, house: int) -> bool:
        """Tell whether a house takes such a party, if it has beds."""
        parties, houses = self._of.parties, self._of.houses
        met = self._of.households.met[houses.household[house]]
        return (
            houses.suits[house][parties.need[party]]
            and houses.largest_party[house] >= parties.size[party]
            and parties.network[party] not in met
        )

    def _exits(self, party: int, house: int, arrive: int) -> Iterator[int]:
        """Yield the exposure of the shortest stay before each exit for which there are beds."""
        of, size = self._of, self._of.parties.size[party]
        nightly, full = of.houses.exposure[house], arrive
        while full < of.days and of.houses.beds[house][full] >= size:
            full += 1
        if full == of.days:
            yield (of.days - arrive) * nightly
        for country, papers in enumerate(of.countries.processing):
            wait = papers[of.parties.documents[party]]
            if wait is None:
                continue
            for leave in range(arrive + wait, min(full, of.days - 1) + 1):
                if of.countries.quota[country][leave // 7] >= size:
                    yield (leave - arrive) * nightly + of.countries.exposure[country]
                    break

    def _sleeps_somewhere(self, party: int) -> bool:
        """Tell whether some house takes the party on some day, if only it could come there."""
        of = self._of
        return any(
            risk <= of.ceiling
            for house, town in enumerate(of.houses.town)
            if town not in of.parties.reach[party] and self._welcomes(party, house)
            for arrive in range(of.parties.ready[party], of.days)
            for risk in self._exits(party, house, arrive)
        )


def _in_order(lacks: set[Lack] | Lacks) -> tuple[Lack, ...]:
    return tuple(lack for lack in Lack if lack in lacks)
