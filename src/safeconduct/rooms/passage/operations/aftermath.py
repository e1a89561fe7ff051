# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is left of an operation after what happened: beds, quotas, ways and who knows whom.

Of two words about one thing the later one holds; what is closed stays closed whatever else is said
(docs/spec/operation.md 9).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

from safeconduct.rooms.passage.operations.circumstances import Circumstances, Events, LongPlan, Move
from safeconduct.rooms.passage.operations.operation import (
    Countries,
    Escorts,
    Houses,
    Operation,
    Parties,
)

Knowers = Mapping[int, frozenset[int]]
"""By party, the escorts or the households who have learnt of it."""
NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Aftermath:
    """An operation on one of its days; sizes, deadlines, beds and quotas are those of today."""

    circumstances: Circumstances
    operation: Operation
    today: int
    closed: frozenset[int]
    """Ways by which nobody can leave any more."""
    open_exits: tuple[tuple[bool, ...], ...]
    """By country and day."""
    earlier: Mapping[int, tuple[tuple[int, int], ...]]
    """By party whose size changed: (from which day, size), the oldest first."""
    moves: Mapping[tuple[int, int], tuple[Move, ...]]
    """By town and town."""
    shut_towns: frozenset[tuple[int, int]]
    """Each town with each day on which nobody comes or moves away."""
    escorts: Knowers
    households: Knowers

    def size(self, party: int, day: int) -> int:
        """Return how many people a party had on a day."""
        found = self.circumstances.operation.parties.size[party]
        for since, size in self.earlier.get(party, ()):
            found = size if since <= day else found
        return found


def after(circumstances: Circumstances, known: LongPlan | None = None) -> Aftermath:
    """Return what is left; of whom somebody learnt stands in the circumstances, and in a plan."""
    operation, events = circumstances.operation, circumstances.events
    earlier: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for change in events.sizes_changed:
        earlier[change.party].append((change.since, change.size))
    sizes = {party: tuple(sorted(rows, key=lambda one: one[0])) for party, rows in earlier.items()}
    told = known or LongPlan()
    return Aftermath(
        circumstances=circumstances,
        operation=replace(
            operation,
            parties=_parties(operation, events, {party: s[-1][1] for party, s in sizes.items()}),
            escorts=_escorts(circumstances, told),
            houses=_houses(circumstances),
            countries=_countries(operation, events),
        ),
        today=events.today,
        closed=frozenset(_closed_ways(operation, events)),
        open_exits=_open_exits(operation, events),
        earlier=sizes,
        moves=_moves(circumstances),
        shut_towns=_days(events.towns_closed),
        escorts=_knowers([*circumstances.escorts_know, *told.escorts_know]),
        households=_knowers([*circumstances.households_know, *told.households_know]),
    )


def together(one: Events, other: Events) -> Events:
    """Return what both say, as it is known on the day of the other."""
    rows = {
        field.name: getattr(one, field.name) + getattr(other, field.name)
        for field in fields(Events)
        if field.name != "today"
    }
    return Events(max(one.today, other.today), **rows)


def _parties(operation: Operation, events: Events, sizes: Mapping[int, int]) -> Parties:
    parties = operation.parties
    deadline = list(parties.deadline)
    for moved in events.deadlines_moved:
        deadline[moved.party] = moved.deadline
    size = tuple(sizes.get(party, many) for party, many in enumerate(parties.size))
    return replace(parties, size=size, deadline=tuple(deadline))


def _escorts(circumstances: Circumstances, told: LongPlan) -> Escorts:
    """Return the escorts, who may be told of so many fewer as they were told of since."""
    escorts = circumstances.operation.escorts
    since = Counter(one.escort for one in {*told.escorts_know} - {*circumstances.escorts_know})
    caps = (max(0, cap - since[row]) for row, cap in enumerate(escorts.knowledge_cap))
    return replace(escorts, knowledge_cap=tuple(caps))


def _houses(circumstances: Circumstances) -> Houses:
    """Return the houses with the beds that may still be slept in."""
    houses, events = circumstances.operation.houses, circumstances.events
    beds = [list(row) for row in houses.beds]
    nights = circumstances.operation.days
    for change in events.beds_changed:
        for night in range(change.first, min(change.last + 1, nights)):
            beds[change.house][night] = change.beds
    for hold in circumstances.holds:
        if hold.expires >= events.today:
            for night in range(hold.first, min(hold.last + 1, nights)):
                beds[hold.house][night] = max(0, beds[hold.house][night] - hold.beds)
    burned = [(one.house, one.since) for one in events.houses_burned]
    for one in events.households_lost:
        kept = (row for row, host in enumerate(houses.household) if host == one.household)
        burned += [(row, one.since) for row in kept]
    for house, since in burned:
        beds[house][since:] = [0] * len(beds[house][since:])
    return replace(houses, beds=tuple(tuple(row) for row in beds))


def _countries(operation: Operation, events: Events) -> Countries:
    quota = [list(row) for row in operation.countries.quota]
    for change in events.quotas_changed:
        quota[change.country][change.week] = change.quota
    return replace(operation.countries, quota=tuple(tuple(row) for row in quota))


def _closed_ways(operation: Operation, events: Events) -> Iterable[int]:
    """Yield the ways that somebody who has not left yet cannot take."""
    ways, runs = operation.ways, operation.runs
    lost: dict[int, int] = {}
    for one in events.escorts_lost:
        lost[one.escort] = min(one.since, lost.get(one.escort, one.since))
    cancelled = {one.departure for one in events.departures_cancelled}
    zones, towns = _days(events.zones_closed), _days(events.towns_closed)
    named = _days(events.ways_closed)
    for way, out in enumerate(ways.out):
        run, departure = ways.run[way], ways.departure[way]
        closed = departure in cancelled
        if run is not None and runs.escort[run] in lost:
            # An errand is lost with its escort unless it was over by then.
            over = max(runs.day[run] + runs.busy[run] - 1, runs.day[run])
            closed = closed or over >= lost[runs.escort[run]]
        closed = closed or (ways.zone[way], out) in zones or (way, out) in named
        if closed or (ways.town[way], ways.arrive[way]) in towns:
            yield way


def _days(rows: Iterable[tuple[int, int, int]]) -> frozenset[tuple[int, int]]:
    """Return each (row, day) that is closed."""
    return frozenset((row, day) for row, first, last in rows for day in range(first, last + 1))


def _open_exits(operation: Operation, events: Events) -> tuple[tuple[bool, ...], ...]:
    closed = _days(events.countries_closed)
    return tuple(
        tuple((country, day) not in closed for day in range(operation.days))
        for country in range(len(operation.countries.cost))
    )


def _moves(circumstances: Circumstances) -> Mapping[tuple[int, int], tuple[Move, ...]]:
    found: defaultdict[tuple[int, int], list[Move]] = defaultdict(list)
    for move in circumstances.moves:
        found[move.town, move.to].append(move)
    return {key: tuple(rows) for key, rows in found.items()}


def _knowers(rows: Iterable[tuple[int, int]]) -> Knowers:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for knower, party in rows:
        found[party].add(knower)
    return {party: frozenset(knowers) for party, knowers in found.items()}
