# SPDX-License-Identifier: AGPL-3.0-or-later
"""A round of letters: one into every door, and dummies up to a power of two (spec/crew.md 5).

Who stands is told the new way in, stewards what they have beside it; who was expelled is told to
wipe; a suspended device's letter says nothing.  Of a move who stands is told alone.  A relay sees
letters of one length in no order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

import msgspec

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.told import counted
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.seal.lock import SealingPublicKey
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.wire.bodies import Letter
from safeconduct.kernel.words import DAY, DeviceId, end_of_day
from safeconduct.rooms.crew import Role, Standing
from safeconduct.rooms.crew.claims import Claim, names
from safeconduct.rooms.crew.doors import (
    ROOT,
    Door,
    LetterTooLong,
    Message,
    Moved,
    NewEpoch,
    Wipe,
    dummies,
    dummy_address,
    seal_letter,
    write_letter,
)
from safeconduct.rooms.crew.events import DeviceExpelled, Seconded
from safeconduct.rooms.crew.tracing import own_way

LETTERS_LIVE: Final = 30 * DAY
SEED_BYTES: Final = 32


def letters_for_all(
    journal: Journal,
    said: NewEpoch | Moved,
    root: LongSigningKey | None = None,
    *,
    given: Collection[bytes] = (),
) -> tuple[Letter, ...]:
    """Return sealed letters for all doors and dummies; `said` with what stewards have in it.

    Where the epoch traces `given` are the hashes that it was opened with, and each device is told a
    capability of its own.

    With the root key they are signed by it, for those who do not know yet that we are a steward's;
    who was expelled is then told nothing: who signs a wipe order may not be its second too.
    """
    expires = end_of_day(journal.clock.now() + LETTERS_LIVE)
    items = [*_real(journal, said, root, given), *_dummies(journal)]
    return tuple(Letter(address, expires, item) for address, item in sorted(items))


def _real(
    journal: Journal,
    said: NewEpoch | Moved,
    root: LongSigningKey | None,
    given: Collection[bytes],
) -> Iterator[tuple[bytes, bytes]]:
    signer = (ROOT, root) if root else (journal.device, journal.secrets.signing_key())
    sealing = journal.keys.sealing()
    for device, member in journal.roster.members.items():
        door = Door(journal.office, member.device.door)
        message = _message(journal, device, said, given)
        if root and isinstance(message, Wipe):
            message = None
        letter = write_letter(message, door, *signer) if message else None
        yield door.address, _sealed(journal, letter, door, sealing[device])


def _sealed(journal: Journal, letter: bytes | None, door: Door, sealing: SealingPublicKey) -> bytes:
    if letter is not None:
        try:
            return seal_letter(letter, door, sealing)
        except LetterTooLong:
            journal.trouble(LetterTooLong.code)
    return seal_letter(b"", door, sealing)


def _dummies(journal: Journal) -> Iterator[tuple[bytes, bytes]]:
    office_keys = journal.keychain.office
    for number in range(dummies(len(journal.roster.members))):
        address = dummy_address(office_keys[min(office_keys)], number)
        nobody = SealingKey.from_seed(journal.rng.bytes(SEED_BYTES)).public
        yield address, seal_letter(b"", Door(journal.office, address), nobody)


def _message(
    journal: Journal, device: DeviceId, said: NewEpoch | Moved, given: Collection[bytes]
) -> Message | None:
    standing = journal.roster.standing(device)
    if isinstance(said, Moved):
        return said if standing is Standing.STANDING else None
    if standing is Standing.EXPELLED:
        return _wipe(journal, device)
    if standing is not Standing.STANDING:
        return None
    said = own_way(said, journal.office, device, given)
    if Role.STEWARD in journal.roster.roles(device) and device not in journal.keys.on_the_way():
        return said
    return msgspec.structs.replace(said, control=b"")


def _wipe(journal: Journal, device: DeviceId) -> Wipe | None:
    """Return the order for an expelled device, with what another steward than us signed."""
    removals = journal.roster.removed[device].removals
    seconds = list(counted(journal, Seconded))
    for one in counted(journal, DeviceExpelled):
        if one.id in removals:
            agreed = [one, *(second for second in seconds if names(second, one))]
            found = _by_another(journal, one, agreed)
            if found is not None:
                return found
    return None


def _by_another(journal: Journal, expulsion: Claim, agreed: list[Claim]) -> Wipe | None:
    removal, fact = expulsion.id, expulsion.signed.fact
    for one in agreed:
        if _stands(journal, one.signer):
            seconded = int(one is not expulsion)
            return Wipe(removal, fact, seconded, one.signer, one.signed.signature)
    if journal.roster.stewards == {journal.device}:
        return Wipe(removal, fact, 0, b"", b"")
    return None


def _stands(journal: Journal, signer: bytes) -> bool:
    """Tell whether somebody else than us may sign letters now: a steward, or the root key."""
    steward = Role.STEWARD in journal.roster.roles(DeviceId(signer))
    return not signer or (signer != journal.device and steward)
