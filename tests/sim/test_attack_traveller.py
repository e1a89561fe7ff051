# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody takes a laptop on its way, forces its owner to open it, and has copied the server."""

from __future__ import annotations

from contextlib import suppress

import pytest

from safeconduct.edges.desk.engine import rotating, travelling
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import Refused, SafeconductError
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import fact_id
from safeconduct.rooms import crew
from safeconduct.rooms.cases import Part
from safeconduct.rooms.crew import KeysGranted, Role, TravelEnded, key_groups
from safeconduct.rooms.hotline.letters import open_letter
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, sync
from tests.sim.test_cases import case_name, go_online, meet
from tests.sim.test_intake_keys import current
from tests.sim.test_own_rotation import month_later
from tests.sim.test_removed_devices import tell
from tests.sim.test_travel import WORDS, contents, pack, parcels, take_everything
from tests.sim.test_travel_cases import removed_and_back

pytestmark = pytest.mark.attack


def claim(desk: Desk, parcel: bytes) -> KeysGranted:
    """What says that the hotline's first key lies in a parcel for a desk."""
    where = VaultEpoch(desk.journal.hotline_vault, 1)
    return KeysGranted(key_groups([where]), parcel, (desk.device,), ())


def renew(stage: Rehearsal, *names: str) -> None:
    """Let the first desk renew all keys, and everybody hear of it."""
    rotating.ask_all(stage.desks["first"].journal)
    sync(stage, "first", *names, "first")


def test_light_desk_cannot_fetch_from_the_server_what_it_left(
    stage: Rehearsal, person: Person
) -> None:
    stage.desks["first"].note(person.conversation, WORDS)
    sync(stage, "first", "second")
    light = pack(stage)
    take_everything(stage, light)
    assert light.journal.crew_vault in light.journal.keys.newest()
    assert light.conversation(person.conversation) is None
    assert WORDS.encode() not in contents(light)


def test_light_desk_is_given_no_new_keys_of_what_it_left(stage: Rehearsal, person: Person) -> None:
    light = pack(stage)
    sync(stage, "first")
    renew(stage, "second")
    stage.desks["first"].note(person.conversation, WORDS)
    sync(stage, "first", "second")
    take_everything(stage, light)
    assert WORDS.encode() not in contents(light)


def test_light_desk_opens_no_letter_that_comes_after(stage: Rehearsal, person: Person) -> None:
    first, light = stage.desks["first"], pack(stage)
    before = current(stage)
    sync(stage, "first")
    month_later(stage, "first", "first")
    assert current(stage) > before
    item, found = person.item(WORDS), list[crew.HeldKey]()
    for parcel in parcels(stage):
        with suppress(SafeconductError):
            own = light.journal.secrets.sealing_key()
            found += crew.open_parcel(parcel, light.journal.office, own)
    for key in found:
        with pytest.raises(SafeconductError):
            open_letter(item, stage.office, SealingKey.from_seed(key.key))
    theirs = first.journal.keychain.intake(current(stage))
    assert theirs is not None
    assert open_letter(item, stage.office, theirs) is not None


def test_light_desk_is_given_no_part_of_a_case_whoever_chooses_it(
    stage: Rehearsal, person: Person
) -> None:
    del person
    first, light = stage.desks["first"], pack(stage)
    go_online(stage)
    meet(stage)
    with suppress(Refused):
        case = first.cases.open({part: {light.device} for part in Part})
        first.cases.note(case, Part.HEALTH, WORDS)
    case = first.cases.open(first.cases.proposed())
    first.cases.note(case, Part.HEALTH, WORDS)
    light.cases.ask(case_name(first, case), Part.HEALTH, "She is ill tonight.")
    meet(stage)
    (asked,) = first.cases.requests()
    with suppress(Refused):
        first.cases.answer(asked.request.fact, give=True, word="")
    meet(stage)
    take_everything(stage, light)
    assert light.cases.files(start=0, most=9) == ([], 0)
    assert WORDS.encode() not in contents(light)
    assert not first.cases.requests()[0].request.answers


def test_taken_steward_does_not_give_itself_back_what_it_left(
    stage: Rehearsal, person: Person
) -> None:
    del person
    first = stage.desks["first"]
    stage.join("third", frozenset({Role.STEWARD}))
    sync(stage, "first", "second", "third")
    light = pack(stage, "third")
    sync(stage, "first")
    begun = first.journal.keys.facts().trips.away[light.device].begun
    tell(light, TravelEnded(light.device, begun, bytes(32)), claim(light, bytes(32)))
    sync(stage, "third", "first")
    assert Role.STEWARD in first.roster().roles(light.device)
    assert first.journal.keys.left_by(light.device) == {first.journal.hotline_vault}


def test_steward_who_was_forced_once_ends_no_trip_before_it_began(
    stage: Rehearsal, person: Person
) -> None:
    del person
    first, second = stage.desks["first"], stage.desks["second"]
    tell(
        first,
        TravelEnded(second.device, (fact_id(bytes(32), 1),), bytes(32)),
        claim(second, bytes(32)),
    )
    sync(stage, "first", "second")
    light = pack(stage)
    sync(stage, "first")
    assert first.journal.keys.left_by(light.device) == {first.journal.hotline_vault}


def test_taken_steward_does_not_add_to_what_a_colleague_gave_it_back(
    stage: Rehearsal, person: Person
) -> None:
    del person
    first, name = stage.desks["first"], b"p" * 32
    stage.join("third", frozenset({Role.STEWARD}))
    sync(stage, "first", "second", "third")
    light = pack(stage, "third")
    sync(stage, "third", "first")
    begun = first.journal.keys.facts().trips.away[light.device].begun
    tell(first, TravelEnded(light.device, begun, name))
    sync(stage, "first", "third")
    tell(light, claim(light, name))
    sync(stage, "third", "first")
    assert name in first.journal.keys.facts().trips.returned[light.device]
    assert first.journal.keys.left_by(light.device) == {first.journal.hotline_vault}


def test_device_that_was_removed_and_is_back_gets_no_newer_key_of_a_part_by_way_of_a_trip(
    stage: Rehearsal, person: Person
) -> None:
    del person
    first, second = stage.desks["first"], stage.desks["second"]
    go_online(stage)
    case = first.cases.open({part: {second.device} for part in Part})
    first.cases.note(case, Part.HEALTH, "Before it was removed.")
    meet(stage)
    removed_and_back(stage)
    first.cases.note(case, Part.HEALTH, WORDS)
    meet(stage)
    light = pack(stage)
    travelling.ask(light.journal)
    sync(stage, "second", "first")
    travelling.give_back(first.journal, stage.courier(first), light.device)
    sync(stage, "first", "second", "first", "second")
    assert b"Before it was removed." in contents(light)
    assert WORDS.encode() not in contents(light)
