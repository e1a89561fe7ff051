# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who can be revealed by one knower, what is proposed for the night, whom to call, and ticks."""

from __future__ import annotations

import itertools

import pytest

from safeconduct.kernel.words import COUNTER_BITS, CommitId, FactId, Instant, fact_id
from safeconduct.rooms.passage import Network
from safeconduct.rooms.passage.board.tonight import tonight
from safeconduct.rooms.passage.burn_facts import BurnFact, BurnSaid, CallTicked
from safeconduct.rooms.passage.burned.burning import burning
from safeconduct.rooms.passage.burned.call_list import Call, call_list
from safeconduct.rooms.passage.burned.drills import (
    BurnTold,
    Called,
    NoSuchDrill,
    find,
    first_burned,
    fold_drills,
    last_rehearsal,
    tick,
)
from safeconduct.rooms.passage.burned.knower import Kind, Knower, NoSuchKnower, knower_of
from safeconduct.rooms.passage.burned.ledger import Ledger, ledger
from safeconduct.rooms.passage.burned.other_beds import Near
from safeconduct.rooms.passage.burned.revealed import How, Rank
from safeconduct.rooms.passage.burned.tonights_moves import Move, moves, written
from safeconduct.rooms.passage.errand.slips import fold_slips
from safeconduct.rooms.passage.words import Book
from tests.kit.burning_night import Row, network_of
from tests.kit.errand_night import ADA, NOW, TODAY, id_of
from tests.unit.rooms.passage.errand.test_slips import made, name, sealed, told

YESTERDAY, TOMORROW = "2026-11-30", "2026-12-02"
FIT = {"state": "fit", "beds": "4", "suits": "any women", "trust": "high", "town": "@town"}
NIGHT: list[Row] = [
    ("town", "town", {"name": "Ford"}),
    ("far", "town", {"name": "Dol"}),
    ("mill", "point", {"town": "@town", "where": "Bench"}),
    ("leg", "leg", {"from": "@mill", "to": "@far"}),
    ("host", "household", {"name": "Third floor", "state": "ready", "reach": "Ring twice"}),
    ("kind", "household", {"name": "Baker", "state": "ready"}),
    ("house", "house", {"host": "@host", **FIT}),
    ("barn", "house", {"host": "@kind", **FIT}),
    ("driver", "escort", {"name": "Aru", "state": "ready"}),
    ("wife", "escort", {"name": "Ila", "state": "ready", "lives_with": "@driver"}),
    ("car", "vehicle", {"name": "Grey", "escort": "@driver", "seats": "4"}),
    ("party", "party", {"size": "2", "town": "@town", "need": "any", "risk": "high"}),
    ("trip", "journey", {"party": "@party", "state": "begun"}),
    ("stay", "stay", {"journey": "@trip", "house": "@house", "begins": YESTERDAY,
                      "state": "there", "ends": TOMORROW}),
]  # fmt: skip
RIDE: Row = (
    "ride", "ride",
    {"journey": "@trip", "day": TODAY, "leg": "@leg", "meets": "@mill", "escort": "@driver",
     "vehicle": "@car", "at": "21:00"},
)  # fmt: skip


def of(network: Network, kind: Kind, who: str) -> Ledger:
    """The ledger of somebody."""
    return ledger(network, knower_of(network, kind, id_of(who)), (), TODAY)


def lines(found: Ledger) -> dict[str, tuple[Rank, bool]]:
    """By short name, how grave a line is, and whether it only may be so."""
    named = {id_of(row[0]).hex(): row[0] for row in [*NIGHT, RIDE, ("other", "", {})]}
    return {named[one.key[1]]: (one.rank, one.may) for one in found.lines}


def proposed(network: Network, found: Ledger) -> tuple[Move, ...]:
    """What is proposed for the night."""
    return moves(network, found, tonight(network, TODAY), NOW)


def test_a_house_reveals_who_slept_there_and_pulls_its_hosts_along() -> None:
    found = of(network_of(NIGHT), Kind.HOUSE, "house")
    assert found.knower.of("household") == {id_of("host").hex()}
    assert lines(found) == {"party": (Rank.ASLEEP, False)}
    assert {why.how for why in found.lines[0].reasons} == {How.SLEPT, How.ASLEEP}


def test_an_escort_reveals_the_ride_and_so_does_who_lives_with_them() -> None:
    network = network_of([*NIGHT, RIDE])
    for who in ("driver", "wife"):
        found = lines(of(network, Kind.ESCORT, who))
        assert found["party"] == (Rank.ASLEEP, False)
        assert found["leg"] == found["mill"] == (Rank.ON_THE_WAY, False)
        assert found["car"] == (Rank.ON_THE_WAY, False)
        assert found["house"] == (Rank.ASLEEP, True)
        assert "barn" not in found
    assert lines(of(network, Kind.VEHICLE, "car"))["driver"] == (Rank.ON_THE_WAY, False)


def test_a_word_that_was_overwritten_may_still_be_so() -> None:
    other: Row = ("ride", "ride", {"escort": "@other"})
    more: Row = ("other", "escort", {"name": "Sef", "state": "ready"})
    network = network_of([*NIGHT, more, RIDE, other])
    assert lines(of(network, Kind.ESCORT, "driver"))["party"] == (Rank.ASLEEP, True)


def test_a_phone_reveals_surely_what_a_slip_on_it_said() -> None:
    network = network_of([*NIGHT, RIDE])
    knower = knower_of(network, Kind.PHONE, id_of("driver"))
    assert all(one.may for one in ledger(network, knower, (), TODAY).lines)
    for way, sure in (("voice", True), ("paper", False), ("page", False)):
        found = ledger(network, knower, fold_slips(told(1, made(way), sealed())), TODAY)
        (party,) = (one for one in found.lines if one.key[0] == "party")
        assert party.may is not sure


def test_what_somebody_learnt_and_what_slips_said_is_revealed() -> None:
    party = network_of(NIGHT).sheet(id_of("party"), "party")
    assert party is not None
    learnt: Row = ("learnt", "road_learnt", {"who": "@wife", "day": TODAY, "what": "Met.",
                                             "of": party.name.upper()})  # fmt: skip
    found = of(network_of([*NIGHT, learnt]), Kind.ESCORT, "driver")
    (line,) = (one for one in found.lines if one.key[0] == "party")
    assert line.reasons[0].how is How.LEARNT


def test_a_colleague_reveals_what_was_begun_before_a_key_they_have_not() -> None:
    network = network_of(NIGHT)
    for until, may in ((None, False), (Instant(NOW), False), (Instant(1), True)):
        knower = Knower(Kind.COLLEAGUE, ADA, None, frozenset(), books={Book.JOURNEYS: until})
        found = lines(ledger(network, knower, (), TODAY))
        assert set(found) == {"party"}
        assert found["party"][1] is may


def test_who_sleeps_in_a_burned_house_is_proposed_the_bed_next_door() -> None:
    network = network_of([*NIGHT, RIDE])
    (one,) = proposed(network, of(network, Kind.HOUSE, "house"))
    assert one.bed is not None
    assert (one.bed.house.id, one.bed.near) == (id_of("barn"), Near.SAME_TOWN)
    facts = written(network, [one], TODAY, lambda: id_of("new"))
    said = {fact.sheet: dict(getattr(fact, "values", ())) for fact in facts}
    assert said[id_of("stay")] == {"state": "over"}
    assert said[id_of("new")]["house"] == id_of("barn").hex()


def test_without_a_bed_nothing_is_ended_and_somebody_calls() -> None:
    full = [row for row in NIGHT if row[0] != "barn"]
    network = network_of(full)
    found = of(network, Kind.HOUSE, "house")
    (one,) = proposed(network, found)
    assert one.needs_bed
    assert one.bed is None
    assert written(network, [one], TODAY, lambda: id_of("new")) == []
    assert [call.key[0] for call in call_list(network, found)] == ["party"]


def test_who_comes_to_a_revealed_house_tomorrow_is_called_tonight() -> None:
    """The car brought one guest to the house; the other party never met it, and comes later."""
    came: Row = ("ride", "ride", {"journey": "@trip", "day": YESTERDAY, "vehicle": "@car"})
    comes: list[Row] = [
        ("other", "party", {"size": "1", "town": "@town", "need": "any", "risk": "high"}),
        ("trip2", "journey", {"party": "@other", "state": "begun"}),
        ("now", "stay", {"journey": "@trip2", "house": "@barn", "begins": YESTERDAY,
                         "state": "there", "ends": TOMORROW}),
        ("next", "stay", {"journey": "@trip2", "house": "@house", "begins": TOMORROW,
                          "state": "agreed"}),
    ]  # fmt: skip
    other, host = ("party", id_of("other").hex()), ("household", id_of("kind").hex())
    for rows, through in ((comes, host), ([comes[0], comes[1], comes[3]], other)):
        network = network_of([*NIGHT, came, *rows])
        found = of(network, Kind.VEHICLE, "car")
        assert id_of("other") in {one.party.id for one in proposed(network, found)}
        (line,) = (one for one in found.lines if one.key == other)
        assert [(why.how, why.first) for why in line.reasons] == [(How.COMES, TOMORROW)]
        assert line.rank > Rank.ASLEEP
        called = {one.key: one.about for one in call_list(network, found)}
        assert through in called
        assert through == other or called[through] == (other,)


def test_two_who_know_each_other_are_given_to_two_hosts() -> None:
    two: list[Row] = [
        ("two", "party", {"size": "1", "town": "@town", "need": "any", "risk": "high"}),
        ("trip2", "journey", {"party": "@two", "state": "begun"}),
        ("stay2", "stay", {"journey": "@trip2", "house": "@house", "begins": YESTERDAY,
                           "state": "there"}),
    ]  # fmt: skip
    known: Row = ("tie", "acquainted", {"party": "@party", "other": "@two"})
    for rows, beds in (([*NIGHT, *two], 2), ([*NIGHT, *two, known], 1)):
        network = network_of(rows)
        some = proposed(network, of(network, Kind.HOUSE, "house"))
        assert sum(one.bed is not None for one in some) == beds


def test_a_ride_by_who_was_taken_does_not_go() -> None:
    network = network_of([*NIGHT, RIDE])
    (one,) = proposed(network, of(network, Kind.ESCORT, "driver"))
    assert [ride.sheet.id for ride in one.rides] == [id_of("ride")]
    (said,) = [fact for fact in written(network, [one], TODAY, lambda: id_of("new"))
               if fact.kind == "ride"]  # fmt: skip
    assert getattr(said, "go", None) == 0


def test_who_was_to_move_within_a_town_gets_a_bed_there_and_not_where_they_fled_from() -> None:
    within: list[Row] = [
        ("shed", "house", {"host": "@kind", **FIT, "town": "@far"}),
        ("miller", "household", {"name": "Miller", "state": "ready"}),
        ("loft", "house", {"host": "@miller", **FIT, "town": "@far"}),
        ("other", "party", {"size": "1", "town": "@town", "need": "any", "risk": "high"}),
        ("trip2", "journey", {"party": "@other", "state": "begun"}),
        ("next", "stay", {"journey": "@trip2", "house": "@shed", "begins": TODAY,
                          "state": "agreed"}),
        ("ride", "ride", {"journey": "@trip2", "day": TODAY, "escort": "@driver"}),
    ]  # fmt: skip
    network = network_of([*NIGHT, *within])
    (one,) = proposed(network, of(network, Kind.ESCORT, "driver"))
    assert one.bed is not None
    assert (one.bed.house.id, one.bed.near) == (id_of("loft"), Near.SAME_TOWN)


def test_a_host_is_called_about_who_sleeps_there_and_nobody_burned_is() -> None:
    network = network_of([*NIGHT, RIDE])
    first, *_ = call_list(network, of(network, Kind.ESCORT, "driver"))
    assert first == Call(
        ("household", id_of("host").hex()), network.sheet(id_of("host"), "household"),
        Rank.ASLEEP, (("party", id_of("party").hex()),), "Ring twice",
    )  # fmt: skip
    keys = [one.key for one in call_list(network, of(network, Kind.HOUSE, "house"))]
    assert keys == [("escort", id_of("driver").hex())]


def test_a_press_closes_each_house_of_the_host_once() -> None:
    network = network_of([*NIGHT, ("loft", "house", {"host": "@host", **FIT, "state": "burned"})])
    knower = knower_of(network, Kind.HOUSEHOLD, id_of("host"))
    slips = fold_slips(told(1, made(), sealed()))
    does = burning(network, knower, slips, TODAY, NOW)
    assert [one.id for one in does.houses] == [id_of("house")]
    assert does.state is not None
    assert does.slips == ()
    with pytest.raises(NoSuchKnower):
        knower_of(network, Kind.ESCORT, id_of("host"))


def test_a_press_freezes_what_a_burned_colleague_made() -> None:
    slips = fold_slips(told(1, made(), sealed()))
    for devices, many in ((frozenset({ADA}), 1), (frozenset(), 0)):
        knower = Knower(Kind.COLLEAGUE, ADA, None, frozenset(), devices=devices)
        assert len(burning(network_of(NIGHT), knower, slips, TODAY, NOW).slips) == many
    assert name(1) == slips[0].fact


def drilled(*events: BurnFact) -> list[BurnTold]:
    """Facts of drills, one commit each."""
    return [
        BurnTold(at_of(n), ADA, (NOW << COUNTER_BITS) + n, event) for n, event in enumerate(events)
    ]


def at_of(n: int) -> FactId:
    """The id of the fact of a commit."""
    return fact_id(CommitId(bytes([n + 1]) * 32), 0)


def test_drills_and_ticks_are_the_same_in_any_order() -> None:
    said = BurnSaid(id_of("driver"), "escort", TODAY, 0)
    whom = "household", id_of("host")
    first = CallTicked(at_of(0), whom[1], whom[0], 1, ())
    other = CallTicked(at_of(0), whom[1], whom[0], 0, ())
    facts = drilled(said, first, other)
    (drill,) = fold_drills(facts)
    assert drill.called(whom) is Called.NOT_REACHED
    assert drill.called(("household", id_of("kind"))) is Called.OPEN
    answer = tick(drill, whom, reached=True)
    assert set(answer.over) == {at_of(1), at_of(2)}
    facts = drilled(said, first, other, answer)
    for some in itertools.permutations(facts):
        (drill,) = fold_drills(some)
        assert drill.called(whom) is Called.REACHED


def test_the_last_rehearsal_is_that_of_the_latest_day() -> None:
    days = (TOMORROW, YESTERDAY, TODAY)
    told_ = drilled(
        *(BurnSaid(id_of("driver"), "escort", day, 1) for day in days),
        BurnSaid(id_of("driver"), "escort", "2027-01-01", 0),
    )
    drills = fold_drills(told_)
    last = last_rehearsal(drills)
    assert last is not None
    assert last.said.day == TOMORROW
    assert first_burned(drills, "escort", id_of("driver")) == drills[-1].at
    assert first_burned(drills, "phone", id_of("driver")) is None
    assert last_rehearsal(()) is None
    with pytest.raises(NoSuchDrill):
        find(drills, at_of(9))
