# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody writes into doors, or was removed and reaches for what comes after (spec/crew.md 5)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec import structs

from safeconduct.edges.desk.engine import doors, post, rotating
from safeconduct.edges.desk.engine.doors import Found
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import BadSignature
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.seal.keys import LongSigningKey, SigningKey
from safeconduct.kernel.seal.sign import sign, sign_long
from safeconduct.kernel.wire.bodies import Opening
from safeconduct.kernel.words import DAY, Address, Instant
from safeconduct.rooms.crew import OFFICE_KEY, kind_of
from safeconduct.rooms.crew.doors import (
    Door,
    Message,
    NewEpoch,
    Wipe,
    open_letter,
    seal_letter,
    write_letter,
)
from safeconduct.rooms.crew.events import (
    CrewFact,
    DeviceExpelled,
    DeviceReadmitted,
    Seconded,
    Signed,
    hash_of,
)
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.steps import Hand, Person, pass_on, sync
from tests.sim.test_access_epochs import Watching, epoch_of, follow, look, suspended
from tests.sim.test_removed_devices import cut, tell
from tests.sim.test_roster_heads import STEWARD, written

pytestmark = pytest.mark.attack

LAST_EPOCH = (1 << 32) - 1


def door_of(desk: Desk) -> Door:
    member = desk.roster().members[desk.device]
    return Door(desk.journal.office, member.device.door)


def put(stage: Rehearsal, by: Desk, to: Desk, letter: bytes) -> None:
    """Lay a letter into a desk's door, with the capability that a desk has."""
    door, key = door_of(to), to.journal.secrets.sealing_key().public
    item = seal_letter(letter, door, key)
    stage.courier(by).post([(door.address, Instant(stage.clock.now() + DAY), item)])


def order(stage: Rehearsal, by: Desk, to: Desk, message: Message) -> None:
    """Write to a desk in the name of another, with that one's own key."""
    key = by.journal.secrets.signing_key()
    put(stage, by, to, write_letter(message, door_of(to), by.device, key))


def second_of(by: Desk, removal: bytes, fact: DeviceExpelled) -> bytes:
    """What a steward signs who seconds an expulsion."""
    raw = encode(Seconded(removal, hash_of(Signed(encode(fact), b"", b""))))
    key: LongSigningKey = by.journal.secrets.signing_key()
    return sign_long(key, "roster", by.journal.office, b"crew.Seconded\0" + raw)


@pytest.fixture
def other(stage: Rehearsal, person: Person) -> Desk:
    """A second steward; all desks know of each other."""
    desk = stage.join("other", STEWARD)
    sync(stage, "first", "second", "other")
    return desk


@pytest.fixture
def shut_out(stage: Rehearsal, other: Desk) -> Desk:
    """A colleague's desk that was suspended, and refused by the relay since."""
    first, second = stage.desks["first"], stage.desks["second"]
    third = stage.join("third")
    sync(stage, "third", "first", "other")
    follow(stage, first, suspended(first, third))
    for desk in (second, other):
        assert look(stage, desk) is Found.RENEWED
    return third


def a_way_in(by: Desk, control: bytes = b"", epoch: int = 2) -> NewEpoch:
    """The capability that stands, as a letter says it."""
    keys = by.journal.keys.newest()
    both = (*keys[OFFICE_KEY], *keys[by.journal.crew_vault])
    return NewEpoch(*both, epoch, by.journal.place.capability, control, 0)


def test_letter_of_who_is_no_steward_is_not_taken(stage: Rehearsal, shut_out: Desk) -> None:
    second = stage.desks["second"]
    order(stage, second, shut_out, a_way_in(second))
    assert look(stage, shut_out) is Found.NOTHING


def test_letter_for_another_door_is_not_taken(stage: Rehearsal, shut_out: Desk) -> None:
    second = stage.desks["second"]
    key, courier = second.journal.secrets.sealing_key(), stage.courier(second)
    (item,) = [item for _, _, item in courier.collect(door_of(second).address, 0)]
    letter = open_letter(item, door_of(second), key)
    assert letter is not None
    put(stage, second, shut_out, encode(letter))
    assert look(stage, shut_out) is Found.NOTHING


def expel(stage: Rehearsal, device: Desk) -> tuple[bytes, DeviceExpelled]:
    """Let the first steward alone expel a device; nothing follows yet."""
    first = stage.desks["first"]
    fact = DeviceExpelled((cut(first, device),), "taken")
    return tell(first, fact) + bytes(4), fact


def test_wipe_order_of_one_steward_alone_wipes_nothing(stage: Rehearsal, shut_out: Desk) -> None:
    first = stage.desks["first"]
    removal, fact = expel(stage, shut_out)
    alone = second_of(first, removal, fact)
    order(stage, first, shut_out, Wipe(removal, encode(fact), 1, first.device, alone))
    assert look(stage, shut_out) is Found.NOTHING


def test_wipe_order_with_a_forged_second_wipes_nothing(
    stage: Rehearsal, shut_out: Desk, other: Desk
) -> None:
    first = stage.desks["first"]
    removal, fact = expel(stage, shut_out)
    forged = second_of(first, removal, fact)
    order(stage, first, shut_out, Wipe(removal, encode(fact), 1, other.device, forged))
    assert look(stage, shut_out) is Found.NOTHING


def test_wipe_order_of_another_devices_expulsion_wipes_nothing(
    stage: Rehearsal, shut_out: Desk, other: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    removal, fact = expel(stage, second)
    agreed = second_of(other, removal, fact)
    order(stage, first, shut_out, Wipe(removal, encode(fact), 1, other.device, agreed))
    assert look(stage, shut_out) is Found.NOTHING


class Remembering(StoreCourier):
    """A relay that shows old letters in one door, and no new ones."""

    old: Sequence[tuple[int, Instant, bytes]] = ()

    def collect(self, _: Address, after: int) -> list[tuple[int, Instant, bytes]]:  # noqa: ARG002
        return list(self.old)


def test_wipe_order_of_an_expulsion_that_was_lifted_wipes_nothing(
    stage: Rehearsal, other: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    removal, fact = expel(stage, second)
    agreed = second_of(other, removal, fact)
    order(stage, first, second, Wipe(removal, encode(fact), 1, other.device, agreed))
    back = DeviceReadmitted(cut(first, second), (removal,))
    lifted = tell(first, back) + bytes(4)
    pass_on(stage, "first", "other")
    tell(other, Seconded(lifted, hash_of(Signed(encode(back), b"", b""))))
    relay = Remembering(stage.store, stage.office, second.journal.place.capability)
    relay.old = stage.courier(second).collect(door_of(second).address, 0)
    pass_on(stage, "other", "second", "first")
    third = stage.join("third")
    follow(stage, first, suspended(first, third))
    assert doors.look(second.journal, relay) is Found.NOTHING


def test_who_was_removed_is_not_let_in_again_by_a_colleague_who_had_not_read_of_it(
    stage: Rehearsal, other: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    third = stage.join("third")
    sync(stage, "third", "first", "other")
    tell(other, suspended(other, third))
    hand = Hand(other, stage.courier(other))
    assert post.push(other.journal, hand.loops.courier)
    follow(stage, first, suspended(first, second))
    for _ in range(2):
        hand.loops.admitted(hand.send)
    assert epoch_of(other) == 3
    hand.sync()
    assert look(stage, first) is Found.RENEWED
    assert look(stage, second) is Found.NOTHING


def test_informer_who_is_no_steward_learns_no_control_seed(stage: Rehearsal, other: Desk) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    third = stage.join("third")
    sync(stage, "third", "first")
    follow(stage, first, suspended(first, third))
    assert look(stage, second) is Found.RENEWED
    assert second.journal.keychain.control() is None


def test_false_control_key_in_a_door_takes_no_steward_the_true_one(
    stage: Rehearsal, other: Desk
) -> None:
    first, third = stage.desks["first"], stage.join("third")
    sync(stage, "third", "first", "other")
    follow(stage, other, suspended(other, third))
    true = other.journal.keychain.control()
    assert true is not None
    for key, epoch in ((true.key, LAST_EPOCH), (b"nobody's key".ljust(32), 3)):
        order(stage, other, first, a_way_in(other, key, epoch))
    assert look(stage, first) is Found.RENEWED
    sync(stage, "other", "first")
    follow(stage, first, suspended(first, other))
    assert epoch_of(first) == 3
    assert look(stage, other) is Found.NOTHING


def test_false_key_in_a_door_gives_way_to_the_one_that_a_fact_brings(
    stage: Rehearsal, person: Person, other: Desk
) -> None:
    first, second, third = stage.desks["first"], stage.desks["second"], stage.join("third")
    sync(stage, "third", "first", "other")
    rotating.ask_all(first.journal)
    follow(stage, first, suspended(first, second))
    sync(stage, "first", "first")
    first.note(person.conversation, "Under the new key.")
    assert look(stage, other) is Found.RENEWED
    sync(stage, "first", "other")
    said, false = a_way_in(other), b"nobody's key".ljust(32)
    assert said.office_epoch > 1
    order(stage, other, third, structs.replace(said, office_key=false, crew_key=false))
    assert look(stage, third) is Found.RENEWED
    stage.clock.time += 1
    third.note(person.conversation, "Under a key that others have.")
    sync(stage, "third", "other")
    for desk in (third, other):
        assert written(desk, person) == ["Under the new key.", "Under a key that others have."]


def test_steward_that_was_removed_opens_no_epoch_with_the_key_that_it_knew(
    stage: Rehearsal, other: Desk
) -> None:
    first, known = stage.desks["first"], other.journal.keychain.control()
    assert known is not None
    follow(stage, first, suspended(first, other))
    key = SigningKey.from_seed(known.key)
    opening = encode(Opening(1, stage.office, 3, bytes(32), key.public.raw))
    with pytest.raises(BadSignature):
        stage.courier(other).open_access(opening, sign(key, "access", stage.office, opening))


def test_relay_cannot_count_devices_by_the_letters_in_their_doors(
    stage: Rehearsal, other: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    relay = Watching(stage.courier(first))
    tell(first, suspended(first, second))
    Hand(first, relay).sync()
    (letters,) = relay.posted
    assert len(letters) == 4
    assert [address for address, _, _ in letters] == sorted(address for address, _, _ in letters)


def test_relay_cannot_tell_by_its_length_what_a_letter_says(stage: Rehearsal, other: Desk) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    relay = Watching(stage.courier(first))
    tell(first, suspended(first, second))
    Hand(first, relay).sync()
    assert len({len(item) for _, _, item in relay.posted[0]}) == 1


def forge(by: Desk, signer: bytes, fact: CrewFact) -> bytes:
    """Write a roster fact in the name of another; return its id."""
    body = encode(Signed(encode(fact), signer, bytes(64)))
    told = Fact(by.journal.crew_vault, kind_of(fact), 1, body)
    return by.journal.write([told]) + bytes(4)


@pytest.fixture
def helper(stage: Rehearsal, shut_out: Desk) -> Desk:
    """A helper's desk that was let in again after the round that shut another out."""
    sync(stage, "second", "other", "first")
    return stage.desks["second"]


def seconded(removal: bytes, fact: CrewFact) -> Seconded:
    return Seconded(removal, hash_of(Signed(encode(fact), b"", b"")))


def test_forged_second_keeps_no_expulsion_from_being_followed(
    stage: Rehearsal, shut_out: Desk, helper: Desk, other: Desk
) -> None:
    removal, fact = expel(stage, shut_out)
    sync(stage, "first")
    assert look(stage, helper) is look(stage, other) is Found.RENEWED
    sync(stage, "second")
    forge(helper, b"nobody's device.", seconded(removal, fact))
    sync(stage, "second", "other")
    before = epoch_of(other)
    follow(stage, other, seconded(removal, fact))
    assert epoch_of(other) == before + 1


def test_forged_second_makes_no_wipe_order_void(
    stage: Rehearsal, shut_out: Desk, helper: Desk, other: Desk
) -> None:
    first = stage.desks["first"]
    removal, fact = expel(stage, shut_out)
    sync(stage, "first")
    assert look(stage, helper) is look(stage, other) is Found.RENEWED
    sync(stage, "second")
    forge(helper, other.device, seconded(removal, fact))
    sync(stage, "second", "first", "other")
    follow(stage, other, seconded(removal, fact))
    assert look(stage, first) is Found.RENEWED
    sync(stage, "first")
    follow(stage, first, suspended(first, helper))
    relay = Remembering(stage.store, stage.office, shut_out.journal.place.capability)
    relay.old = stage.courier(shut_out).collect(door_of(shut_out).address, 0)[-1:]
    assert doors.look(shut_out.journal, relay) is Found.WIPE


def test_forged_readmission_makes_no_steward_post_letters(
    stage: Rehearsal, helper: Desk, other: Desk
) -> None:
    removal = b"removed by nobody".ljust(36)
    back = DeviceReadmitted(cut(helper, other), (removal,))
    forge(helper, other.device, seconded(tell(helper, back) + bytes(4), back))
    sync(stage, "second", "other")
    relay = Watching(stage.courier(other))
    Hand(other, relay).sync()
    assert relay.posted == []
