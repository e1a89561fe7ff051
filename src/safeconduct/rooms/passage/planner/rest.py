# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is left to plan on one day: an operation whose past is used up, laid out for the planner.

Parties keep their rows.  One that is on the way gets a zone of its own with a single way: to be
where it is; one that is gone has no way at all and weighs nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from safeconduct.rooms.passage.operations.aftermath import NOBODY, Aftermath, Knowers
from safeconduct.rooms.passage.operations.circumstances import Itinerary, Lodging, LongPlan
from safeconduct.rooms.passage.operations.itineraries import long_exposure
from safeconduct.rooms.passage.operations.operation import Lists, Operation, Parties, Ways
from safeconduct.rooms.passage.operations.rules import overlapping
from safeconduct.rooms.passage.planner.cut import Cut, Cuts, cut_all, joined
from safeconduct.rooms.passage.planner.free import STAYS, Trip
from safeconduct.rooms.passage.planner.tables import Tables, lay_out

LATER: Final = 1 << 20
"""A deadline for who has left."""
TOLD_HOSTS: Final = 2
"""From this level of a promise on its hosts and its escort know of the party."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left to plan, and how a trip in its tables is said as an itinerary."""

    after: Aftermath
    cuts: Cuts
    levels: Mapping[int, int]
    """By party that had a plan, who was told of it."""
    operation: Operation
    """What is left, with a zone more for each party on the way."""
    tables: Tables
    trips: Mapping[int, Trip]
    """What was planned and can be said in these tables, whether or not it still fits."""

    def itinerary(self, party: int, trip: Trip) -> Itinerary:
        """Return a trip with all that went before."""
        w = self.tables.ways
        house = int(self.tables.houses.house_id[trip.house])
        lodging = Lodging(house, int(w.arrive[trip.way]), trip.leave)
        country = None if trip.country == STAYS else trip.country
        cut = self.cuts.on_the_way.get(party)
        if cut is None:
            return Itinerary(party, int(w.way_id[trip.way]), (lodging,), country)
        return Itinerary(party, cut.was.way, joined(cut.before, (lodging,)), country)


def what_is_left(after: Aftermath, plan: LongPlan) -> Rest:
    """Return what is left to plan of an operation in which a plan is being carried out."""
    cuts = cut_all(after, plan)
    levels = _levels(after, cuts)
    escorts, hosts = _who_knows(after, cuts, levels)
    used = _Used(after, cuts, levels)
    operation = _operation(after, cuts, used, (escorts, hosts))
    tables = lay_out(operation)
    seats = tables.runs.seats.copy()
    for run, people in used.seats.items():
        seats[run] -= people
    shape = tables.exit_open.shape
    tables = replace(
        tables,
        runs=replace(tables.runs, seats=np.maximum(seats, 0)),
        exit_open=np.array(after.open_exits, np.bool_).reshape(shape),
        known_escorts=escorts,
        known_hosts=hosts,
    )
    return Rest(after, cuts, levels, operation, tables, dict(_trips(after, cuts, tables)))


def hosts_of(after: Aftermath, lodgings: tuple[Lodging, ...]) -> frozenset[int]:
    """Return the households of some lodgings."""
    return frozenset(after.operation.houses.household[one.house] for one in lodgings)


def escorts_of(after: Aftermath, one: Itinerary) -> frozenset[int]:
    """Return the escort of a journey, if it has one."""
    run = after.operation.ways.run[one.way]
    return NOBODY if run is None else frozenset({after.operation.runs.escort[run]})


def _levels(after: Aftermath, cuts: Cuts) -> dict[int, int]:
    """Return who was told of each journey; where nothing is said the party, and who keeps it."""
    said = dict(after.circumstances.promises)
    found = {party: said.get(party, 1) for party in cuts.to_come}
    return found | {party: max(TOLD_HOSTS, said.get(party, 1)) for party in cuts.on_the_way}


def _who_knows(after: Aftermath, cuts: Cuts, levels: Mapping[int, int]) -> tuple[Knowers, Knowers]:
    """Return by party the escorts and the households who know of it, or were told of it."""
    escorts, hosts = dict(after.escorts), dict(after.households)
    told = [one for party, one in cuts.to_come.items() if levels[party] >= TOLD_HOSTS]
    left = [each.was for each in cuts.on_the_way.values()]
    for one in (*told, *left, *cuts.gone.values()):
        escorts[one.party] = escorts.get(one.party, NOBODY) | escorts_of(after, one)
        hosts[one.party] = hosts.get(one.party, NOBODY) | hosts_of(after, one.lodgings)
    return escorts, hosts


class _Used:
    """What those who left have used up, and those to whom it was promised with escort and host."""

    def __init__(self, after: Aftermath, cuts: Cuts, levels: Mapping[int, int]) -> None:
        of = after.operation
        self.seats: Counter[int] = Counter()
        self.cap: Counter[int] = Counter()
        self.told: Counter[int] = Counter()
        self.beds: Counter[tuple[int, int]] = Counter()
        self.quota: Counter[tuple[int, int]] = Counter()
        told = [one for party, one in cuts.to_come.items() if levels[party] >= TOLD_HOSTS]
        left = [*(each.was for each in cuts.on_the_way.values()), *cuts.gone.values()]
        for one in left:
            size = after.size(one.party, of.ways.out[one.way])
            run, departure = of.ways.run[one.way], of.ways.departure[one.way]
            if run is not None:
                self.seats[run] += size
            if departure is not None:
                self.cap[departure] += size
        for one in (*left, *told):
            self.told.update(escorts_of(after, one) - after.escorts.get(one.party, NOBODY))
        for cut in cuts.on_the_way.values():
            self._sleep(after, cut)
        for one in cuts.gone.values():
            leave = one.lodgings[-1].leave
            if one.country is not None:
                self.quota[one.country, leave // 7] += after.size(one.party, leave)
        self.blocked = frozenset(self._blocked(of, after.today))

    def _sleep(self, after: Aftermath, cut: Cut) -> None:
        size = after.operation.parties.size[cut.was.party]
        for house, first, leave in cut.before:
            for night in range(max(first, after.today), leave):
                self.beds[house, night] += size

    def _blocked(self, of: Operation, today: int) -> Iterator[int]:
        """Yield the runs that nobody can drive any more."""
        for run, day in enumerate(of.runs.day):
            if day < today and run not in self.seats:
                yield run
        rows: defaultdict[int, list[int]] = defaultdict(list)
        for run, escort in enumerate(of.runs.escort):
            rows[escort].append(run)
        for run in self.seats:
            for other in rows[of.runs.escort[run]]:
                if other != run and any(overlapping(of, (run, other))):
                    yield other


def _operation(
    after: Aftermath, cuts: Cuts, used: _Used, known: tuple[Knowers, Knowers]
) -> Operation:
    """Return the operation that is left."""
    of, network = after.operation, after.operation.parties.network
    papers = _Papers(after, cuts)
    caps = (max(0, cap - used.told[row]) for row, cap in enumerate(of.escorts.knowledge_cap))
    places = (max(0, cap - used.cap[row]) for row, cap in enumerate(of.departures.cap))
    return replace(
        of,
        zones=of.zones + len(cuts.on_the_way) + 1,
        parties=_parties(after, cuts, papers.codes),
        escorts=replace(
            of.escorts,
            knowledge_cap=tuple(caps),
            met=_met(of.escorts.met, known[0], network),
        ),
        departures=replace(of.departures, cap=tuple(places)),
        ways=_ways(after, cuts, used.blocked),
        houses=replace(of.houses, beds=_less(of.houses.beds, used.beds)),
        households=replace(of.households, met=_met(of.households.met, known[1], network)),
        countries=replace(
            of.countries,
            processing=papers.processing,
            quota=_less(of.countries.quota, used.quota),
        ),
    )


def _less(rows: Lists, used: Mapping[tuple[int, int], int]) -> Lists:
    """Return what is left in each place of a table."""
    found = [list(row) for row in rows]
    for (row, at), many in used.items():
        found[row][at] = max(0, found[row][at] - many)
    return tuple(tuple(row) for row in found)


def _met(met: Lists, known: Knowers, network: tuple[int | None, ...]) -> Lists:
    """Return whose networks each knower has met."""
    found = [set(row) for row in met]
    for party, knowers in known.items():
        of_network = network[party]
        if of_network is not None:
            for knower in knowers:
                found[knower].add(of_network)
    return tuple(tuple(sorted(row)) for row in found)


class _Papers:
    """Kinds of papers: as many more as there are times for which somebody has waited already."""

    def __init__(self, after: Aftermath, cuts: Cuts) -> None:
        of = after.operation
        self.codes = list(of.parties.documents)
        columns = [list(column) for column in zip(*of.countries.processing, strict=True)]
        columns = columns or [[], [], []]
        known: dict[tuple[int, int], int] = {}
        # Without a country there is nothing to wait for, and no table to add a column to.
        for party, cut in cuts.on_the_way.items() if of.countries.processing else ():
            documents = of.parties.documents[party]
            waited = cut.day - of.ways.arrive[cut.was.way]
            if (documents, waited) not in known:
                known[documents, waited] = len(columns)
                columns.append(
                    [None if day is None else max(0, day - waited) for day in columns[documents]]
                )
            self.codes[party] = known[documents, waited]
        self.processing = tuple(zip(*columns, strict=True))


def _parties(after: Aftermath, cuts: Cuts, papers: list[int]) -> Parties:
    parties, zones = after.operation.parties, after.operation.zones
    zone, weight, alone = list(parties.zone), list(parties.weight), list(parties.alone)
    deadline = list(parties.deadline)
    for number, party in enumerate(cuts.on_the_way):
        zone[party], alone[party], deadline[party] = zones + 1 + number, True, LATER
    for party in cuts.gone:
        zone[party], weight[party] = zones, 0
    return replace(
        parties,
        zone=tuple(zone),
        weight=tuple(weight),
        alone=tuple(alone),
        deadline=tuple(deadline),
        documents=tuple(papers),
        ready=tuple(
            0 if party in cuts.on_the_way else max(after.today, ready)
            for party, ready in enumerate(parties.ready)
        ),
    )


def _ways(after: Aftermath, cuts: Cuts, blocked: frozenset[int]) -> Ways:
    """Return the ways that are left, and one for each party on the way; none other arrives."""
    of, ways = after.operation, after.operation.ways
    arrive = tuple(
        of.days if way in after.closed or out < after.today or ways.run[way] in blocked else day
        for way, (out, day) in enumerate(zip(ways.out, ways.arrive, strict=True))
    )
    here = cuts.on_the_way.values()
    days = tuple(cut.day for cut in here)
    none, nothing = (None,) * len(days), (0,) * len(days)
    return Ways(
        zone=(*ways.zone, *(of.zones + 1 + number for number in range(len(days)))),
        town=(*ways.town, *(cut.town for cut in here)),
        run=(*ways.run, *none),
        departure=(*ways.departure, *none),
        out=(*ways.out, *days),
        arrive=(*arrive, *days),
        exposure=(*ways.exposure, *(long_exposure(after, cut.fixed) for cut in here)),
        registered=(*ways.registered, *nothing),
        cost=(*ways.cost, *nothing),
    )


def _trips(after: Aftermath, cuts: Cuts, t: Tables) -> Iterator[tuple[int, Trip]]:
    """Yield what was planned in rows of the tables, where one house is left of it."""
    ways = {int(way): row for row, way in enumerate(t.ways.way_id)}
    houses = {int(house): row for row, house in enumerate(t.houses.house_id)}
    here = {party: len(after.operation.ways.out) + n for n, party in enumerate(cuts.on_the_way)}
    for party, one in cuts.to_come.items():
        if len(one.lodgings) == 1 and one.lodgings[0].first == after.operation.ways.arrive[one.way]:
            yield from _trip(party, one, (ways.get(one.way), houses))
    for party, cut in cuts.on_the_way.items():
        if cut.holds:
            yield from _trip(party, cut.was, (ways.get(here[party]), houses))


def _trip(
    party: int, one: Itinerary, rows: tuple[int | None, Mapping[int, int]]
) -> Iterator[tuple[int, Trip]]:
    way, houses = rows
    if way is not None:
        last = one.lodgings[-1]
        country = STAYS if one.country is None else one.country
        yield party, Trip(way, houses[last.house], last.leave, country)
