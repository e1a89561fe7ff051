# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is closed, and how many beds there are: the safer of what stands (spec/network.md 4)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from safeconduct.kernel.sheets import SheetId
from safeconduct.rooms.passage import take_off
from safeconduct.rooms.passage.believed import all_closed, beds, closed
from safeconduct.rooms.passage.kinds import NETWORK
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


IDS = [SheetId(bytes([n]) * 16) for n in range(4)]
Stated = list[tuple[str, SheetId, dict[str, str]]]
FIELDS = ("from", "to", "town", "leg", "country", "closes")
STATED = some.builds(
    lambda kind, at, said: (kind, at, said),
    some.sampled_from(
        [
            *("town", "point", "leg", "departure", "country", "crossing", "house"),
            *("house_closed", "road_closed", "border_closed"),
        ]
    ),
    some.sampled_from(IDS),
    some.fixed_dictionaries(
        {},
        optional={
            **{name: some.sampled_from([one.hex() for one in IDS]) for name in FIELDS},
            "begins": some.sampled_from(["2026", "2026-12"]),
            "ends": some.sampled_from(["2026-10", "2026-12-31"]),
            "state": some.sampled_from(["burned", "closed", "fit", "open"]),
            "taken_off": some.just("Sold."),
        },
    ),
)


@given(some.lists(STATED, max_size=9))
def test_all_that_is_closed_is_what_is_closed_one_by_one(stated: Stated) -> None:
    facts = []
    for n, (kind, at, said) in enumerate(stated, start=1):
        known = {one.name for one in NETWORK[kind]} | {"taken_off"}
        fits = {name: text for name, text in said.items() if name in known}
        if kind not in {"house", "country"}:
            fits.pop("state", None)
        if fits:
            facts.append(told(n, wrote(kind, at, **fits)))
    found = network(*facts)
    one_by_one = {(one.kind, one.id) for one in found.sheets if closed(found, one, "2026-11-05")}
    events = {"house_closed", "road_closed", "border_closed"}
    assert all_closed(found, "2026-11-05") == {one for one in one_by_one if one[0] not in events}
