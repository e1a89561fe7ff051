# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nobody forgets whom they met, no place is given out twice, and no word stops the planner."""

from __future__ import annotations

import pytest

from safeconduct.kernel.sheets import SheetId
from safeconduct.rooms.passage import SheetWritten
from safeconduct.rooms.passage.gathering.gather import Gathered
from safeconduct.rooms.passage.gathering.ground import Weighs
from safeconduct.rooms.passage.operations.operation_file import read_operation, write_operation
from tests.unit.rooms.passage.gathering.test_gather import Land, codes, promise

EIGHTEEN_NINES = "9" * 18


def said_instead(land: Land, sheet: SheetId, kind: str, /, **values: object) -> None:
    """Write over all that stands in these fields."""
    found = land.network().sheet(sheet, kind)
    assert found is not None
    over = [one.fact for name in values for e in found.entered(name) for one in e.standing]
    text = tuple((name, v.hex() if isinstance(v, bytes) else str(v)) for name, v in values.items())
    land.say(SheetWritten(sheet, kind, text, tuple(sorted(over))))


def acquainted(land: Land) -> SheetId:
    """Another party who knows the one that was promised a journey."""
    other = land.party(land.home)
    land.add("acquainted", party=land.who, other=other)
    return other


def knows(found: Gathered) -> tuple[object, object]:
    """The networks that the escort and the host of the land have met."""
    return found.operation.escorts.met[0], found.operation.households.met[0]


@pytest.mark.parametrize("state", ["told", "host_told", "bought", "begun", "over"])
def test_a_journey_called_off_takes_back_nothing_that_was_told(state: str) -> None:
    land = Land()
    journey = promise(land, state)
    acquainted(land)
    said_instead(land, journey, "journey", state="called_off")
    found = land.gathered()
    assert knows(found) == ((0,), (0,))
    assert len(found.parties) == 2
    assert found.operation.houses.beds[0][1] == 4


def test_a_journey_planned_anew_is_not_forgotten_and_a_proposed_one_tells_nobody() -> None:
    land = Land()
    promise(land, "told")
    acquainted(land)
    assert knows(land.gathered(anew=frozenset({land.who}))) == ((0,), (0,))
    other = Land()
    promise(other, "proposed")
    acquainted(other)
    assert knows(other.gathered()) == ((), ())


@pytest.mark.attack
def test_who_was_told_is_remembered_when_escort_house_ride_and_party_are_exchanged() -> None:
    land = Land()
    journey = promise(land, "told")
    acquainted(land)
    network = land.network()
    (ride,), (stay,) = network.of_kind("ride"), network.of_kind("stay")
    said_instead(land, ride.id, "ride", escort=land.escort(seats=2))
    said_instead(land, stay.id, "stay", house=land.house(land.away))
    land.say(SheetWritten(ride.id, "ride", (("taken_off", "1"),), ()))
    said_instead(land, journey, "journey", party=land.party(land.home), state="proposed")
    found = land.gathered()
    assert knows(found) == ((0,), (0,))
    people = found.operation
    assert len(people.escorts.met) == len(people.households.met) == 2


def test_who_a_slip_told_has_met_the_party_and_counts_them() -> None:
    land = Land()
    acquainted(land)
    host = land.network().of_kind("household")[0].id
    learnt = frozenset({(land.driver, land.who), (host, land.who)})
    assert knows(land.gathered()) == ((), ())
    assert knows(land.gathered(learnt=learnt)) == ((0,), (0,))
    said_instead(land, land.driver, "escort", most="1")
    assert land.gathered().operation.escorts.knowledge_cap == (1,)
    assert land.gathered(learnt=learnt).operation.escorts.knowledge_cap == (0,)


@pytest.mark.parametrize("state", ["begun", "over"])
@pytest.mark.parametrize(
    ("per", "day", "weeks"),
    [("week", "2026-11-25", (2, 4)), ("week", "2026-11-20", (4, 4)), ("all", "2026-11-25", (0, 2))],
)
def test_a_quota_that_was_used_is_not_given_out_again(
    state: str, per: str, day: str, weeks: tuple[int, ...]
) -> None:
    land = Land()
    country = land.country(per=per)
    gone = land.party(land.home, 2, state="over")
    land.add("journey", party=gone, state=state, country=country, leaves=day)
    land.party(land.home, 2)
    (found,) = land.gathered().operation.countries.quota
    assert found == weeks


def test_of_two_last_days_none_is_the_later() -> None:
    land = Land()
    promise(land, "told", ends="2026-12-03")
    (stay,) = land.network().of_kind("stay")
    assert land.gathered().operation.houses.beds[0][5] == 4
    land.write(stay.id, "stay", ends="")
    assert land.gathered().operation.houses.beds[0][5] == 3


def test_who_is_there_past_their_last_day_or_after_the_end_has_the_bed() -> None:
    land = Land()
    journey = promise(land, "told", state="there", begins="2026-11-20", ends="2026-11-28")
    assert set(land.gathered().operation.houses.beds[0]) == {3}
    said_instead(land, journey, "journey", state="called_off")
    assert set(land.gathered().operation.houses.beds[0]) == {3}
    (stay,) = land.network().of_kind("stay")
    said_instead(land, stay.id, "stay", state="over")
    assert set(land.gathered().operation.houses.beds[0]) == {4}


def test_a_month_is_no_day_on_which_something_departs() -> None:
    land = Land()
    land.train(land.home, land.away, "07:40", day="2026-12")
    found = land.gathered()
    assert ("no_day", "departure", "") in codes(found, Weighs.BARS)
    assert found.operation.departures.day == ()


@pytest.mark.attack
def test_no_number_and_no_day_stops_the_planner_and_each_is_named() -> None:
    land = Land()
    promise(land, "told", begins="0001-01-01", ends="9999-12-31")
    said_instead(land, land.road, "leg", minutes=EIGHTEEN_NINES)
    (ride,) = land.network().of_kind("ride")
    land.write(ride.id, "ride", day="9999-12-31")
    land.party(land.home, deadline="9999-12")
    crowded = land.house(land.away, 3)
    land.house(land.away, EIGHTEEN_NINES)  # type: ignore[arg-type]
    land.add("nights", house=crowded, begins="2026-12-02", ends="2026-12-02", beds=EIGHTEEN_NINES)
    land.country(quota=EIGHTEEN_NINES)
    land.country(wait=EIGHTEEN_NINES)
    land.train(land.home, land.away, "07:40", most=EIGHTEEN_NINES)
    found = land.gathered()
    assert read_operation(write_operation(found.operation)) == found.operation
    named = {
        (kind, field) for code, kind, field in codes(found, Weighs.BARS) if code == "too_large"
    }
    assert named == {
        *(("house", "beds"), ("country", "quota")),
        *(("country", "wait"), ("departure", "most")),
    }
