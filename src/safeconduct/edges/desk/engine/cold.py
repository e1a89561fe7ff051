# SPDX-License-Identifier: AGPL-3.0-or-later
"""Read many frames at once: Today first, then the tables, the words and the other signatures.

Stages (spec/journal.md 5): the frames are durable before this begins; a worker process opens them
and follows the chains; the newest signature of each chain and those of all roster facts are
verified; conversations are folded and their rows written, and Today can be used.  Entries, words
and the remaining signatures follow.  A segment that does not fit is read again, each commit
checked; what was opened before it stays, and stays in sight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from safeconduct.edges.desk.engine.cited import smallest
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.judge import (
    Judge,
    Verdict,
    roster_facts,
    verdict_of,
)
from safeconduct.edges.desk.engine.rejudging import rejudge
from safeconduct.edges.desk.gone_rows import Covered
from safeconduct.edges.desk.store_facts import COUNTS, Placed
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal import Head, Heads, VaultEpoch, check_signature, open_frame, tick
from safeconduct.kernel.sync import Opened, Read
from safeconduct.kernel.sync.reader import PARKED
from safeconduct.kernel.words import (
    DAY,
    CommitId,
    ConversationId,
    DeviceId,
    Instant,
    VaultId,
    fact_id,
)
from safeconduct.rooms import hotline
from safeconduct.rooms.crew import Roster
from safeconduct.rooms.hotline.events import ConversationFact
from safeconduct.rooms.hotline.retention import RetentionDue

COMMITS_A_SLICE: Final = 2_000
SEGMENT_ENTRIES: Final = 200_000


class DoesNotFit(Exception):
    """Something in a quick reading needs the checked one."""


@dataclass
class Cold:
    """One segment of a quick reading, and what is not in the tables yet."""

    journal: Journal
    reads: list[Read] = field(default_factory=list)
    entries: int = 0
    told: dict[ConversationId, list[hotline.Told]] = field(default_factory=dict)
    placed: list[Placed] = field(default_factory=list)
    claims: set[tuple[DeviceId, str, bytes]] = field(default_factory=set)
    marked: dict[bytes, Opened] = field(default_factory=dict)
    odd: bool = False
    before: Roster = field(init=False)
    covered: Covered = field(init=False)

    def __post_init__(self) -> None:
        """Know what of these frames this desk destroyed already."""
        self.covered = self.journal.lists.gone.covered()

    def add(self, reads: Iterable[Read]) -> None:
        """Take what a worker opened, and sort facts by conversation while the worker goes on."""
        for read in reads:
            self.reads.append(read)
            opened = read.commit
            if opened is not None and not read.code:
                self.entries += len(opened.entries)
                self._sort(read.at, opened)

    def _sort(self, at: int, opened: Opened) -> None:
        """Place a commit as if every device might write everything; `_judge` has the last word."""
        device, places = DeviceId(opened.device), []
        for entry in opened.entries:
            self.claims.add((device, entry.kind, entry.vault))
            verdict = verdict_of(entry)
            self.odd |= bool(verdict.code)
            places.append(verdict.conversation)
            self._told(opened, entry.index, verdict)
        self.placed.append(Placed(opened, at, COUNTS, places))

    def finish(self, read_to: int, usable: Callable[[], None]) -> None:
        """Verify, fold, let Today be used, then write the tables.

        Raises:
            DoesNotFit: read again, checked; nothing counts of this segment.
        """
        journal = self.journal
        with journal.store.lock:
            counted = self.check()
            first = journal.store.value("SELECT max(no) FROM entries") is None
            self._judge(counted)
            if first:
                self._fold()
                usable()
        try:
            self._write(read_to, first=first)
        finally:
            with journal.store.lock:
                journal.lists.pending = {}
                journal.load()
        if not first:
            journal.changed()
            usable()

    def check(self) -> list[Read]:
        """Verify the newest signature of each chain and those of roster facts; return what counts.

        Raises:
            DoesNotFit: see `finish`.
        """
        counted = self._fitting()
        self._check_parked(counted)
        self._check_rosters(counted)
        self._check_heads()
        self._check_newest(counted)
        return counted

    def _fitting(self) -> list[Read]:
        """Return the reads that count, after those that a later frame may change are set aside."""
        counted: list[Read] = []
        ids = {read.commit.id for read in self.reads if read.commit is not None and not read.code}
        for read in self.reads:
            if not read.code:
                counted.append(read)
                if read.commit is not None and read.commit.heads is not None:
                    self.marked[read.commit.id] = read.commit
            elif read.code == "known" and read.commit is not None:
                if read.commit.id not in ids and self._held(read.commit) != read.commit.id:
                    raise DoesNotFit
            elif read.code in PARKED - {"no_office_key"} or read.commit is not None:
                raise DoesNotFit
        return counted

    def _check_parked(self, counted: list[Read]) -> None:
        """Leave to the checked reading whatever a frame that waits may have a say in."""
        journal = self.journal
        waiting = journal.log.parked() if counted else []
        if waiting and roster_facts(self.marked.values(), journal.crew_vault):
            raise DoesNotFit
        devices = {read.commit.device for read in counted if read.commit is not None}
        for frame in waiting:
            if open_frame(frame, journal.office, journal.keychain.office).device in devices:
                raise DoesNotFit

    def _held(self, opened: Opened) -> CommitId | None:
        return self.journal.facts.commit_at(DeviceId(opened.device), opened.sequence)

    def _check_rosters(self, counted: list[Read]) -> None:
        journal = self.journal
        fresh = roster_facts(self.marked.values(), journal.crew_vault)
        self.before = journal.roster
        opened = [read.commit for read in counted if read.commit is not None]
        if fresh or any(commit.id in self.before.awaited for commit in opened):
            journal.roster = journal.rosters.refold(fresh, opened)
        named = {told.commit for told in fresh}
        self._check([read for read in counted if read.commit and read.commit.id in named])

    def _check_heads(self) -> None:
        """Hold every commit to the roster heads that it cites."""
        heads = self.journal.rosters.heads.copy()
        for opened in self.marked.values():
            device, cited = DeviceId(opened.device), opened.heads or ()
            if heads.unknown(device, cited) or heads.went_back(device, cited):
                raise DoesNotFit
            _follow(heads, opened)

    def _check_newest(self, counted: list[Read]) -> None:
        newest = {read.commit.device: read for read in counted if read.commit is not None}
        self._check(newest.values())
        for read in newest.values():
            if read.commit is not None:
                self._hold_cited(read.commit)

    def _check(self, reads: Iterable[Read]) -> None:
        journal = self.journal
        for read in reads:
            assert read.commit is not None
            key = journal.key_of(DeviceId(read.commit.device))
            if key is None:
                raise DoesNotFit
            (frame,) = journal.log.frames(read.at, 1)
            try:
                check_signature(open_frame(frame, journal.office, journal.keychain.office), key)
            except SafeconductError as error:
                raise DoesNotFit from error

    def _hold_cited(self, opened: Opened) -> None:
        common = smallest(self.journal)
        if common is None or opened.seen.size <= common:
            self.journal.log.watch("log").check_cited(opened.seen, self.journal.log.subtree)

    def _judge(self, counted: list[Read]) -> None:
        """Let stand what was sorted if every device may write what it wrote; else sort anew."""
        judge = self.journal.judge
        if not self.odd and all(judge.allows(*claim) for claim in self.claims):
            return
        self.told.clear()
        self.placed.clear()
        for read in counted:
            assert read.commit is not None
            self._judge_one(judge, read.at, read.commit)

    def _judge_one(self, judge: Judge, at: int, opened: Opened) -> None:
        verdicts = [judge.entry(opened, entry) for entry in opened.entries]
        self.journal.note_refused(opened, at, verdicts)
        places = [verdict.conversation for verdict in verdicts]
        self.placed.append(Placed(opened, at, COUNTS, places))
        for entry, verdict in zip(opened.entries, verdicts, strict=True):
            self._told(opened, entry.index, verdict)

    def _told(self, opened: Opened, index: int, verdict: Verdict) -> None:
        """Put what is told of a conversation with it."""
        event = verdict.event
        if verdict.conversation is not None and isinstance(event, ConversationFact):
            where = verdict.conversation, DeviceId(opened.device)
            gone = opened.sequence <= self.covered.get(where, -1)
            if gone and not isinstance(event, RetentionDue):
                return
            fact = fact_id(opened.id, index)
            told = hotline.Told(fact, DeviceId(opened.device), opened.hlc, event)
            self.told.setdefault(verdict.conversation, []).append(told)

    def _fold(self) -> None:
        lists = self.journal.lists
        lists.pending = self.told
        folded = (lists.fold(conversation, told) for conversation, told in self.told.items())
        lists.put_many([conversation for conversation in folded if conversation is not None])
        self.journal.changed()

    def _write(self, read_to: int, *, first: bool) -> None:
        """Write the tables in slices; each leaves a journal from which a start goes on."""
        journal = self.journal
        went = {ConversationId(name) for name, _ in self.covered}
        for start in range(0, len(self.placed), COMMITS_A_SLICE):
            some = self.placed[start : start + COMMITS_A_SLICE]
            with journal.store.transaction():
                journal.facts.add(some)
                here = chain.from_iterable(one.conversations for one in some)
                journal.lists.gone.sweep(went.intersection(here))
                self._keep_places(some)
                end = some[-1].at
                assert end is not None
                journal.log.keep_read_to(end + 1)
        with journal.store.transaction():
            for read in self.reads:
                if read.code:
                    journal.settle(read)
            journal.log.keep_read_to(read_to)
            if not first:
                journal.lists.refresh({*self.told, *rejudge(journal, self.before)})
            # Bulletins of this segment were in no table while its conversations were folded.
            journal.lists.touch_anew(journal.lists.touched.anew())

    def _keep_places(self, placed: list[Placed]) -> None:
        journal = self.journal
        heads: dict[DeviceId, Head] = {}
        counts: dict[DeviceId, dict[VaultEpoch, int]] = {}
        newest, horizon = 0, tick(0, Instant(journal.clock.now() + DAY))
        for opened, *_ in placed:
            device = DeviceId(opened.device)
            heads[device] = Head(opened.sequence, CommitId(opened.id))
            mine = counts.setdefault(device, {})
            for entry in opened.entries:
                mine[VaultEpoch(VaultId(entry.vault), entry.epoch)] = entry.n + 1
            newest = max(newest, opened.hlc) if opened.hlc < horizon else newest
            if opened.id in self.marked:
                _follow(journal.rosters.heads, opened)
        journal.follow(newest)
        journal.rosters.beats.hear(one.opened for one in placed)
        for device, head in heads.items():
            journal.facts.keep_chain(device, head)
            journal.facts.keep_counts(device, counts[device])
            if device == journal.device and head.sequence > journal.pen.sequence:
                journal.fall_behind()
        journal.keep_pen(journal.pen)


def _follow(heads: Heads, opened: Opened) -> None:
    device = DeviceId(opened.device)
    roster = heads.holds(device, opened.entries)
    heads.follow(device, opened.id, opened.heads or (), roster=roster)
