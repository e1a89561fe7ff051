# SPDX-License-Identifier: AGPL-3.0-or-later
"""Removing devices from this desk: decides on the roster as it stands, and writes signed facts.

And it passes to a colleague what a device holds whose user leaves.

Decision and writing hold the store's lock together, so that a button that is pressed twice writes
once.  Nothing is undone when the server is away: the facts go out like all others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from safeconduct.edges.desk import search
from safeconduct.edges.desk.engine import openings, post, rotating
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.judge import (
    BEYOND_CUT,
    NOT_ALLOWED,
    At,
    hotline_verdict,
)
from safeconduct.edges.desk.engine.pen import crew_fact
from safeconduct.edges.desk.removals_api import CouldRead, Piece, Talk, Writing
from safeconduct.edges.desk.store_facts import COUNTS
from safeconduct.kernel.journal import instant_of
from safeconduct.kernel.sync import OpenedEntry
from safeconduct.kernel.words import CommitId, ConversationId, DeviceId, FactId, Instant
from safeconduct.rooms import hotline
from safeconduct.rooms.crew import (
    KeyFacts,
    KeyTold,
    Role,
    Roster,
    removing,
    role_changes,
    taking_back,
)
from safeconduct.rooms.crew.events import CrewFact, Cut
from safeconduct.rooms.crew.exposure import KeyHistory
from safeconduct.rooms.hotline.bulletin_facts import BulletinFact

FORKED: Final = "device_forked"
PASSED_AT_ONCE: Final = 100
"""Conversations in one commit: their notes then take a quarter of the largest frame."""
_ADOPTED_OF: Final = frozenset({BEYOND_CUT, NOT_ALLOWED})
_MACHINE: Final = ("hotline.AnswerSent", "hotline.HaveSent", "hotline.MessageReceived")
"""What a desk writes by itself, whoever sits at it."""
_ASIDE: Final = (
    'FROM commits c LEFT JOIN quarantine q ON q."commit" = c.id '
    "WHERE q.no IS NOT NULL OR c.state != 0"
)
_ASIDE_PAGE: Final = (
    f"SELECT c.no, c.id, c.device, c.sequence, c.hlc, c.state, min(q.code) {_ASIDE} "
    "GROUP BY c.no ORDER BY c.no DESC LIMIT ? OFFSET ?"
)
_ASIDE_COUNT: Final = f"SELECT count(DISTINCT c.no) {_ASIDE}"
_ONE: Final = "SELECT no, id, device, sequence, hlc, state, NULL FROM commits WHERE id = ? LIMIT 1"
_ENTRIES: Final = (
    'SELECT "commit", slot, vault, epoch, n, kind, version, body FROM entries '
    'WHERE "commit" IN ({marks}) ORDER BY no'
)
_HANDLED: Final = (
    # In the order of the table: by conversation each row would be looked up by itself.
    "SELECT DISTINCT conversation FROM entries NOT INDEXED WHERE conversation IS NOT NULL "
    'AND "commit" IN (SELECT no FROM commits WHERE device = ?) AND kind NOT IN (?, ?, ?)'
)
_TALKS: Final = "SELECT id, code_name, last_at FROM conversations ORDER BY last_at DESC"


class _History(NamedTuple):
    """Which keys were ever given to whom, from which facts, and the number of the last of them."""

    facts: KeyFacts
    last: int
    keys: KeyHistory


class Removals:
    """The acts of removing, over an open journal."""

    def __init__(self, journal: Journal) -> None:
        """Act for the device of this journal."""
        self._journal: Final = journal
        self._store: Final = journal.store
        self._history: _History | None = None

    # --- writing

    def suspend(self, device: DeviceId, reason: str) -> None:
        """Take a device out at once, after its last commit that was read here; durable on return.

        Raises the crew's refusals, StoreIsBehind and StoreFull; nothing is written then.
        """
        own = self._journal.device
        self._write(lambda roster: removing.suspend(roster, own, self._cut(device), reason))

    def expel(self, device: DeviceId, reason: str) -> None:
        """Ask that it be taken out for good; raises as `suspend`."""
        own = self._journal.device
        self._write(lambda roster: removing.expel(roster, own, self._cut(device), reason))

    def readmit(self, device: DeviceId) -> None:
        """Ask that it be brought back; raises as `suspend`."""
        own = self._journal.device
        self._write(lambda roster: removing.readmit(roster, own, self._cut(device)))

    def change_roles(self, device: DeviceId, roles: frozenset[Role]) -> None:
        """Ask that a device have these roles and no others; raises as `suspend`."""
        own = self._journal.device
        self._write(lambda roster: role_changes.change_roles(roster, own, device, roles))

    def second(self, fact: FactId) -> None:
        """Sign as the second steward; raises as `suspend`."""
        self._write(lambda roster: removing.second(roster, self._journal.device, fact))

    def take_back(self, fact: FactId) -> None:
        """Take back what was asked for from here; raises as `suspend`."""
        self._write(lambda roster: taking_back.take_back(roster, self._journal.device, fact))

    def adopt(self, commit: CommitId) -> None:
        """Let count what of a commit lies in quarantine and can be let; raises as `suspend`."""

        def decide(roster: Roster) -> CrewFact:
            rows = self._store.rows(_ONE, (commit,))
            held = self._entries(rows)
            entries = [one.index for row in rows for one in self._adoptable(row, held[row[0]])]
            return removing.adopt(roster, self._journal.device, commit, entries)

        self._write(decide)

    def pass_on(self, device: DeviceId, to: DeviceId, note: str) -> int:
        """Pass all that a device holds to another; return how many conversations that were.

        Each hundred is one commit, and a press that was cut short is finished by the next.

        Raises the hotline's refusals, StoreIsBehind and StoreFull.
        """
        journal = self._journal
        with self._store.lock:
            members, page = journal.roster.present(), journal.lists.page
            _, total = page("mine", device, start=0, most=0)
            held, _ = page("mine", device, start=0, most=total)
            for start in range(0, len(held), PASSED_AT_ONCE):
                talks = [
                    journal.lists.whole(row.conversation)
                    for row in held[start : start + PASSED_AT_ONCE]
                ]
                passed = [
                    hotline.pass_on(talk, device, to, note, members) for talk in talks if talk
                ]
                journal.write([post.fact(journal, event) for event in passed])
        return len(held)

    def _write(self, decide: Callable[[Roster], CrewFact]) -> None:
        """Write a fact, and remember that keys may be to be renewed for it."""
        journal = self._journal
        with self._store.lock:
            fact = decide(journal.roster)
            signer = (journal.device, journal.secrets.signing_key())
            written = crew_fact(journal.crew_vault, fact, journal.office, signer)
            journal.write([written], lambda _: rotating.ask(journal))

    def _cut(self, device: DeviceId) -> Cut:
        head = self._journal.reader.chains.head(device)
        return Cut(device, head.sequence, head.commit)

    # --- reading

    def when(self, device: DeviceId, sequence: int) -> Instant:
        """Return when a commit of a device was written, as its clock said; 0 when unknown."""
        query = "SELECT hlc FROM commits WHERE device = ? AND sequence = ? ORDER BY no LIMIT 1"
        found = self._store.value(query, (device, sequence))
        return Instant(0) if found is None else instant_of(found)

    def quarantined(self, *, start: int, most: int) -> tuple[Sequence[Writing], int]:
        """Return what does not count, newest first, and how much of it there is."""
        rows = self._store.rows(_ASIDE_PAGE, (most, max(0, start)))
        held = self._entries(rows)
        found = [self._writing(row, held[row[0]]) for row in rows]
        return found, self._store.value(_ASIDE_COUNT)

    def _writing(self, row: Sequence[Any], held: list[OpenedEntry]) -> Writing:
        _, commit, device, _, hlc, state, code = row
        adoptable = self._adoptable(row, held)
        shown = adoptable or held
        return Writing(
            commit=CommitId(commit),
            by=DeviceId(device),
            at=instant_of(hlc),
            code=code or FORKED,
            pieces=tuple(self._piece(entry) for entry in shown),
            adoptable=bool(adoptable) and state == COUNTS,
        )

    def _adoptable(self, row: Sequence[Any], held: list[OpenedEntry]) -> list[OpenedEntry]:
        """Return the entries of a commit that count nowhere and that a steward can let count."""
        _, commit, device, sequence, _, state, _ = row
        if state != COUNTS:
            return []
        judge, written = self._journal.judge, At(commit, DeviceId(device), sequence)
        return [
            entry
            for entry in held
            if entry.kind.startswith("hotline.")
            and judge.entry(written, entry).code in _ADOPTED_OF
            and not hotline_verdict(entry).code
        ]

    def _entries(self, rows: Sequence[Sequence[Any]]) -> dict[int, list[OpenedEntry]]:
        """Return the entries of some commits, by the commits' numbers, in one look at the table."""
        held: dict[int, list[OpenedEntry]] = {row[0]: [] for row in rows}
        query = _ENTRIES.format(marks=", ".join("?" * len(held)))
        for commit, *entry in self._store.rows(query, tuple(held)):
            held[commit].append(OpenedEntry(*entry))
        return held

    def _piece(self, entry: OpenedEntry) -> Piece:
        verdict = hotline_verdict(entry) if entry.kind.startswith("hotline.") else None
        of_talk = verdict and not isinstance(verdict.event, BulletinFact)
        where = verdict.conversation if verdict and of_talk else None
        text = search.text_of(verdict.event) if verdict else None
        name = self._journal.lists.code_name(where) if where is not None else ""
        there = self._store.value("SELECT 1 FROM conversations WHERE id = ?", (where,))
        return Piece(entry.kind, text or "", where if there else None, name)

    def key_history(self) -> KeyHistory:
        """Return which keys were ever given to whom, as far as this desk's keys let it know."""
        journal, known = self._journal, self._history
        with self._store.lock:
            facts = journal.keys.facts()
            if known is not None and known.facts is facts:
                return known.keys
            grown = known is not None and known.facts.heard is facts.heard
            last, fresh = self._told_of_keys(known.last if known and grown else 0)
            if known and grown and all(one.proved for one in fresh):
                known.keys.more(one.told for one in fresh)
                self._history = known._replace(facts=facts, last=last)
            else:
                last, told = self._told_of_keys(0) if grown else (last, fresh)
                self._history = _History(facts, last, self._read_history(told))
            return self._history.keys

    def _told_of_keys(self, after: int) -> tuple[int, list[KeyTold]]:
        journal = self._journal
        last, told = journal.keys.told(after)
        here = {journal.crew_vault, *journal.roster.teams}
        return last, [one for one in told if one.vault in here]

    def _read_history(self, told: Sequence[KeyTold]) -> KeyHistory:
        journal = self._journal
        times = {(one.told.device, one.told.sequence): instant_of(one.hlc) for one in told}

        def when(device: DeviceId, sequence: int) -> Instant:
            return times.get((device, sequence)) or self.when(device, sequence)

        here = {one.told.id for one in told}
        every = [one for one in journal.facts.of_roster(journal.crew_vault) if one.id not in here]
        every += (one.told for one in told)
        proved = frozenset(one.told.id for one in told if one.proved)
        return KeyHistory(journal.roster, every, when, proved)

    def could_read(self, device: DeviceId) -> CouldRead:
        """Return what a device could have read, by the keys that it was given."""
        left = self._journal.keys.left_by(self._journal.device)
        vaults = self.key_history().could_read(device, left)
        known = {row[0] for row in self._store.rows(_HANDLED, (device, *_MACHINE))}
        known |= openings.looked_at(self._store, device)
        talks = [_talk(row) for row in self._store.rows(_TALKS)]
        handled = tuple(talk for talk in talks if talk.conversation in known)
        others = tuple(talk for talk in talks if talk.conversation not in known)
        return CouldRead(vaults, handled, others)


def _talk(row: Sequence[Any]) -> Talk:
    return Talk(ConversationId(row[0]), row[1], Instant(row[2]))
