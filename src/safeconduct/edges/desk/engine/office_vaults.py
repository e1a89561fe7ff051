# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opens vaults of the whole office that hang on no team (spec/crew.md 3, spec/network.md 1).

The parcel goes to the relay first; then facts and keys become durable in one commit.
Which of two was opened first says the log, and no clock: a commit chooses its clock itself.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.team_keys import circle_of, keep
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import DeviceId, VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import VaultKind, VaultOpened
from safeconduct.rooms.crew.cases import NotHere, need_home
from safeconduct.rooms.crew.decide import helpers, need_steward
from safeconduct.rooms.crew.key_facts import Opening

VAULT_BYTES: Final = 16
_PLACE: Final = "SELECT at FROM commits WHERE device = ? AND sequence = ? AND id = ?"


class OpenAlready(Refused):
    """The office has such a vault: who reads it gives it on."""

    code = "vault_open_already"


def known(journal: Journal, kind: VaultKind) -> list[VaultId]:
    """Return the vaults of a kind, held here or not; the first in the log stands first."""
    openings, there = journal.keys.facts().openings, journal.keys.vaults()
    first: dict[VaultId, str] = {}
    for one in sorted(openings, key=lambda one: (_place(journal, one), one.vault, one.kind)):
        first.setdefault(one.vault, one.kind)
    return [vault for vault, said in first.items() if said == kind.value and vault in there]


def _place(journal: Journal, one: Opening) -> tuple[bool, int]:
    """Return where an opening stands in the log; what is not there yet comes last."""
    at: int | None = journal.store.value(_PLACE, (one.device, one.sequence, one.commit))
    return at is None, at or 0


def held(journal: Journal, kind: VaultKind) -> list[VaultId]:
    """Return those of which a key is held here, in the same order."""
    return [one for one in known(journal, kind) if journal.keychain.holds(one)]


def open_vault(
    journal: Journal, courier: Courier, kind: VaultKind, readers: Collection[DeviceId]
) -> None:
    """Open a vault for these devices and this one; durable on return.

    Raises:
        NotASteward: only stewards open one; nothing was opened, as below.
        OpenAlready: there is one.
        NotHere, TravelsLight: somebody chosen is no helper here, or is on a trip.
        CardsDisputed, StoreIsBehind: see `circle_of`.
        Unreachable: the relay does not answer.
    """
    with journal.store.lock:
        need_steward(journal.roster, journal.device)
        if known(journal, kind):
            raise OpenAlready
        if not frozenset(readers) <= helpers(journal.roster):
            raise NotHere
        need_home(journal.keys.on_the_way(), frozenset(readers) - {journal.device})
        vault = VaultId(journal.rng.bytes(VAULT_BYTES))
        openings = {VaultOpened(vault, kind.value, (), 1): sorted({journal.device, *readers})}
        vaults = journal.keys.vaults()
        act = crew.open_vaults(circle_of(journal), openings, vaults, {}, journal.rng)
    courier.put_parcel(act.parcel)
    with journal.store.lock:
        if known(journal, kind):
            raise OpenAlready
        keep(journal, act, [])


__all__ = ["OpenAlready", "held", "known", "open_vault"]
