# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this desk knows of keys: which facts about them count, and which key is the newest.

Made from the store's facts when somebody asks and there are new ones (spec/crew.md 3): what is told
of case files is added to what was made, and anything else makes it anew.
A key seals something new only while a fact that counts names it: what a steward opened beyond the
cut of its removal is held for reading, and nothing is written under it; nor under what came in a
letter alone, while there is another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from safeconduct.edges.desk.engine.checked_keys import CheckedKeys
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
from safeconduct.rooms.crew import (
    OFFICE_KEY,
    Circle,
    Heard,
    KeyFacts,
    KeyTold,
    Packer,
    Roster,
    Vault,
    Vaults,
)

Newest = dict[VaultId, tuple[int, bytes]]
_LAST: Final = f"SELECT max(e.no) FROM entries e WHERE {LASTING}"  # noqa: S608


class _Chosen(NamedTuple):
    """The newest keys of vaults, named by facts and others, and what they were chosen from."""

    facts: list[Heard]
    keys: list[VaultEpoch]
    upto: tuple[int, int]
    named: Newest
    others: Newest
    newest: Newest


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
        self._signed: Final = CheckedKeys(store)
        self._read_to, self._turned = -1, -1
        self._roster: Roster | None = None
        self._facts = KeyFacts([], (), crew.Given())
        self._vaults: tuple[list[Heard], frozenset[VaultId], int, Vaults]
        self._vaults = [], frozenset(), 0, Vaults(crew.Given())
        self._chosen = _Chosen([], [], (0, 0), {}, {}, {})

    def facts(self) -> KeyFacts:
        """Return the facts about vaults and keys that count."""
        with self._store.lock:
            last: int = self._store.value(_LAST) or 0
            roster, turned = self._rosters.roster, self._shelf.turned
            same = roster is self._roster or roster == self._roster
            if not same or turned != self._turned:
                self._read_to = -1
            if last != self._read_to:
                self._facts = self._count(roster)
            self._read_to, self._turned, self._roster = last, turned, roster
            return self._facts

    def _count(self, roster: Roster) -> KeyFacts:
        """Count what is new beside what counted before; or all anew, where that may change it."""
        signed = self._signed
        if self._read_to >= 0:
            fresh = signed.marked(self._shelf.told_of_keys(self._read_to))
            known = [told for _, told in fresh]
            grown = crew.grown_keys(roster, self._facts, known, signed.proofs)
            if grown is not None:
                signed.note(roster, fresh)
                return grown
        else:
            signed.load()
        told = signed.marked(self._shelf.told_of_keys())
        facts = crew.count_keys(roster, (one for _, one in told), signed.proofs)
        signed.note(roster, told)
        return facts

    def told(self, after: int = 0) -> tuple[int, Sequence[KeyTold]]:
        """Return the facts that were looked at and came after one, and the number of the last."""
        with self._store.lock:
            self.facts()
            told = self._signed.marked(self._shelf.told_of_keys(after))
            return self._read_to, [one for _, one in told]

    def vaults(self) -> Mapping[VaultId, Vault]:
        """Return the vaults that are known here; the office key stands among them."""
        with self._store.lock:
            facts = self.facts()
            erased = self._keychain.erased
            heard, without, upto, vaults = self._vaults
            if heard is not facts.heard or without != erased:
                upto, vaults = 0, Vaults(facts.given, facts.hold, erased)
            if upto < len(facts.heard):
                vaults.hear(facts.heard[upto:])
            self._vaults = facts.heard, erased, len(facts.heard), vaults
            return vaults.found

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
        place = roster.office, self._office_key(), VaultId(roster.founded.crew_vault)
        return Circle(*place, sealing, recovery, left, facts.parts.keys())

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
        facts, added = self.facts(), self._keychain.added
        chosen = self._chosen
        if chosen.facts is not facts.heard or chosen.keys is not added:
            fresh = [*self._keychain.held()]
            chosen = _Chosen(facts.heard, added, (0, 0), {}, {}, {})
        elif chosen.upto == (len(facts.heard), len(added)):
            return chosen.newest
        else:
            told = facts.heard[chosen.upto[0] :]
            fresh = [*added[chosen.upto[1] :], *crew.keys_told_of(told)]
        self._choose(facts, chosen, fresh)
        self._chosen = chosen._replace(upto=(len(facts.heard), len(added)))
        return chosen.newest

    def _choose(self, facts: KeyFacts, chosen: _Chosen, fresh: Iterable[VaultEpoch]) -> None:
        unsure = self._keychain.unsure
        for where in fresh:
            key = self._keychain.key(where)
            if key is None:
                continue
            found = chosen.named if facts.named(where) and where not in unsure else chosen.others
            if where.vault not in found or found[where.vault][0] <= where.epoch:
                found[where.vault] = (where.epoch, key)
            # Before its facts are read a desk has nothing else to go by.
            one = chosen.named.get(where.vault) or chosen.others[where.vault]
            chosen.newest[where.vault] = one

    def stamp(self) -> tuple[KeyFacts, int]:
        """Return what changes when facts or keys do: all that is made of them is as it was else."""
        return self.facts(), self._keychain.changes

    def to_write_with(self, signing: SigningKey) -> Keys:
        """Return what a commit is signed and sealed with."""
        newest = self.newest()
        return Keys(signing, *newest[OFFICE_KEY], newest)
