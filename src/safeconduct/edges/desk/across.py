# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this desk sees across the cases that it holds: papers that run out, and who is alike.

Made once and kept in memory: a commit costs a fold of the cases that it wrote into.  All is read
anew when the roster changes or something is held no more, as old facts may count otherwise then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from safeconduct.edges.desk.across_api import Pair
from safeconduct.edges.desk.cases import Cases
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.records import Records
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms.cases import Part, SheetId, Told
from safeconduct.rooms.cases.alike import Alike, AlikeNames, Key, Named, named_in
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.pair_facts import PairJudged
from safeconduct.rooms.cases.pairs import NOTHING_SAID, Verdict, fold_pairs
from safeconduct.rooms.cases.pairs_decide import Word, judge_pair
from safeconduct.rooms.cases.papers import Paper, papers_in
from safeconduct.rooms.crew.case_facts import OpenedCase

_NEW: Final = (
    "SELECT DISTINCT conversation FROM entries WHERE no > ? AND conversation IS NOT NULL "
    "AND kind IN ('cases.PartOpened', 'cases.SheetWritten', 'cases.PairJudged')"
)
_LAST: Final = "SELECT max(no) FROM entries"


class Seen:
    """What was read of the cases that are held; names and pairs are of identity parts alone."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.names: Final = AlikeNames()
        self.papers: Final[dict[CaseId, tuple[Paper, ...]]] = {}
        self.named: Final[dict[CaseId, tuple[Named, ...]]] = {}
        self.identity: Final[dict[VaultId, CaseId]] = {}
        self.told: Final[dict[CaseId, list[Told]]] = {}
        self.verdicts: dict[Key, Verdict] = {}


class Across:
    """What is seen across cases, over an open journal."""

    def __init__(self, journal: Journal, of: Cases, records: Records) -> None:
        """Act for the device of this journal."""
        self._journal: Final = journal
        self._cases: Final = of
        self._records: Final = records
        self._seen = Seen()
        self._held: dict[CaseId, OpenedCase] = {}
        self._to = 0
        self._stamp: tuple[Any, ...] = ()

    def papers(self) -> Sequence[tuple[str, Paper]]:
        """Return the documents that run out, soonest first, each with its case's name."""
        with self._journal.store.lock:
            every = [paper for some in self._read().papers.values() for paper in some]
            every.sort(key=lambda one: (one.last, one.case, one.sheet))
            return [(self._cases.held.name(one.case), one) for one in every]

    def pairs(self) -> Sequence[Pair]:
        """Return the pairs of which both identity parts are held here, those that wait first."""
        with self._journal.store.lock:
            seen = self._read()
            found = {(one.one.at, one.other.at): one for one in seen.names.pairs()}
            keys = found.keys() | {key for key in seen.verdicts if self._both(seen, key)}
            every = [self._pair(seen, key, found.get(key)) for key in sorted(keys)]
            return sorted(every, key=lambda one: not one.asked)

    def of_case(self, case: CaseId) -> Mapping[SheetId, Sequence[Pair]]:
        """Return the pairs of which one is in a case, by its sheet; nothing that was refuted."""
        with self._journal.store.lock:
            seen, found = self._read(), dict[SheetId, list[Pair]]()
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
        return all(any(one.at == at for one in seen.named.get(at.case, ())) for at in key)

    def _pair(self, seen: Seen, key: Key, alike: Alike | None) -> Pair:
        held = self._cases.held
        who = [next((o for o in seen.named.get(at.case, ()) if o.at == at), None) for at in key]
        names = held.name(key[0].case), held.name(key[1].case)
        return Pair(key, names, (who[0], who[1]), alike, seen.verdicts.get(key, NOTHING_SAID))

    # --- what is kept in memory

    def _read(self) -> Seen:
        """Return what is seen, with what was written since it was read last."""
        held, store = {one.id: one for one in self._cases.held.all()}, self._journal.store
        last = int(store.value(_LAST, ()) or 0)
        stamp = self._journal.roster, self._journal.facts.turned
        if stamp != self._stamp or last < self._to or self._lost(held):
            self._seen, self._held, self._to, self._stamp = Seen(), {}, 0, stamp
            new = set(held)
        else:
            new = {case for case, one in held.items() if self._held.get(case) != one}
            if last > self._to:
                new |= {CaseId(row[0]) for row in store.rows(_NEW, (self._to,))}
        self._take(held[case] for case in sorted(new) if case in held)
        self._held, self._to = held, last
        return self._seen

    def _lost(self, held: Mapping[CaseId, OpenedCase]) -> bool:
        there = ((one, held.get(case)) for case, one in self._held.items())
        return any(now is None or set(one.vaults) - set(now.vaults) for one, now in there)

    def _take(self, some: Iterable[OpenedCase]) -> None:
        """Fold these cases anew."""
        some = tuple(some)
        if not some:
            return
        seen, before = self._seen, {one for told in self._seen.told.values() for one in told}
        for opened in some:
            record = self._records.record(opened.id)
            seen.papers[opened.id] = papers_in(record)
            vault = self._cases.held.parts(opened).get(Part.IDENTITY)
            if vault is not None:
                seen.identity[vault] = opened.id
                seen.named[opened.id] = named_in(record)
                seen.names.put(opened.id, seen.named[opened.id])
                seen.told[opened.id] = self._cases.held.told(opened, PairJudged)
        told = {one for told in seen.told.values() for one in told}
        if told != before:
            seen.verdicts = fold_pairs(seen.identity, told)
