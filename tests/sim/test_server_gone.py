# SPDX-License-Identifier: AGPL-3.0-or-later
"""The server is gone: a new one is founded from a desk, and nothing that a desk held is lost."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from msgspec import structs

from safeconduct.edges.desk import anew, going_along, moving
from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine.keys import PLACE
from safeconduct.edges.desk.joining import NotThisOffice
from safeconduct.edges.desk.moves_api import NoSuchMove
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.journal import open_frame
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.sync import RelayForked, RelayRolledBack
from safeconduct.kernel.wire.refusals import NotFound, UnknownCapability
from safeconduct.kernel.words import FactId
from safeconduct.rooms import crew
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.crew.events import DeviceSuspended
from safeconduct.rooms.crew.move_facts import RelayMoved
from safeconduct.rooms.crew.recovery import sealing_of
from tests.kit.moves import Elsewhere, backed_up, elsewhere, restore
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.hostile import Liar
from tests.sim.steps import Hand, Person, sync
from tests.sim.test_forks import note_of, picture, same_however_read, sign_again
from tests.sim.test_removed_devices import cut, tell
from tests.sim.test_roster_heads import STEWARD


def answered(stage: Rehearsal, person: Person, name: str, text: str) -> None:
    """Let a desk answer somebody, and bring that to the relay."""
    stage.desks[name].answer(person.conversation, text)
    sync(stage, name)


def texts(desk: Desk, person: Person) -> set[str]:
    """All answers and notes that a desk shows of somebody."""
    talk = desk.conversation(person.conversation)
    assert talk is not None
    return {one.text for one in talk.answers} | {one.text for one in talk.notes}


def commits(stage: Rehearsal, there: Elsewhere) -> list[bytes]:
    """The id of every commit in the new relay's log, in its order."""
    journal = stage.desks["first"].journal
    frames = there.courier(stage.desks["first"]).frames(0, 1 << 30)
    keys = journal.keychain.office
    return [open_frame(frame, journal.office, keys).id for frame in frames]


def sound(stage: Rehearsal) -> None:
    """Hold both stores to what they claim."""
    for desk in stage.desks.values():
        assert verify_store(desk.journal).findings == ()


def test_two_desks_bring_together_what_each_held(stage: Rehearsal, person: Person) -> None:
    answered(stage, person, "first", "We are coming.")
    sync(stage, "second")
    stage.desks["second"].note(person.conversation, "seen by the relay, not by Ada")
    sync(stage, "second")
    stage.desks["second"].note(person.conversation, "written on the way")
    stage.desks["first"].note(person.conversation, "not sent yet")
    with elsewhere(stage) as there:
        text = there.found()
        assert there.follow("second", text) > 0
        sync(stage, "first", "second", "first")
        for desk in stage.desks.values():
            assert len(texts(desk, person)) == 4
        ids = commits(stage, there)
        assert len(ids) == len(set(ids))
        sound(stage)


def test_person_still_reads_her_answer_once_and_writes_on(stage: Rehearsal, person: Person) -> None:
    answered(stage, person, "first", "We are coming.")
    answered(stage, person, "second", "Bring papers.")
    assert len([one for one in person.replies() if one.kind == "answer"]) == 2
    with elsewhere(stage) as there:
        text = there.found()
        there.follow("second", text)
        answers = [one.text for one in person.replies() if one.kind == "answer"]
        assert sorted(answers) == ["Bring papers.", "We are coming."]
        person.write("Thank you.")
        sync(stage, "first", "second", "first")
        for desk in stage.desks.values():
            talk = desk.conversation(person.conversation)
            assert talk is not None
            assert [one.text for one in talk.messages] == ["Please help.", "Thank you."]
        sound(stage)


def test_cut_while_a_relay_is_filled_is_taken_up(stage: Rehearsal, person: Person) -> None:
    answered(stage, person, "first", "We are coming.")
    with elsewhere(stage) as there:
        code, left = there.code(), 0

        class Cut(StoreCourier):
            """A line that breaks once after each call that it lets through."""

            def append(self, frames: list[bytes]) -> list[int]:
                nonlocal left
                found = [super(Cut, self).append([frame])[0] for frame in frames[: left or 1]]
                left += 1
                if len(found) < len(frames):
                    raise Unreachable
                return found

        way = there.way()
        cut = anew.Way(way.register, lambda _, office, key: Cut(there.store, office, key))
        for _ in range(20):
            with suppress(Unreachable):
                anew.found_anew(stage.desks["first"].journal, cut, there.url, code)
                break
            there.again("first")
        else:
            raise AssertionError("never filled")
        desk = there.again("first")
        moving.carry(desk.journal, there.courier(desk))
        assert there.follow("second", moving.telling(desk.journal) or "") == 0
        sync(stage, "first", "second")
        ids = commits(stage, there)
        assert len(ids) == len(set(ids))
        assert [one.text for one in person.replies() if one.kind == "answer"] == ["We are coming."]
        sound(stage)


def test_new_relay_with_another_beginning_is_not_gone_to(stage: Rehearsal, person: Person) -> None:
    stage.desks["second"].note(person.conversation, "only here")
    sync(stage, "second")
    with elsewhere(stage) as there:
        told = moving.read(stage.desks["second"].journal, there.found())
        assert isinstance(told.fact, RelayMoved)
        journal = stage.desks["second"].journal
        false = RelayMoved(
            *(told.fact.relay_url, told.fact.relay_key, 2, 1, bytes(16)),
            *(told.fact.size, bytes(32), ()),
        )
        with pytest.raises(RelayForked):
            moving.follow(journal, moving.Told(false, told.raw, told.by))
        assert journal.store.setting("place", PLACE) == journal.place


def test_steward_alone_founds_anew(stage: Rehearsal) -> None:
    with elsewhere(stage) as there, pytest.raises(NotASteward):
        anew.found_anew(stage.desks["second"].journal, there.way(), there.url, there.code())


def test_restored_relay_is_a_liar_until_a_steward_answers_for_it(
    stage: Rehearsal, person: Person
) -> None:
    copy = backed_up(stage)
    answered(stage, person, "second", "We are coming.")
    sync(stage, "first", "second", "first")
    restore(stage, copy)
    for name in ("first", "second"):
        with pytest.raises(RelayRolledBack):
            Hand(stage.desks[name], stage.courier(stage.desks[name])).pull()
    with pytest.raises(NotASteward):
        anew.restored(stage.desks["second"].journal, stage.courier(stage.desks["second"]))
    assert anew.restored(stage.desks["first"].journal, stage.courier(stage.desks["first"])) > 0
    text = reopened(stage, "first")
    assert person.replies()[-1].text == "We are coming."
    told = moving.read(stage.desks["second"].journal, text)
    moving.follow(stage.desks["second"].journal, told)
    reopened(stage, "second")
    sync(stage, "first", "second", "first")
    assert [one.text for one in person.replies() if one.kind == "answer"] == ["We are coming."]
    for desk in stage.desks.values():
        assert "We are coming." in texts(desk, person)
        with pytest.raises(moving.AlreadyThere):
            moving.read(desk.journal, text)
    sound(stage)


def reopened(stage: Rehearsal, name: str) -> str:
    """Open a desk again, and let it bring what waits; return what it tells colleagues."""
    stage.desks[name].stop()
    desk = stage.unlock(name)
    moving.carry(desk.journal, stage.courier(desk))
    return moving.telling(desk.journal) or ""


def test_relay_that_forgot_nothing_was_not_restored(stage: Rehearsal) -> None:
    sync(stage, "first", "second")
    first = stage.desks["first"]
    sync(stage, "first")
    with pytest.raises(anew.NothingForgotten):
        anew.restored(first.journal, stage.courier(first))


def test_desk_that_goes_along_with_a_move_in_its_log_goes_over(
    stage: Rehearsal, person: Person
) -> None:
    sync(stage, "first", "second", "first")
    old = StoreCourier(stage.store, stage.office, stage.desks["first"].journal.place.capability)
    there = Elsewhere(stage)
    there.found()
    moving.leave_word(stage.desks["first"].journal, old)
    second = stage.desks["second"]
    Hand(second, old).pull()
    assert "relay_moved" in {one.code for one in second.status().troubles}
    said = second.moves.onward()
    assert said is not None
    assert (said.by, said.url) == (stage.desks["first"].device, there.url)
    second.moves.go_along(said.fact)
    second.stop()
    second = moving.open_where_it_is(lambda: stage.unlock("second"))
    stage.store.close()
    stage.store = there.store
    moving.carry(second.journal, there.courier(second))
    stage.desks["first"].note(person.conversation, "all are here")
    sync(stage, "first", "second")
    assert "all are here" in texts(second, person)
    assert not second.status().troubles
    sound(stage)


def test_agreeing_to_a_move_can_be_taken_back_and_is_of_that_move_alone(
    stage: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    sync(stage, "first", "second")
    key = LongSigningKey.from_seed(b"n" * 64).public.raw
    moves = [
        RelayMoved(url, key, 2, 1, bytes(16), 0, bytes(32), ())
        for url in ("http://one.invalid", "http://two.invalid")
    ]
    tell(first, moves[0])
    sync(stage, "first", "second")
    said = second.moves.onward()
    assert said is not None
    with pytest.raises(NoSuchMove):
        second.moves.go_along(FactId(bytes(36)))
    with monkeypatch.context() as patch:
        patch.setattr(going_along, "_WRITTEN", "no query")  # Who wrote it is looked up once.
        second.moves.go_along(said.fact)
        assert second.moves.onward() == said._replace(agreed=True)
        second.moves.stay()
        assert second.moves.onward() == said
    second.moves.go_along(said.fact)
    tell(first, structs.replace(moves[1], replaces=(said.fact,)))
    sync(stage, "first", "second")
    other = second.moves.onward()
    assert other is not None
    assert (other.url, other.agreed) == ("http://two.invalid", False)


def test_relay_that_forks_after_a_move_is_still_found_out(stage: Rehearsal, person: Person) -> None:
    with elsewhere(stage) as there:
        there.follow("second", there.found())
        sync(stage, "first", "second", "first")
        second = stage.desks["second"]
        liar = Liar(there.store, stage.office, second.journal.place.capability)
        victim = Hand(second, liar)
        liar.script.frames = [*liar.all(), b"only for you" * 200]
        victim.pull()
        second.note(person.conversation, "who hears me?")
        liar.script.frames = None
        victim.send()
        with pytest.raises(RelayForked):
            Hand(stage.desks["first"], stage.courier(stage.desks["first"])).pull()


def test_recovery_cards_open_the_office_at_its_new_server(stage: Rehearsal) -> None:
    with elsewhere(stage) as there:
        there.found()
        desk = stage.desks["first"]
        parcels = desk.roster().parcels
        sealing = sealing_of(stage.recovery_secret)
        opened: list[crew.HeldKey] = []
        for name in parcels:
            with suppress(NotFound):
                opened += crew.open_parcel(there.courier(desk).parcel(name), stage.office, sealing)
        assert set(opened) == set(desk.journal.keychain.all())


def test_old_servers_capability_opens_nothing_at_the_new_one(stage: Rehearsal) -> None:
    old = stage.desks["first"].journal.place.capability
    with elsewhere(stage) as there:
        there.found()
        with pytest.raises(UnknownCapability):
            StoreCourier(there.store, stage.office, old).frames(0, 1 << 20)


def test_order_of_the_new_log_decides_what_counts_of_a_fork(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.join("late")
    sync(stage, "first", "second", "late", "first", "second")
    late, second = stage.desks["late"], stage.desks["second"]
    number = late.journal.pen.sequence + 1
    rival = sign_again(stage, "late", number, [note_of(stage, person, "a thief's")])
    stage.courier(second).append([rival])
    late.note(person.conversation, "hers")
    Hand(late, stage.courier(late)).send()
    sync(stage, "second")
    assert "device_forked" in {one.code for one in second.status().troubles}
    with elsewhere(stage) as there:
        text = there.found()
        # At the old relay the thief's came first, at the new one hers does.
        there.follow("late", text)
        there.follow("second", text)
        sync(stage, "first", "second", "first")
        for name in ("first", "second"):
            same_however_read(stage.desks[name], monkeypatch)
        assert picture(stage.desks["first"])[:2] == picture(stage.desks["second"])[:2]


def test_another_steward_signs_for_the_new_relay_when_who_moved_is_suspended(
    tmp_path: Path,
) -> None:
    with Rehearsal(tmp_path) as stage:
        first, second = stage.found(), stage.join(roles=STEWARD)
        sync(stage, "first", "second", "first")
        before = cut(first, second)
        with elsewhere(stage) as there:
            text = there.found("second")
            there.follow("first", text)
            first = stage.desks["first"]
            tell(first, DeviceSuspended((before,), "taken"))
            sync(stage, "first")
            assert first.roster().relay_key != first.journal.place.relay_key
            with pytest.raises(NotThisOffice):
                stage.join("third")
            anew.sign_again(first.journal)
            sync(stage, "first")
            assert first.roster().relay_key == first.journal.place.relay_key
            third = stage.join("fourth")
            sync(stage, "first", "fourth", "first")
            assert not third.status().troubles
            assert not first.status().troubles
