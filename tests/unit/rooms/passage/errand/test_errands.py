# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is told which place: the gate before an address, and what is looked at first."""

from __future__ import annotations

import pytest

from safeconduct.rooms.passage import Book, Network
from safeconduct.rooms.passage.decide import SettleFirst
from safeconduct.rooms.passage.errand.errands import (
    Doubt,
    Errand,
    ErrandIsOff,
    NoErrand,
    NotForThem,
    PlaceIsClosed,
    candidates,
    errand,
)
from safeconduct.rooms.passage.errand.slip import Row, Task
from tests.kit.errand_night import NOW, TODAY, also, closing, id_of, network_of, told_of

RIDE = Row(Task.RIDE, TODAY, "21:40", "Marker-mill-bench", "Marker-quay-steps", 3)


def of(network: Network, row: str, who: str) -> Errand:
    """The errand of a row of the night for somebody."""
    sheet = network.sheet(id_of(row), "ride", "stay")
    assert sheet is not None
    return errand(network, sheet, id_of(who), NOW)


def test_the_escort_of_a_ride_is_told_where_to_meet_and_where_the_ride_ends() -> None:
    found = of(network_of(told_of()), "ride", "driver")
    assert found.row == RIDE
    assert [one.id for one in found.places] == [id_of("mill"), id_of("quay")]
    assert (found.knower.id, found.party.id) == (id_of("driver"), id_of("party"))
    assert found.doubts == ()


def test_a_host_is_told_no_address_and_an_escort_of_a_stay_is() -> None:
    network = network_of(told_of())
    assert of(network, "stay", "host").row.place == ""
    assert of(network, "stay", "driver").row.place == "Marker-lane-3"


def test_a_leg_that_begins_at_a_meeting_point_needs_no_other_and_one_in_a_town_does() -> None:
    assert of(network_of(told_of({"ride": {"meets": ""}})), "ride", "driver").row == RIDE
    with pytest.raises(NoErrand):
        of(network_of(told_of({"ride": {"meets": ""}, "leg": {"from": "@old"}})), "ride", "driver")


def test_a_slip_is_for_who_is_named_on_the_row_alone() -> None:
    network = network_of(told_of())
    for row, who in (("ride", "other"), ("ride", "host"), ("stay", "nobody")):
        with pytest.raises(NoErrand):
            of(network, row, who)
    stay = network.sheet(id_of("stay"), "stay")
    assert stay is not None
    assert [one.id for one in candidates(network, stay)] == [
        id_of("host"),
        id_of("driver"),
        id_of("other"),
    ]


@pytest.mark.parametrize(
    ("who", "row", "said"),
    [
        ("driver", "ride", {"state": "arrested"}),
        ("driver", "ride", {"state": "left"}),
        ("driver", "ride", {"trust": "none"}),
        ("driver", "ride", {"trust": ""}),
        ("driver", "stay", {"trust": "low"}),
        ("host", "stay", {"trust": "low"}),
        ("host", "stay", {"state": "arrested"}),
    ],
)
def test_who_is_gone_or_not_trusted_enough_is_told_no_place(
    who: str, row: str, said: dict[str, str]
) -> None:
    with pytest.raises(NotForThem):
        of(network_of(told_of({who: said})), row, who)


def test_a_meeting_point_asks_for_less_trust_than_a_house() -> None:
    network = network_of(told_of({"driver": {"trust": "low"}}))
    assert of(network, "ride", "driver").row == RIDE


def test_of_two_who_wrote_unseen_the_safer_is_believed_of_who_goes() -> None:
    told = told_of()
    with pytest.raises(NotForThem):
        of(network_of(also(told, "driver", state="arrested")), "ride", "driver")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ride", {"at": "20:00"}),
        ("mill", {"where": "Elsewhere"}),
        ("trip", {"party": id_of("else").hex()}),
        ("leg", {"from": id_of("quay").hex()}),
        ("leg", {"to": id_of("mill").hex()}),
    ],
)
def test_nobody_is_sent_on_what_two_wrote_otherwise(name: str, said: dict[str, str]) -> None:
    with pytest.raises(SettleFirst):
        of(network_of(also(told_of(), name, **said)), "ride", "driver")


def test_nobody_is_sent_where_it_is_closed_or_burned() -> None:
    told = told_of()
    with pytest.raises(PlaceIsClosed):
        of(network_of(closing(told, "road_closed", "mill")), "ride", "driver")
    with pytest.raises(PlaceIsClosed):
        of(network_of(closing(told, "road_closed", "quay")), "ride", "driver")
    burned = closing(told, "house_closed", "house", how="burned")
    for who in ("host", "driver"):
        with pytest.raises(PlaceIsClosed):
            of(network_of(burned), "stay", who)


def test_a_host_whom_two_name_otherwise_is_told_nothing() -> None:
    told = also(told_of(), "house", host=id_of("another").hex())
    with pytest.raises(SettleFirst):
        of(network_of(told), "stay", "driver")


def test_nobody_is_sent_along_a_leg_that_is_closed() -> None:
    with pytest.raises(PlaceIsClosed):
        of(network_of(closing(told_of(), "road_closed", "leg")), "ride", "driver")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("trip", {"state": "called_off"}),
        ("trip", {"state": "over"}),
        ("party", {"state": "paused"}),
        ("party", {"state": "over"}),
        ("stay", {"state": "released"}),
        ("stay", {"state": "over"}),
        ("house", {"state": "resting"}),
        ("house", {"until": TODAY}),
    ],
)
def test_nobody_is_sent_on_what_is_off_or_over(name: str, said: dict[str, str]) -> None:
    with pytest.raises(ErrandIsOff):
        of(network_of(told_of({name: said})), "stay", "driver")


def test_one_word_that_a_journey_is_called_off_is_enough() -> None:
    with pytest.raises(ErrandIsOff):
        of(network_of(also(told_of(), "trip", state="called_off")), "ride", "driver")


def test_what_a_slip_says_stands_on_facts_and_what_it_does_not_say_does_not() -> None:
    stood = of(network_of(told_of()), "ride", "driver").stood
    told = told_of()
    assert of(network_of(also(told, "leg", note="Other.")), "ride", "driver").stood == stood
    assert of(network_of(also(told, "party", size="3")), "ride", "driver").stood != stood


def test_a_row_that_is_not_whole_or_cannot_be_read_whole_is_no_errand() -> None:
    for said in (
        {"ride": {"day": "2026-12"}},
        {"trip": {"party": ""}},
        {"ride": {"meets": "", "leg": ""}},
    ):
        with pytest.raises(NoErrand):
            of(network_of(told_of(said)), "ride", "driver")
    with pytest.raises(NoErrand):
        of(network_of(told_of(), frozenset({Book.JOURNEYS})), "ride", "driver")


def test_what_is_not_fresh_or_may_be_watched_is_said_first() -> None:
    said = {"driver": {"state": "resting"}, "mill": {"watched": "yes"}}
    network = network_of(told_of(said, sure=False))
    assert of(network, "ride", "driver").doubts == tuple(Doubt)
