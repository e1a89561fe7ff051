# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts about vaults and keys as they were read, and which of them their signers signed.

A long signature is checked once: `Proofs` remembers it while a process lives, and a store that
says of a fact that it was checked is believed, as it is for commits (spec/crew.md 3).
"""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.keys import LONG_SIGNATURE_BYTES
from safeconduct.kernel.words import OfficeId, VaultId
from safeconduct.rooms.crew.claims import Told, parse_claim, proved
from safeconduct.rooms.crew.decide import may_stand, may_write
from safeconduct.rooms.crew.words import Role

if TYPE_CHECKING:
    from safeconduct.rooms.crew.events import CrewFact
    from safeconduct.rooms.crew.fold import Roster

Said = tuple[bytes, bytes, str, int, bytes]
"""Office, device, kind, version and hash of the body."""
Proofs = dict[Said, bool]
"""Whether what was said was signed by the key that its device's id is made of."""


_EMPTY: Final = encode(b"")
_HEAD: Final = encode(bytes(LONG_SIGNATURE_BYTES))[:-LONG_SIGNATURE_BYTES]
"""What stands before the bytes of a signature."""


class KeyTold(NamedTuple):
    """A fact about keys as read: where it stands, and when its commit was written.

    `proved` says that its signature was checked before, by this store's word (`checked`).
    """

    vault: VaultId
    hlc: int
    told: Told
    proved: bool = False


def checked(one: KeyTold) -> KeyTold:
    """Return a fact as one that was checked, without its signature: most of what it takes up.

    A signature is the last field of `Signed` and stands at the end of its bytes, behind its length.
    """
    told, cut = one.told, len(one.told.body) - len(_HEAD) - LONG_SIGNATURE_BYTES
    if cut < 0 or not told.body.startswith(_HEAD, cut):
        return one._replace(proved=True)
    body = told.body[:cut] + _EMPTY
    return one._replace(proved=True, told=dataclasses.replace(told, body=body))


def said_in(office: OfficeId, told: Told) -> Said:
    """Return under which name `Proofs` remembers a fact."""
    body = hashlib.sha256(told.body).digest()
    return office, told.device, told.kind, told.version, body


def sound(roster: Roster, one: KeyTold, proofs: Proofs) -> CrewFact | None:
    """Return the fact when its signer signed it in its own commit, and may write it there."""
    told, founded = one.told, roster.founded
    member = roster.members.get(told.device)
    if member is None or founded is None:
        return None
    if not may_stand(roster, told.kind, one.vault, founded.crew_vault):
        return None
    if not may_write(roster, told.device, told.kind, told.sequence):
        return None
    if told.id in roster.quarantined:
        return None
    return _signed(roster.office, one, member.device.signing.raw, proofs)


def _signed(office: OfficeId, one: KeyTold, key: bytes, proofs: Proofs) -> CrewFact | None:
    told = one.told
    claim = parse_claim(told)
    if claim is None or claim.signer != told.device:
        return None
    if not one.proved:
        said = said_in(office, told)
        if said not in proofs:
            proofs[said] = proved(office, told.kind, claim.signed, key)
        if not proofs[said]:
            return None
    return claim.fact


def by_steward(roster: Roster, one: KeyTold) -> bool:
    """Tell whether a fact stands in a commit that counts as a steward's."""
    return Role.STEWARD in roster.roles_at(one.told.device, one.told.sequence)
