# SPDX-License-Identifier: AGPL-3.0-or-later
"""This device's own door: what a desk reads whose access has ended (spec/crew.md 5 and 6).

A door is read by its address alone.  The newest letter that holds, and whose capability the relay
takes, is kept; only where there is none is a wipe order looked at.  What does not hold is left
where it is and named.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Final, TypeVar

import msgspec

from safeconduct.edges.desk.engine import page_key, told_move, tracing
from safeconduct.edges.desk.engine.control import standing
from safeconduct.edges.desk.engine.door_reading import newest_first
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import NO_ID
from safeconduct.edges.desk.engine.new_keys import learn
from safeconduct.edges.desk.engine.own_keys import sealing_keys
from safeconduct.edges.desk.engine.told_move import UNSOUND
from safeconduct.kernel.errors import CannotOpen, Refused, SafeconductError, Untrusted
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.log.checkpoint import parse_checkpoint
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.wire.refusals import UnknownCapability
from safeconduct.kernel.words import HASH_BYTES, Address, FactId, Instant
from safeconduct.rooms.crew import OFFICE_KEY, HeldKey
from safeconduct.rooms.crew.doors import (
    EXPELLED,
    Door,
    DoorLetter,
    Message,
    NewEpoch,
    Wipe,
    check_length,
    check_wipe,
    open_letter,
    read_letter,
    signer_key,
)

Done = TypeVar("Done")
CONTROL_BYTES: Final = 32


class AccessLost(Refused):
    """Somebody opened an access epoch of which this desk was told nothing yet."""

    code = "access_lost"


class Found(Enum):
    """What a look at the door came to."""

    NOTHING = "nothing"
    KNOWN = "known"
    """The relay takes the capability that this desk has."""
    RENEWED = "renewed"
    WIPE = "wipe"


def look(journal: Journal, courier: Courier) -> Found:
    """Look for a way in after the relay refused ours; keep what the door says.

    Raises:
        Unreachable: later.
    """
    if _taken(courier):
        forget_trouble(journal)
        return Found.KNOWN
    letters: list[tuple[DoorLetter, Message]] = []
    for some in _letters(journal, courier):
        letters += some
        epochs = [said for _, said in letters if isinstance(said, NewEpoch)]
        fresh = [said for _, said in some if isinstance(said, NewEpoch)]
        if any(_renew(journal, courier, epoch, epochs) for epoch in fresh):
            return Found.RENEWED
    told_move.heed(journal, [said for _, said in letters])
    for letter, said in letters:
        if isinstance(said, Wipe) and _holds(journal, letter, said):
            return Found.WIPE
    return Found.NOTHING


def let_in(journal: Journal, courier: Courier, step: Callable[[], Done]) -> Done:
    """Do a step; where the relay refuses us and our door says the way in, do it once more.

    Raises:
        UnknownCapability: the door says nothing new.
    """
    try:
        return step()
    except UnknownCapability:
        if look(journal, courier) is not Found.RENEWED:
            raise
        return step()


def keep_way(
    journal: Journal,
    courier: Courier,
    capability: bytes,
    control: HeldKey | None,
    *,
    traced: int = 0,
) -> None:
    """Keep a capability and the control key beside it, durably, and show it from now on.

    `traced` is the access epoch where it traces.
    """
    place = msgspec.structs.replace(journal.place, capability=capability)
    with journal.store.transaction():
        journal.store.put_setting("place", place)
        tracing.note_way(journal, capability, traced)
        if control is not None:
            journal.keychain.heed(control)
    journal.place = place
    courier.renew(capability)
    forget_trouble(journal)


def control_of(journal: Journal, courier: Courier) -> HeldKey | None:
    """Return the control key that the relay heeds, held or told in our door, and keep that it does.

    None when it is none of these.

    Raises:
        Unreachable: later.
    """
    found = standing(journal, courier)
    if found is None:
        letters = [said for some in _letters(journal, courier) for _, said in some]
        told = [said for said in letters if isinstance(said, NewEpoch)]
        found = standing(journal, courier, _controls(told))
    if found is not None:
        journal.keychain.heed(found)
    return found


def lasts_until(journal: Journal, courier: Courier) -> Instant:
    """Return when the letters end, as the relay says, that tell the way in which stands; 0 if none.

    By those in our own door: a round's letters all end alike.  One whose writer was removed since
    is no trouble here: nobody takes a way in from it.

    Raises:
        Unreachable: later.
    """
    shown = journal.place.capability
    ends = (
        expires
        for some in _ending(journal, courier, unsound=lambda: None)
        for expires, _, said in some
        if isinstance(said, NewEpoch) and said.capability == shown
    )
    return max(ends, default=Instant(0))


def forget_trouble(journal: Journal) -> None:
    """Take back that the relay refused us."""
    if journal.store.forget_troubles(UnknownCapability.code, AccessLost.code):
        journal.changed()


def _letters(journal: Journal, courier: Courier) -> Iterator[list[tuple[DoorLetter, Message]]]:
    """Yield what stands in our door and holds, the newest first; of much of it some at a time."""
    for some in _ending(journal, courier, unsound=lambda: journal.trouble(UNSOUND)):
        yield [(letter, said) for _, letter, said in some]


def _ending(
    journal: Journal, courier: Courier, *, unsound: Callable[[], None]
) -> Iterator[list[tuple[Instant, DoorLetter, Message]]]:
    """Yield it with its end, as the relay tells that; `unsound` hears of what does not hold."""
    address = Address(hashlib.sha256(journal.secrets.door).digest())
    door, keys = Door(journal.office, address), sealing_keys(journal)
    for some in newest_first(journal, courier, address):
        found = []
        for _, expires, item in some:
            try:
                check_length(item)
                letter = _opened(item, door, keys)
                if letter is not None:
                    signer = signer_key(journal.roster, _root(journal), letter.signer)
                    found.append((expires, letter, read_letter(letter, door, signer)))
            except SafeconductError as error:
                if not (isinstance(error, CannotOpen) and _took_new_key(journal)):
                    unsound()
        yield found


def _took_new_key(journal: Journal) -> bool:
    """Tell whether letters from before may lie in our door, to a key that is destroyed."""
    return any(one.device == journal.device for one in journal.keys.facts().rotated)


def _opened(item: bytes, door: Door, keys: list[SealingKey]) -> DoorLetter | None:
    """Open an item with the newest of our keys that it is sealed to; raises as `open_letter`."""
    for key in keys[:-1]:
        with contextlib.suppress(CannotOpen):
            return open_letter(item, door, key)
    return open_letter(item, door, keys[-1])


def _root(journal: Journal) -> LongVerifyKey | None:
    """Return the root key that counts; None while cards are disputed."""
    roster = journal.roster
    key = roster.cards.root_key if roster.founded else journal.place.root_key
    return LongVerifyKey.parse(key) if key else None


def _taken(courier: Courier) -> bool:
    """Tell whether the relay takes the capability that is shown now."""
    try:
        courier.checkpoint("log")
    except UnknownCapability:
        return False
    return True


def _ours(journal: Journal, courier: Courier) -> bool:
    """Tell whether the relay signs with the key of the one that this desk follows."""
    try:
        parse_checkpoint(courier.checkpoint("log"), journal.place.relay())
    except Untrusted:
        return False
    return True


def _controls(letters: Sequence[NewEpoch]) -> list[HeldKey]:
    return [
        HeldKey("control", NO_ID, one.access_epoch, one.control[:CONTROL_BYTES])
        for one in letters
        if one.control
    ]


def _renew(journal: Journal, courier: Courier, said: NewEpoch, letters: Sequence[NewEpoch]) -> bool:
    """Keep a letter's keys and way in, if the relay takes it; else show ours as before.

    The relay says which one stands, so nobody can shut us out by the number of an epoch; and of
    all control keys that our letters tell it says which one it heeds.
    """
    courier.renew(said.capability)
    try:
        # Another relay, at the address of the one that we follow, is not gone to unasked.
        taken = _taken(courier) and _ours(journal, courier)
    finally:
        courier.renew(journal.place.capability)
    if not taken:
        return False
    # A key that is held is never replaced.  Whoever was away reads on with these two; the facts
    # that give it the rest stand under them, and these two as well where it is given them.
    crew_key = VaultEpoch(journal.crew_vault, said.crew_epoch)
    learn(
        journal,
        {VaultEpoch(OFFICE_KEY, said.office_epoch): said.office_key, crew_key: said.crew_key},
        told=True,
    )
    page_key.keep(journal, [one.control[CONTROL_BYTES:] for one in letters])
    control = standing(journal, courier, _controls(letters))
    keep_way(journal, courier, said.capability, control, traced=said.access_epoch * said.tracing)
    return True


def _same(journal: Journal, wipe: Wipe) -> set[FactId]:
    """Return what this desk has read that is the order's expulsion, by its id or by its words.

    The id alone may be made up: one who signed once does not sign for the next order.
    """
    told = journal.facts.crew(journal.crew_vault)
    same = {one.id for one in told if one.kind == EXPELLED and wipe.fact in one.body}
    commit = wipe.removal[:HASH_BYTES]
    if journal.store.value("SELECT 1 FROM commits WHERE id = ?", (commit,)) is not None:
        same.add(FactId(wipe.removal))
    return same


def _holds(journal: Journal, letter: DoorLetter, wipe: Wipe) -> bool:
    """Tell whether an order is for us, by two, and not of an expulsion that holds no more."""
    removed = journal.roster.removed.get(journal.device)
    hold = removed.removals if removed is not None else frozenset()
    known = _same(journal, wipe)
    if known and known.isdisjoint(hold):
        return False
    try:
        check_wipe(wipe, letter, journal.device, journal.roster, _root(journal))
    except SafeconductError:
        journal.trouble(UNSOUND)
        return False
    return True
