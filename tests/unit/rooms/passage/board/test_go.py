# SPDX-License-Identifier: AGPL-3.0-or-later
"""Go and no-go: two people, of exactly what stands, and a no stays until it is answered."""

from __future__ import annotations

import pytest

from safeconduct.kernel.sheets import SheetId
from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.passage import Book, standing
from safeconduct.rooms.passage.board.go import (
    Decision,
    NoRideHere,
    People,
    Verdict,
    said_of,
    say_go,
    seen_of,
)
from safeconduct.rooms.passage.decide import ChangedMeanwhile, NoSuchBook, SettleFirst
from safeconduct.rooms.passage.kinds import RIDE
from tests.kit.board_facts import ADA, ADAS_PHONE, BO, CYD, EVERYONE, TODAY, Facts, are_apart


def begun() -> tuple[Facts, SheetId]:
    """A ride of today."""
    facts = Facts()
    return facts, facts.ride(facts.journey(facts.party()))


def what(facts: Facts, ride: SheetId, people: People = EVERYONE) -> Decision:
    """What follows from what was said; the same in any order of the facts."""
    found = {}
    for seed in range(4):
        network = facts.network(seed=seed)
        sheet = network.sheet(ride, RIDE)
        assert sheet is not None
        found[seed] = said_of(network, sheet, people)
    assert {one.verdict for one in found.values()} == {found[0].verdict}
    return found[0]


def without(gone: DeviceId) -> People:
    """The office when somebody is on the roster no more."""
    return People(are_apart, frozenset(EVERYONE.present) - {gone})


def test_a_ride_goes_when_two_people_say_so() -> None:
    facts, ride = begun()
    assert what(facts, ride).verdict is Verdict.NOT_YET
    facts.says(ride, ADA)
    assert what(facts, ride).verdict is Verdict.HALF
    facts.says(ride, BO)
    found = what(facts, ride)
    assert (found.verdict, [one.by for one in found.goes]) == (Verdict.GOES, [ADA, BO])


def test_one_person_on_two_devices_is_one() -> None:
    facts, ride = begun()
    facts.says(ride, ADA)
    facts.says(ride, ADAS_PHONE)
    found = what(facts, ride)
    assert (found.verdict, len(found.goes)) == (Verdict.HALF, 1)


@pytest.mark.parametrize("seen", [True, False])
def test_a_go_is_of_exactly_what_stood(seen: bool) -> None:
    facts, ride = begun()
    facts.says(ride, ADA)
    facts.says(ride, BO)
    if seen:
        facts.instead("ride", ride, at="18:00")
    else:
        facts.also("ride", ride, CYD, at="19:00")
    found = what(facts, ride)
    assert (found.verdict, len(found.past)) == (Verdict.NOT_YET, 2)


def test_a_go_is_over_when_where_they_meet_who_takes_them_or_who_goes_is_said_anew() -> None:
    for kind, words in (
        ("point", {"where": "Bridge"}),
        ("escort", {"reach": "elsewhere"}),
        ("party", {"size": "5"}),
        ("journey", {"leaves": "2026-12-04"}),
    ):
        facts = Facts()
        party = facts.party()
        named = {"party": party, "journey": facts.journey(party)}
        named["point"] = facts.sheet("point", where="Mill")
        named["escort"] = facts.sheet("escort", name="E", state="ready")
        ride = facts.ride(
            named["journey"], meets=named["point"].hex(), escort=named["escort"].hex()
        )
        facts.says(ride, ADA)
        facts.says(ride, BO)
        facts.instead("journey", named["journey"], state="begun")
        assert what(facts, ride).verdict is Verdict.GOES
        facts.also(kind, named[kind], CYD, **words)
        found = what(facts, ride)
        assert (kind, found.verdict, len(found.past)) == (kind, Verdict.NOT_YET, 2)


def test_a_go_of_a_ride_without_a_leg_is_of_the_house_to_which_it_leads() -> None:
    facts = Facts()
    journey, house = facts.journey(facts.party()), facts.house()
    ride = facts.ride(journey, leg="")
    stay = facts.stay(journey, house, begins=TODAY, state="held")
    later = facts.stay(journey, facts.house(), begins="2026-12-02", state="held")
    for sheet, kind, said, holds in (
        (stay, "stay", {"state": "there"}, True),
        (later, "stay", {"ends": "2026-12-09"}, True),
        (house, "house", {"where": "Bridge Lane 5"}, False),
        (stay, "stay", {"house": facts.house().hex()}, False),
        (later, "stay", {"begins": TODAY}, False),
    ):
        facts.says(ride, ADA)
        facts.says(ride, BO)
        assert what(facts, ride).verdict is Verdict.GOES
        facts.instead(kind, sheet, **said)
        assert (said, what(facts, ride).verdict is Verdict.GOES) == (said, holds)


def test_a_go_of_a_ride_by_a_leg_is_not_of_where_they_sleep() -> None:
    facts = Facts()
    journey = facts.journey(facts.party())
    ride = facts.ride(journey)
    stay = facts.stay(journey, facts.house(), begins=TODAY, state="held")
    facts.says(ride, ADA)
    facts.says(ride, BO)
    facts.instead("stay", stay, house=facts.house().hex())
    assert what(facts, ride).verdict is Verdict.GOES


def test_a_go_of_who_reads_no_roads_is_of_what_they_read() -> None:
    facts = Facts()
    point = facts.sheet("point", where="Mill")
    ride = facts.ride(facts.journey(facts.party()), meets=point.hex())
    facts.says(ride, ADA, books=frozenset({Book.JOURNEYS}))
    facts.says(ride, BO)
    assert what(facts, ride).verdict is Verdict.GOES
    facts.also("point", point, CYD, where="Bridge")
    assert what(facts, ride).verdict is Verdict.HALF


def test_a_no_is_stronger_than_any_go_and_outlasts_a_change() -> None:
    facts, ride = begun()
    facts.says(ride, CYD, go=False)
    facts.says(ride, ADA)
    facts.says(ride, BO)
    assert what(facts, ride).verdict is Verdict.SAID_NO
    facts.instead("ride", ride, at="20:00")
    facts.says(ride, ADA)
    facts.says(ride, BO)
    found = what(facts, ride)
    assert (found.verdict, [one.by for one in found.noes]) == (Verdict.SAID_NO, [CYD])


def test_whoever_said_no_takes_it_back_on_any_device_for_good() -> None:
    facts, ride = begun()
    no = facts.says(ride, ADA, go=False)
    facts.says(ride, BO, no)
    assert what(facts, ride).verdict is Verdict.SAID_NO
    facts.says(ride, ADAS_PHONE, no)
    assert what(facts, ride).verdict is Verdict.GOES
    facts.instead("ride", ride, at="20:00")
    assert what(facts, ride).verdict is Verdict.NOT_YET


def test_two_others_who_saw_a_no_overrule_it_while_their_go_holds() -> None:
    facts, ride = begun()
    no = facts.says(ride, CYD, go=False)
    facts.says(ride, ADA, no)
    assert what(facts, ride).verdict is Verdict.SAID_NO
    facts.says(ride, ADAS_PHONE, no)
    assert what(facts, ride).verdict is Verdict.SAID_NO
    facts.says(ride, BO, no)
    assert what(facts, ride).verdict is Verdict.GOES
    facts.instead("ride", ride, at="20:00")
    assert what(facts, ride).verdict is Verdict.SAID_NO


def test_a_go_that_did_not_see_the_no_overrules_nothing() -> None:
    facts, ride = begun()
    facts.says(ride, ADA)
    facts.says(ride, BO)
    facts.says(ride, CYD, go=False)
    assert what(facts, ride).verdict is Verdict.SAID_NO


def test_who_says_no_after_a_go_takes_the_go_back() -> None:
    facts, ride = begun()
    go = facts.says(ride, ADA)
    facts.says(ride, BO)
    no = facts.says(ride, ADA, go, go=False)
    facts.says(ride, CYD, no)
    found = what(facts, ride)
    assert (found.verdict, [one.by for one in found.goes]) == (Verdict.SAID_NO, [BO, CYD])


def test_who_stands_on_the_roster_no_more_lets_nothing_go() -> None:
    facts, ride = begun()
    facts.says(ride, ADA)
    facts.says(ride, BO)
    assert what(facts, ride, without(BO)).verdict is Verdict.HALF
    no = facts.says(ride, BO, go=False)
    facts.says(ride, BO, no)
    facts.says(ride, CYD)
    assert what(facts, ride).verdict is Verdict.GOES
    assert what(facts, ride, without(BO)).verdict is Verdict.SAID_NO


def test_a_go_is_refused_of_what_was_not_seen_and_a_no_is_not() -> None:
    facts, ride = begun()
    network = facts.network()
    sheet = network.sheet(ride, RIDE)
    assert sheet is not None
    with pytest.raises(ChangedMeanwhile):
        say_go(network, sheet, (), (), go=True)
    assert say_go(network, sheet, (), (), go=False).go == 0
    facts.also("ride", ride, at="20:00")
    network = facts.network()
    sheet = network.sheet(ride, RIDE)
    assert sheet is not None
    with pytest.raises(SettleFirst):
        say_go(network, sheet, seen_of(network, sheet), (), go=True)
    say_go(network, sheet, (), (), go=False)


def test_nothing_is_said_of_what_is_no_ride_or_is_not_read() -> None:
    facts, ride = begun()
    facts.instead("ride", ride, taken_off="Written twice.")
    network = facts.network()
    off, party = network.sheet(ride, RIDE), network.of_kind("party")[0]
    assert off is not None
    for sheet in (off, party):
        with pytest.raises(NoRideHere):
            say_go(network, sheet, standing(sheet), (), go=True)
    with pytest.raises(NoSuchBook):
        say_go(facts.network(books=frozenset({Book.ROADS})), off, (), (), go=False)
