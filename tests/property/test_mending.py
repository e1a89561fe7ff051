# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever happens to a plan on whatever day: what has begun stays, and nobody learns too much."""

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.rooms.passage.operations.aftermath import after, together
from safeconduct.rooms.passage.operations.circumstances import (
    Circumstances,
    EscortKnows,
    HouseholdKnows,
    Itinerary,
    Lodging,
    LongPlan,
    lengthen,
)
from safeconduct.rooms.passage.operations.circumstances_file import (
    read_any_operation,
    read_circumstances,
    read_events,
    write_circumstances,
    write_events,
)
from safeconduct.rooms.passage.operations.itineraries import begun, long_score
from safeconduct.rooms.passage.operations.itinerary_rules import broken_long_rules
from safeconduct.rooms.passage.operations.long_plan_file import read_long_plan, write_long_plan
from safeconduct.rooms.passage.planner.cut import cut_all
from safeconduct.rooms.passage.planner.mend import Mending, Option, mend
from safeconduct.rooms.passage.planner.plan import Ground, plan_on
from safeconduct.rooms.passage.planner.rest import what_is_left
from tests.kit.circumstances import later, situate, with_history
from tests.kit.long_plan_checker import LongChecked
from tests.kit.operations import invent

seeds = st.integers(0, 2**32)


def scene(people: int, seed: int) -> tuple[Circumstances, LongPlan, Random]:
    """An operation with a plan, on a day on which things happened."""
    dice, operation = Random(seed), invent(people, seed)
    circumstances = with_history(situate(operation, seed), dice)
    rest = what_is_left(after(circumstances), LongPlan())
    ground, much = Ground(rest.operation, rest.tables), dice.choice((1, 60))
    planned = plan_on(ground, work=much, watch=lambda _: True).plan
    today = dice.choice((0, 3, 8, 8, 15, 30))
    return later(circumstances, dice, today), lengthen(operation, planned), dice


def past(one: Itinerary, today: int) -> tuple[int, list[tuple[int, int]]]:
    """What of a journey lies behind: the way, and where each night was."""
    nights = [(house, n) for house, first, leave in one.lodgings for n in range(first, leave)]
    return one.way, [night for night in nights if night[1] < today]


def told(
    circumstances: Circumstances, plan: LongPlan, *, of_all: bool = False
) -> set[tuple[int, int]]:
    """Which households were told of whom: of journeys that have begun, and from level 2 on."""
    levels, today = dict(circumstances.promises), circumstances.events.today
    ways, houses = circumstances.operation.ways, circumstances.operation.houses
    return {
        (houses.household[lodging.house], one.party)
        for one in plan.journeys
        if of_all or ways.out[one.way] < today or levels.get(one.party, 1) > 1
        for lodging in one.lodgings
    }


def judged(circumstances: Circumstances, option: Option) -> LongChecked:
    """A second opinion on a plan; the room's own rules and score agree with it."""
    checked = LongChecked(write_circumstances(circumstances), write_long_plan(option.plan))
    aftermath = after(circumstances, option.plan)
    assert {broken.rule for broken in broken_long_rules(aftermath, option.plan)} == {
        rule for rule, _ in checked.broken
    }
    assert {name: getattr(option.score, name) for name in checked.score} == checked.score
    return checked


@settings(max_examples=12, deadline=None)
@given(st.integers(4, 24), seeds, st.sampled_from((1, 30, 120)))
def test_what_has_begun_stays_and_every_rule_is_kept(people: int, seed: int, work: int) -> None:
    circumstances, before, _ = scene(people, seed)
    aftermath, today = after(circumstances, before), circumstances.events.today
    found = mend(circumstances, before, work=work, watch=lambda _: True)
    old = {one.party: past(one, today) for one in before.journeys if begun(aftermath, one)}
    for option in (found.best, *found.others):
        assert judged(circumstances, option).broken == []
        new = {one.party: past(one, today) for one in option.plan.journeys}
        assert {party: new[party] for party in old} == old


def spoilt(plan: LongPlan, circumstances: Circumstances, dice: Random) -> LongPlan:
    """A plan with some journeys by other ways, through other houses, on other days."""
    of, rows = circumstances.operation, list(plan.journeys)
    houses, ways, lands = (len(one) for one in (of.houses.town, of.ways.out, of.countries.cost))
    for _ in range(dice.randint(1, 5) if rows else 0):
        at, first = dice.randrange(len(rows)), dice.randint(0, of.days)
        other = Lodging(dice.randrange(houses), first, dice.randint(first, of.days))
        lodgings = rows[at].lodgings
        rows[at] = dice.choice(
            (
                replace(rows[at], way=dice.randrange(ways)),
                replace(rows[at], lodgings=(*lodgings[:-1], other)),
                replace(rows[at], lodgings=(*lodgings, other)),
                replace(rows[at], lodgings=lodgings[:-1]),
                replace(rows[at], country=dice.choice((None, dice.randrange(lands)))),
            )
        )
    return LongPlan(tuple(rows), plan.escorts_know, plan.households_know[:-1])


@settings(max_examples=25, deadline=None)
@given(st.integers(4, 24), seeds)
def test_room_and_second_opinion_judge_a_spoilt_plan_alike(people: int, seed: int) -> None:
    circumstances, before, dice = scene(people, seed)
    for plan in (before, *(spoilt(before, circumstances, dice) for _ in range(4))):
        aftermath = after(circumstances, plan)
        judged(circumstances, Option(plan, long_score(aftermath, plan), 0, 0, 0))


@settings(max_examples=12, deadline=None)
@given(st.integers(4, 24), seeds)
def test_a_repair_is_no_worse_than_nothing_and_no_plan_worse_than_the_repair(
    people: int, seed: int
) -> None:
    circumstances, before, _ = scene(people, seed)
    aftermath, seen = after(circumstances, before), list[Mending]()

    def watch(now: Mending) -> bool:
        seen.append(now)
        return True

    mend(circumstances, before, work=120, watch=watch)
    repair = seen[0].best
    left = tuple(one for one in before.journeys if one.party not in seen[0].hit)
    cuts = cut_all(aftermath, before).on_the_way
    stays = tuple(cuts[party].fixed for party in seen[0].hit if party in cuts)
    nothing = LongPlan(tuple(sorted(left + stays)), before.escorts_know, before.households_know)
    assert repair.broken == 0
    assert repair.score.rank <= long_score(aftermath, nothing).rank
    ranks = [one.best.rank for one in seen]
    assert ranks == sorted(ranks, reverse=True)
    for option in seen[-1].others:
        assert option.score.rank <= repair.score.rank


@settings(max_examples=8, deadline=None)
@given(st.integers(8, 24), seeds)
def test_over_two_nights_nobody_learns_of_two_of_a_network(people: int, seed: int) -> None:
    circumstances, before, dice = scene(people, seed)
    knows = {(one.household, one.party) for one in circumstances.households_know}
    knows |= told(circumstances, before)
    plan = mend(circumstances, before, work=60, watch=lambda _: True).best.plan
    today = min(circumstances.events.today + dice.randint(1, 9), circumstances.operation.days - 1)
    second = later(circumstances, dice, today)
    second = replace(second, events=together(circumstances.events, second.events))
    knows |= told(second, plan)
    last = mend(second, plan, work=60, watch=lambda _: True).best
    assert judged(second, last).broken == []
    knows |= told(second, last.plan, of_all=True)
    network = circumstances.operation.parties.network
    met = Counter((host, network[party]) for host, party in knows if network[party] is not None)
    assert max(met.values(), default=1) == 1


@settings(max_examples=5, deadline=None)
@given(st.integers(4, 24), seeds, st.integers(1, 150))
def test_the_same_work_gives_the_same_plans(people: int, seed: int, work: int) -> None:
    circumstances, before, _ = scene(people, seed)
    one, other = (mend(circumstances, before, work=work, watch=lambda _: True) for _ in range(2))
    assert one == other


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 24), seeds, st.integers(0, 44))
def test_circumstances_and_events_are_read_as_they_were_written(
    people: int, seed: int, today: int
) -> None:
    dice, operation = Random(seed), invent(people, seed)
    circumstances = later(with_history(situate(operation, seed), dice), dice, today)
    data = write_circumstances(circumstances)
    assert read_any_operation(data) == read_circumstances(data) == circumstances
    events = write_events(circumstances.events)
    assert read_events(events, operation) == circumstances.events
    for written, again in (
        (data, write_circumstances(read_circumstances(data))),
        (events, write_events(read_events(events, operation))),
    ):
        assert written == again


lodgings = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 40), st.integers(0, 40))).map(
    lambda rows: tuple(Lodging(house, first, first + nights) for house, first, nights in rows)
)
itineraries = st.builds(
    Itinerary, st.integers(0, 999), st.integers(), lodgings, st.none() | st.integers(0, 9)
).map(lambda one: replace(one, way=abs(one.way) % 10**9))
pairs = st.tuples(st.integers(0, 99), st.integers(0, 99))


@given(
    st.lists(itineraries, unique_by=lambda one: one.party),
    st.lists(pairs.map(lambda one: EscortKnows(*one))),
    st.lists(pairs.map(lambda one: HouseholdKnows(*one))),
)
def test_a_plan_of_lodgings_is_read_as_it_was_written(
    journeys: list[Itinerary], escorts: list[EscortKnows], hosts: list[HouseholdKnows]
) -> None:
    by_party = tuple(sorted(journeys, key=lambda one: one.party))
    plan = LongPlan(by_party, tuple(escorts), tuple(hosts))
    data = write_long_plan(plan)
    assert read_long_plan(data) == plan
    assert write_long_plan(read_long_plan(data)) == data
