# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tonight: everybody is counted, nobody twice, and what has to be seen to is red."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from safeconduct.kernel.sheets import SheetId
from safeconduct.rooms.passage import Book
from safeconduct.rooms.passage.board.tonight import Tonight, Why, tonight
from tests.kit.board_facts import TODAY, Facts

TOMORROW = "2026-12-01"


def there(facts: Facts, day: str = TODAY) -> Tonight:
    """What is so tonight."""
    return tonight(facts.network(), day)


def whys(facts: Facts) -> list[tuple[Why, str]]:
    """What is red in all houses, with its first night."""
    return [(red.why, red.night) for line in there(facts).lines for red in line.reds]


def test_a_house_with_a_bed_for_everybody_is_not_red() -> None:
    facts = Facts()
    facts.slept(facts.house(suits="women family"))
    (line,) = there(facts).lines
    assert (line.beds, line.people, line.free[0], line.reds) == (4, 2, 2, ())
    assert [stay.left(TODAY) for stay in line.stays] == [2]
    assert {(one.suits, one.tonight, one.houses) for one in there(facts).free} == {
        ("women", 2, 1),
        ("family", 2, 1),
    }
    assert there(facts).beds_free == 2
    assert there(facts).red == 0


def test_two_who_hold_one_bed_unseen_both_stand_and_are_red() -> None:
    facts = Facts()
    house = facts.house(beds="2")
    first = facts.slept(house, state="held", begins="2026-12-05", ends="2026-12-09")
    second = facts.slept(house, state="held", begins="2026-12-07", ends="2026-12-10")
    (line,) = there(facts).lines
    (red,) = line.reds
    assert (red.why, red.night, red.missing) == (Why.HELD_TWICE, "2026-12-07", 2)
    assert {one.sheet.id for one in red.stays} == {first, second}
    assert there(facts).red == 1


def test_more_people_than_beds_are_red_by_the_fewest_beds_and_the_most_people() -> None:
    facts = Facts()
    house = facts.house(beds="4")
    facts.slept(house)
    party = facts.party(size="2")
    facts.stay(facts.journey(party), house)
    assert whys(facts) == []
    facts.also("party", party, size="3")
    assert whys(facts) == [(Why.TOO_MANY, TODAY)]
    facts.also("house", house, beds="1")
    (line,) = there(facts).lines
    assert line.reds[0].missing == 4


def test_a_burned_house_with_people_in_it_stands_first() -> None:
    facts = Facts()
    full, burned, shut = facts.house(beds="0"), facts.house(), facts.house()
    for house in (full, burned, shut):
        facts.slept(house)
    facts.also("house", burned, state="burned")
    said = {"closes": shut.hex(), "begins": "2026-12-01", "how": "closed", "why": "Repairs."}
    facts.sheet("house_closed", **said)
    found = there(facts)
    assert [line.house.id for line in found.lines if line.house] == [burned, shut, full]
    assert whys(facts) == [(Why.BURNED, TODAY), (Why.CLOSED, TOMORROW), (Why.TOO_MANY, TODAY)]
    assert found.beds_free == 2


def test_a_burned_house_without_people_is_not_red_and_has_no_free_bed() -> None:
    facts = Facts()
    facts.house(state="burned")
    facts.house(state="resting")
    found = there(facts)
    assert (found.lines, found.empty, found.beds_free) == ((), (), 0)


def test_who_sleeps_and_has_no_bed_tomorrow_is_red() -> None:
    facts = Facts()
    house = facts.house()
    stay = facts.slept(house, ends=TOMORROW)
    assert whys(facts) == [(Why.NO_BED_TOMORROW, TOMORROW)]
    facts.also("stay", stay, ends="2026-12-08")
    assert whys(facts) == []


@pytest.mark.parametrize("taken", ["released", "over"])
def test_a_bed_is_taken_while_one_word_says_so(taken: str) -> None:
    facts = Facts()
    house = facts.house(beds="2")
    stay = facts.slept(house)
    facts.also("stay", stay, state=taken)
    (line,) = there(facts).lines
    assert (line.people, line.free[0]) == (2, 0)
    facts.instead("stay", stay, state=taken)
    assert there(facts).lines == ()
    assert there(facts).beds_free == 2


def test_a_stay_of_which_two_name_two_houses_takes_a_bed_in_both() -> None:
    facts = Facts()
    one, other = facts.house(), facts.house()
    stay = facts.slept(one)
    facts.also("stay", stay, house=other.hex())
    assert [line.people for line in there(facts).lines] == [2, 2]


def test_nobody_is_counted_twice_in_a_house_and_an_unknown_party_is_somebody() -> None:
    facts = Facts()
    house, party = facts.house(), facts.party(size="2")
    for _ in range(2):
        facts.stay(facts.journey(party), house)
    facts.stay(SheetId(b"?" * 16), house)
    facts.stay(facts.journey(facts.party(size="0")), house)
    (line,) = there(facts).lines
    assert (line.people, len(line.stays)) == (2 + 1 + 1, 4)


def test_a_hold_that_ran_out_takes_no_bed_and_is_named() -> None:
    facts = Facts()
    house = facts.house(beds="2")
    journey = facts.journey(facts.party(), state="begun")
    stay = facts.stay(journey, house, state="held", until="2026-11-29")
    found = there(facts)
    assert found.beds_free == 2
    (none,) = found.no_bed
    assert [one.sheet.id for one in none.lapsed] == [stay]
    assert [one.lapsed for one in found.holds] == [True]
    facts.also("stay", stay, until=TODAY)
    found = there(facts)
    assert (found.beds_free, found.no_bed) == (0, ())
    assert [one.lapsed for one in found.holds] == [False]


def test_what_is_held_for_a_journey_that_was_called_off_takes_no_bed_and_who_is_there_does() -> (
    None
):
    facts = Facts()
    house = facts.house()
    off = facts.journey(facts.party(), state="called_off")
    facts.stay(off, house, state="held")
    facts.stay(off, house, state="there")
    (line,) = there(facts).lines
    assert [one.state for one in line.stays] == ["there"]
    assert line.people == 2


def test_who_is_on_the_way_and_sleeps_nowhere_has_no_bed() -> None:
    facts = Facts()
    party = facts.party()
    journey = facts.journey(party, state="begun")
    assert [one.party.id for one in there(facts).no_bed] == [party]
    facts.instead("journey", journey, leaves=TODAY)
    assert there(facts).no_bed == ()


def test_who_left_a_house_today_needs_a_bed_though_the_journey_did_not_begin() -> None:
    facts = Facts()
    facts.slept(facts.house(), ends=TODAY)
    assert len(there(facts).no_bed) == 1


def test_a_night_on_a_train_is_no_night_without_a_bed() -> None:
    facts = Facts()
    leg = facts.sheet("leg", mode="train", minutes="500", exposure="low")
    journey = facts.journey(facts.party(), state="begun")
    ride = facts.ride(journey, at="20:00", leg=leg.hex())
    assert there(facts).no_bed == ()
    facts.also("ride", ride, at="09:00")
    assert len(there(facts).no_bed) == 1


def test_a_house_that_is_given_back_has_no_bed_from_that_day_on() -> None:
    facts = Facts()
    house = facts.house(until="2026-12-09")
    facts.slept(house)
    assert whys(facts) == []
    facts.also("house", house, until=TOMORROW)
    assert whys(facts) == [(Why.ENDS, TOMORROW)]


def test_who_does_not_read_houses_sees_who_sleeps_where_and_no_beds() -> None:
    facts = Facts()
    facts.slept(facts.house(beds="0"))
    found = tonight(facts.network(books=frozenset({Book.JOURNEYS})), TODAY)
    (line,) = found.lines
    assert (line.house, line.beds, line.people, line.reds) == (None, None, 2, ())
    assert found.beds_free == 0


def test_who_leaves_next_is_told_by_ride_or_by_the_day_of_leaving() -> None:
    facts = Facts()
    house = facts.house()
    facts.slept(house)
    (line,) = there(facts).lines
    assert line.next is not None
    assert (line.next.day, line.next.ride) == ("2026-12-02", None)
    journey = facts.journey(facts.party())
    facts.stay(journey, house)
    ride = facts.ride(journey, day=TOMORROW)
    (line,) = there(facts).lines
    assert line.next is not None
    assert line.next.ride is not None
    assert line.next.ride.sheet.id == ride


def test_the_ride_that_brings_them_tonight_is_not_the_one_that_leaves() -> None:
    facts = Facts()
    journey = facts.journey(facts.party())
    facts.stay(journey, facts.house(), begins=TODAY)
    facts.ride(journey)
    (line,) = there(facts).lines
    assert line.next is None or line.next.ride is None
    onward = facts.ride(journey, day=TOMORROW)
    (line,) = there(facts).lines
    assert line.next is not None
    assert line.next.ride is not None
    assert line.next.ride.sheet.id == onward


@pytest.mark.parametrize("state", ["there", "agreed"])
def test_who_is_there_keeps_the_bed_past_the_day_of_leaving_until_a_word_says_over(
    state: str,
) -> None:
    facts = Facts()
    stay = facts.slept(facts.house(), size=3, ends="2026-11-28", state=state)
    found = there(facts)
    if state == "agreed":
        assert found.beds_free == 4
        return
    assert (found.beds_free, found.lines[0].people) == (1, 3)
    assert [red.why for red in found.lines[0].reds] == [Why.LATE]
    facts.instead("stay", stay, state="over")
    assert there(facts).beds_free == 4


def test_who_arrived_by_every_word_keeps_no_bed() -> None:
    facts = Facts()
    journey = facts.journey(facts.party())
    facts.stay(journey, facts.house(), ends="2026-11-28")
    facts.also("journey", journey, state="over")
    assert there(facts).lines[0].people == 2
    facts.instead("journey", journey, state="over")
    assert there(facts).beds_free == 4


def test_a_stay_that_one_takes_off_unseen_keeps_its_bed_and_is_marked() -> None:
    facts = Facts()
    stay = facts.slept(facts.house(), size=3)
    facts.also("stay", stay, taken_off="Written twice.")
    (line,) = there(facts).lines
    assert (line.people, [one.doubted for one in line.stays]) == (3, [True])
    facts.instead("stay", stay, taken_off="Written twice.")
    assert there(facts).beds_free == 4
    facts.also("stay", stay, ends="2026-12-05")
    assert there(facts).lines[0].people == 3


def test_of_what_is_over_nothing_is_left() -> None:
    facts = Facts()
    house = facts.house()
    for _ in range(30):
        journey = facts.journey(facts.party(), state="over")
        facts.stay(journey, house, begins="2026-10-01", ends="2026-10-05", state="over")
        facts.ride(journey, day="2026-10-01")
    found = there(facts)
    assert (found.rows.trips, found.rows.stays, found.moves) == ((), (), ())


Slept = some.tuples(
    some.integers(1, 4),
    some.sampled_from(["there", "agreed", "held"]),
    some.integers(0, 6),
    some.integers(1, 8),
)


@given(
    some.lists(Slept, max_size=5),
    some.lists(some.tuples(some.integers(0, 4), some.sampled_from(["state", "ends", "size"]))),
    some.integers(0, 6),
    some.integers(),
)
def test_capacity_is_never_merged_away(
    stays: list[tuple[int, str, int, int]],
    others: list[tuple[int, str]],
    beds: int,
    seed: int,
) -> None:
    """Whatever colleagues write unseen, nobody who was counted is left out, on any desk."""
    facts = Facts()
    house = facts.house(beds=str(beds))
    made: list[tuple[SheetId, SheetId]] = []
    for size, state, first, nights in stays:
        party = facts.party(size=str(size))
        begins = f"2026-12-{1 + first:02}"
        ends = f"2026-12-{1 + first + nights:02}"
        stay = facts.stay(facts.journey(party), house, state=state, begins=begins, ends=ends)
        made.append((party, stay))
    before = {line.id: line for line in tonight(facts.network(), TODAY).lines}
    for at, what in others:
        if at < len(made):
            party, stay = made[at]
            said = {"state": "released", "ends": TODAY, "size": "1"}[what]
            facts.also(*(("party", party) if what == "size" else ("stay", stay)), **{what: said})
    found = tonight(facts.network(seed=seed), TODAY)
    after = {line.id: line for line in found.lines}
    for name, line in before.items():
        assert all(now >= then for now, then in zip(after[name].many, line.many, strict=True))
        assert set(after[name].full) >= set(line.full)
    for line in after.values():
        for night, many in enumerate(line.many):
            sleep = [one for one, _, first, nights in stays if first < night <= first + nights]
            assert many >= sum(sleep)
    assert found == tonight(facts.network(), TODAY)
