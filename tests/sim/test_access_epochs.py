# SPDX-License-Identifier: AGPL-3.0-or-later
"""What follows a removal: a new access epoch, letters into doors, parcels that go."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from safeconduct.edges.desk.engine import doors, post, removing
from safeconduct.edges.desk.engine.doors import AccessLost, Found
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.wire.refusals import UnknownCapability
from safeconduct.kernel.words import Address, Instant
from safeconduct.rooms.crew import Standing, parcel_hash
from safeconduct.rooms.crew.events import (
    CrewFact,
    DeviceExpelled,
    DeviceReadmitted,
    DeviceSuspended,
    Seconded,
)
from tests.kit.offices import wait
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.steps import Hand, Person, sync
from tests.sim.test_removed_devices import cut, tell
from tests.sim.test_roster_heads import STEWARD

LETTER = 17_522
"""Bytes of each item in a door: version, HPKE, and a letter of 16 KiB."""


def epoch_of(desk: Desk) -> int:
    """The access epoch whose control key a steward's desk holds."""
    control = desk.journal.keychain.control()
    assert control is not None
    return control.epoch


def look(stage: Rehearsal, desk: Desk) -> Found:
    return doors.look(desk.journal, stage.courier(desk))


def follow(stage: Rehearsal, by: Desk, *facts: CrewFact) -> None:
    """Write facts, and let what follows be done."""
    tell(by, *facts)
    Hand(by, stage.courier(by)).sync()


def suspended(by: Desk, device: Desk) -> DeviceSuspended:
    return DeviceSuspended((cut(by, device),), "lost")


def kept_by_relay(stage: Rehearsal) -> list[tuple[bytes, int]]:
    """Every letter at the relay: its address and its length."""
    query = "SELECT address, length(body) FROM boxes WHERE meeting = 0"
    return [(row[0], row[1]) for row in stage.store.parts.database.reader().execute(query)]


def dropped(stage: Rehearsal) -> set[bytes]:
    """The parcels that the relay was told to drop."""
    query = "SELECT hash FROM parcels JOIN leaving USING (number) WHERE kind = 2"
    return {row[0] for row in stage.store.parts.database.reader().execute(query)}


class Watching(StoreCourier):
    """A relay of which every call that changes something is noted, and may be cut."""

    def __init__(self, inner: StoreCourier, cut_at: int = 0, *, late: bool = False) -> None:
        super().__init__(inner.store, inner.office, inner._capability)
        self.calls: list[str] = []
        self.posted: list[list[tuple[Address, Instant, bytes]]] = []
        self._cut_at, self._late = cut_at, late

    def _do(self, name: str, call: Callable[..., None], *given: object) -> None:
        self.calls.append(name)
        at_cut = len(self.calls) == self._cut_at
        if at_cut and not self._late:
            raise Unreachable
        call(*given)
        if at_cut:
            raise Unreachable

    def open_access(self, opening: bytes, proof: bytes) -> None:
        self._do("access", super().open_access, opening, proof)

    def post(self, letters: list[tuple[Address, Instant, bytes]]) -> None:
        self.posted.append(letters)
        self._do("post", super().post, letters)

    def drop_parcels(self, order: bytes, signature: bytes) -> None:
        self._do("drop", super().drop_parcels, order, signature)


@pytest.fixture
def third(stage: Rehearsal, person: Person) -> Desk:
    """A third desk; all three know of each other."""
    desk = stage.join("third")
    sync(stage, "first", "second", "third")
    return desk


def test_removed_device_loses_access_and_everybody_else_goes_on(
    stage: Rehearsal, person: Person, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    follow(stage, first, suspended(first, second))
    for desk in (second, third):
        with pytest.raises(UnknownCapability):
            Hand(desk, stage.courier(desk)).pull()
    assert look(stage, second) is Found.NOTHING
    assert look(stage, third) is Found.RENEWED
    assert look(stage, third) is look(stage, first) is Found.KNOWN
    assert third.journal.place.capability == first.journal.place.capability
    third.note(person.conversation, "Still here.")
    sync(stage, "third", "first")
    assert look(stage, second) is Found.NOTHING
    third.stop()
    assert look(stage, stage.unlock("third")) is Found.KNOWN


def test_running_desk_finds_the_new_way_by_itself_and_forgets_that_it_was_refused(
    stage: Rehearsal, person: Person, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    third.start(stage.courier(third))
    tell(first, suspended(first, second))
    hand = Hand(first, Watching(stage.courier(first), 2))
    with pytest.raises(Unreachable):  # The epoch is open, and no letter lies in a door.
        hand.send()
    third.note(person.conversation, "Kept.")
    wait(lambda: "unknown_capability" in troubles(third))
    hand.sync()
    wait(lambda: not third.status().unsent)
    assert third.journal.place.capability == first.journal.place.capability
    wait(lambda: not troubles(third))


def troubles(desk: Desk) -> list[str]:
    return [one.code for one in desk.status().troubles]


def test_every_door_gets_one_letter_of_one_length_and_dummies_fill_up(
    stage: Rehearsal, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    before = set(kept_by_relay(stage))
    follow(stage, first, suspended(first, second))
    letters = [one for one in kept_by_relay(stage) if one not in before]
    real = {
        Address(hashlib.sha256(desk.journal.secrets.door).digest())
        for desk in (first, second, third)
    }
    assert len(letters) == len(dict(letters)) == 4
    assert real < set(dict(letters))
    assert {length for _, length in letters} == {LETTER}
    assert len(real | set(dict(letters))) == 4
    follow(stage, first, suspended(first, third))
    assert set(dict(kept_by_relay(stage))) == set(dict(letters)) | set(dict(before))


def test_control_seed_goes_to_stewards_alone_and_is_new_where_one_was_removed(
    stage: Rehearsal, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    other, gone = stage.join("other", STEWARD), stage.join("gone")
    sync(stage, "first", "second", "third", "other", "gone")
    keys = [first.journal.keychain.control()]
    follow(stage, first, suspended(first, gone))
    for desk in (second, third, other):
        assert look(stage, desk) is Found.RENEWED
    keys.append(first.journal.keychain.control())
    assert other.journal.keychain.control() == keys[1]
    assert second.journal.keychain.control() is None
    sync(stage, "other", "first")
    follow(stage, first, suspended(first, other))
    keys.append(first.journal.keychain.control())
    assert [key.epoch for key in keys if key] == [1, 2, 3]
    assert [len({key.key for key in keys[:count] if key}) for count in (2, 3)] == [1, 2]
    assert look(stage, other) is Found.NOTHING


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [1, 2, 3], ids=["opening", "letters", "parcels"])
def test_what_follows_is_taken_up_where_a_cut_line_left_it(
    stage: Rehearsal, third: Desk, at: int, late: bool
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    tell(first, suspended(first, second))
    Hand(third, stage.courier(third)).sync()
    courier = Watching(stage.courier(first), at, late=late)
    with pytest.raises(Unreachable):
        Hand(first, courier).sync()
    first.stop()
    again = stage.unlock("first")
    rest = Watching(stage.courier(again))
    Hand(again, rest).sync()
    assert (courier.calls + rest.calls).count("access") == 1 + (at == 1)
    assert len({tuple(letters) for letters in courier.posted + rest.posted}) == 1
    assert epoch_of(again) == 2
    assert look(stage, third) is Found.RENEWED
    assert len(dropped(stage)) == 1
    assert not removing.follow_up(again.journal, rest)


class Cut(Exception):
    """The power failed before something was kept."""


@pytest.mark.parametrize("at", range(1, 8))
def test_what_follows_is_taken_up_whatever_was_not_kept(
    stage: Rehearsal, third: Desk, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    tell(first, suspended(first, second))
    left, keep = [at], first.journal.store.put_setting

    def put(name: str, value: object) -> None:
        left[0] -= name in {"follow_up", "followed", "place"}
        if not left[0]:
            raise Cut
        keep(name, value)

    monkeypatch.setattr(first.journal.store, "put_setting", put)
    with pytest.raises(Cut):
        Hand(first, stage.courier(first)).sync()
    first.stop()
    again = stage.unlock("first")
    Hand(again, stage.courier(again)).sync()
    assert look(stage, again) is Found.KNOWN
    assert look(stage, third) is Found.RENEWED
    assert len(dropped(stage)) == 1
    assert not removing.follow_up(again.journal, stage.courier(again))


def test_steward_that_lost_the_race_learns_the_others_and_opens_the_next(
    stage: Rehearsal, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    other = stage.join("other", STEWARD)
    sync(stage, "first", "second", "third", "other")
    tell(first, suspended(first, second))
    tell(other, suspended(other, third))
    hands = [Hand(desk, stage.courier(desk)) for desk in (first, other)]
    assert post.push(other.journal, hands[1].loops.courier)
    hands[0].sync()
    for hand in (*hands[::-1], *hands[::-1]):
        hand.loops.admitted(hand.sync)
    assert first.journal.place.capability == other.journal.place.capability
    assert epoch_of(first) == 3
    assert {look(stage, desk) for desk in (second, third)} == {Found.NOTHING}


def test_desk_whose_door_is_silent_about_a_newer_epoch_says_so_and_changes_nothing(
    stage: Rehearsal, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    other = stage.join("other", STEWARD)
    sync(stage, "first", "second", "third", "other")
    tell(other, suspended(other, third))
    with pytest.raises(Unreachable):
        Hand(other, Watching(stage.courier(other), 2)).sync()
    before = first.journal.place
    tell(first, suspended(first, second))
    with pytest.raises(AccessLost):
        removing.follow_up(first.journal, stage.courier(first))
    assert first.journal.place == before
    Hand(other, stage.courier(other)).sync()
    courier = stage.courier(first)
    assert removing.follow_up(first.journal, courier)
    Hand(first, courier).sync()
    assert first.journal.place.capability not in {before.capability, other.journal.place.capability}


def test_device_that_two_stewards_brought_back_finds_the_way_in(
    stage: Rehearsal, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    other = stage.join("other", STEWARD)
    sync(stage, "first", "other", "third")
    removal = tell(first, suspended(first, third)) + bytes(4)
    sync(stage, "first")
    assert look(stage, other) is look(stage, second) is Found.RENEWED
    back = DeviceReadmitted(cut(first, third), (removal,))
    commit = tell(first, back)
    sync(stage, "first", "other")
    follow(stage, other, Seconded(commit + bytes(4), hashlib.sha256(encode(back)).digest()))
    assert epoch_of(other) == 2
    assert look(stage, third) is Found.RENEWED
    assert look(stage, second) is Found.KNOWN
    sync(stage, "third")
    assert third.roster().standing(third.device) is Standing.STANDING


def test_steward_without_the_control_seed_says_that_it_ends_nobodys_access(
    stage: Rehearsal, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    with first.journal.store.transaction() as writer:
        writer.execute("DELETE FROM held_keys WHERE kind = 'control'")
    first.stop()
    again = stage.unlock("first")
    follow(stage, again, suspended(again, second))
    assert "no_control_key" in troubles(again)
    assert look(stage, third) is Found.KNOWN


def test_parcels_for_the_removed_device_alone_are_let_go_and_no_other(
    stage: Rehearsal, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    opened = first.roster().epochs.values()
    named = {told.parcel for told in opened if told.devices != (second.device,)}
    follow(stage, first, suspended(first, second))
    (name,) = dropped(stage)
    parcel = stage.courier(first).parcel(name)
    assert parcel_hash(parcel) == name
    assert name in first.roster().parcels
    assert len(first.roster().parcels) == 3
    assert name not in named


def test_expulsion_is_followed_once_as_a_suspension_and_once_when_it_is_seconded(
    stage: Rehearsal, third: Desk
) -> None:
    first = stage.desks["first"]
    other = stage.join("other", STEWARD)
    sync(stage, "first", "other", "third")
    fact = DeviceExpelled((cut(first, third),), "taken")
    commit = tell(first, fact)
    sync(stage, "first")
    assert look(stage, other) is Found.RENEWED
    assert look(stage, third) is Found.NOTHING
    sync(stage, "other")
    digest = hashlib.sha256(encode(fact)).digest()
    follow(stage, other, Seconded(commit + bytes(4), digest))
    assert epoch_of(other) == 3
    assert look(stage, first) is Found.RENEWED
    sync(stage, "first", "other", "first")
    assert epoch_of(first) == 3
    assert look(stage, third) is Found.WIPE
