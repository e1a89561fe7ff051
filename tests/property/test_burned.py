# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nobody who met a burned knower is missing from its ledger, and nobody is moved to what it knows.

The brute force reads the words that were written, one by one, and nothing of the product's.
"""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as some

from safeconduct.rooms.passage.board.tonight import suits, tonight
from safeconduct.rooms.passage.burned.burning import burning
from safeconduct.rooms.passage.burned.call_list import call_list
from safeconduct.rooms.passage.burned.knower import Kind, NoSuchKnower, knower_of
from safeconduct.rooms.passage.burned.ledger import Ledger, ledger
from safeconduct.rooms.passage.burned.revealed import Rank
from safeconduct.rooms.passage.burned.tonights_moves import Move, moves, written
from tests.kit.burning_night import MANY, NETWORKS, SLIPS, Row, network_of, slips_of
from tests.kit.errand_night import NOW, TODAY, id_of

Slips = list[tuple[str, str, bool, str]]
KNOWERS = [
    (kind, f"{kind.value}{at}")
    for kind in (Kind.HOUSE, Kind.HOUSEHOLD, Kind.ESCORT, Kind.VEHICLE)
    for at in range(MANY[kind.value])
]
a_knower = some.sampled_from(KNOWERS)


def pairs(rows: list[Row], kind: str, field: str) -> set[tuple[str, str]]:
    """Every sheet of a kind with everything that any word ever said in a field."""
    return {
        (name, said[field][1:])
        for name, of, said in rows
        if of == kind and said.get(field, "").startswith("@")
    }


def together(rows: list[Row], name: str) -> set[str]:
    """Everybody who is burned with somebody."""
    ties = pairs(rows, "escort", "lives_with") | pairs(rows, "house", "host")
    if name.startswith("vehicle"):
        return {name}
    found = {name}
    for _ in rows:
        found |= {b for a, b in ties if a in found} | {a for a, b in ties if b in found}
    return found


def met(rows: list[Row], name: str) -> set[str]:
    """Every party that any word ever puts into a ride or a stay with one of them."""
    group = together(rows, name)
    ways = ("ride", "escort"), ("ride", "vehicle"), ("stay", "house")
    there = {row for kind, field in ways for row, who in pairs(rows, kind, field) if who in group}
    if any(one.startswith("household") for one in group):
        homes = {house for house, host in pairs(rows, "house", "host") if host in group}
        there |= {row for row, house in pairs(rows, "stay", "house") if house in homes}
    trips = {
        trip
        for kind in ("ride", "stay")
        for row, trip in pairs(rows, kind, "journey")
        if row in there
    }
    return {party for trip, party in pairs(rows, "journey", "party") if trip in trips}


def looked(rows: list[Row], knower: tuple[Kind, str], slips: Slips) -> Ledger | None:
    """The ledger; None where there is no such knower."""
    network = network_of(rows)
    try:
        return ledger(
            network, knower_of(network, knower[0], id_of(knower[1])), slips_of(slips), TODAY
        )
    except NoSuchKnower:
        return None


@given(NETWORKS, a_knower, SLIPS)
def test_nobody_who_met_the_burned_knower_is_missing(
    rows: list[Row], knower: tuple[Kind, str], slips: Slips
) -> None:
    found = looked(rows, knower, slips)
    if found is None:
        return
    named = {one.key[1] for one in found.lines if one.key[0] == "party"}
    wanted = met(rows, knower[1])
    group = together(rows, knower[1])
    wanted |= {party[1:] for who, party, *_ in slips if who and party and who[1:] in group}
    assert {id_of(one).hex() for one in wanted} <= named


@given(NETWORKS, a_knower, SLIPS)
def test_who_sleeps_tonight_in_a_revealed_house_stands_first(
    rows: list[Row], knower: tuple[Kind, str], slips: Slips
) -> None:
    found = looked(rows, knower, slips)
    if found is None:
        return
    assert [one.rank for one in found.lines] == sorted(one.rank for one in found.lines)
    asleep = {
        stay.party.id.hex()
        for stay in found.runs.stays
        if stay.party and stay.on(TODAY) and stay.house in found.houses
    }
    ranks = {one.key[1]: one.rank for one in found.lines if one.key[0] == "party"}
    assert all(ranks[one] is Rank.ASLEEP for one in asleep)


def circle(rows: list[Row], party: str) -> set[str]:
    """Everybody who may know a party, by however many others; by words that stand at the end."""
    last = {name: said for name, kind, said in rows if kind == "acquainted"}
    ties = {(said["party"][1:], said["other"][1:]) for said in last.values()}
    ties = {(a, b) for a, b in ties if a and b}
    found = {party}
    for _ in rows:
        found |= {b for a, b in ties if a in found} | {a for a, b in ties if b in found}
    return found - {party}


def check_move(rows: list[Row], found: Ledger, move: Move) -> None:
    """Hold one proposal to what must never be proposed."""
    if move.bed is None:
        return
    house, network = move.bed.house, network_of(rows)
    assert not found.knows("house", house.id.hex())
    assert not found.knows("household", house.text("host"))
    assert move.party.text("need") in suits(house)
    reached = {
        one.text("town") for one in network.of_kind("reach")
        if one.text("party") == move.party.id.hex()
    }  # fmt: skip
    assert house.text("town") not in reached


@given(NETWORKS, a_knower)
def test_nobody_is_moved_to_what_the_knower_knows_nor_beside_the_beds(
    rows: list[Row], knower: tuple[Kind, str]
) -> None:
    found = looked(rows, knower, [])
    if found is None:
        return
    network = network_of(rows)
    there = tonight(network, TODAY)
    proposed = moves(network, found, there, NOW)
    assert len({one.party.id for one in proposed}) == len(proposed)
    for one in proposed:
        check_move(rows, found, one)
    sizes = {one.party.id: max(1, int(one.party.text("size") or 1)) for one in proposed}
    free = {one.id: one.free for one in (*there.lines, *there.empty)}
    beds = [(one.bed.house.id.hex(), one) for one in proposed if one.bed]
    for house, some_moves in itertools.groupby(
        sorted(beds, key=lambda one: one[0]), lambda one: one[0]
    ):
        own = [one for _, one in some_moves if one.first == TODAY]
        assert sum(sizes[one.party.id] for one in own) <= free[house][0]


@given(NETWORKS, a_knower)
def test_everybody_who_sleeps_in_a_burned_house_gets_a_bed_or_a_call(
    rows: list[Row], knower: tuple[Kind, str]
) -> None:
    found = looked(rows, knower, [])
    if found is None:
        return
    network = network_of(rows)
    proposed = {one.party.id: one for one in moves(network, found, tonight(network, TODAY), NOW)}
    for stay in found.runs.stays:
        if stay.party and stay.on(TODAY) and stay.house in found.houses:
            assert proposed[stay.party.id].needs_bed
    called = {key for one in call_list(network, found) for key in (one.key, *one.about)}
    assert {("party", one.hex()) for one in proposed} <= called | {
        ("party", one.hex()) for one in proposed if not proposed[one].needs_bed
    }
    assert not {one.key for one in call_list(network, found)} & found.knower.group


@given(NETWORKS, a_knower)
def test_a_host_is_given_nobody_whom_an_earlier_guest_knows(
    rows: list[Row], knower: tuple[Kind, str]
) -> None:
    found = looked(rows, knower, [])
    if found is None:
        return
    network = network_of(rows)
    given_to: dict[str, list[str]] = {}
    for move in moves(network, found, tonight(network, TODAY), NOW):
        if move.bed is not None:
            host = move.bed.house.text("host") or move.bed.house.id.hex()
            name = bytes(move.party.id).rstrip(b".").decode()
            assert not circle(rows, name) & set(given_to.get(host, ()))
            given_to.setdefault(host, []).append(name)


@given(NETWORKS, a_knower)
def test_what_is_approved_takes_everybody_out_of_burned_houses_who_has_a_bed(
    rows: list[Row], knower: tuple[Kind, str]
) -> None:
    found = looked(rows, knower, [])
    if found is None:
        return
    network = network_of(rows)
    proposed = [one for one in moves(network, found, tonight(network, TODAY), NOW) if one.to_write]
    facts = written(network, proposed, TODAY, lambda: id_of("new"))
    ended = {one.sheet for one in facts if getattr(one, "values", ()) and one.kind == "stay"}
    for one in proposed:
        if one.bed is not None:
            assert {stay.sheet.id for stay in one.stays} <= ended
        assert {ride.sheet.id for ride in one.rides} <= {fact.sheet for fact in facts}


@given(NETWORKS, a_knower)
def test_what_is_so_already_is_not_done_again(rows: list[Row], knower: tuple[Kind, str]) -> None:
    found = looked(rows, knower, [])
    if found is None:
        return
    does = burning(network_of(rows), found.knower, (), TODAY, NOW)
    assert all(one.text("state") != "burned" for one in does.houses)
    assert does.state is None or does.state.text("state") not in {"arrested", "known"}
