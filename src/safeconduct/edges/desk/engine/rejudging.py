# SPDX-License-Identifier: AGPL-3.0-or-later
"""Judge again what was read before the roster changed (spec/crew.md 2).

What a removed device wrote beyond its cut counts on no desk, whenever it was read; what a steward
adopted counts on each.  In the transaction of whatever changed the roster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from safeconduct.edges.desk import search
from safeconduct.edges.desk.engine.judge import BEYOND_CUT, NOT_ALLOWED, At, Judge
from safeconduct.edges.desk.store_facts import FactShelf, Refusal
from safeconduct.kernel.sync import OpenedEntry
from safeconduct.kernel.words import ConversationId, DeviceId

if TYPE_CHECKING:
    from safeconduct.edges.desk.store import Store
    from safeconduct.kernel.ports import Clock
    from safeconduct.rooms.crew import Roster


RECEIVED: Final = "hotline.MessageReceived"
_CODES: Final = frozenset({BEYOND_CUT, NOT_ALLOWED})


class Journal(Protocol):
    """What of a desk's journal is asked here."""

    @property
    def store(self) -> Store:
        """Return the desk's store."""

    @property
    def facts(self) -> FactShelf:
        """Return its facts."""

    @property
    def clock(self) -> Clock:
        """Return its clock."""

    @property
    def roster(self) -> Roster:
        """Return the roster as it stands now."""

    @property
    def judge(self) -> Judge:
        """Return a judge over that roster."""


def rejudge(journal: Journal, before: Roster) -> set[ConversationId]:
    """Place anew what an earlier roster placed otherwise; return the conversations it touched."""
    touched: set[bytes] = set()
    for device in _changed(journal, before):
        touched |= _device(journal, device)
    return {ConversationId(one) for one in touched}


def _changed(journal: Journal, before: Roster) -> set[DeviceId]:
    after = journal.roster
    if after is before:
        return set()
    adopted = before.adopted ^ after.adopted
    found = {device for commit, _ in adopted for device in _writers(journal, commit)}
    for device, member in before.members.items():
        now = after.members.get(device)
        same = now and (now.roles, now.had) == (member.roles, member.had)
        if not same or before.gaps.get(device) != after.gaps.get(device):
            found.add(device)
    return found


def _writers(journal: Journal, commit: bytes) -> list[DeviceId]:
    rows = journal.store.rows("SELECT device FROM commits WHERE id = ?", (commit,))
    return [DeviceId(row[0]) for row in rows]


def _device(journal: Journal, device: DeviceId) -> set[bytes]:
    judge, touched = journal.judge, set[bytes]()
    refused: set[Refusal] = set()
    commits: set[bytes] = set()
    texts: list[tuple[int, str]] = []
    places: list[tuple[bytes | None, int]] = []
    messages = False
    for no, commit, sequence, at, old, *rest in journal.facts.written_by(device):
        commits.add(commit)
        entry = OpenedEntry(*rest)
        verdict = judge.entry(At(commit, device, sequence), entry)
        if verdict.code in _CODES:
            refused.add((at, commit, verdict.code))
        if verdict.conversation != old:
            places.append((verdict.conversation, no))
            touched |= {one for one in (old, verdict.conversation) if one is not None}
            messages |= entry.kind == RECEIVED
            if text := search.text_of(verdict.event):
                texts.append((no, text))
    journal.facts.place(places)
    if messages:  # What no longer counts sinks nobody.
        journal.facts.weigh_anew()
    journal.facts.refuse(commits, _CODES, refused, journal.clock.now())
    search.forget(journal.store, [no for _, no in places])
    search.index(journal.store, texts)
    return touched
