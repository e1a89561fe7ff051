# SPDX-License-Identifier: AGPL-3.0-or-later
"""New keys after a removal, from desk to desk: real stores, real parcels, a relay in memory."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import pytest

from safeconduct.edges.desk import check
from safeconduct.edges.desk.engine import post, rotating
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import Keychain
from safeconduct.edges.desk.engine.new_keys import LACKING, LONGEST_PAUSE, MISSING, learn
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal import VaultEpoch, frame_epoch, open_frame
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.wire.refusals import NotFound
from safeconduct.kernel.words import VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import OFFICE_KEY, EpochOpened, KeysGranted
from safeconduct.rooms.crew.events import DeviceReadmitted, DeviceSuspended
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.steps import Hand, Person, pass_on
from tests.sim.test_desk_guards import codes, notes
from tests.sim.test_forks import note_of, picture, sign_again
from tests.sim.test_removed_devices import cut, quickly, tell
from tests.sim.test_roster_heads import STEWARD

TEAM: Final = VaultId(b"t" * 16)


def suspend(stage: Rehearsal, *names: str) -> None:
    """Let the first desk suspend others, and ask for new keys."""
    first = stage.desks["first"]
    tell(first, DeviceSuspended(tuple(cut(first, stage.desks[name]) for name in names), "lost"))
    rotating.ask(first.journal)


def newest(desk: Desk) -> int:
    return desk.journal.keys.newest()[OFFICE_KEY][0]


def opened_by(journal: Journal, frames: list[bytes]) -> int:
    """How many frames a desk's keychain opens."""
    count = 0
    for frame in frames:
        with suppress(SafeconductError):
            open_frame(frame, journal.office, journal.keychain.office)
            count += 1
    return count


class Withholding(StoreCourier):
    """A relay that has no parcels for whoever asks."""

    asked = 0
    holds = False

    def parcel(self, name: bytes) -> bytes:
        self.asked += 1
        if not self.holds:
            raise NotFound
        return super().parcel(name)


def withholding(stage: Rehearsal, name: str) -> Withholding:
    journal = stage.desks[name].journal
    return Withholding(stage.store, stage.office, journal.place.capability)


def test_those_who_remain_read_on_and_who_was_removed_does_not(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    stage.join("third")
    stage.join("away")
    pass_on(stage, "first", "second", "third", "away")
    suspend(stage, "second")
    pass_on(stage, "first", "third", "first")
    before = stage.desks["third"].journal.log.size()
    assert newest(first) == newest(stage.desks["third"]) > 1
    first.note(person.conversation, "under the new key")
    stage.clock.time += 1
    stage.desks["third"].note(person.conversation, "so is this")
    pass_on(stage, "first", "third", "first", "second", "away")
    for name in ("first", "third", "away"):
        assert notes(stage, name, person) == ["under the new key", "so is this"]
        assert check.verify_store(stage.desks[name].journal).findings == ()
    frames = first.journal.log.frames(before, 9)
    assert {frame_epoch(frame) for frame in frames} == {newest(first)}
    assert opened_by(second.journal, frames) == 0
    assert notes(stage, "second", person) == []
    assert newest(second) == 1


def test_a_rotation_is_told_in_the_vault_of_the_crew_and_done_once(stage: Rehearsal) -> None:
    first = stage.desks["first"]
    suspend(stage, "second")
    pass_on(stage, "first", "first", "first")
    facts = [heard.fact for heard in first.journal.keys.facts().heard]
    fresh = [fact for fact in facts if isinstance(fact, EpochOpened) and fact.epoch > 1]
    vaults = {OFFICE_KEY, first.journal.crew_vault, first.journal.hotline_vault}
    assert {fact.vault for fact in fresh} == vaults
    assert len(fresh) == 3
    assert {fact.devices for fact in fresh} == {(first.device,)}
    assert not rotating.asked(first.journal)


def test_a_desk_that_opens_anew_and_one_that_joins_read_everything(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = stage.desks["first"]
    first.note(person.conversation, "before")
    suspend(stage, "second")
    pass_on(stage, "first", "first")
    first.note(person.conversation, "after")
    pass_on(stage, "first")
    quickly(monkeypatch)
    late = stage.join("late")
    pass_on(stage, "late", "first")
    assert notes(stage, "late", person) == ["before", "after"]
    late.stop()
    again = stage.unlock("late")
    again.journal.read_again()
    assert notes(stage, "late", person) == ["before", "after"]
    for name in ("first", "late"):
        vaults = stage.desks[name].journal.keys.vaults().values()
        assert {vault.known for vault in vaults} == {frozenset({first.device, late.device})}


STEPS = ("put_parcel", "write", "keep")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True])
def test_a_rotation_that_is_cut_at_any_step_is_taken_up_and_does_nothing_twice(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch, step: str, *, after: bool
) -> None:
    stage.join("third")
    pass_on(stage, "first", "second", "third")
    suspend(stage, "second")
    with monkeypatch.context() as cutting:
        cut_at(cutting, step, after=after)
        with pytest.raises(KeyboardInterrupt):
            pass_on(stage, "first")
    stage.desks["first"].stop()
    first = stage.unlock("first")
    first.note(person.conversation, "meanwhile")
    pass_on(stage, "first", "third", "first")
    assert newest(first) == newest(stage.desks["third"]) > 1
    assert notes(stage, "third", person) == ["meanwhile"]
    heard = first.journal.keys.facts().heard
    assert len({h.fact.epoch for h in heard if isinstance(h.fact, EpochOpened)}) == 2
    assert check.verify_store(first.journal).findings == ()


def cut_at(cutting: pytest.MonkeyPatch, step: str, *, after: bool) -> None:
    """End a desk before or after a step of its rotation."""
    owner: type | object = {"put_parcel": StoreCourier, "write": Journal, "keep": rotating}[step]
    name = {"put_parcel": "put_parcel", "write": "_append", "keep": "keep"}[step]
    done = getattr(owner, name)

    def ends(*args: object) -> object:
        if after:
            done(*args)
        raise KeyboardInterrupt

    cutting.setattr(owner, name, ends)


@pytest.mark.parametrize("step", ["parcel", "add", "load", "offer_again"])
def test_a_desk_that_is_cut_while_it_takes_keys_takes_them_later(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    third = stage.join("third")
    pass_on(stage, "first", "second", "third")
    suspend(stage, "second")
    pass_on(stage, "first", "first")
    stage.desks["first"].note(person.conversation, "after")
    pass_on(stage, "first")
    owner = {"parcel": StoreCourier, "add": Keychain}.get(step, Journal)
    with monkeypatch.context() as cutting:
        cutting.setattr(owner, step, interrupt)
        with pytest.raises(KeyboardInterrupt):
            pass_on(stage, "third")
    third.stop()
    third = stage.unlock("third")
    pass_on(stage, "third")
    assert notes(stage, "third", person) == ["after"]
    assert check.verify_store(third.journal).findings == ()


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_parcel_that_is_withheld_is_asked_for_again_and_stops_nothing_else(
    stage: Rehearsal, person: Person
) -> None:
    stage.join("third")
    pass_on(stage, "first", "second", "third")
    suspend(stage, "second")
    pass_on(stage, "first", "first")
    stage.desks["first"].note(person.conversation, "after")
    pass_on(stage, "first")
    relay = withholding(stage, "third")
    hand = Hand(stage.desks["third"], relay)
    for _ in range(3):
        hand.sync()
    assert relay.asked == 1
    assert MISSING in codes(stage, "third")
    person.write("A new message.")
    hand.sync()
    relay.holds = True
    stage.clock.time += LONGEST_PAUSE
    hand.sync()
    assert notes(stage, "third", person) == ["after"]
    assert hand.desk.conversation(person.conversation).messages[-1].text == "A new message."  # type: ignore[union-attr]
    assert MISSING not in codes(stage, "third")


def test_a_parcel_that_lacks_what_its_fact_says_is_named_and_asked_for_once(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    parcel = crew.write_parcel(first.journal.keys.packer(stage.world.rng), "empty", [])
    stage.courier(first).put_parcel(parcel)
    keys = crew.key_groups([VaultEpoch(TEAM, 1)])
    tell(first, KeysGranted(keys, crew.parcel_hash(parcel), (second.device,), ()))
    suspend(stage)
    first.note(person.conversation, "goes on")
    pass_on(stage, "first")
    relay = withholding(stage, "second")
    relay.holds = True
    hand = Hand(second, relay)
    for _ in range(3):
        hand.sync()
        stage.clock.time += LONGEST_PAUSE
    assert relay.asked == 1
    assert LACKING in codes(stage, "second")
    assert notes(stage, "second", person) == ["goes on"]


def test_two_stewards_who_rotate_at_once_end_with_one_key(stage: Rehearsal, person: Person) -> None:
    first, third = stage.desks["first"], stage.join("third", STEWARD)
    pass_on(stage, "first", "second", "third")
    suspend(stage, "second")
    pass_on(stage, "third")
    assert post.push(first.journal, stage.courier(first))
    rotating.ask(third.journal)
    hands = [Hand(desk, stage.courier(desk)) for desk in (first, third)]
    for hand in hands:
        hand.pull()
    assert newest(first) != newest(third)
    pass_on(stage, "first", "third", "first", "third")
    assert newest(first) == newest(third)
    third.note(person.conversation, "one key")
    pass_on(stage, "third", "first")
    assert notes(stage, "first", person) == ["one key"]


def test_who_is_brought_back_is_given_the_keys_again(stage: Rehearsal, person: Person) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    removal = DeviceSuspended((cut(first, second),), "lost")
    commit = tell(first, removal)
    rotating.ask(first.journal)
    pass_on(stage, "first", "first")
    first.note(person.conversation, "meanwhile")
    lifts = (crew.Told(commit, first.device, "", b"").id,)
    tell(first, DeviceReadmitted(cut(first, second), lifts))
    pass_on(stage, "first", "first", "second")
    assert newest(second) == 1
    # Those of the office and of the crew come to its door; what else it was given is told there.
    held = first.journal.keychain.held()
    vaults = first.journal.keys.vaults()
    at = [vaults[vault].newest for vault in (OFFICE_KEY, first.journal.crew_vault)]
    learn(second.journal, {where: held[where] for where in at})
    assert notes(stage, "second", person) == []
    pass_on(stage, "second")
    assert newest(second) == newest(first) > 1
    assert notes(stage, "second", person) == ["meanwhile"]
    known = first.journal.keys.vaults()[first.journal.hotline_vault].known
    assert known == {first.device, second.device}


def test_keys_are_taken_and_renewed_by_the_threads_of_a_desk(
    stage: Rehearsal, person: Person
) -> None:
    first, third = stage.desks["first"], stage.join("third")
    pass_on(stage, "first", "second", "third")
    for desk in (first, third):
        courier: Courier = stage.courier(desk)
        desk.start(courier)
    suspend(stage, "second")
    for _ in range(300):
        if newest(third) > 1:
            break
        third.wait_for_change(third.changes(), 0.1)
    assert newest(third) == newest(first) > 1


def test_a_fork_that_a_late_key_brings_to_light_is_the_same_on_every_desk(
    stage: Rehearsal, person: Person
) -> None:
    thief, third = stage.join("thief", STEWARD), stage.join("third")
    pass_on(stage, "first", "second", "thief", "third")
    suspend(stage, "second")
    sequence = thief.journal.pen.sequence + 1
    rival = sign_again(stage, "thief", sequence, [note_of(stage, person, "under the old key")])
    pass_on(stage, "first", "first", "thief")
    thief.note(person.conversation, "under the new key")
    Hand(thief, stage.courier(thief)).send()
    stage.courier(thief).append([rival])
    relay = withholding(stage, "third")
    hand = Hand(third, relay)
    hand.pull()
    assert notes(stage, "third", person) == ["under the old key"]
    relay.holds = True
    stage.clock.time += LONGEST_PAUSE
    hand.pull()
    pass_on(stage, "first")
    assert picture(third) == picture(stage.desks["first"])
    assert notes(stage, "third", person) == []
