# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this desk sees across the cases that it holds: papers that run out, and who is alike.

Made once and kept in memory: a commit costs a fold of the cases that it wrote into.  Names of many
cases are compared in slices, in a thread of their own: until all are, those are told of that were.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from safeconduct.edges.desk.across_api import Pair
from safeconduct.edges.desk.across_cases import Unread, breathe
from safeconduct.edges.desk.cases import Cases
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.records import Records
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms.cases import Part, SheetId, Told
from safeconduct.rooms.cases.alike import Alike, AlikeNames, Key, Named, Where, named_in
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.pair_facts import PairJudged
from safeconduct.rooms.cases.pairs import NOTHING_SAID, Verdict, fold_pairs
from safeconduct.rooms.cases.pairs_decide import Word, judge_pair
from safeconduct.rooms.cases.papers import Paper, papers_in

COMPARED_AT_ONCE: Final = 4
"""Cases whose names are compared while nobody else has the lock; some milliseconds each."""


class Seen:
    """What was read of the cases that are held; names and pairs are of identity parts alone."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.names: Final = AlikeNames()
        self.papers: Final[dict[CaseId, tuple[Paper, ...]]] = {}
        self.named: Final[dict[CaseId, tuple[Named, ...]]] = {}
        self._identity: Final[dict[CaseId, VaultId]] = {}
        self._told: Final[dict[CaseId, list[Told]]] = {}
        self._verdicts: dict[Key, Verdict] | None = {}

    def put(self, case: CaseId, vault: VaultId, named: tuple[Named, ...], told: list[Told]) -> None:
        """Say what the identity part of a case holds."""
        self._identity[case], self.named[case] = vault, named
        self.names.put(case, named)
        if told:
            self._told[case], self._verdicts = told, None

    def forget(self, case: CaseId, vaults: Collection[VaultId]) -> None:
        """Forget what is known of a case of which these vaults are held now.

        Names stay where their part does, so that what did not change is not compared anew.
        """
        self.papers.pop(case, None)
        if self._told.pop(case, None):
            self._verdicts = None
        if case in self._identity and self._identity[case] not in vaults:
            del self._identity[case], self.named[case]
            self.names.drop(case)

    def who(self, at: Where) -> Named | None:
        """Return who is called something on a sheet; None where that is not known here."""
        return next((one for one in self.named.get(at.case, ()) if one.at == at), None)

    @property
    def verdicts(self) -> dict[Key, Verdict]:
        """What was said of pairs."""
        if self._verdicts is None:
            told = {one for some in self._told.values() for one in some}
            identity = {vault: case for case, vault in self._identity.items()}
            self._verdicts = fold_pairs(identity, told)
        return self._verdicts


class Across:
    """What is seen across cases, over an open journal."""

    def __init__(self, journal: Journal, of: Cases, records: Records) -> None:
        """Act for the device of this journal."""
        self._journal: Final = journal
        self._cases: Final = of
        self._records: Final = records
        self._seen: Final = Seen()
        self._unread: Final = Unread(journal, of.held, self._forget)
        self._pairs: Sequence[Pair] | None = None
        self.ahead = False
        """Whether a thread reads: then what was read of many cases is shown, and nobody waits."""

    def papers(self) -> Sequence[tuple[str, Paper]]:
        """Return the documents that run out, soonest first, each with its case's name."""
        seen = self._read()
        with self._journal.store.lock:
            every = [paper for some in seen.papers.values() for paper in some]
            every.sort(key=lambda one: (one.last, one.case, one.sheet))
            return [(self._cases.held.name(one.case), one) for one in every]

    def pairs(self) -> Sequence[Pair]:
        """Return the pairs of which both identity parts are held here, those that wait first."""
        seen = self._read()
        with self._journal.store.lock:
            if self._pairs is None:
                found = {(one.one.at, one.other.at): one for one in seen.names.pairs()}
                keys = found.keys() | {key for key in seen.verdicts if self._both(seen, key)}
                every = [self._pair(seen, key, found.get(key)) for key in sorted(keys)]
                self._pairs = sorted(every, key=lambda one: not one.asked)
            return self._pairs

    def left(self) -> int:
        """Return how many cases are still to be read."""
        self._read()
        with self._journal.store.lock:
            return self._unread.look()

    def waiting(self) -> int:
        """Return how many pairs wait for somebody's word (`Pair.asked`)."""
        seen = self._read()
        with self._journal.store.lock:
            settled = (key for key, said in seen.verdicts.items() if said.same is not None)
            return len(seen.names) - sum(key in seen.names for key in settled)

    def of_case(self, case: CaseId) -> Mapping[SheetId, Sequence[Pair]]:
        """Return the pairs of which one is in a case, by its sheet; nothing that was refuted."""
        seen, found = self._read(), dict[SheetId, list[Pair]]()
        with self._journal.store.lock:
            if self._unread.take_one(case):
                self._take([case])
            for one in seen.names.of_case(case):
                pair = self._pair(seen, (one.one.at, one.other.at), one)
                if pair.verdict.same is not False:
                    own = pair.key[1 - pair.other(case)]
                    found.setdefault(own.sheet, []).append(pair)
            return found

    def near(self, one: Named) -> Sequence[Alike]:
        """Return who, in the cases held here, is alike to somebody who is in none yet."""
        with self._journal.store.lock:
            return self._read().names.near(one)

    def judge(self, key: Key, word: Word) -> None:
        """Say whether two sheets are of one person, in both cases; durable on return."""
        self._read()
        with self._journal.store.lock:
            pair = next((one for one in self.pairs() if one.key == key), None)
            if pair is None:
                raise NoSuchPart
            rng = self._journal.rng
            halves = judge_pair(key, pair.verdict, word, rng)
            self._cases.write_all({case: {Part.IDENTITY: one} for case, one in halves.items()})

    @staticmethod
    def _both(seen: Seen, key: Key) -> bool:
        """Tell whether something is known here of both of a pair of which something was said."""
        return all(seen.who(at) for at in key)

    def _pair(self, seen: Seen, key: Key, alike: Alike | None) -> Pair:
        held = self._cases.held
        names = held.name(key[0].case), held.name(key[1].case)
        who = (alike.one, alike.other) if alike else (seen.who(key[0]), seen.who(key[1]))
        return Pair(key, names, who, alike, seen.verdicts.get(key, NOTHING_SAID))

    # --- what is kept in memory

    def read_some(self) -> bool:
        """Read some of the cases that changed; False when none is left."""
        with self._journal.store.lock:
            left = self._unread.look()
            self._take(self._unread.take(COMPARED_AT_ONCE))
            return left > COMPARED_AT_ONCE

    def _read(self) -> Seen:
        """Return what is seen, with what was written since it was read last."""
        while self.read_some() and not self.ahead:
            breathe()
        return self._seen

    def _forget(self, case: CaseId) -> None:
        opened = self._cases.held.find(case)
        self._seen.forget(case, opened.vaults if opened else ())
        self._pairs = None

    def _take(self, some: Iterable[CaseId]) -> None:
        """Fold these cases anew."""
        seen, held = self._seen, self._cases.held
        for opened in held.among([*some]):
            record = self._records.record(opened.id)
            seen.papers[opened.id] = papers_in(record)
            vault = held.parts(opened).get(Part.IDENTITY)
            if vault is not None:
                told = held.told(opened, PairJudged)
                seen.put(opened.id, vault, named_in(record), told)
            self._pairs = None
