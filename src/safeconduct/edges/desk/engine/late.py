# SPDX-License-Identifier: AGPL-3.0-or-later
"""Entries that were read before their key came: opened now, and judged like all others.

Their tags are known as soon as the key is (spec/journal.md 1), so finding them is a look-up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from safeconduct.edges.desk import search
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.judge import At
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal import Ring, VaultEpoch, entry_tag, open_frame
from safeconduct.kernel.seal.lock import SharedKey
from safeconduct.kernel.sync import OpenedEntry
from safeconduct.kernel.words import ConversationId, DeviceId, VaultId
from safeconduct.rooms.crew import OFFICE_KEY

_UNOPENED: Final = 'SELECT tag, "commit" FROM unopened'
_COMMIT: Final = (
    "SELECT c.no, c.id, c.device, c.sequence, c.at, f.frame FROM commits c "
    "JOIN frames f ON f.idx = c.at WHERE c.no = ?"
)


class Unsealed(NamedTuple):
    """What opened late, and whether all must be read again for it: the roster may hang on it."""

    touched: set[ConversationId]
    again: bool


def open_late(journal: Journal, fresh: Mapping[VaultEpoch, bytes]) -> Unsealed:
    """Keep the entries that fresh vault keys open; inside the transaction that keeps the keys."""
    touched: set[ConversationId] = set()
    again = False
    ring = Ring()
    for where, key in fresh.items():
        if where.vault != OFFICE_KEY:
            ring.add_key(where, key)
    counts: dict[DeviceId, dict[VaultEpoch, int]] = {}
    for no in _commits(journal, ring, fresh):
        for row in journal.store.rows(_COMMIT, (no,)):
            try:
                entries = _opened(journal, ring, row)
            except SafeconductError:  # On a desk that held the key in time it counts for nothing.
                again = True
                continue
            again |= any(entry.vault == journal.crew_vault for entry in entries)
            touched |= _keep(journal, row, entries)
            mine = counts.setdefault(DeviceId(row[2]), {})
            mine |= {VaultEpoch(VaultId(e.vault), e.epoch): e.n + 1 for e in entries}
    for device, known in counts.items():
        journal.facts.keep_counts(device, known)
    return Unsealed(touched, again)


def _commits(journal: Journal, ring: Ring, fresh: Mapping[VaultEpoch, bytes]) -> list[int]:
    """Return the commits that hold entries under these keys, in the order of their reading."""
    waiting: dict[bytes, int] = dict(journal.store.rows(_UNOPENED))
    found: set[int] = set()
    for where in ring.held() if waiting else ():
        key = SharedKey(fresh[where])
        for device in journal.reader.chains.devices():
            n = 0
            while (no := waiting.get(entry_tag(key, device, n))) is not None:
                found.add(no)
                n += 1
    return sorted(found)


def _opened(journal: Journal, ring: Ring, row: tuple[Any, ...]) -> list[OpenedEntry]:
    commit = open_frame(row[5], journal.office, journal.keychain.office)
    return [
        OpenedEntry(index, e.vault, e.epoch, e.n, e.kind, e.version, e.body)
        for index, e in ring.open(commit)
    ]


def _keep(
    journal: Journal, row: tuple[Any, ...], entries: Iterable[OpenedEntry]
) -> set[ConversationId]:
    no, commit, device, sequence, at, _ = row
    judge, touched = journal.judge, set[ConversationId]()
    for entry in entries:
        verdict = judge.entry(At(commit, DeviceId(device), sequence), entry)
        if verdict.code:
            journal.facts.set_aside(at, commit, verdict.code, journal.clock.now())
        number = journal.facts.add_late(no, entry, verdict.conversation)
        if text := search.text_of(verdict.event):
            search.index(journal.store, [(number, text)])
        if verdict.conversation is not None:
            touched.add(verdict.conversation)
    return touched
