# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every laptop and the server are taken: a file and the cards bring the office back."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk import attachments
from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine.doors import Found
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.words import DAY, BlobId
from safeconduct.rooms.crew import Role, Standing
from tests.kit.backups import (
    RESTORED,
    WHO,
    back_up,
    cards,
    come_back,
    lose_desks,
    make_desk,
    opened,
    stand_up,
)
from tests.kit.moves import elsewhere
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, sync
from tests.sim.test_access_epochs import look
from tests.sim.test_removed_devices import quickly
from tests.sim.test_server_gone import texts

PHOTO = bytes(range(256)) * 9_000  # Three chunks.


def sound(*desks: Desk) -> None:
    """Hold stores to what they claim."""
    for desk in desks:
        assert verify_store(desk.journal).findings == ()


def written(stage: Rehearsal, person: Person) -> None:
    """Let both desks write of somebody, and the relay have it."""
    stage.desks["first"].answer(person.conversation, "We are coming.")
    stage.desks["second"].note(person.conversation, "She is afraid of her brother.")
    sync(stage, "first", "second", "first")


def test_office_is_restored_from_a_file_and_the_cards_alone(
    stage: Rehearsal, person: Person
) -> None:
    file = person.send_file(PHOTO)
    written(stage, person)
    before = texts(stage.desks["first"], person)
    source = opened(back_up(stage), cards(stage))
    taken = [desk.device for desk in stage.desks.values()]
    lose_desks(stage, "first", "second")
    with elsewhere(stage) as there:
        make_desk(stage, source, taken)
        desk, _ = stand_up(there, source)
        sync(stage, RESTORED)
        assert texts(desk, person) == before
        assert desk.roster().roles(desk.device) == {Role.STEWARD}
        assert [desk.roster().standing(one) for one in taken] == [Standing.EXPELLED] * 2
        talk = desk.conversation(person.conversation)
        assert talk is not None
        found = attachments.find(talk, BlobId(file.blob))
        chunks = attachments.chunks_of(desk.journal.store, there.courier(desk), found)
        assert b"".join(chunks) == PHOTO
        sound(desk)


def test_person_and_new_colleagues_go_on_with_a_restored_office(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(stage, person)
    source = opened(back_up(stage), cards(stage))
    lose_desks(stage, "first", "second")
    with elsewhere(stage) as there:
        make_desk(stage, source)
        desk, _ = stand_up(there, source)
        stage.desks["first"] = desk
        sync(stage, RESTORED)
        assert [reply.text for reply in person.replies() if reply.kind == "answer"] == [
            "We are coming."
        ]
        person.write("Are you still there?")
        sync(stage, RESTORED)
        newcomer = stage.join("newcomer", by=RESTORED)
        sync(stage, "newcomer", RESTORED)
        quickly(monkeypatch)
        for one in (desk, newcomer, stage.join("another", by=RESTORED)):
            talk = one.conversation(person.conversation)
            assert talk is not None
            assert len(talk.messages) == 2
        sound(desk, newcomer)
        assert stage.desks["another"].roster() == desk.roster()


def test_colleague_who_lives_on_brings_what_the_backup_lacks(
    stage: Rehearsal, person: Person
) -> None:
    source = opened(back_up(stage), cards(stage))
    founder = stage.desks["first"].device
    written(stage, person)
    lose_desks(stage, "first")
    with elsewhere(stage) as there:
        make_desk(stage, source, [founder])
        desk, text = stand_up(there, source)
        assert there.follow("second", text) > 0
        second = stage.desks["second"]
        sync(stage, "second", RESTORED)
        assert look(stage, second) is Found.RENEWED
        sync(stage, "second")
        second.note(person.conversation, "I am back.")
        sync(stage, "second", RESTORED)
        assert "She is afraid of her brother." in texts(desk, person)
        assert "I am back." in texts(desk, person)
        assert desk.roster().members[desk.device].person == WHO.person
        assert second.roster().roles(desk.device) == {Role.STEWARD}
        assert second.roster().standing(founder) is Standing.EXPELLED
        sound(desk, second)


def test_desks_are_lost_and_the_server_lives(stage: Rehearsal, person: Person) -> None:
    source = opened(back_up(stage), cards(stage))
    taken = [desk.device for desk in stage.desks.values()]
    written(stage, person)
    lose_desks(stage, "first", "second")
    make_desk(stage, source)
    desk = come_back(stage, source, taken)
    stage.desks["first"] = desk
    sync(stage, RESTORED)
    assert {"We are coming.", "She is afraid of her brother."} <= texts(desk, person)
    person.write("Still there?")
    sync(stage, RESTORED)
    talk = desk.conversation(person.conversation)
    assert talk is not None
    assert len(talk.messages) == 2
    sound(desk)


def test_stewards_alone_are_told_how_old_the_last_backup_is(stage: Rehearsal) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    last = first.backups.last()
    assert last is not None
    assert (last.noted, last.days_ago, last.due) == (None, 0, False)
    back_up(stage, days=3)
    stage.clock.time += 2 * DAY
    last = first.backups.last()
    assert last is not None
    assert last.noted is not None
    assert (last.noted.by, last.days_ago, last.due) == (first.device, 2, False)
    stage.clock.time += DAY
    last = first.backups.last()
    assert last is not None
    assert last.due
    assert second.backups.last() is None
