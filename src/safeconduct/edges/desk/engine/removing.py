# SPDX-License-Identifier: AGPL-3.0-or-later
"""What follows the removal of a device, from the desk of who removed it (spec/crew.md 4).

Whoever brings one back writes into the doors too, so that it finds the way in that stands.
Whoever gives or takes the role steward opens an access epoch: a steward's letter holds the seeds of
the control key and of the intake-signing key, and after a steward there is a new control key.

A new access epoch, letters into every door, and the removed device's own parcels let go at the
relay; then the log is told.  Each step is durable before the next; `follow_up` goes on where it
stopped.  `overdue` says what is this desk's to do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

import msgspec

from safeconduct.edges.desk.engine import doors, new_root, overdue, page_key, rotating, tracing
from safeconduct.edges.desk.engine.door_letters import letters_for_all
from safeconduct.edges.desk.engine.drawing import (
    UNDER_WAY,
    FollowUp,
    draw,
    opens_nothing,
    read_whole,
    under_way,
)
from safeconduct.edges.desk.engine.following import (
    BACK,
    FOLLOWED,
    GONE,
    ends_a_steward,
    outstanding,
)
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import NO_ID
from safeconduct.edges.desk.engine.lasting import RENEWED
from safeconduct.edges.desk.engine.pen import crew_fact
from safeconduct.edges.desk.engine.told import signed_by_members
from safeconduct.edges.desk.engine.wished import TRACED
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import BadSignature, Untrusted
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.keys import LongSigningKey, SigningKey
from safeconduct.kernel.seal.lock import SealingPublicKey
from safeconduct.kernel.seal.sign import sign
from safeconduct.kernel.wire.bodies import Opening, TracingOpening
from safeconduct.kernel.wire.orders import MOST_DROPPED, DropOrder
from safeconduct.kernel.wire.refusals import Conflict, Expired, NotFound
from safeconduct.kernel.words import Address, DeviceId, Instant
from safeconduct.rooms import crew
from safeconduct.rooms.crew import OFFICE_KEY, EpochOpened, HeldKey, KeysGranted
from safeconduct.rooms.crew.doors import NewEpoch
from safeconduct.rooms.crew.events import DoorsWritten, Followed
from safeconduct.rooms.crew.parcel import is_for_one


def follow_up(journal: Journal, courier: Courier) -> bool:
    """Do what follows from our removals; False when there is nothing to do before the next pull.

    Raises:
        AccessLost: a newer epoch stands, and our door does not say which; nothing was changed.
        Unreachable: later; what is done stays done.
    """
    found = _begun(journal) or draw(journal, courier)
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


def _begun(journal: Journal) -> FollowUp | None:
    """Return what is under way; what a colleague's epoch ended since is left to that one."""
    found = journal.store.setting("follow_up", UNDER_WAY)
    if found and found.done != "drawn" and found.capability != journal.place.capability:
        with journal.store.transaction():
            overdue.put_off(journal, found.marks)
            _forget(journal)
        return None
    return found


def _open(journal: Journal, courier: Courier, found: FollowUp) -> FollowUp | None:
    """Open the epoch, and keep its capability and control key; the first valid opening wins."""
    control = journal.keychain.control()
    assert control is not None
    if control.epoch < found.epoch:
        heir = _heir(journal, found)
        try:
            courier.open_access(*_signed_opening(journal, found, control, heir))
        except (Conflict, BadSignature) as error:
            if heir and isinstance(error, BadSignature):
                new_root.give_up(journal)
                _forget(journal)
                return None
            doors.look(journal, courier)
            if doors.control_of(journal, courier) in (None, control):
                raise doors.AccessLost from error
            # What two stewards let trace at once has the same capabilities, and is the other's.
            _forget(journal)
            return None
        else:
            key = HeldKey("control", NO_ID, found.epoch, found.control)
            traced = found.epoch if found.traced else 0
            doors.keep_way(journal, courier, found.capability, key, traced=traced)
            return found
    if journal.place.capability == found.capability:
        return found  # It was opened, and what kept it was cut before it said so.
    _forget(journal)
    return None


def _heir(journal: Journal, found: FollowUp) -> new_root.NewRoot | None:
    """Return the root key of which this round tells the relay; None when of none."""
    new = new_root.waiting(journal)
    return new if new and new.capability == found.capability else None


def _signed_opening(
    journal: Journal, found: FollowUp, control: HeldKey, heir: new_root.NewRoot | None
) -> tuple[bytes, bytes]:
    if heir is not None:
        return heir.opening(journal.office, found.epoch)
    following = SigningKey.from_seed(found.control).public.raw
    opening = encode(_opening(journal, found, following))
    signer = SigningKey.from_seed(control.key)
    return opening, sign(signer, "access", journal.office, opening)


def _opening(journal: Journal, found: FollowUp, following: bytes) -> Opening | TracingOpening:
    if found.traced:
        return TracingOpening(2, journal.office, found.epoch, list(found.traced), following)
    digest = hashlib.sha256(found.capability).digest()
    return Opening(1, journal.office, found.epoch, digest, following)


def _seal(journal: Journal, courier: Courier, found: FollowUp) -> FollowUp | None:
    """Seal a letter for every door, so that a cut sends the same ones again.

    Not before the whole log was read: whom a colleague removed meanwhile would be let in again;
    nor before the keys are renewed, so that the letters bring the newest.
    """
    if not read_whole(journal, courier) or _renewing(journal):
        return None
    more = _as_well(journal, found)
    if more:
        found = msgspec.structs.replace(found, marks=(*found.marks, *more))
        journal.store.put_setting("follow_up", found)
        if any(mark.standing in GONE for mark in more):
            rotating.ask(journal)
            if _renewing(journal):
                return None
    if not found.traced:
        found = msgspec.structs.replace(found, traced=tracing.given(journal, courier, found.epoch))
    return with_letters(journal, found)


def _as_well(journal: Journal, found: FollowUp) -> list[Followed]:
    """Return what these letters follow beside what they are written for.

    Nobody has their way in yet, so that it is kept from whoever is removed by now; but a control
    key that was drawn before cannot be kept from a steward who is removed since.
    """
    back = opens_nothing(found.marks)
    return [
        act
        for act, _ in outstanding(journal)
        if act not in found.marks
        and act.standing != TRACED
        and (act.standing == BACK if back else not ends_a_steward(journal, act))
    ]


def with_letters(journal: Journal, found: FollowUp, root: LongSigningKey | None = None) -> FollowUp:
    """Return a round with its letters, sealed; by the root key, or else by this device."""
    with journal.store.lock:
        keys = journal.keys.newest()
        both = (*keys[OFFICE_KEY], *keys[journal.crew_vault])
        seeds = found.control + page_key.seed_of(journal)
        said = NewEpoch(*both, found.epoch, found.capability, seeds, int(bool(found.traced)))
        letters = letters_for_all(journal, said, root, given=found.traced)
        return msgspec.structs.replace(found, letters=letters)


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
    """Let the relay drop the parcels that hold keys for the removed devices, or old cards, alone.

    New cards open all that those before them did.
    """
    gone = [mark.device for mark in found.marks if mark.standing in GONE]
    names = [name for device in gone for name in _own_parcels(journal, courier, device)]
    if _heir(journal, found):
        old, told = list(new_root.old_cards(journal)), new_root.old_parcels(journal)
        names += _for_alone(journal, courier, told, old)
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
    told = [one.fact for one in journal.keys.facts().rotated if one.device == device]
    keys = crew.keys_told(member.device.sealing, told)
    yield from _for_alone(journal, courier, sorted(_named_for(journal, device)), keys)


def _for_alone(
    journal: Journal, courier: Courier, names: Sequence[bytes], keys: Collection[SealingPublicKey]
) -> Iterator[bytes]:
    """Yield those parcels that the relay has and of which every wrap is for one of these keys."""
    for name in names:
        try:
            parcel = courier.parcel(name)
        except (NotFound, Untrusted):
            continue
        chain = journal.keychain.office.values()
        if any(is_for_one(parcel, journal.office, key, chain) for key in keys):
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
    """Keep that it is done, and tell colleagues' desks, which would else do it after a wait."""
    done = tuple(mark for mark in found.marks if mark.standing != RENEWED)

    def keep(_: int = 0) -> None:
        followed = journal.store.setting("followed", FOLLOWED) or ()
        journal.store.put_setting("followed", (*followed, *done))
        if _heir(journal, found):
            new_root.forget(journal)
        _forget(journal)

    if journal.behind or not done:
        with journal.store.transaction():
            keep()
        return
    told = DoorsWritten(found.epoch, done)
    signer = journal.device, journal.secrets.signing_key()
    journal.write([crew_fact(journal.crew_vault, told, journal.office, signer)], keep)


def _forget(journal: Journal) -> None:
    journal.store.drop_settings("follow_up")


Step = Callable[[Journal, Courier, FollowUp], FollowUp | None]
_STEPS: Final[dict[str, Step]] = {
    "opened": _open,
    "sealed": _seal,
    "posted": _post,
    "let_go": _let_go,
}
"""The steps in their order, each by the name of what is done after it."""
