# SPDX-License-Identifier: AGPL-3.0-or-later
"""What follows the removal of a device, from the desk of who removed it (spec/crew.md 4).

Whoever brings one back writes into the doors too, so that it finds the way in that stands.

A new access epoch, letters into every door, and the removed device's own parcels let go at the
relay.  Each step is durable before the next; `follow_up` goes on where it stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from safeconduct.edges.desk.engine import doors, rotating
from safeconduct.edges.desk.engine.door_letters import letters_for_all
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import NO_ID
from safeconduct.edges.desk.engine.told import counted, signed_by_members
from safeconduct.kernel.canon import Codec, Record, encode
from safeconduct.kernel.errors import BadSignature, Untrusted
from safeconduct.kernel.log.checkpoint import parse_checkpoint
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.keys import LongSigningKey, SigningKey
from safeconduct.kernel.seal.sign import sign
from safeconduct.kernel.wire.bodies import Letter, Opening
from safeconduct.kernel.wire.orders import MOST_DROPPED, DropOrder
from safeconduct.kernel.wire.refusals import Conflict, Expired, NotFound
from safeconduct.kernel.words import Address, DeviceId, Instant
from safeconduct.rooms.crew import OFFICE_KEY, EpochOpened, HeldKey, KeysGranted, Role, Standing
from safeconduct.rooms.crew.claims import names
from safeconduct.rooms.crew.doors import NewEpoch
from safeconduct.rooms.crew.events import DeviceReadmitted, Seconded
from safeconduct.rooms.crew.parcel import is_for_one

KEY_BYTES: Final = 32
BACK: Final = Standing.STANDING.value
NO_CONTROL_KEY: Final = "no_control_key"
"""A steward's desk that was not given the control seed ends nobody's access."""


class Mark(Record, frozen=True):
    """A removal of one device, or what brought it back, and as what: each is followed once."""

    device: bytes
    removal: bytes
    standing: str


class FollowUp(Record, frozen=True):
    """What one round does, and the newest of its steps that is done."""

    marks: tuple[Mark, ...]
    epoch: int
    capability: bytes
    control: bytes
    done: str = "drawn"
    letters: tuple[Letter, ...] = ()


UNDER_WAY: Final[Codec[FollowUp]] = Codec(FollowUp, "follow_up")
FOLLOWED: Final[Codec[tuple[Mark, ...]]] = Codec(tuple[Mark, ...], "followed")


def follow_up(journal: Journal, courier: Courier) -> bool:
    """Do what follows from our removals; False when there is nothing to do before the next pull.

    Raises:
        AccessLost: a newer epoch stands, and our door does not say which; nothing was changed.
        Unreachable: later; what is done stays done.
    """
    found = journal.store.setting("follow_up", UNDER_WAY) or _draw(journal)
    if found is None:
        return False
    names = ("drawn", *_STEPS)
    while (at := names.index(found.done) + 1) < len(names):
        after = _STEPS[names[at]](journal, courier, found)
        if after is None:
            return not under_way(journal)  # It waits, or is drawn anew as somebody was faster.
        found = msgspec.structs.replace(after, done=names[at])
        journal.store.put_setting("follow_up", found)
    _finish(journal, found)
    return True


def under_way(journal: Journal) -> bool:
    """Tell whether something that was begun waits to go on."""
    return journal.store.setting("follow_up", UNDER_WAY) is not None


def _draw(journal: Journal) -> FollowUp | None:
    """Draw a capability, and a control key where a steward was removed; durable on return.

    Where devices were brought back and none removed, the letters say the way in that stands.
    """
    control, marks = journal.keychain.control(), tuple(due(journal))
    if not marks:
        return None
    if control is None:
        journal.trouble(NO_CONTROL_KEY)
        return None
    members, rng = journal.roster.members, journal.rng
    gone = [members[DeviceId(mark.device)] for mark in marks if mark.standing != BACK]
    steward = any(Role.STEWARD in member.had for member in gone)
    seed = rng.bytes(KEY_BYTES) if steward else control.key
    found = FollowUp(marks, control.epoch + 1, rng.bytes(KEY_BYTES), seed)
    if not gone:
        way = journal.place.capability
        found = FollowUp(marks, control.epoch, way, control.key, done="opened")
    journal.store.put_setting("follow_up", found)
    return found


def due(journal: Journal) -> Iterator[Mark]:
    """Yield the removals that this desk must follow: of the two that expel, the second does it."""
    roster, device = journal.roster, journal.device
    if Role.STEWARD not in roster.roles(device):
        return
    followed: tuple[Mark, ...] = journal.store.setting("followed", FOLLOWED) or ()
    for mark in _brought_back(journal):
        if roster.standing(DeviceId(mark.device)) is Standing.STANDING and mark not in followed:
            yield mark
    for who, removed in roster.removed.items():
        for name in removed.removals:
            removal = roster.removals[name]
            backed = removed.standing is Standing.EXPELLED and removal.expels
            standing = Standing.EXPELLED if backed else Standing.SUSPENDED
            mark = Mark(who, name, standing.value)
            seconds = [one for one in removal.seconds if one and backed]
            ours = (seconds or [removal.writer])[0]
            if ours == device and who in roster.members and mark not in followed:
                yield mark


def _brought_back(journal: Journal) -> Iterator[Mark]:
    """Yield the re-admissions that count and that this device seconded, or wrote if none did."""
    seconds = list(counted(journal, Seconded))
    for claim in counted(journal, DeviceReadmitted):
        signers = [one.signer for one in seconds if names(one, claim) and one.signer]
        ours = (signers or [claim.told.device])[0] == journal.device
        if isinstance(claim.fact, DeviceReadmitted) and ours:
            yield Mark(claim.fact.cut.device, claim.id, BACK)


def _open(journal: Journal, courier: Courier, found: FollowUp) -> FollowUp | None:
    """Open the epoch, and keep its capability and control key; the first valid opening wins."""
    control = journal.keychain.control()
    assert control is not None
    if control.epoch < found.epoch:
        digest = hashlib.sha256(found.capability).digest()
        following = SigningKey.from_seed(found.control).public.raw
        opening = encode(Opening(1, journal.office, found.epoch, digest, following))
        signer = SigningKey.from_seed(control.key)
        try:
            courier.open_access(opening, sign(signer, "access", journal.office, opening))
        except (Conflict, BadSignature) as error:
            doors.look(journal, courier)
            control = journal.keychain.control()
            if control is None or control.epoch < found.epoch:
                raise doors.AccessLost from error
        else:
            key = HeldKey("control", NO_ID, found.epoch, found.control)
            doors.keep_way(journal, courier, found.capability, [key])
            return found
    if journal.place.capability == found.capability:
        return found  # It was opened, and what kept it was cut before it said so.
    _forget(journal)
    return None


def _seal(journal: Journal, courier: Courier, found: FollowUp) -> FollowUp | None:
    """Seal a letter for every door, so that a cut sends the same ones again.

    Not before the whole log was read: whom a colleague removed meanwhile would be let in again;
    nor before the keys are renewed, so that the letters bring the newest.
    """
    checkpoint = parse_checkpoint(courier.checkpoint("log"), journal.place.relay())
    if journal.log.read_to() < checkpoint.size or _renewing(journal):
        return None
    return with_letters(journal, found)


def with_letters(journal: Journal, found: FollowUp, root: LongSigningKey | None = None) -> FollowUp:
    """Return a round with its letters, sealed; by the root key, or else by this device."""
    with journal.store.lock:
        keys = journal.keys.newest()
        both = (*keys[OFFICE_KEY], *keys[journal.crew_vault])
        said = NewEpoch(*both, found.epoch, found.capability, found.control, 0)
        return msgspec.structs.replace(found, letters=letters_for_all(journal, said, root))


def _renewing(journal: Journal) -> bool:
    """Tell whether this desk is to renew keys first, and can."""
    return rotating.asked(journal) and rotating.able(journal)


def _post(journal: Journal, courier: Courier, found: FollowUp) -> FollowUp:
    sent = [(Address(one.address), Instant(one.expires), one.item) for one in found.letters]
    try:
        courier.post(sent)
    except Expired:
        again = msgspec.structs.replace(found, done="opened", letters=())
        journal.store.put_setting("follow_up", again)
        raise
    return msgspec.structs.replace(found, letters=())


def _let_go(journal: Journal, courier: Courier, found: FollowUp) -> FollowUp:
    """Let the relay drop the parcels that hold keys for the removed devices alone."""
    gone = [mark.device for mark in found.marks if mark.standing != BACK]
    names = [name for device in gone for name in _own_parcels(journal, courier, device)]
    control = journal.keychain.control()
    assert control is not None
    signer = SigningKey.from_seed(control.key)
    for start in range(0, len(names), MOST_DROPPED):
        some = names[start : start + MOST_DROPPED]
        order = encode(DropOrder("drop", journal.office, control.epoch, some))
        courier.drop_parcels(order, sign(signer, "access", journal.office, order))
    return found


def _own_parcels(journal: Journal, courier: Courier, device: bytes) -> Iterator[bytes]:
    member = journal.roster.members.get(DeviceId(device))
    if member is None:
        return
    for name in sorted(_named_for(journal, device)):
        try:
            parcel = courier.parcel(name)
        except (NotFound, Untrusted):
            continue
        if is_for_one(parcel, journal.office, member.device.sealing):
            yield name


def _named_for(journal: Journal, device: bytes) -> set[bytes]:
    """Return the parcels of which a fact says that this device was given keys in them."""
    named: set[bytes] = set()
    for claim in signed_by_members(journal, EpochOpened, KeysGranted):
        fact = claim.fact
        if isinstance(fact, EpochOpened | KeysGranted) and device in fact.devices:
            named.add(fact.parcel)
    return named


def _finish(journal: Journal, found: FollowUp) -> None:
    followed = journal.store.setting("followed", FOLLOWED) or ()
    with journal.store.transaction():
        journal.store.put_setting("followed", (*followed, *found.marks))
        _forget(journal)


def _forget(journal: Journal) -> None:
    with journal.store.transaction() as writer:
        writer.execute("DELETE FROM settings WHERE name = 'follow_up'")


Step = Callable[[Journal, Courier, FollowUp], FollowUp | None]
_STEPS: Final[dict[str, Step]] = {
    "opened": _open,
    "sealed": _seal,
    "posted": _post,
    "let_go": _let_go,
}
"""The steps in their order, each by the name of what is done after it."""
