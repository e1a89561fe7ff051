# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hard rules: what no plan may break, whoever made it (spec/operation.md 4).

Every break is found, not the first.  Rules are named by the words of the specification.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from safeconduct.rooms.passage.operations.operation import Journey, MaybeInts, Operation, Plan
from safeconduct.rooms.passage.operations.score import exposure


@dataclass(frozen=True, slots=True, order=True)
class Broken:
    """One break: at which row of which table, and how much is there of how much at most.

    `at` is the night in a house, the week of a country, the other run of an escort, or the network
    that is met twice; `found` and `limit` are None where a rule is about no quantity.
    """

    rule: str
    table: str
    row: int
    at: int | None = None
    found: int | None = None
    limit: int | None = None


def broken_rules(operation: Operation, plan: Plan) -> tuple[Broken, ...]:
    """Return every break of every hard rule; empty when the plan may be carried out.

    Journeys that name no row, or a party a second time, break `form` and are looked at no further.
    """
    journeys, found = _formed(operation, plan)
    for journey in journeys:
        found += _of_journey(operation, journey)
    for rule in (_seats, _one_place, _cluster, _beds, _quota, _knowledge, _met):
        found += rule(operation, journeys)
    return tuple(found)


def _formed(operation: Operation, plan: Plan) -> tuple[list[Journey], list[Broken]]:
    journeys: list[Journey] = []
    found: list[Broken] = []
    seen: set[int] = set()
    for row, journey in enumerate(plan):
        if journey.party in seen or not _exists(operation, journey):
            found.append(Broken("form", "journeys", row))
        else:
            seen.add(journey.party)
            journeys.append(journey)
    return journeys, found


def _exists(operation: Operation, journey: Journey) -> bool:
    rows = (
        (journey.party, len(operation.parties.size)),
        (journey.way, len(operation.ways.out)),
        (journey.house, len(operation.houses.town)),
        (journey.country or 0, len(operation.countries.cost) + (journey.country is None)),
    )
    return journey.leave >= 0 and all(0 <= row < count for row, count in rows)


def _of_journey(operation: Operation, journey: Journey) -> Iterator[Broken]:
    """Say what one row breaks by itself."""
    party, risk = journey.party, exposure(operation, journey)
    for rule, holds in (*_way_rules(operation, journey), *_stay_rules(operation, journey)):
        if not holds:
            yield Broken(rule, "parties", party)
    if risk > operation.ceiling:
        yield Broken("ceiling", "parties", party, found=risk, limit=operation.ceiling)


def _way_rules(operation: Operation, journey: Journey) -> Iterator[tuple[str, bool]]:
    parties, ways = operation.parties, operation.ways
    party, way = journey.party, journey.way
    yield "zone", ways.zone[way] == parties.zone[party]
    yield "ready", ways.out[way] >= parties.ready[party]
    yield "alone", parties.alone[party] or ways.run[way] is not None
    yield "reach", ways.town[way] not in parties.reach[party]


def _stay_rules(operation: Operation, journey: Journey) -> Iterator[tuple[str, bool]]:
    parties, houses = operation.parties, operation.houses
    party, house, leave = journey.party, journey.house, journey.leave
    arrive = operation.ways.arrive[journey.way]
    yield "town", houses.town[house] == operation.ways.town[journey.way]
    yield "suits", houses.suits[house][parties.need[party]]
    yield "size", parties.size[party] <= houses.largest_party[house]
    if journey.country is None:
        yield "horizon", arrive < operation.days == leave
        return
    yield "horizon", arrive <= leave < operation.days
    processing = operation.countries.processing[journey.country][parties.documents[party]]
    yield "papers", processing is not None and leave >= arrive + processing


def _seats(operation: Operation, journeys: list[Journey]) -> Iterator[Broken]:
    seats, escort = operation.escorts.seats, operation.runs.escort
    for run, people in _people(operation, journeys, operation.ways.run):
        limit = seats[escort[run]]
        if people > limit:
            yield Broken("seats", "runs", run, found=people, limit=limit)


def _cluster(operation: Operation, journeys: list[Journey]) -> Iterator[Broken]:
    for departure, people in _people(operation, journeys, operation.ways.departure):
        limit = operation.departures.cap[departure]
        if people > limit:
            yield Broken("cluster", "departures", departure, found=people, limit=limit)


def _people(
    operation: Operation, journeys: list[Journey], column: MaybeInts
) -> list[tuple[int, int]]:
    """Return how many people go by each of what a column of the ways names."""
    people: Counter[int] = Counter()
    for journey in journeys:
        row = column[journey.way]
        if row is not None:
            people[row] += operation.parties.size[journey.party]
    return sorted(people.items())


def _one_place(operation: Operation, journeys: list[Journey]) -> Iterator[Broken]:
    used = {run for one in journeys if (run := operation.ways.run[one.way]) is not None}
    for run, other in overlapping(operation, sorted(used)):
        yield Broken("one-place", "runs", run, at=other)


def overlapping(operation: Operation, used: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the runs, two at a time, that one escort cannot both drive."""
    of_escorts: defaultdict[int, list[int]] = defaultdict(list)
    for run in used:
        of_escorts[operation.runs.escort[run]].append(run)
    for of_escort in of_escorts.values():
        for at, run in enumerate(of_escort):
            for other in of_escort[at + 1 :]:
                if _overlap(operation, run, other):
                    yield run, other


def _overlap(operation: Operation, one: int, other: int) -> bool:
    day, busy = operation.runs.day, operation.runs.busy
    ends = min(day[one] + busy[one], day[other] + busy[other])
    return max(day[one], day[other]) < ends


def _beds(operation: Operation, journeys: list[Journey]) -> Iterator[Broken]:
    people: Counter[tuple[int, int]] = Counter()
    for journey in journeys:
        for night in range(operation.ways.arrive[journey.way], min(journey.leave, operation.days)):
            people[journey.house, night] += operation.parties.size[journey.party]
    return _over("beds", "houses", people, operation.houses.beds)


def _quota(operation: Operation, journeys: list[Journey]) -> Iterator[Broken]:
    people: Counter[tuple[int, int]] = Counter()
    for journey in journeys:
        if journey.country is not None and journey.leave < operation.days:
            people[journey.country, journey.leave // 7] += operation.parties.size[journey.party]
    return _over("quota", "countries", people, operation.countries.quota)


def _over(
    rule: str, table: str, people: Counter[tuple[int, int]], most: tuple[tuple[int, ...], ...]
) -> Iterator[Broken]:
    for (row, at), found in sorted(people.items()):
        if found > most[row][at]:
            yield Broken(rule, table, row, at, found, most[row][at])


def _knowledge(operation: Operation, journeys: list[Journey]) -> Iterator[Broken]:
    told = Counter(_escort(operation, journey) for journey in journeys)
    for escort, cap in enumerate(operation.escorts.knowledge_cap):
        if told[escort] > cap:
            yield Broken("knowledge", "escorts", escort, found=told[escort], limit=cap)


def _met(operation: Operation, journeys: list[Journey]) -> Iterator[Broken]:
    """Nobody meets two parties of one network; whom they met before counts."""
    escorts: Counter[tuple[int, int]] = Counter()
    hosts: Counter[tuple[int, int]] = Counter()
    for journey in journeys:
        network, escort = operation.parties.network[journey.party], _escort(operation, journey)
        if network is not None:
            hosts[operation.houses.household[journey.house], network] += 1
            if escort is not None:
                escorts[escort, network] += 1
    yield from _met_twice("met-escort", "escorts", escorts, operation.escorts.met)
    yield from _met_twice("met-host", "households", hosts, operation.households.met)


def _met_twice(
    rule: str, table: str, meets: Counter[tuple[int, int]], before: tuple[tuple[int, ...], ...]
) -> Iterator[Broken]:
    for (knower, network), now in sorted(meets.items()):
        found = now + (network in before[knower])
        if found > 1:
            yield Broken(rule, table, knower, network, found, 1)


def _escort(operation: Operation, journey: Journey) -> int | None:
    run = operation.ways.run[journey.way]
    return None if run is None else operation.runs.escort[run]
