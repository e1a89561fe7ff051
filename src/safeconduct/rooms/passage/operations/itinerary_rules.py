# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hard rules for plans of itineraries, on one day of an operation (spec/operation.md 10).

Every break is found, not the first.  Nights that are over break no rule, and a journey that began
before its way was closed breaks none by that; what they used up and who learnt of them counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Final

from safeconduct.rooms.passage.operations.aftermath import NOBODY, Aftermath, Knowers
from safeconduct.rooms.passage.operations.circumstances import Itinerary, LongPlan
from safeconduct.rooms.passage.operations.itineraries import begun, end, long_exposure, steps
from safeconduct.rooms.passage.operations.operation import Lists, MaybeInts
from safeconduct.rooms.passage.operations.rules import Broken, overlapping

Rule = Callable[[Aftermath, list[Itinerary]], Iterator[Broken]]


def broken_long_rules(after: Aftermath, plan: LongPlan) -> tuple[Broken, ...]:
    """Return every break of every hard rule; empty when the plan may be carried out.

    Itineraries that name no row, or a party a second time, break `form` and are looked at no
    further.
    """
    journeys, found = _formed(after, plan)
    for one in journeys:
        found += _of_itinerary(after, one)
    for rule in _SHARED:
        found += rule(after, journeys)
    return tuple(found)


def _formed(after: Aftermath, plan: LongPlan) -> tuple[list[Itinerary], list[Broken]]:
    journeys: list[Itinerary] = []
    found: list[Broken] = []
    seen: set[int] = set()
    for row, one in enumerate(plan.journeys):
        if one.party in seen or not _exists(after, one):
            found.append(Broken("form", "journeys", row))
        else:
            seen.add(one.party)
            journeys.append(one)
    return journeys, found


def _exists(after: Aftermath, one: Itinerary) -> bool:
    of = after.operation
    rows = [
        (one.party, len(of.parties.size)),
        (one.way, len(of.ways.out)),
        (one.country or 0, len(of.countries.cost) + (one.country is None)),
    ]
    rows += [(lodging.house, len(of.houses.town)) for lodging in one.lodgings]
    spans = [0 <= lodging.first <= lodging.leave <= of.days for lodging in one.lodgings]
    return all(spans) and all(0 <= row < count for row, count in rows)


def _of_itinerary(after: Aftermath, one: Itinerary) -> Iterator[Broken]:
    """Say what one row breaks by itself."""
    holds = (
        *_way_rules(after, one),
        *_lodging_rules(after, one),
        *_end_rules(after, one),
    )
    for rule in dict.fromkeys(rule for rule, held in holds if not held):
        yield Broken(rule, "parties", one.party)
    risk, ceiling = long_exposure(after, one), after.operation.ceiling
    if risk > ceiling:
        yield Broken("ceiling", "parties", one.party, found=risk, limit=ceiling)


def _way_rules(after: Aftermath, one: Itinerary) -> Iterator[tuple[str, bool]]:
    parties, ways = after.operation.parties, after.operation.ways
    party, way = one.party, one.way
    yield "zone", ways.zone[way] == parties.zone[party]
    yield "ready", ways.out[way] >= parties.ready[party]
    yield "alone", parties.alone[party] or ways.run[way] is not None
    yield "reach", ways.town[way] not in parties.reach[party]
    yield "closed", begun(after, one) or way not in after.closed


def _lodging_rules(after: Aftermath, one: Itinerary) -> Iterator[tuple[str, bool]]:
    parties, houses = after.operation.parties, after.operation.houses
    for step in steps(after, one):
        house, first, leave = step.lodging
        town = houses.town[house]
        yield "move", step.move is not None
        shut = {(step.town, step.day), (town, first)} & after.shut_towns
        yield "closed", town == step.town or step.day < after.today or not shut
        yield "reach", town not in parties.reach[one.party]
        yield "suits", houses.suits[house][parties.need[one.party]]
        size = after.size(one.party, max(first, after.today))
        over = first < after.today and leave <= after.today
        yield "size", over or size <= houses.largest_party[house]


def _end_rules(after: Aftermath, one: Itinerary) -> Iterator[tuple[str, bool]]:
    of, leave = after.operation, end(after, one)
    arrive = of.ways.arrive[one.way]
    if one.country is None:
        yield "horizon", arrive < of.days and (leave == of.days or begun(after, one))
        return
    yield "horizon", bool(one.lodgings) and arrive < of.days and leave < of.days
    processing = of.countries.processing[one.country][of.parties.documents[one.party]]
    yield "papers", processing is not None and leave >= arrive + processing
    passable = leave >= of.days or after.open_exits[one.country][leave]
    yield "closed", leave < after.today or passable


def _seats(after: Aftermath, journeys: list[Itinerary]) -> Iterator[Broken]:
    of = after.operation
    for run, people in _people(after, journeys, of.ways.run):
        limit = of.escorts.seats[of.runs.escort[run]]
        if people > limit:
            yield Broken("seats", "runs", run, found=people, limit=limit)


def _cluster(after: Aftermath, journeys: list[Itinerary]) -> Iterator[Broken]:
    for departure, people in _people(after, journeys, after.operation.ways.departure):
        limit = after.operation.departures.cap[departure]
        if people > limit:
            yield Broken("cluster", "departures", departure, found=people, limit=limit)


def _people(
    after: Aftermath, journeys: list[Itinerary], column: MaybeInts
) -> list[tuple[int, int]]:
    """Return how many people go by each of what a column names and somebody has yet to take."""
    people: Counter[int] = Counter()
    to_come = {column[one.way] for one in journeys if not begun(after, one)}
    for one in journeys:
        row = column[one.way]
        if row is not None and row in to_come:
            people[row] += after.size(one.party, after.operation.ways.out[one.way])
    return sorted(people.items())


def _one_place(after: Aftermath, journeys: list[Itinerary]) -> Iterator[Broken]:
    used = {run for one in journeys if (run := after.operation.ways.run[one.way]) is not None}
    for run, other in overlapping(after.operation, sorted(used)):
        yield Broken("one-place", "runs", run, at=other)


def _beds(after: Aftermath, journeys: list[Itinerary]) -> Iterator[Broken]:
    people: Counter[tuple[int, int]] = Counter()
    for one in journeys:
        for house, first, leave in one.lodgings:
            for night in range(max(first, after.today), leave):
                people[house, night] += after.size(one.party, night)
    for (house, night), found in sorted(people.items()):
        limit = after.operation.houses.beds[house][night]
        if found > limit:
            yield Broken("beds", "houses", house, night, found, limit)


def _quota(after: Aftermath, journeys: list[Itinerary]) -> Iterator[Broken]:
    """Say whose quota is exceeded in a week in which somebody has yet to leave."""
    people: Counter[tuple[int, int]] = Counter()
    open_weeks = set()
    for one in journeys:
        leave = end(after, one)
        if one.country is not None and leave < after.operation.days:
            people[one.country, leave // 7] += after.size(one.party, leave)
            if leave >= after.today:
                open_weeks.add((one.country, leave // 7))
    for country, week in sorted(open_weeks):
        found, limit = people[country, week], after.operation.countries.quota[country][week]
        if found > limit:
            yield Broken("quota", "countries", country, week, found, limit)


def _knowledge(after: Aftermath, journeys: list[Itinerary]) -> Iterator[Broken]:
    """Say which escort is told of more parties than may be; of whom it knows it is told nothing."""
    told = Counter(
        escort
        for one in journeys
        for escort in _escorts(after, one)
        if escort not in after.escorts.get(one.party, NOBODY)
    )
    for escort, cap in enumerate(after.operation.escorts.knowledge_cap):
        if told[escort] > cap:
            yield Broken("knowledge", "escorts", escort, found=told[escort], limit=cap)


def _met(after: Aftermath, journeys: list[Itinerary]) -> Iterator[Broken]:
    of = after.operation
    escorts = {one.party: _escorts(after, one) for one in journeys}
    hosts = {one.party: _hosts(after, one) for one in journeys}
    yield from _meets(after, "met-escort", (escorts, after.escorts), of.escorts.met)
    yield from _meets(after, "met-host", (hosts, after.households), of.households.met)


def _meets(
    after: Aftermath, rule: str, who: tuple[dict[int, set[int]], Knowers], met: Lists
) -> Iterator[Broken]:
    """Say who learns of somebody and knows another one of that network."""
    planned, known = who
    network = after.operation.parties.network
    learns: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    knows: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for party, of_network in enumerate(network):
        if of_network is None:
            continue
        already = known.get(party, NOBODY)
        for knower in already:
            knows[knower, of_network].add(party)
        for knower in planned.get(party, set()) - already:
            learns[knower, of_network].add(party)
    for (knower, of_network), parties in sorted(learns.items()):
        found = len(parties) + len(knows[knower, of_network]) + (of_network in met[knower])
        if found > 1:
            yield Broken(rule, _TABLES[rule], knower, of_network, found, 1)


def _escorts(after: Aftermath, one: Itinerary) -> set[int]:
    run = after.operation.ways.run[one.way]
    return set() if run is None else {after.operation.runs.escort[run]}


def _hosts(after: Aftermath, one: Itinerary) -> set[int]:
    return {after.operation.houses.household[lodging.house] for lodging in one.lodgings}


_TABLES: Final = {"met-escort": "escorts", "met-host": "households"}
_SHARED: Final[tuple[Rule, ...]] = (
    _seats,
    _one_place,
    _cluster,
    _beds,
    _quota,
    _knowledge,
    _met,
)
