# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is closed, and how many beds there are: the safer of what stands (spec/network.md 4)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from safeconduct.kernel.sheets import SheetId
from safeconduct.rooms.passage import take_off
from safeconduct.rooms.passage.believed import all_closed, beds, closed
from safeconduct.rooms.passage.kinds import field_named
from tests.unit.rooms.passage.test_network import (
    HOUSE,
    LEG,
    OTHER,
    TOWN,
    house,
    network,
    the,
    told,
    wrote,
)


def test_an_event_closes_what_it_names_and_what_hangs_on_that() -> None:
    facts = [
        told(1, wrote("town", TOWN, name="Ford")),
        told(2, wrote("town", OTHER, name="Bridge")),
        told(3, wrote("leg", LEG, **{"from": TOWN.hex(), "to": OTHER.hex(), "mode": "car"})),
        told(4, wrote("departure", SheetId(b"d" * 16), leg=LEG.hex(), at="07:40")),
    ]
    event = SheetId(b"e" * 16)
    said = {"closes": OTHER.hex(), "begins": "2026-11", "ends": "2026-11-20", "why": "Raid."}
    shut = told(5, wrote("road_closed", event, **said))
    found = network(*facts, shut)
    train = the(found, "departure")
    assert [closed(found, train, f"2026-11-{day}") for day in ("01", "20", "21")] == [
        True,
        True,
        False,
    ]
    gone = told(6, take_off(found, the(found, "road_closed"), "It was a rumour."))
    assert not closed(network(*facts, shut, gone), train, "2026-11-05")


def test_a_leg_of_a_town_that_was_taken_off_is_closed() -> None:
    facts = [
        told(1, wrote("town", TOWN, name="Ford")),
        told(2, wrote("town", OTHER, name="Bridge")),
        told(3, wrote("leg", LEG, **{"from": TOWN.hex(), "to": OTHER.hex(), "mode": "car"})),
    ]
    found = network(*facts)
    assert not closed(found, the(found, "leg"), "2026-11-05")
    town = found.sheet(OTHER, "town")
    assert town is not None
    gone = told(4, take_off(found, town, "There is no such town."))
    found = network(*facts, gone)
    assert closed(found, the(found, "leg"), "2026-11-05")


def test_more_beds_for_some_nights_count_only_while_nobody_differs_on_the_nights() -> None:
    at = SheetId(b"n" * 16)
    said = {"house": HOUSE.hex(), "begins": "2026-11-02", "beds": "9"}
    first = told(2, wrote("nights", at, ends="2026-11-03", **said))
    second = told(3, wrote("nights", at, ends="2026-11-09", **said))
    found = network(house(1), first)
    assert beds(found, the(found), "2026-11-03") == 9
    found = network(house(1), first, second)
    assert [beds(found, the(found), f"2026-11-0{day}") for day in (1, 3, 8)] == [4, 4, 4]


def test_nights_say_how_many_beds_there_are_and_a_burned_house_has_none() -> None:
    nights = wrote(
        *("nights", SheetId(b"n" * 16)),
        house=HOUSE.hex(),
        begins="2026-11-02",
        ends="2026-11-03",
        beds="1",
    )
    found = network(house(1), told(2, nights))
    counted = [beds(found, the(found), f"2026-11-0{day}") for day in (1, 2, 3, 4)]
    assert counted == [4, 1, 1, 4]
    said = {"closes": HOUSE.hex(), "begins": "2026-11-03", "how": "burned", "why": "Searched."}
    burned = network(house(1), told(2, nights), told(3, wrote("house_closed", OTHER, **said)))
    counted = [beds(burned, the(burned), f"2026-11-0{day}") for day in (1, 2, 3, 4)]
    assert counted == [4, 1, 0, 0]


AT = {
    kind: SheetId(kind.encode().ljust(16))
    for kind in ("town", "other", "point", "leg", "departure", "country", "crossing", "house")
}
HEX = {kind: one.hex() for kind, one in AT.items()}
STANDS = [
    told(1, wrote("town", AT["town"], name="Ford")),
    told(2, wrote("town", AT["other"], name="Bridge")),
    told(3, wrote("point", AT["point"], town=HEX["other"], where="At the clock")),
    told(4, wrote("leg", AT["leg"], **{"from": HEX["town"], "to": HEX["point"], "mode": "car"})),
    told(5, wrote("departure", AT["departure"], leg=HEX["leg"], at="07:40")),
    told(6, wrote("country", AT["country"], name="Elsewhere", state="open")),
    told(7, wrote("crossing", AT["crossing"], name="Old bridge", country=HEX["country"])),
    told(8, wrote("house", AT["house"], where="Mill Lane 3", state="fit")),
]
EVENTS = ("house_closed", "road_closed", "border_closed")
CLOSING = some.tuples(
    some.sampled_from(EVENTS),
    some.sampled_from(sorted(HEX)),
    some.sampled_from(["2026", "2026-12"]),
    some.sampled_from(["", "2026-10", "2026-12-31"]),
)
SAID = some.tuples(
    some.sampled_from(sorted(AT.keys() - {"other"})),
    some.sampled_from(["state", "taken_off", "to", "country", "leg"]),
    some.sampled_from(["closed", "open", *HEX.values()]),
)


@given(some.lists(CLOSING, max_size=2), some.lists(SAID, max_size=2))
def test_all_that_is_closed_is_what_is_closed_one_by_one(
    closings: list[tuple[str, str, str, str]], said: list[tuple[str, str, str]]
) -> None:
    facts = [*STANDS]
    for event, what, begins, ends in closings:
        at = SheetId(bytes([len(facts)]) * 16)
        dates = {"closes": HEX[what], "begins": begins, "ends": ends, "why": "Raid."}
        facts.append(told(len(facts) + 1, wrote(event, at, **dates)))
    for kind, name, text in said:
        if name == "taken_off" or field_named(kind, name):
            facts.append(told(len(facts) + 1, wrote(kind, AT[kind], **{name: text})))
    found = network(*facts)
    one_by_one = {(one.kind, one.id) for one in found.sheets if closed(found, one, "2026-11-05")}
    assert all_closed(found, "2026-11-05") == {one for one in one_by_one if one[0] not in EVENTS}


def test_a_house_has_no_bed_from_the_first_day_on_which_it_may_be_given_back() -> None:
    first, other = house(1, until="2026-12-09"), house(2, until="2026-12")
    for told_of, nights in (
        ((first,), ("2026-12-08", "2026-12-09")),
        ((first, other), ("2026-11-30", "2026-12-01")),
    ):
        found = network(*told_of)
        last, none = (beds(found, the(found), night) for night in nights)
        assert (last, none) == (4, 0)
