# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this desk knows of keys: which facts about them count, and which key is the newest.

Made from the store's facts when somebody asks and there are new ones (spec/crew.md 3).
A key seals something new only while a fact that counts names it: what a steward opened beyond the
cut of its removal is held for reading, and nothing is written under it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from safeconduct.edges.desk.engine.keys import Keychain
from safeconduct.edges.desk.engine.roster import RosterShelf
from safeconduct.edges.desk.store import Store
from safeconduct.edges.desk.store_facts import FactShelf
from safeconduct.kernel.journal import Keys
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.seal.lock import SealingPublicKey
from safeconduct.kernel.words import VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import OFFICE_KEY, Circle, KeyFacts, Roster, Vault

Newest = dict[VaultId, tuple[int, bytes]]
_LAST: Final = "SELECT max(no) FROM entries WHERE kind >= 'crew.' AND kind < 'crew/'"


class KeyShelf:
    """Facts about keys, folded.  Hold the store's lock across calls that belong together."""

    def __init__(
        self, store: Store, facts: FactShelf, rosters: RosterShelf, keychain: Keychain
    ) -> None:
        """Know nothing yet."""
        self._store: Final = store
        self._shelf: Final = facts
        self._rosters: Final = rosters
        self._keychain: Final = keychain
        self._proofs: Final[dict[bytes, bool]] = {}
        self.forget()

    def forget(self) -> None:
        """Read everything again when it is asked for."""
        self._read_to: int | None = -1
        self._roster: Roster | None = None
        self._facts = KeyFacts((), (), crew.Given())
        self._newest: tuple[KeyFacts | None, int, Newest] = (None, 0, {})
        self._vaults: dict[VaultId, Vault] = {}

    def facts(self) -> KeyFacts:
        """Return the facts about vaults and keys that count."""
        with self._store.lock:
            last: int | None = self._store.value(_LAST)
            roster = self._rosters.roster
            if last != self._read_to or roster is not self._roster:
                self._facts = crew.count_keys(roster, self._shelf.told_of_keys(), self._proofs)
                self._vaults = crew.fold_vaults(self._facts.heard)
                self._read_to, self._roster = last, roster
            return self._facts

    def vaults(self) -> Mapping[VaultId, Vault]:
        """Return the vaults that are known here; the office key stands among them."""
        self.facts()
        return self._vaults

    def circle(self) -> Circle | None:
        """Return who is given keys: the devices that stand, and the recovery cards that count.

        None before founding, and while no cards count: stewards choose first which do.
        """
        roster = self._rosters.roster
        if roster.founded is None or not roster.cards.recovery_key:
            return None
        cards = {device: roster.members[device].device.sealing for device in roster.present()}
        sealing = crew.newest_sealing(cards, self.facts().rotated)
        recovery = SealingPublicKey.parse(roster.cards.recovery_key)
        return Circle(roster.office, VaultId(roster.founded.crew_vault), sealing, recovery)

    def newest(self) -> Newest:
        """Return the key that seals what is new, of the office and of each vault that is held."""
        facts, changes = self.facts(), self._keychain.changes
        if self._newest[0] is facts and self._newest[1] == changes:
            return self._newest[2]
        newest, unnamed = Newest(), Newest()
        for where, key in sorted(self._keychain.held().items()):
            found = newest if facts.named(where) else unnamed
            found[where.vault] = (where.epoch, key)
        # Before its facts are read a desk has nothing else to go by.
        self._newest = facts, changes, unnamed | newest
        return self._newest[2]

    def stamp(self) -> tuple[KeyFacts, int]:
        """Return what changes when facts or keys do: all that is made of them is as it was else."""
        return self.facts(), self._keychain.changes

    def to_write_with(self, signing: SigningKey) -> Keys:
        """Return what a commit is signed and sealed with."""
        newest = self.newest()
        return Keys(signing, *newest[OFFICE_KEY], newest)
