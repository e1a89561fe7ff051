# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who cannot go at all is found, and what is said to help does, and nothing else does."""

from dataclasses import replace
from typing import Any

import pytest

from safeconduct.rooms.passage.operations.operation import Operation
from safeconduct.rooms.passage.operations.stuck import Lack, find_stuck
from tests.kit.operations import changed, invent


def lifted(operation: Operation, party: int, lack: Lack) -> Operation:
    """An operation in which one thing is there without limit for a party."""
    escorts, size = operation.escorts, operation.parties.size[party]
    for_all: dict[Lack, dict[str, Any]] = {
        Lack.SEATS: {"seats": (size,) * len(escorts.seats)},
        Lack.KNOWLEDGE: {"knowledge_cap": (1,) * len(escorts.seats)},
        Lack.STRANGER: {"met": ((),) * len(escorts.seats)},
    }
    if lack in for_all:
        return replace(operation, escorts=replace(escorts, **for_all[lack]))
    if lack is Lack.ESCORT:
        return changed(operation, "parties.alone", party, value=True)
    if lack is Lack.CEILING:
        return replace(operation, ceiling=10**9)
    if lack is Lack.WAY:
        return with_ways(operation, party)
    return with_places(operation, party, lack)


def with_ways(operation: Operation, party: int) -> Operation:
    """Ways without risk from a party's zone to all towns, each day."""
    ways, departures, size = operation.ways, operation.departures, operation.parties.size[party]
    goals = [(town, day) for town in range(operation.towns) for day in range(operation.days)]
    towns, days = (tuple(column) for column in zip(*goals, strict=True))
    many, first = len(goals), len(departures.day)
    more = replace(
        departures,
        hub=(*departures.hub, *(0,) * many),
        town=departures.town + towns,
        day=departures.day + days,
        cap=(*departures.cap, *(size,) * many),
    )
    added = {
        "zone": (operation.parties.zone[party],) * many,
        "town": towns,
        "run": (None,) * many,
        "departure": tuple(range(first, first + many)),
        "out": days,
        "arrive": days,
    }
    nothing = dict.fromkeys(("exposure", "registered", "cost"), (0,) * many)
    columns = {name: getattr(ways, name) + new for name, new in (added | nothing).items()}
    moved = changed(operation, "parties.alone", party, value=True)
    return replace(moved, departures=more, ways=replace(ways, **columns))


def with_places(operation: Operation, party: int, lack: Lack) -> Operation:
    """Room on departures, a house in each town, or a country that takes everybody at once."""
    size, days = operation.parties.size[party], operation.days
    if lack is Lack.PLACES:
        caps = (size,) * len(operation.departures.cap)
        return replace(operation, departures=replace(operation.departures, cap=caps))
    if lack is Lack.HOUSE:
        old, towns = operation.houses, operation.towns
        households = replace(operation.households, met=(*operation.households.met, ()))
        houses = replace(
            old,
            town=old.town + tuple(range(towns)),
            household=old.household + (len(operation.households.met),) * towns,
            largest_party=old.largest_party + (size,) * towns,
            suits=old.suits + ((True, True, True),) * towns,
            exposure=old.exposure + (0,) * towns,
            beds=old.beds + ((size,) * days,) * towns,
        )
        return replace(operation, houses=houses, households=households)
    abroad = operation.countries
    weeks = -(-days // 7)
    more = replace(
        abroad,
        exposure=(*abroad.exposure, 0),
        cost=(*abroad.cost, 0),
        processing=(*abroad.processing, (0, 0, 0)),
        quota=(*abroad.quota, (size,) * weeks),
    )
    return replace(operation, countries=more)


def is_stuck(operation: Operation, party: int) -> bool:
    """Whether a party is among those that cannot go."""
    return party in {one.party for one in find_stuck(operation)}


@pytest.mark.parametrize("seed", range(6))
def test_what_is_said_to_help_does_and_nothing_else(seed: int) -> None:
    operation = invent(30, seed, tight=3)
    operation = replace(operation, ceiling=4_000 if seed % 2 else operation.ceiling)
    for one in find_stuck(operation)[:3]:
        helps = {
            lack for lack in Lack if not is_stuck(lifted(operation, one.party, lack), one.party)
        }
        assert helps == set(one.any_of)
        if not one.any_of and one.all_of:
            everything = operation
            for lack in one.all_of:
                everything = lifted(everything, one.party, lack)
            assert not is_stuck(everything, one.party)


def test_each_lack_is_met_somewhere() -> None:
    met: set[Lack] = set()
    for seed in range(40):
        operation = invent(30, seed, tight=3)
        operation = changed(operation, "escorts.knowledge_cap", seed % 6, 0)
        if seed % 2:
            operation = replace(operation, ceiling=4_000)
        for one in find_stuck(operation):
            met |= {*one.any_of, *one.all_of}
    assert met == set(Lack)


def test_who_has_nowhere_to_go_is_told_so() -> None:
    operation = invent(30, seed=1)
    everywhere = tuple(range(operation.towns))
    hunted = changed(operation, "parties.reach", 0, everywhere)
    found = next(one for one in find_stuck(hunted) if one.party == 0)
    assert (found.any_of, found.all_of) == ((), ())
