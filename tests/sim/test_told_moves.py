# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the log brings nothing, a letter in its door tells a desk that the office moved."""

from __future__ import annotations

import os

import pytest
from msgspec import structs

from safeconduct.edges.desk import moving
from safeconduct.edges.desk.engine import doors, moved_letters
from safeconduct.edges.desk.engine.door_letters import letters_for_all
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.wire.refusals import UnknownCapability
from safeconduct.kernel.words import Address, Instant
from safeconduct.rooms.crew import write_fact
from safeconduct.rooms.crew.doors import Moved
from safeconduct.rooms.crew.events import SIGNED
from safeconduct.rooms.crew.move_facts import RelayMoved
from tests.kit.moves import Elsewhere, elsewhere
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.steps import Hand, Person, sync
from tests.sim.test_attack_server_gone import ENEMY, moved_to


def troubles(desk: Desk) -> set[str]:
    """What a desk says is wrong."""
    return {one.code for one in desk.status().troubles}


def goes_along(stage: Rehearsal, name: str, url: str) -> Desk:
    """Let the person at a desk agree to what a letter told, and open it again."""
    desk = stage.desks[name]
    said = desk.moves.onward()
    assert said is not None
    assert (said.by, said.at, said.url) == (stage.desks["first"].device, None, url)
    desk.moves.go_along(said.fact)
    desk.stop()
    return moving.open_where_it_is(lambda: stage.unlock(name))


def test_desk_at_an_address_where_the_new_server_stands_is_told_by_its_door(
    stage: Rehearsal, person: Person
) -> None:
    stage.desks["second"].note(person.conversation, "written meanwhile")
    with elsewhere(stage) as there:
        there.found()
        sync(stage, "first")  # Letters with the way in lie there too, and are not followed unasked.
        second = stage.desks["second"]
        place = second.journal.place
        hand = Hand(second, stage.courier(second))
        with pytest.raises(UnknownCapability):
            hand.loops.admitted(hand.pull)
        assert "relay_moved" in troubles(second)
        assert second.journal.place == place
        second = goes_along(stage, "second", there.url)
        sync(stage, "second", "first", "second")
        assert not troubles(second)
        assert second.moves.onward() is None
        for desk in stage.desks.values():
            talk = desk.conversation(person.conversation)
            assert talk is not None
            assert [note.text for note in talk.notes] == ["written meanwhile"]


def test_desk_that_the_old_server_refuses_is_told_by_its_door(stage: Rehearsal) -> None:
    sync(stage, "first", "second")
    first, second = stage.desks["first"], stage.desks["second"]
    old = stage.courier(first)
    there = Elsewhere(stage)
    there.found()
    moving.leave_word(stage.desks["first"].journal, old)
    refused = StoreCourier(stage.store, stage.office, os.urandom(32))
    assert doors.look(second.journal, refused) is doors.Found.NOTHING
    second = goes_along(stage, "second", there.url)
    stage.store.close()
    stage.store = there.store
    sync(stage, "second", "first", "second")
    assert second.roster().relay_key == second.journal.place.relay_key
    assert not troubles(second)


def test_letters_of_a_move_are_the_same_after_a_cut(stage: Rehearsal) -> None:
    class Cut(StoreCourier):
        """A line that breaks when letters were put into doors."""

        def post(self, letters: list[tuple[Address, Instant, bytes]]) -> None:
            super().post(letters)
            raise Unreachable

    with elsewhere(stage) as there:
        there.found_by(Cut)
        desk = there.again("first")
        moving.carry(desk.journal, there.courier(desk))
        card = stage.desks["second"].roster().members[stage.desks["second"].device].device
        assert len(there.courier(desk).collect(Address(card.door), 0)) == 1
        assert not moved_letters.post_them(desk.journal, there.courier(desk))


def letter_of(stage: Rehearsal, fact: RelayMoved, by: str) -> None:
    """Let the steward's desk put into all doors that somebody signed this."""
    first, desk = stage.desks["first"].journal, stage.desks[by]
    body = write_fact(fact, stage.office, first.device, desk.journal.secrets.signing_key())
    signed = SIGNED.decode(body)
    letters = letters_for_all(first, Moved(signed.fact, signed.signer, signed.signature))
    sent = [(Address(one.address), Instant(one.expires), one.item) for one in letters]
    stage.courier(stage.desks["first"]).post(sent)


def test_letter_counts_no_more_than_a_text_by_hand(stage: Rehearsal) -> None:
    second, move = stage.desks["second"], moved_to("http://enemy.invalid", ENEMY.public.raw)
    refused = StoreCourier(stage.store, stage.office, os.urandom(32))
    letter_of(stage, move, by="second")
    doors.look(second.journal, refused)
    assert second.moves.onward() is None
    assert troubles(second) == {"letter_unsound"}
    letter_of(stage, move, by="first")
    doors.look(second.journal, refused)
    said = second.moves.onward()
    assert said is not None
    second.moves.go_along(said.fact)
    letter_of(stage, structs.replace(move, relay_url="http://other.invalid"), by="first")
    doors.look(second.journal, refused)
    other = second.moves.onward()
    assert other is not None
    assert (other.url, other.agreed) == ("http://other.invalid", False)
