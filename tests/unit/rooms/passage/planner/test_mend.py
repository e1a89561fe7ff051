# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happens to a plan when something happened: who moves, who does not, and who is called."""

from dataclasses import replace

import pytest

from safeconduct.rooms.passage.operations.aftermath import after
from safeconduct.rooms.passage.operations.circumstances import (
    BedsChanged,
    Circumstances,
    CountryClosed,
    DepartureCancelled,
    EscortLost,
    Events,
    Hold,
    HouseBurned,
    HouseholdKnows,
    HouseholdLost,
    Itinerary,
    Lodging,
    LongPlan,
    Move,
    Promise,
    SizeChanged,
    TownClosed,
)
from safeconduct.rooms.passage.operations.itinerary_rules import broken_long_rules
from safeconduct.rooms.passage.operations.operation import (
    Countries,
    Departures,
    Escorts,
    Households,
    Houses,
    Operation,
    Parties,
    Rates,
    Runs,
    Ways,
)
from safeconduct.rooms.passage.planner.mend import Mending, mend

DAYS = 20
TODAY = 8
FIRST, SECOND, AWAY = range(3)
"""Two houses of town 0, and one of town 1."""
BY_CAR, EARLY, LATE, LATER = range(4)
"""Ways to town 0: by the escort on day 9, and alone on days 3, 10 and 12."""


def operation(parties: int = 2, beds: int = 2, wait: int | None = None) -> Operation:
    """A zone, two towns, three houses of a household each, and a country after some days."""
    every, nobody = (0,) * parties, ((),) * parties
    departures = Departures((0,) * 3, (0,) * 3, (3, 10, 12), (9,) * 3)
    return Operation(
        days=DAYS,
        ceiling=5_000,
        search_list_factor=4,
        zones=1,
        towns=2,
        hubs=1,
        networks=1,
        rates=Rates(late=100_000, unplanned=300_000, wait=30, run=400, no_exit=400, money=10),
        parties=Parties(
            size=(1,) * parties,
            weight=(1,) * parties,
            zone=every,
            ready=every,
            deadline=(15,) * parties,
            alone=(True,) * parties,
            wanted=(False,) * parties,
            documents=every,
            need=every,
            network=(None,) * parties,
            reach=nobody,
        ),
        escorts=Escorts((4,), (9,), ((),)),
        runs=Runs((0,), (9,), (2,)),
        departures=departures,
        ways=Ways(
            zone=(0,) * 4,
            town=(0,) * 4,
            run=(0, None, None, None),
            departure=(None, 0, 1, 2),
            out=(9, 3, 10, 12),
            arrive=(9, 3, 10, 12),
            exposure=(100, 200, 200, 200),
            registered=(0,) * 4,
            cost=(1,) * 4,
        ),
        houses=Houses(
            town=(0, 0, 1),
            household=(0, 1, 2),
            largest_party=(3,) * 3,
            suits=((True, True, True),) * 3,
            exposure=(10, 10, 10),
            beds=((beds,) * DAYS,) * 3,
        ),
        households=Households(((),) * 3),
        countries=Countries((300,), (5,), ((wait, wait, wait),), ((9, 9, 9),)),
    )


def goes(party: int, way: int, house: int, arrive: int, country: int | None = None) -> Itinerary:
    """A journey to one house, until the horizon or day 16."""
    leave = DAYS if country is None else 16
    return Itinerary(party, way, (Lodging(house, arrive, leave),), country)


def mended(
    of: Operation, journeys: list[Itinerary], work: int = 0, **more: object
) -> tuple[Mending, dict[int, Itinerary]]:
    """Plan again on day 8; return how it went, and the journeys of the best plan by party."""
    facts = {name: value for name, value in more.items() if name in Circumstances.__slots__}
    events = {name: value for name, value in more.items() if name not in facts}
    circumstances = Circumstances(of, **facts, events=Events(TODAY, **events))  # type: ignore[arg-type]
    found = mend(circumstances, LongPlan(tuple(journeys)), work=work, watch=lambda _: True)
    plan = found.best.plan
    assert not broken_long_rules(after(circumstances, plan), plan)
    return found, {one.party: one for one in plan.journeys}


def test_who_sleeps_in_a_burned_house_has_another_bed_tonight_and_nobody_else_moves() -> None:
    asleep, other = goes(0, EARLY, FIRST, 3), goes(1, LATE, SECOND, 10)
    found, now = mended(operation(), [asleep, other], houses_burned=(HouseBurned(FIRST, TODAY),))
    assert found.hit == (0,)
    assert now[0].lodgings == (Lodging(FIRST, 3, TODAY), Lodging(SECOND, TODAY, DAYS))
    assert now[1] == other
    assert found.best.broken == 0


def test_who_finds_no_bed_in_town_moves_on_by_the_least_exposed_way() -> None:
    moves = (Move(0, 1, 1, 900, 0, 1), Move(0, 1, 1, 300, 0, 1), Move(1, 0, 1, 1, 0, 1))
    found, now = mended(
        operation(),
        [goes(0, EARLY, FIRST, 3)],
        moves=moves,
        households_lost=(HouseholdLost(0, TODAY), HouseholdLost(1, 0)),
    )
    assert now[0].lodgings == (Lodging(FIRST, 3, TODAY), Lodging(AWAY, TODAY + 1, DAYS))
    assert found.best.score.exposure == 200 + 5 * 10 + 300 + 11 * 10
    shut = (TownClosed(1, TODAY, TODAY + 3),)
    _, now = mended(
        operation(),
        [goes(0, EARLY, FIRST, 3)],
        moves=moves,
        towns_closed=shut,
        houses_burned=(HouseBurned(FIRST, TODAY + 2), HouseBurned(SECOND, 0)),
    )
    assert now[0].lodgings == (Lodging(FIRST, 3, TODAY + 2),)


def test_one_without_a_bed_to_the_end_has_a_roof_as_long_as_there_is_one() -> None:
    found, now = mended(
        operation(parties=1),
        [goes(0, EARLY, FIRST, 3)],
        houses_burned=(HouseBurned(FIRST, TODAY), HouseBurned(SECOND, 12)),
    )
    assert now[0].lodgings == (Lodging(FIRST, 3, TODAY), Lodging(SECOND, TODAY, 12))
    score = found.best.score
    assert (score.unhoused, score.bare_nights, score.weighted_misses) == (1, DAYS - 12, 1)
    assert (score.unplanned, score.late) == (0, 0)


def test_with_the_papers_waited_for_so_far_an_exit_is_found_before_the_beds_end() -> None:
    _, now = mended(
        operation(wait=6),
        [goes(0, EARLY, FIRST, 3)],
        houses_burned=(HouseBurned(FIRST, 9), HouseBurned(SECOND, 0)),
    )
    assert (now[0].lodgings, now[0].country) == ((Lodging(FIRST, 3, 9),), 0)


def test_who_has_not_left_with_an_arrested_escort_goes_otherwise() -> None:
    found, now = mended(
        operation(), [goes(0, BY_CAR, FIRST, 9)], escorts_lost=(EscortLost(0, TODAY),)
    )
    assert found.hit == (0,)
    assert now[0].way == LATE
    assert mended(operation(), [], escorts_lost=(EscortLost(0, TODAY),))[0].hit == ()


def test_who_is_on_the_road_on_a_closed_way_is_named_and_left_alone() -> None:
    of = operation()
    slow = replace(of, ways=replace(of.ways, arrive=(9, 9, 10, 12)))
    there = goes(0, EARLY, FIRST, 9)
    found, now = mended(slow, [there], departures_cancelled=(DepartureCancelled(0),))
    assert found.stranded == (0,)
    assert now[0] == there


@pytest.mark.parametrize(("last", "country", "leave"), [(TODAY + 8, 0, 17), (DAYS, None, DAYS)])
def test_a_closed_country_is_left_for_another_day_or_not(
    last: int, country: int | None, leave: int
) -> None:
    of = operation(wait=5)
    of = replace(of, rates=replace(of.rates, no_exit=90_000))
    found, now = mended(
        of, [goes(0, EARLY, FIRST, 3, 0)], countries_closed=(CountryClosed(0, TODAY, last),)
    )
    assert found.hit == (0,)
    assert (now[0].country, now[0].lodgings[-1].leave) == (country, leave)


def test_a_party_that_has_grown_keeps_its_place_only_where_there_is_room() -> None:
    journeys = [goes(0, EARLY, FIRST, 3), goes(1, LATE, SECOND, 10)]
    grown = (SizeChanged(1, TODAY, 2),)
    assert mended(operation(), journeys, sizes_changed=grown)[0].hit == ()
    found, now = mended(operation(beds=1), journeys, sizes_changed=grown)
    assert found.hit == (1,)
    assert now.keys() == {0}
    assert found.best.score.unplanned == 2


def test_a_promise_is_broken_for_somebody_missed_and_not_for_less() -> None:
    beds = (BedsChanged(SECOND, 0, DAYS, 0),)
    journeys = [goes(0, LATE, FIRST, 10)]
    of = operation()
    of = replace(of, houses=replace(of.houses, exposure=(100, 0, 0)))
    found, now = mended(of, journeys, work=300)
    assert now[0] == journeys[0]
    assert any(one.broken for one in found.others)
    of = operation(parties=2, beds=1)
    of = replace(of, parties=replace(of.parties, weight=(1, 8)))
    found, now = mended(of, journeys, work=300, beds_changed=beds)
    assert now.keys() == {1}
    assert found.best.broken == 1
    assert [one.broken for one in found.others] == [0]


def test_a_heavier_promise_keeps_its_bed() -> None:
    journeys = [goes(0, LATE, FIRST, 10), goes(1, LATE, FIRST, 10)]
    for told in (0, 1):
        found, _ = mended(
            operation(),
            journeys,
            promises=(Promise(told, 3),),
            beds_changed=(BedsChanged(FIRST, 10, 10, 1),),
        )
        assert found.hit == (1 - told,)


def test_beds_held_for_others_are_not_slept_in_until_the_hold_expires() -> None:
    journeys = [goes(0, LATE, FIRST, 10), goes(1, LATE, FIRST, 10)]
    for expires, hit in ((TODAY, (1,)), (TODAY - 1, ())):
        found, _ = mended(operation(), journeys, holds=(Hold(FIRST, 10, 12, 1, expires),))
        assert found.hit == hit


@pytest.mark.attack
def test_host_who_was_told_of_a_party_is_sent_no_relative_of_it() -> None:
    """The first has grown out of the house of which it was told; only the second would fit."""
    of = operation()
    houses = replace(
        of.houses, largest_party=(2, 3, 3), beds=((2,) * DAYS, (3,) * DAYS, (0,) * DAYS)
    )
    of = replace(of, parties=replace(of.parties, network=(0, 0)), houses=houses)
    for level, planned, known in ((1, {0, 1}, ()), (2, {0}, (HouseholdKnows(0, 0),))):
        found, now = mended(
            of,
            [goes(0, LATE, FIRST, 10)],
            work=100,
            promises=(Promise(0, level),),
            sizes_changed=(SizeChanged(0, TODAY, 3),),
        )
        assert now[0].lodgings == (Lodging(SECOND, 10, DAYS),)
        assert now.keys() == planned
        assert found.best.plan.households_know == known
