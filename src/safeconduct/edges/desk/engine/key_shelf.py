# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this desk knows of keys: which facts about them count, and which key is the newest.

Made from the store's facts when somebody asks and there are new ones (spec/crew.md 3).
A key seals something new only while a fact that counts names it: what a steward opened beyond the
cut of its removal is held for reading, and nothing is written under it; nor under what came in a
letter alone, while there is another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from safeconduct.edges.desk.engine.keys import Keychain
from safeconduct.edges.desk.engine.roster import RosterShelf
from safeconduct.edges.desk.store import Store
from safeconduct.edges.desk.store_facts import LASTING, FactShelf
from safeconduct.kernel.journal import Keys, VaultEpoch
from safeconduct.kernel.ports import Rng
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.seal.lock import SealingPublicKey
from safeconduct.kernel.words import DeviceId, VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import OFFICE_KEY, Circle, KeyFacts, Packer, Roster, Vault

Newest = dict[VaultId, tuple[int, bytes]]
_LAST: Final = f"SELECT max(e.no) FROM entries e WHERE {LASTING}"  # noqa: S608


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
        self._proofs: Final[crew.Proofs] = {}
        self.forget()

    def forget(self) -> None:
        """Read everything again when it is asked for."""
        self._shelf.turned += 1  # Where parts of cases stand hangs on it, too.
        self._read_to: int | None = -1
        self._roster: Roster | None = None
        self._facts = KeyFacts((), (), crew.Given())
        self._newest: tuple[KeyFacts | None, int, Newest] = (None, 0, {})
        self._vaults: tuple[KeyFacts | None, dict[VaultId, Vault]] = (None, {})

    def facts(self) -> KeyFacts:
        """Return the facts about vaults and keys that count."""
        with self._store.lock:
            last: int | None = self._store.value(_LAST)
            roster = self._rosters.roster
            if last != self._read_to or roster is not self._roster:
                self._facts = crew.count_keys(roster, self._shelf.told_of_keys(), self._proofs)
                self._read_to, self._roster = last, roster
            return self._facts

    def vaults(self) -> Mapping[VaultId, Vault]:
        """Return the vaults that are known here; the office key stands among them."""
        with self._store.lock:
            facts = self.facts()
            if self._vaults[0] is not facts:
                self._vaults = facts, self._fold(facts)
            return self._vaults[1]

    def _fold(self, facts: KeyFacts) -> dict[VaultId, Vault]:
        return crew.fold_vaults(facts.heard, self._keychain.erased, facts.hold)

    def circle(self) -> Circle | None:
        """Return who is given keys: the devices that stand, and the recovery cards that count.

        None before founding, and while no cards count: stewards choose first which do.
        """
        roster = self._rosters.roster
        if roster.founded is None or not roster.cards.recovery_key:
            return None
        newest = self.sealing()
        sealing = {device: newest[device] for device in roster.present()}
        recovery = SealingPublicKey.parse(roster.cards.recovery_key)
        facts = self.facts()
        left = {
            device: trip.left | crew.left_with_teams(facts.given, device, trip.left)
            for device, trip in facts.trips.away.items()
        }
        cases = frozenset(vault for case in facts.cases for vault in case.vaults)
        place = roster.office, self._office_key(), VaultId(roster.founded.crew_vault)
        return Circle(*place, sealing, recovery, left, cases)

    def packer(self, rng: Rng) -> Packer:
        """Return who makes this office's parcels, also while no cards count."""
        return Packer(self._rosters.roster.office, self._office_key(), rng)

    def _office_key(self) -> bytes:
        """Return the newest office key, as `newest` takes it, without a look at the others."""
        facts, chain = self.facts(), self._keychain
        held = [VaultEpoch(OFFICE_KEY, epoch) for epoch in chain.office]
        sure = [one for one in held if one not in chain.unsure and facts.named(one)]
        return chain.office[max(sure or held).epoch]

    def left_by(self, device: DeviceId) -> frozenset[VaultId]:
        """Return what a device that travels light left behind; nothing for any other."""
        trip = self.facts().trips.away.get(device)
        return trip.left if trip else frozenset()

    def on_the_way(self) -> frozenset[DeviceId]:
        """Return the devices that travel light and were given nothing back yet."""
        away = self.facts().trips.away
        return frozenset(device for device, trip in away.items() if not trip.back)

    def travelling(self) -> frozenset[DeviceId]:
        """Return the devices that lack something of what they left, those that are back too."""
        return frozenset(self.facts().trips.away)

    def sealing(self) -> dict[DeviceId, SealingPublicKey]:
        """Return what is sealed to of each device, removed ones too: the newest that counts."""
        cards = {one: member.device.sealing for one, member in self._rosters.roster.members.items()}
        return crew.newest_sealing(cards, (one[:2] for one in self.facts().rotated))

    def newest(self) -> Newest:
        """Return the key that seals what is new, of the office and of each vault that is held."""
        facts, changes = self.facts(), self._keychain.changes
        if self._newest[0] is facts and self._newest[1] == changes:
            return self._newest[2]
        newest, unnamed, unsure = Newest(), Newest(), self._keychain.unsure
        for where, key in self._keychain.held().items():
            found = newest if facts.named(where) and where not in unsure else unnamed
            if where.vault not in found or found[where.vault][0] < where.epoch:
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
