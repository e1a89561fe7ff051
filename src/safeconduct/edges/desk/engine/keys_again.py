# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys whose parcels were only at a relay that is left: given once more at the next.

A colleague who had not taken them could else never read what is written under them.  The desk that
moves the office does it for all keys of which its log tells beyond what the relay has, every other
for those of which it told itself, or somebody who does not stand (spec/crew.md 9).
A cut between two acts gives the first once more, which changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from safeconduct.edges.desk.engine import rotating
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.canon import Bytes16, Codec, Count32, Record
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import EpochOpened, KeysGranted, Role
from safeconduct.rooms.crew.claims import Told, parse_claim
from safeconduct.rooms.crew.giving_again import give_again
from safeconduct.rooms.crew.vaults import keys_named

NAME: Final = "keys_again"
_AT: Final = "SELECT at FROM commits WHERE id = ?"


class Key(Record, frozen=True):
    """One key of which facts tell."""

    vault: Bytes16
    epoch: Count32


_KEYS: Final[Codec[tuple[Key, ...]]] = Codec(tuple[Key, ...], NAME)


def ask(journal: Journal, since: int, *, everyone: bool) -> None:
    """Remember which keys are to be given once more, of facts that stand from an index on.

    Inside the transaction of the move, before the log is cut.
    """
    keys: set[VaultEpoch] = set()
    present = journal.roster.present()
    for told in (one.told for _, one in journal.facts.told_of_keys()):
        ours = told.device == journal.device or told.device not in present
        if (everyone or ours) and _stands_from(journal, told, since):
            claim = parse_claim(told)
            if claim is not None and isinstance(claim.fact, EpochOpened | KeysGranted):
                keys.update(keys_named(claim.fact))
    journal.store.put_setting(NAME, tuple(Key(*where) for where in sorted(keys)))


def give_all(journal: Journal, courier: Courier) -> None:
    """Give what is to be given; nothing where this desk may not write, or is a line's.

    Raises:
        Unreachable, Refused: the relay did not take a parcel; to be taken up later.
    """
    keys = journal.store.setting(NAME, _KEYS)
    if keys is None:
        return
    with journal.store.lock:
        acts = _planned(journal, keys)
    if acts is None:
        return
    for act in acts:
        courier.put_parcel(act.parcel)
        rotating.keep(journal, act)
    journal.store.drop_settings(NAME)


def _planned(journal: Journal, keys: tuple[Key, ...]) -> tuple[crew.Act, ...] | None:
    """Return what is to be done; None while it cannot be."""
    circle, roles = journal.keys.circle(), journal.roster.roles(journal.device)
    if circle is None or journal.behind:
        return None
    if not roles or roles == {Role.LINE}:
        return ()
    facts, held = journal.keys.facts(), journal.keychain.sure()
    erased = {vault.id for vault in journal.keys.vaults().values() if vault.erased}
    counted = [VaultEpoch(VaultId(key.vault), key.epoch) for key in keys]
    given = {
        where: held[where]
        for where in counted
        if where in held and facts.named(where) and where.vault not in erased
    }
    others = {device: key for device, key in circle.devices.items() if device != journal.device}
    return give_again(replace(circle, devices=others), facts.given, given, held, journal.rng)


def _stands_from(journal: Journal, told: Told, since: int) -> bool:
    at: int | None = journal.store.value(_AT, (told.commit,))
    return at is None or at >= since
