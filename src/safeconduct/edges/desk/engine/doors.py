# SPDX-License-Identifier: AGPL-3.0-or-later
"""This device's own door: what a desk reads whose access has ended (spec/crew.md 5 and 6).

A door is read by its address alone.  The newest letter that holds, and whose capability the relay
takes, is kept; only where there is none is a wipe order looked at.  What does not hold is left
where it is and named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Final, TypeVar

import msgspec

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import NO_ID
from safeconduct.edges.desk.engine.new_keys import learn
from safeconduct.kernel.errors import Refused, SafeconductError
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.wire.refusals import UnknownCapability
from safeconduct.kernel.words import HASH_BYTES, Address, FactId
from safeconduct.rooms.crew import OFFICE_KEY, HeldKey
from safeconduct.rooms.crew.doors import (
    EXPELLED,
    Door,
    DoorLetter,
    Message,
    NewEpoch,
    Wipe,
    check_wipe,
    open_letter,
    read_letter,
    signer_key,
)

Done = TypeVar("Done")
UNSOUND: Final = "letter_unsound"
"""A letter in our door does not hold: somebody sends what they may not."""


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
    letters = list(_letters(journal, courier))
    for _, said in letters:
        if isinstance(said, NewEpoch) and _renew(journal, courier, said):
            return Found.RENEWED
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
    journal: Journal, courier: Courier, capability: bytes, keys: Sequence[HeldKey] = ()
) -> None:
    """Keep a capability and what came with it, durably, and show it from now on."""
    place = msgspec.structs.replace(journal.place, capability=capability)
    with journal.store.transaction():
        journal.store.put_setting("place", place)
        journal.keychain.add(keys)
    journal.place = place
    courier.renew(capability)
    forget_trouble(journal)


def forget_trouble(journal: Journal) -> None:
    """Take back that the relay refused us."""
    codes = (UnknownCapability.code, AccessLost.code)
    if journal.store.value("SELECT 1 FROM troubles WHERE code IN (?, ?)", codes) is not None:
        with journal.store.transaction() as writer:
            writer.execute("DELETE FROM troubles WHERE code IN (?, ?)", codes)
        journal.changed()


def _letters(journal: Journal, courier: Courier) -> Iterator[tuple[DoorLetter, Message]]:
    """Yield what stands in our door and holds, the newest first."""
    address = Address(hashlib.sha256(journal.secrets.door).digest())
    door, key = Door(journal.office, address), journal.secrets.sealing_key()
    for _, _, item in reversed(courier.collect(address, 0)):
        try:
            letter = open_letter(item, door, key)
            if letter is not None:
                signer = signer_key(journal.roster, _root(journal), letter.signer)
                yield letter, read_letter(letter, door, signer)
        except SafeconductError:
            journal.trouble(UNSOUND)


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


def _renew(journal: Journal, courier: Courier, said: NewEpoch) -> bool:
    """Keep a letter's keys and way in, if the relay takes it; else show ours as before.

    The relay says which one stands, so nobody can shut us out by the number of an epoch.
    """
    courier.renew(said.capability)
    try:
        taken = _taken(courier)
    finally:
        courier.renew(journal.place.capability)
    if not taken:
        return False
    # A key that is held is never replaced.  Whoever was away reads on with these two; the facts
    # that give it the rest stand under them.
    crew_key = VaultEpoch(journal.crew_vault, said.crew_epoch)
    learn(
        journal,
        {VaultEpoch(OFFICE_KEY, said.office_epoch): said.office_key, crew_key: said.crew_key},
    )
    control = [HeldKey("control", NO_ID, said.access_epoch, said.control)] if said.control else []
    keep_way(journal, courier, said.capability, control)
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
