# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this desk knows of the roster: the fold of its facts, heads that commits cite, heartbeats.

Facts are folded again only when somebody who may write them wrote one: a colleague who may not
could else make every desk fold all of them for each entry (spec/journal.md 5, 6 and 8).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from safeconduct.edges.desk.engine.beats import Beats
from safeconduct.edges.desk.engine.judge import roster_facts
from safeconduct.edges.desk.engine.keys import Keychain
from safeconduct.edges.desk.store import Store
from safeconduct.edges.desk.store_facts import FactShelf
from safeconduct.kernel.journal import HEADS_STATE, Chains, Commit, Heads, Placed
from safeconduct.kernel.sync import Opened, Reader
from safeconduct.kernel.words import CommitId, DeviceId, OfficeId, VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import Roster, Told

NAME: Final = "heads"
CARDS_USED: Final = "cards_used"
CARDS_DISPUTED: Final = "cards_disputed"


class RosterShelf:
    """The roster in memory, made from the store's facts; `keep` runs in a transaction."""

    def __init__(self, store: Store, facts: FactShelf, office: OfficeId, vault: VaultId) -> None:
        """Know nothing yet; see `load`."""
        self._store: Final = store
        self._facts: Final = facts
        self._office: Final = office
        self._vault: Final = vault
        self.roster = Roster(office)
        self.heads = Heads(vault, self.may, None, self.of_root)
        self.beats = Beats(store, vault)

    def take(self, roster: Roster, trouble: Callable[[str], None]) -> None:
        """Let a roster stand, and tell what everybody must hear of it."""
        before, self.roster = self.roster, roster
        if before.founded is not None and not set(roster.uses) <= set(before.uses):
            trouble(CARDS_USED)
        if roster.cards.rivals and not before.cards.rivals:
            trouble(CARDS_DISPUTED)

    def load(self) -> Roster:
        """Read from the store what stands in memory; return the roster."""
        state = self._store.setting(NAME, HEADS_STATE)
        self.heads = Heads(self._vault, self.may, state, self.of_root)
        self.beats = Beats(self._store, self._vault)
        return crew.fold(self._office, self._facts.of_roster(self._vault), self._facts.commit_at)

    def lacks_heads(self) -> bool:
        """Tell whether commits are held that were read by a program that looked at no heads."""
        held = self._store.value("SELECT 1 FROM commits LIMIT 1")
        return held is not None and self._store.setting(NAME, HEADS_STATE) is None

    def may(self, device: DeviceId) -> bool:
        """Tell whether the roster may hang on a device's facts: stewards', removed ones' too."""
        return device in self.roster.stewards

    def of_root(self, entry: Placed) -> bool:
        """Tell whether a root key signed an entry, whoever wrote it."""
        nowhere = CommitId(b""), DeviceId(b"")
        told = Told(*nowhere, entry.kind, entry.body, entry.version)
        return crew.signed_by_root(self._office, told, self.roster.roots)

    def told(self, opened: Iterable[Opened]) -> list[Told]:
        """Return those roster facts of some commits that the roster may hang on.

        What the root key signed is one of them whoever wrote it down.
        """
        kinds = crew.KINDS.keys() - crew.APART
        facts = [fact for fact in roster_facts(opened, self._vault) if fact.kind in kinds]
        if self.roster.founded is None:
            return facts
        roots = self.roster.roots
        return [
            fact
            for fact in facts
            if self.may(fact.device) or crew.signed_by_root(self._office, fact, roots)
        ]

    def heard(self, commit: Opened, *, counts: bool) -> Roster:
        """Return the roster after a commit: what it tells, and that it is held, may change it."""
        told = self.told([commit]) if counts else []
        if counts:
            self.beats.hear([commit])
        if told or commit.id in self.roster.awaited:
            return self.refold(told, [commit])
        return self.roster

    def brought_by(self, frame: bytes, keychain: Keychain) -> Roster | None:
        """Return the roster with a first commit that brings its own writer; None for any other.

        It founds the office, or the recovery cards admit its device in it (spec/crew.md 8).  Its
        signature is not checked yet.
        """
        trial = Reader(self._office, keychain.office, keychain.ring({}), Chains())
        (read,) = trial.read(-1, frame)
        if read.commit is None or read.code:
            return None
        told = self.told([read.commit])
        roster = self.refold(told, [read.commit]) if told else self.roster
        return roster if read.commit.device in roster.members else None

    def refold(self, fresh: Sequence[Told], unkept: Iterable[Opened] = ()) -> Roster:
        """Return the roster with fresh facts, made from those of stewards.

        Whoever becomes a steward by them brings facts of its own; others' change nothing but those
        that a root key signed, so the result is that of folding all (tests/property/test_folds.py).
        `unkept` are commits that are not in the store yet, and that a cut may name.
        """
        places = {(commit.device, commit.sequence): CommitId(commit.id) for commit in unkept}

        def held(device: DeviceId, sequence: int, /) -> CommitId | None:
            return places.get((device, sequence)) or self._facts.commit_at(device, sequence)

        writers = {told.device for told in fresh} | self._writers(self.roster)
        while True:
            known = self._facts.of_roster(self._vault, writers)
            roster = crew.fold(self._office, [*known, *fresh], held)
            if roster.roots != self.roster.roots:  # What the new one signed, anybody wrote down.
                known = self._facts.of_roster(self._vault)
                return crew.fold(self._office, [*known, *fresh], held)
            if self._writers(roster) <= writers:
                return roster
            writers |= self._writers(roster)

    @staticmethod
    def _writers(roster: Roster) -> frozenset[DeviceId]:
        return roster.stewards | roster.carriers

    def wrote(self, commit: Commit, opened: Opened) -> None:
        """Take our own commit, which no reader sees."""
        device = DeviceId(opened.device)
        roster = self.heads.holds(device, opened.entries)
        self.heads.follow(device, commit.id, commit.header.heads, roster=roster)

    def keep(self) -> None:
        """Keep what changed."""
        self.beats.keep()
        if self.heads.changed:
            self._store.put_setting(NAME, self.heads.state())
            self.heads.changed = False
