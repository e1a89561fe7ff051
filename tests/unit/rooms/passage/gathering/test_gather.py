# SPDX-License-Identifier: AGPL-3.0-or-later
"""From sheets to an operation: the safer is believed, what is promised is taken, nothing silent."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest

from safeconduct.kernel.sheets import SheetId
from safeconduct.rooms.passage import Book
from safeconduct.rooms.passage.between import put_before
from safeconduct.rooms.passage.gathering.gather import BooksLacking, Gathered, gather
from safeconduct.rooms.passage.gathering.ground import Weighs
from safeconduct.rooms.passage.gathering.measures import CHECKPOINT, LEG, REGISTERED
from safeconduct.rooms.passage.gathering.proposed import proposals, written
from safeconduct.rooms.passage.operations.operation import Journey
from safeconduct.rooms.passage.operations.stuck import Lack, find_stuck
from safeconduct.rooms.passage.planner.plan import plan
from tests.kit.invented_ways import Office, settings


class Land(Office):
    """A town to leave, one to come to with a house, a road and a driver, and one who waits."""

    def __init__(self) -> None:
        """Write it down."""
        super().__init__()
        self.home, self.away = self.town("Ford"), self.town("Bridge")
        self.bed = self.house(self.away, 4)
        self.road = self.leg(self.home, self.away, 200)
        self.driver = self.escort(seats=3)
        self.who = self.party(self.home)

    def gathered(self, **more: object) -> Gathered:
        """What is planned on."""
        return gather(self.network(), replace(settings(), **more))  # type: ignore[arg-type]


def new_ids() -> Callable[[], SheetId]:
    """Ids of new sheets, one after another."""
    ids = itertools.count(900)
    return lambda: SheetId(next(ids).to_bytes(16, "big"))


def codes(gathered: Gathered, weighs: Weighs) -> set[tuple[str, str, str]]:
    """Remarks of one kind: code, kind of sheet and field."""
    some = (one for one in gathered.remarks if one.weighs is weighs)
    return {(one.code, one.sheet.kind, one.field) for one in some}


def test_who_lacks_a_book_is_told_which() -> None:
    with pytest.raises(BooksLacking) as refused:
        gather(Land().network(Book.ROADS, Book.JOURNEYS), settings())
    assert refused.value.books == (Book.HOUSES, Book.ABROAD)


def test_rows_are_known_as_sheets_and_a_plan_is_written_as_sheets() -> None:
    land = Land()
    country = land.country(wait="2")
    found = land.gathered()
    assert [one.id for one in found.parties] == [land.who]
    assert [one.id for one in found.houses] == [land.bed]
    way = next(at for at, out in enumerate(found.operation.ways.out) if out == 1)
    (one,) = proposals(found, (Journey(0, way, 0, 4, 0),))
    journey, ride, stay = written(found.network, found, [one], new_ids())
    assert dict(journey.values) == {
        "party": land.who.hex(),
        "state": "proposed",
        "country": country.hex(),
        "leaves": "2026-12-04",
    }
    assert dict(ride.values)["day"] == "2026-12-01"
    assert dict(ride.values)["escort"] == land.driver.hex()
    assert "vehicle" in dict(ride.values)
    assert dict(stay.values)["begins"] == "2026-12-01"
    assert dict(stay.values)["ends"] == "2026-12-04"
    assert dict(stay.values)["until"] == "2026-12-03"


def test_bands_are_numbers_and_checkpoints_add() -> None:
    land = Land()
    land.write(land.road, "leg", exposure="fair", registers="yes", checkpoints="2")
    ways = land.gathered().operation.ways
    # The safer of what stands: somewhat exposed, two checkpoints, names are registered.
    assert set(ways.exposure) == {LEG["fair"] + 2 * CHECKPOINT}
    assert set(ways.registered) == {REGISTERED}


def test_an_ultimatum_is_the_evening_before_and_a_month_ends_as_early_as_it_may() -> None:
    land = Land()
    land.party(land.home, deadline="2026-12-05")
    land.party(land.home, deadline="2026-12", ready="2026-11")
    land.party(land.home, deadline="2026-11-30")
    found = land.gathered()
    assert found.operation.parties.deadline == (13, 4, 0, 0)
    assert codes(found, Weighs.CONTRADICTS) == {("past", "party", "deadline")}


def test_what_cannot_be_read_bars_its_sheet_and_is_named() -> None:
    land = Land()
    land.add("party", risk="grave", town=land.home, need="any", state="waits")
    land.write(land.who, "party", town=land.away)
    land.add("escort", name="E", state="ready", trust="high")
    land.house(land.away, suits="")
    land.add("departure", leg=land.road, at="07:00")
    found = land.gathered()
    bars = codes(found, Weighs.BARS)
    assert {("not_said", "party", "size"), ("unclear", "party", "town")} <= bars
    assert {("not_said", "escort", "most"), ("no_day", "departure", "")} <= bars
    assert found.parties == ()
    assert len(found.houses) == 1


def test_what_is_stale_is_planned_on_and_named() -> None:
    land = Land()
    assert ("unverified", "house", "") in codes(land.gathered(), Weighs.DOUBT)
    land.make_sure()
    assert codes(land.gathered(), Weighs.DOUBT) == set()
    land.write(land.bed, "house", beds="2")
    found = land.gathered()
    assert {("changed", "house", ""), ("safer", "house", "beds")} <= codes(found, Weighs.DOUBT)
    assert found.operation.houses.beds[0][0] == 2


@pytest.mark.parametrize("state", ["paused", "over"])
def test_who_does_not_wait_is_not_planned(state: str) -> None:
    land = Land()
    land.party(land.home, state=state)
    assert [one.id for one in land.gathered().parties] == [land.who]


def test_burned_and_closed_houses_and_arrested_people_are_not_planned_on() -> None:
    land = Land()
    land.write(land.bed, "house", state="burned")
    land.write(land.driver, "escort", state="arrested")
    friend = land.escort(seats=4, lives_with=land.driver)
    found = land.gathered()
    assert found.houses == ()
    assert found.operation.escorts.seats == ()
    bars = codes(found, Weighs.BARS)
    assert {("burned", "house", ""), ("arrested", "escort", "")} <= bars
    assert ("lives_with_arrested", "escort", "") in bars
    assert friend


def test_a_closed_road_is_no_way_on_those_days_alone() -> None:
    land = Land()
    land.add("road_closed", closes=land.away, begins="2026-12-02", ends="2026-12-04")
    assert {0, 1, 5, 6} <= set(land.gathered().operation.ways.out)
    assert not {2, 3, 4} & set(land.gathered().operation.ways.out)


def test_two_who_live_together_are_one_and_have_met_what_either_has() -> None:
    land = Land()
    other = land.party(land.home)
    land.add("acquainted", party=land.who, other=other)
    friend = land.escort(lives_with=land.driver)
    name = next(one.name for one in land.network().sheets if one.id == other)
    land.add("road_learnt", who=friend, day="2026-11-01", of=name, what="Saw them.")
    land.add("road_learnt", who=friend, day="2026-11-01", of="nobody", what="Saw them.")
    found = land.gathered()
    assert found.operation.escorts.met == ((0,),)
    assert found.operation.escorts.seats == (3,)
    assert found.operation.parties.network == (0, 0)
    assert ("nobody_learnt_of", "road_learnt", "of") in codes(found, Weighs.DOUBT)
    assert all(Lack.STRANGER in one.any_of for one in find_stuck(found.operation))


def promise(land: Land, state: str, /, **stay: str) -> SheetId:
    """A journey of the party by the road on the second day, in the house from then on."""
    journey = land.add("journey", party=land.who, state=state)
    ride = {"journey": journey, "day": "2026-12-01", "leg": land.road, "escort": land.driver}
    land.add("ride", **ride)
    said = {"journey": journey, "house": land.bed, "begins": "2026-12-01", "state": "agreed"}
    land.add("stay", **{**said, **stay})
    return journey


@pytest.mark.parametrize("state", ["told", "host_told", "bought", "begun"])
def test_what_is_promised_keeps_its_beds_its_escort_and_its_history(state: str) -> None:
    land = Land()
    promise(land, state)
    other = land.party(land.home)
    land.add("acquainted", party=land.who, other=other)
    found = land.gathered()
    assert [one.id for one in found.parties] == [other]
    assert found.operation.houses.beds[0][:3] == (4, 3, 3)
    assert 1 not in found.operation.runs.day
    assert found.operation.escorts.met == ((0,),)
    assert found.operation.households.met == ((0,),)
    anew = land.gathered(anew=frozenset({land.who}))
    assert len(anew.parties) == (1 if state == "begun" else 2)


def test_a_proposed_journey_binds_nobody_and_is_called_off_by_another() -> None:
    land = Land()
    old = promise(land, "proposed")
    found = land.gathered()
    assert found.operation.houses.beds[0][1] == 4
    progress = plan(found.operation, work=50, watch=lambda _: True)
    facts = written(found.network, found, proposals(found, progress.plan), new_ids())
    ended = {(one.sheet, dict(one.values)["state"]) for one in facts if len(one.values) == 1}
    assert (old, "called_off") in ended
    assert "released" in {state for _, state in ended}
    assert written(found.network, found, [], new_ids(), [0]) == facts[:2]


def test_a_held_bed_is_free_again_after_its_day_and_too_many_are_named() -> None:
    land = Land()
    promise(land, "told", state="held", until="2026-11-20")
    found = land.gathered()
    assert found.operation.houses.beds[0][5] == 4
    land.party(land.home)
    assert land.gathered().operation.houses.beds[0][5] == 4
    assert ("hold_over", "stay", "") in codes(land.gathered(), Weighs.DOUBT)
    land.write(land.who, "party", size="6")
    promise(land, "told")
    assert ("overbooked", "house", "") in codes(land.gathered(), Weighs.CONTRADICTS)


def test_ways_by_trains_change_in_time_and_share_out_their_places() -> None:
    land = Land()
    hub = land.town("Hub")
    land.house(hub)
    land.train(land.home, hub, "07:00", most=4)
    land.train(hub, land.away, "12:00", most=4)
    land.party(land.home, 1, alone="yes")
    found = land.gathered()
    alone = [at for at, run in enumerate(found.operation.ways.run) if run is None]
    hops = {tuple(hop.clock for hop in found.ways[at].timing.hops) for at in alone}
    assert hops == {("07:00",), ("07:00", "12:00")}
    # The first train is taken by two whole ways: two places each.
    assert set(found.operation.departures.cap) == {2}


def test_no_way_leads_past_a_town_that_pursuers_reach() -> None:
    land = Land()
    hub = land.town("Hub")
    land.leg(land.home, hub, 30)
    land.leg(hub, land.away, 30)
    land.write(land.road, "leg", exposure="very_high")
    assert {len(one.timing.hops) for one in land.gathered().ways} == {2}
    assert land.gathered().left_out
    land.add("reach", party=land.who, town=hub)
    assert {len(one.timing.hops) for one in land.gathered().ways} == {1}


@pytest.mark.parametrize(
    ("per", "quota", "weeks"), [("week", 3, (3, 3)), ("all", 3, (1, 2)), ("month", 3, (1, 2))]
)
def test_a_quota_is_never_exceeded(per: str, quota: int, weeks: tuple[int, ...]) -> None:
    land = Land()
    land.country(per=per, quota=str(quota))
    (found,) = land.gathered(today="2026-12-01").operation.countries.quota
    assert found == weeks


def test_a_border_that_is_closed_for_a_day_takes_nobody_that_week() -> None:
    land = Land()
    country = land.country(quota="3")
    land.add("border_closed", closes=country, begins="2026-12-01", ends="2026-12-01")
    assert land.gathered().operation.countries.quota == ((0, 3),)
    assert land.gathered().operation.countries.processing == ((None, None, 3),)


def test_who_cannot_go_at_all_lacks_what_the_sheets_lack() -> None:
    land = Land()
    land.write(land.bed, "house", suits="women")
    (one,) = find_stuck(land.gathered().operation)
    assert one.any_of == ()
    other = land.town("Other")
    land.house(other)
    (one,) = find_stuck(land.gathered().operation)
    assert Lack.WAY in one.any_of


def test_a_party_that_two_people_put_before_another_weighs_more() -> None:
    land = Land()
    grave = land.party(land.home, risk="grave")
    found = land.gathered(before=((land.who, grave),))
    assert found.operation.parties.weight == (6, 5)
    assert put_before(found.network, lambda one, other: one != other) == ()
