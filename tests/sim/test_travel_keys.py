# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk on a trip while the office goes on: teams, removals, new access, and stewards' keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pytest

from safeconduct.edges.desk.audit import ON_TRIPS
from safeconduct.edges.desk.engine import post, rotating, travelling
from safeconduct.edges.desk.engine.doors import Found
from safeconduct.edges.desk.engine.intake_keys import IntakeKeys
from safeconduct.edges.desk.engine.intake_rotation import IntakeRotation
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.journal import Fact, VaultEpoch
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.cases import Part
from safeconduct.rooms.crew import Role, VaultOpened
from safeconduct.rooms.crew.cases import TravelsLight
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.steps import Hand, Person, pass_on, sync
from tests.sim.test_access_epochs import follow, look, suspended
from tests.sim.test_cases import (
    WORKER,
    case_name,
    go_online,
    meet,
    opened,
    parts,
    three_desks,
)
from tests.sim.test_desk_guards import codes
from tests.sim.test_intake_keys import current, epochs, texts
from tests.sim.test_own_rotation import MONTH, month_later
from tests.sim.test_team_keys import TEAM, in_team, team
from tests.sim.test_travel import pack, parcels, take_everything

CASE: Final = VaultId(b"c" * 16)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def away(stage: Rehearsal, name: str, carried: Sequence[VaultId] = ()) -> Desk:
    """Let a desk travel light, and everybody hear of it."""
    light = pack(stage, name, carried)
    go_online(stage)
    meet(stage)
    return light


class TellsMeanwhile(StoreCourier):
    """A relay that takes a parcel, and at once tells what colleagues wrote."""

    tell: Callable[[], None]

    def put_parcel(self, parcel: bytes) -> None:
        super().put_parcel(parcel)
        self.tell()


def open_case(stage: Rehearsal) -> None:
    """Let the first desk open a vault that hangs on the team, and write into it."""
    journal = stage.desks["first"].journal
    circle = journal.keys.circle()
    assert circle is not None
    opening = {VaultOpened(CASE, "legal", (TEAM,), 1): ()}
    held, vaults = journal.keychain.held(), journal.keys.vaults()
    act = crew.open_vaults(circle, opening, vaults, held, journal.rng)
    stage.courier(stage.desks["first"]).put_parcel(act.parcel)
    rotating.keep(journal, act)
    journal.write([Fact(CASE, "cases.CaseOpened", 1, b"\xa1c")])


def test_team_that_is_left_takes_its_vaults_with_it_and_brings_them_back(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    team(stage, "first", "second")
    open_case(stage)
    sync(stage, "first", "second")
    assert CASE in second.journal.keys.newest()
    kinds = {choice.vault: choice.kind for choice in travelling.choices(second.journal)}
    assert kinds == {second.journal.hotline_vault: "", TEAM: "team"}
    light = pack(stage, carried=[second.journal.hotline_vault])
    take_everything(stage, light)
    assert light.journal.keys.newest().keys().isdisjoint({TEAM, CASE})
    assert light.journal.keys.left_by(light.device) == {TEAM}  # The case is not named.
    assert light.conversation(person.conversation) is not None
    rotating.ask_all(first.journal)
    sync(stage, "first", "second")
    assert light.journal.keys.newest()[light.journal.hotline_vault][0] > 1
    light.note(person.conversation, "from the road")
    travelling.ask(light.journal)
    sync(stage, "second", "first")
    travelling.give_back(first.journal, stage.courier(first), light.device)
    sync(stage, "first", "second")
    assert light.journal.keychain.held() == first.journal.keychain.held()
    assert codes(stage, "second") == set()


def test_carried_team_brings_its_vaults_along(stage: Rehearsal, person: Person) -> None:
    team(stage, "first", "second")
    stage.desks["first"].journal.write([Fact(TEAM, "cases.CaseOpened", 1, b"\xa1t")])
    open_case(stage)
    sync(stage, "first", "second")
    light = pack(stage, carried=[TEAM])
    assert {TEAM, CASE} <= light.journal.keys.newest().keys()
    assert ("cases.CaseOpened", b"\xa1t") in in_team(light)
    assert light.journal.hotline_vault not in light.journal.keys.newest()
    assert light.conversation(person.conversation) is None


def test_light_desk_finds_the_way_in_that_followed_a_removal(
    stage: Rehearsal, person: Person
) -> None:
    del person
    first, third, fourth = stage.desks["first"], stage.join("third"), stage.join("fourth")
    sync(stage, "first", "second", "third", "fourth")
    follow(stage, first, suspended(first, third))
    assert look(stage, stage.desks["second"]) is Found.RENEWED
    sync(stage, "second")
    light = pack(stage)
    sync(stage, "first")
    rotating.ask(first.journal)
    follow(stage, first, suspended(first, fourth))
    sync(stage, "first")
    assert look(stage, light) is Found.RENEWED
    sync(stage, "second")
    newest = light.journal.keys.newest()
    assert newest[crew.OFFICE_KEY] == first.journal.keys.newest()[crew.OFFICE_KEY]
    assert light.journal.hotline_vault not in newest
    assert codes(stage, "second") == set()


def test_steward_on_a_trip_is_told_no_control_key_and_has_it_again_afterwards(
    stage: Rehearsal, person: Person
) -> None:
    del person
    first = stage.desks["first"]
    stage.join("third", frozenset({Role.STEWARD}))
    sync(stage, "first", "second", "third")
    light = pack(stage, "third")
    sync(stage, "first")
    follow(stage, first, suspended(first, stage.desks["second"]))
    sync(stage, "first")
    assert look(stage, light) is Found.RENEWED
    assert light.journal.keychain.control() is None
    travelling.ask(light.journal)
    sync(stage, "third", "first")
    travelling.give_back(first.journal, stage.courier(first), light.device)
    sync(stage, "first", "third")
    control, theirs = light.journal.keychain.control(), first.journal.keychain.control()
    assert control is not None
    assert theirs is not None
    assert (control.epoch, control.key) == (theirs.epoch, theirs.key)
    assert VaultEpoch(light.journal.hotline_vault, 1) in light.journal.keychain.vaults


def test_letters_are_read_after_a_trip_and_meanwhile_where_the_hotline_goes_along(
    stage: Rehearsal, person: Person
) -> None:
    first, third = stage.desks["first"], stage.join("third")
    sync(stage, "first", "second", "third")
    left = pack(stage)
    carried = pack(stage, "third", [third.journal.hotline_vault])
    sync(stage, "first")
    month_later(stage, "first", "third", "first")
    person.write("To the new key.")
    sync(stage, "third", "second", "first")
    assert epochs(left) == []
    assert epochs(carried)[-1] == epochs(first)[-1] == current(stage)
    assert texts(carried, person)[-1] == "To the new key."
    travelling.ask(left.journal)
    sync(stage, "second", "first")
    travelling.give_back(first.journal, stage.courier(first), left.device)
    sync(stage, "first", "second")
    assert epochs(left) == epochs(first)
    assert texts(left, person)[-1] == "To the new key."
    assert codes(stage, "second") == codes(stage, "third") == set()


def test_new_intake_key_is_planned_anew_where_a_trip_is_told_meanwhile(
    stage: Rehearsal, person: Person
) -> None:
    del person
    first, second = stage.desks["first"], stage.desks["second"]
    pass_on(stage, "first", "second", "first")
    travelling.begin(second.journal, [])
    while post.push(second.journal, stage.courier(second)):
        pass
    relay = TellsMeanwhile(stage.store, stage.office, first.journal.place.capability)
    relay.tell = Hand(first, stage.courier(first)).loops.puller.pull
    stage.clock.time += MONTH
    rotation = IntakeRotation(first.journal, relay, IntakeKeys(first.journal, relay))
    rotation.look()
    assert first.journal.keys.left_by(second.device)
    assert epochs(first) == [1]
    rotation.look()
    assert len(epochs(first)) == 2


def test_new_case_is_neither_proposed_nor_given_to_who_travels_light(office: Rehearsal) -> None:
    _, second, third = office.desks.values()
    office.join("fourth", WORKER)
    meet(office)
    assert office.desks["fourth"].device in second.cases.proposed()[Part.CONTACT]
    light = away(office, "fourth", [third.journal.hotline_vault])
    assert all(light.device not in those for those in second.cases.proposed().values())
    before = second.journal.pen.sequence, len(parcels(office))
    with pytest.raises(TravelsLight):
        second.cases.open({part: {light.device} for part in Part})
    assert (second.journal.pen.sequence, len(parcels(office))) == before
    case = second.cases.open(second.cases.proposed())
    own = light.cases.open(light.cases.proposed())  # What it opens on the way it has there.
    meet(office)
    assert parts(light, case) == []
    assert parts(light, own) == list(Part)


@pytest.mark.parametrize("left", [(), ("third",)], ids=["never held", "left behind"])
def test_request_of_who_travels_light_waits_until_it_is_back(
    office: Rehearsal, left: tuple[str, ...]
) -> None:
    first, second, third = office.desks.values()
    case = opened(office, second, health=left)
    third.cases.ask(case_name(first, case), Part.HEALTH, "She called me.")
    meet(office)
    light = away(office, "third")
    (asked,) = second.cases.requests()
    assert asked.holds
    assert asked.travels
    assert second.cases.to_answer() == 0
    before = second.journal.pen.sequence, len(parcels(office))
    with pytest.raises(TravelsLight):
        second.cases.answer(asked.request.fact, give=True, word="")
    assert (second.journal.pen.sequence, len(parcels(office))) == before
    travelling.ask(light.journal)
    meet(office)
    travelling.give_back(first.journal, office.courier(first), light.device)
    meet(office)
    assert second.cases.to_answer() == 1
    second.cases.answer(asked.request.fact, give=True, word="")
    meet(office)
    assert parts(light, case) == [Part.HEALTH]


def ask_to_erase_and_stop(desk: Desk, case: CaseId) -> None:
    desk.cases.erasures.ask(case, "person")
    (erasure,) = desk.cases.erasures.of(case)
    desk.cases.erasures.stop(case, erasure.asked.id)


def test_pages_of_a_light_desk_show_no_request_no_export_and_no_deed_of_what_is_missing(
    office: Rehearsal,
) -> None:
    first, second, third = office.desks.values()
    person = Person(office)
    person.write("Please help.")
    meet(office)
    case = opened(office, second)
    talks = [person.conversation]
    second.exports.ask(talks, reason="The hearing is on Friday.", recipient="A lawyer")
    second.cases.ask("no such case", Part.HEALTH, "She called me.")
    third.cases.ask(case_name(first, case), Part.HEALTH, "She is ill tonight.")
    meet(office)
    (asked,) = [one for one in second.cases.requests() if one.holds]
    second.cases.answer(asked.request.fact, give=True, word="")
    ask_to_erase_and_stop(second, case)
    meet(office)
    shown = {deed.kind for deed in second.audit.deeds(second.device, start=0, most=99)[0]}
    assert len(second.cases.requests()) == 2
    elsewhere = {"crew.TakenBack", "crew.TeamFormed", "crew.KeysRenewed", "crew.CaseErased"}
    assert shown >= {*ON_TRIPS} - elsewhere
    light = away(office, "second")
    own = {deed.kind for deed in light.audit.deeds(light.device, start=0, most=99)[0]}
    theirs = {deed.kind for deed in first.audit.deeds(light.device, start=0, most=99)[0]}
    assert (light.cases.requests(), light.exports.asked()) == ([], [])
    assert own.isdisjoint(ON_TRIPS)
    assert theirs >= shown
    assert [len(first.exports.asked()), len(first.cases.requests())] == [1, 2]


def test_light_desk_shows_requests_and_exports_of_what_goes_along(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    person = Person(office)
    person.write("Please help.")
    meet(office)
    case = opened(office, second)
    third.cases.ask(case_name(first, case), Part.HEALTH, "She is ill tonight.")
    second.exports.ask([person.conversation], reason="A hearing.", recipient="A lawyer")
    meet(office)
    found = second.cases.case(case)
    assert found is not None
    health = found.part(Part.HEALTH)
    assert health is not None
    light = away(office, "second", [health.vault, second.journal.hotline_vault])
    assert [one.holds for one in light.cases.requests()] == [True]
    assert [one.count for one in light.exports.asked()] == [1]
    assert parts(light, case) == [Part.HEALTH]
