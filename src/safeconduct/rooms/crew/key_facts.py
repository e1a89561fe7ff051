# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which facts about vaults and keys count, in any order (spec/crew.md 3).

The roster's fold decides on what stands in the vault of the crew and makes a right; this decides
on the rest, whoever wrote it.  Fails closed: what is not proved gives nobody a key.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import structs

from safeconduct.kernel.canon import encode
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.words import DeviceId, VaultId
from safeconduct.rooms.crew.claims import Claim, Told, parse_claim, proved
from safeconduct.rooms.crew.decide import may_stand, may_write
from safeconduct.rooms.crew.events import EpochOpened
from safeconduct.rooms.crew.rotation import STRIDE
from safeconduct.rooms.crew.vault_facts import (
    KeysGranted,
    SealingKeyRotated,
    VaultOpened,
    key_groups,
)
from safeconduct.rooms.crew.vaults import OFFICE_KEY, Given, Heard, keys_named
from safeconduct.rooms.crew.words import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from safeconduct.rooms.crew.fold import Roster

FIRST_EPOCH: Final = 1
KEY_KINDS: Final = (
    *("crew.EpochOpened", "crew.KeysGranted", "crew.SealingKeyRotated", "crew.VaultOpened"),
)


class KeyTold(NamedTuple):
    """A fact about keys as read: where it stands, and when its commit was written."""

    vault: VaultId
    hlc: int
    told: Told


class Grant(NamedTuple):
    """A `KeysGranted` whose signer may write it, and who that is."""

    heard: Heard
    fact: KeysGranted
    by: DeviceId


@dataclass(frozen=True, slots=True, eq=False)
class KeyFacts:
    """What counts: facts about vaults and keys, sealing keys by device, and who was given what."""

    heard: tuple[Heard, ...]
    rotated: tuple[tuple[DeviceId, SealingKeyRotated], ...]
    given: Given

    def named(self, where: VaultEpoch) -> bool:
        """Tell whether a fact that counts says that there is such a key."""
        return where in self.given.devices


def count_keys(
    roster: Roster, told: Iterable[KeyTold], proofs: dict[bytes, bool] | None = None
) -> KeyFacts:
    """Return which facts about vaults and keys count.

    A steward may tell of any key; any other helper gives on what facts say it was given.
    `proofs` remembers between calls which signatures hold.
    """
    proofs = {} if proofs is None else proofs
    heard: list[Heard] = []
    rotated: list[tuple[DeviceId, SealingKeyRotated]] = []
    grants: list[Grant] = []
    given = Given()
    for one in sorted(told, key=lambda one: (one.told.id, one.vault)):
        claim = _sound(roster, one, proofs)
        fact = claim.fact if claim else None
        by = one.told.device
        if isinstance(fact, SealingKeyRotated):
            rotated.append((by, fact))
        elif isinstance(fact, VaultOpened):
            heard.append(Heard(one.hlc, fact))
        elif isinstance(fact, EpochOpened):
            heard += [Heard(one.hlc, told) for told in _with_founded(roster, fact)]
        elif isinstance(fact, KeysGranted):
            if Role.STEWARD in roster.roles_at(by, one.told.sequence):
                heard.append(Heard(one.hlc, fact))
            else:
                grants.append(Grant(Heard(one.hlc, fact), fact, by))
    heard = _in_reach(heard)
    heard = _of_opened(heard)
    for counted in heard:
        _hear(given, counted)
    heard += _passed_on(given, grants)
    return KeyFacts(tuple(heard), tuple(rotated), given)


def _in_reach(heard: list[Heard]) -> list[Heard]:
    """Leave out epochs that no rotation draws: the last one there is could else never be renewed.

    What stands in the vault of the crew is read by everybody, so everybody counts the same.
    """
    ends: dict[bytes, int] = {}
    for fact in sorted(_openings(heard), key=lambda fact: fact.epoch):
        end = ends.setdefault(fact.vault, 0)
        if fact.epoch // STRIDE == end + 1:
            ends[fact.vault] = end + 1
    return [
        one
        for one in heard
        if not isinstance(one.fact, EpochOpened) or one.fact.epoch // STRIDE <= ends[one.fact.vault]
    ]


def _of_opened(heard: list[Heard]) -> list[Heard]:
    """Leave out of grants what no fact opened: who gives a key on does not vouch for the key."""
    opened = {VaultEpoch(VaultId(fact.vault), fact.epoch) for fact in _openings(heard)}
    vaults = {where.vault for where in opened}

    def good(where: VaultEpoch) -> bool:
        return where.vault not in vaults or where.epoch < STRIDE or where in opened

    return [
        Heard(
            hlc,
            structs.replace(
                fact, keys=key_groups(where for where in keys_named(fact) if good(where))
            ),
        )
        if isinstance(fact, KeysGranted)
        else Heard(hlc, fact)
        for hlc, fact in heard
    ]


def _openings(heard: list[Heard]) -> list[EpochOpened]:
    return [fact for _, fact in heard if isinstance(fact, EpochOpened)]


def _hear(given: Given, heard: Heard) -> None:
    if not isinstance(heard.fact, VaultOpened):
        given.hear(heard.fact)


def _passed_on(given: Given, grants: list[Grant]) -> list[Heard]:
    """Return the grants of helpers who were given what they give on, in rounds."""
    found: list[Heard] = []
    while grants:
        ready = [
            grant
            for grant in grants
            if all(given.opens(grant.by, where) for where in keys_named(grant.fact))
        ]
        if not ready:
            break
        for grant in ready:
            given.hear(grant.fact)
        found += [grant.heard for grant in ready]
        grants = [grant for grant in grants if grant not in ready]
    return found


def _with_founded(roster: Roster, fact: EpochOpened) -> list[EpochOpened]:
    """Return what an opened epoch says: the first office key goes with those of the founding."""
    founded = roster.founded
    if founded is None or (fact.vault, fact.epoch) != (OFFICE_KEY, FIRST_EPOCH):
        return [fact]
    vaults = (fact.vault, founded.crew_vault, founded.hotline_vault)
    return [EpochOpened(vault, FIRST_EPOCH, fact.parcel, fact.devices) for vault in vaults]


def _sound(roster: Roster, one: KeyTold, proofs: dict[bytes, bool]) -> Claim | None:
    """Return the claim when its signer signed it in its own commit, and may write it there."""
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
    claim = parse_claim(told)
    if claim is None or claim.signer != told.device:
        return None
    raw = member.device.signing.raw
    name = hashlib.sha256(encode((roster.office, told.kind, told.body, raw))).digest()
    if name not in proofs:
        proofs[name] = proved(roster.office, told.kind, claim.signed, raw)
    return claim if proofs[name] else None
