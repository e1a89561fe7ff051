# SPDX-License-Identifier: AGPL-3.0-or-later
"""Any network gives an operation that is no contradiction, and plans that a second opinion passes.

The checker (tests/kit/plan_checker.py) shares no line with the room.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import count

from hypothesis import example, given, settings
from hypothesis import strategies as some

from safeconduct.kernel.sheets import SheetId
from safeconduct.rooms.passage import SheetWritten
from safeconduct.rooms.passage.believed import number
from safeconduct.rooms.passage.gathering.gather import Gathered, gather
from safeconduct.rooms.passage.gathering.proposed import proposals, written
from safeconduct.rooms.passage.operations.faults import FaultyFile
from safeconduct.rooms.passage.operations.operation import Journey, Operation, Plan
from safeconduct.rooms.passage.operations.operation_file import read_operation, write_operation
from safeconduct.rooms.passage.operations.plan_file import write_plan
from safeconduct.rooms.passage.operations.rules import broken_rules
from safeconduct.rooms.passage.planner.plan import Progress, plan
from safeconduct.rooms.passage.why.expense import at_expense
from tests.kit.invented_ways import invent
from tests.kit.invented_ways import settings as chosen
from tests.kit.plan_checker import Checked

SEEDS = some.integers(0, 10_000)


def planned(gathered: Gathered) -> Progress:
    """A plan of a little work."""
    return plan(gathered.operation, work=60, watch=lambda _: True)


def as_read(data: bytes) -> Operation | None:
    """What a file says; facts of parties may contradict each other."""
    try:
        return read_operation(data)
    except FaultyFile as error:
        places = {one.place.partition("[")[0] for one in error.faults}
        return error.operation if places == {"parties.ready"} else None


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_what_is_gathered_is_an_operation_whose_plans_keep_every_rule(seed: int) -> None:
    gathered = gather(invent(seed).network(), chosen())
    data = write_operation(gathered.operation)
    assert as_read(data) == gathered.operation
    found = planned(gathered)
    assert not broken_rules(gathered.operation, found.plan)
    assert Checked(data, write_plan(found.plan)).broken == []


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_the_same_sheets_give_the_same_operation_in_any_order(seed: int) -> None:
    office = invent(seed)
    first = gather(office.network(), chosen())
    office.told.reverse()
    assert gather(office.network(), chosen()) == first


@settings(max_examples=30, deadline=None)
@given(SEEDS)
@example(1)
@example(33)
@example(58)
def test_places_given_up_would_save_who_is_missed(seed: int) -> None:
    gathered = gather(invent(seed).network(), chosen())
    found = planned(gathered)
    p = gathered.operation.parties
    for moved, missed in at_expense(gathered.operation, found.plan, go_on=lambda: True):
        assert (p.weight[moved], -p.deadline[moved]) < (p.weight[missed], -p.deadline[missed])
        assert not could_go(gathered.operation, found.plan, missed, without={missed})
        assert could_go(gathered.operation, found.plan, missed, without={missed, moved})


def could_go(operation: Operation, found: Plan, party: int, *, without: set[int]) -> bool:
    """Whether some journey in time keeps every rule beside a plan without these parties."""
    rest = tuple(one for one in found if one.party not in without)
    return any(not broken_rules(operation, (*rest, one)) for one in in_time(operation, party))


def in_time(operation: Operation, party: int) -> Iterator[Journey]:
    """Every journey of a party that leaves before its deadline, allowed or not."""
    ways, days = operation.ways, operation.days
    for way, out in enumerate(ways.out):
        if ways.zone[way] != operation.parties.zone[party] or not (
            operation.parties.ready[party] <= out <= operation.parties.deadline[party]
        ):
            continue
        for house, town in enumerate(operation.houses.town):
            if town == ways.town[way]:
                yield Journey(party, way, house, days, None)
                for country in range(len(operation.countries.cost)):
                    for leave in range(ways.arrive[way], days):
                        yield Journey(party, way, house, leave, country)


def test_looking_for_who_pays_ends_where_it_is_told_to() -> None:
    gathered = gather(invent(33).network(), chosen())
    found, asked = planned(gathered).plan, count()
    every = list(at_expense(gathered.operation, found, go_on=lambda: next(asked) >= 0))
    times = next(asked)
    assert every
    for last in range(times + 1):
        turn = count()
        some = list(at_expense(gathered.operation, found, go_on=lambda: next(turn) < last))  # noqa: B023
        assert some == every[: len(some)]
        # Who looks for somebody to give way stops, and then who looks for the missed.
        assert next(turn) <= last + 2


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_what_was_approved_and_told_takes_no_bed_and_no_place_twice(seed: int) -> None:
    office = invent(seed)
    first = gather(office.network(), chosen())
    some = proposals(first, planned(first).plan)
    ids = count(1 << 64)
    facts = written(first.network, first, some, lambda: SheetId(next(ids).to_bytes(16, "big")))
    for fact in facts:
        said = office.say(fact)
        if fact.kind == "journey" and ("state", "proposed") in fact.values:
            office.say(SheetWritten(fact.sheet, "journey", (("state", "told"),), (said,)))
    again = gather(office.network(), chosen())
    moved = {one.party.id for one in some}
    assert moved.isdisjoint(one.id for one in again.parties)
    assert overbooked(again) <= overbooked(first)
    people: Counter[tuple[bytes, str]] = Counter()
    for one in some:
        for hop, day in zip(one.hops, one.dates, strict=True):
            if hop.board is not None:
                people[hop.board.sheet.id, day] += number(one.party, "size") or 0
    for (departure, _), there in people.items():
        sheet = first.network.sheet(departure, "departure")
        assert sheet is not None
        assert there <= (number(sheet, "most") or 0)


def overbooked(gathered: Gathered) -> set[bytes]:
    """The houses in which more beds are promised than there are."""
    return {one.sheet.id for one in gathered.remarks if one.code == "overbooked"}
