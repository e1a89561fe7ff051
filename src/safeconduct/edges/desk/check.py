# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hold a whole store to what it claims: for `safeconduct verify`.

Reads and changes nothing.  A finding is a code and a count; an empty list means that every chain,
signature and checkpoint holds and that every list and index is what its facts make of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import apsw

from safeconduct.edges.desk import search
from safeconduct.edges.desk.engine import erased
from safeconduct.edges.desk.engine.cited import cited_since
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.gone_rows import BLANK
from safeconduct.edges.desk.joined_rows import pairs_of
from safeconduct.edges.desk.kept_rows import rows_of
from safeconduct.edges.desk.migrations_hotline import WORDS_ANEW
from safeconduct.edges.desk.store_log import NUMBER, SEEN
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal import (
    NOTHING_SEEN,
    Chains,
    Commit,
    Ring,
    Step,
    check_signature,
    open_frame,
)
from safeconduct.kernel.journal.heads import HEARTBEAT
from safeconduct.kernel.log.merkle import Frontier, leaf_hash
from safeconduct.kernel.seal.lock import SharedKey
from safeconduct.kernel.words import ConversationId, DeviceId
from safeconduct.rooms import crew
from safeconduct.rooms.hotline.joining import Pair

RUN: Final = 500
BLANKS: Final = frozenset({BLANK, erased.BLANK})
"""What stands in place of what was destroyed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold: what, and how often."""

    code: str
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked, and what does not hold."""

    frames: int
    commits: int
    entries: int
    conversations: int
    findings: tuple[Finding, ...]


def verify_store(journal: Journal) -> Report:
    """Check every frame, chain, signature, checkpoint, row and index of a store."""
    found: Counter[str] = Counter()
    frames, entries = _frames(journal, found)
    found.update(_checkpoints(journal))
    conversations = _rows(journal, found)
    found.update(_words(journal))
    found.update(_damage(journal))
    findings = tuple(Finding(code, count) for code, count in sorted(found.items()) if count)
    commits: int = journal.store.value("SELECT count(*) FROM commits")
    return Report(frames, commits, entries, conversations, findings)


def _frames(journal: Journal, found: Counter[str]) -> tuple[int, int]:
    """Open every frame again from nothing, follow every chain, verify every signature."""
    ring, chains, entries = Ring(), Chains(), 0
    for where, key in journal.keychain.vaults.items():
        ring.add_key(where, key)
    keys = {epoch: SharedKey(key) for epoch, key in journal.keychain.office.items()}
    size = journal.log.size()
    for at, frame in _held(journal, size):
        try:
            commit = open_frame(frame, journal.office, keys)
            _signed(journal, commit)
            step = chains.step(commit)
            if step is Step.FOLLOWS:
                entries += _same_entries(journal, commit, ring, found)
            elif step is not Step.KNOWN:
                found["device_forked" if step is Step.FORKS else "chain_broken"] += 1
        except SafeconductError as error:
            if not _set_aside(journal, at):
                found[error.code] += 1
    return size, entries


def _held(journal: Journal, size: int) -> Iterator[tuple[int, bytes]]:
    """Return the frames of the log, then our own that are not in it yet."""
    for start in range(0, size, RUN):
        query = "SELECT idx, frame FROM frames WHERE idx >= ? AND idx < ? ORDER BY idx"
        yield from ((row[0], row[1]) for row in journal.store.rows(query, (start, start + RUN)))
    query = "SELECT frame FROM outbox ORDER BY sequence"
    yield from ((-1, row[0]) for row in journal.store.rows(query))


def _signed(journal: Journal, commit: Commit) -> None:
    key = journal.key_of(DeviceId(commit.device))
    if key is None:
        raise crew.NotFounded
    check_signature(commit, key)


def _same_entries(journal: Journal, commit: Commit, ring: Ring, found: Counter[str]) -> int:
    """Hold the stored entries of a commit to what its frame says."""
    opened = [(index, entry.kind, entry.body) for index, entry in ring.open(commit)]
    if [kind for _, kind, _ in opened] == [HEARTBEAT]:
        opened = []  # Its frame alone is kept (spec/crew.md 10).
    stored: list[tuple[int, str, bytes]] = journal.store.rows(
        'SELECT e.slot, e.kind, e.body FROM entries e JOIN commits c ON c.no = e."commit" '
        "WHERE c.device = ? AND c.sequence = ? AND c.id = ? AND e.no > 0 ORDER BY e.slot",
        (commit.device, commit.header.sequence, commit.id),
    )
    gone = {slot for slot, kind, _ in stored if kind in BLANKS}
    stays = [one for one in stored if one[1] not in BLANKS]
    if [one for one in opened if one[0] not in gone] != stays:
        found["entries_differ"] += 1
    return len(opened)


def _set_aside(journal: Journal, at: int) -> bool:
    """Tell whether the desk knows already that this frame does not count."""
    query = "SELECT 1 FROM quarantine WHERE at = ? UNION SELECT 1 FROM parked WHERE idx = ?"
    return journal.store.value(query, (at, at)) is not None


def _checkpoints(journal: Journal) -> Iterable[str]:
    """Compute the log's tree from its frames, and hold all cited checkpoints to it."""
    confirmed = journal.store.setting("tree.log", SEEN) or NOTHING_SEEN
    wanted: dict[int, set[bytes]] = {confirmed.size: {confirmed.root}}
    for size, root in cited_since(journal):
        wanted.setdefault(size, set()).add(root)
    frontier, size = Frontier(), journal.log.size()
    for at in range(size + 1):
        if at in wanted and wanted.pop(at) != {frontier.root()}:
            yield "checkpoint_differs"
        for frame in journal.log.frames(at, 1):
            leaf = leaf_hash(frame)
            if journal.log.leaves(at, at + 1) != [leaf]:
                yield "leaf_differs"
            frontier.append(leaf)
    yield from ("checkpoint_differs" for _ in wanted)


def _rows(journal: Journal, found: Counter[str]) -> int:
    """Fold every conversation again and compare its rows, and what is joined and gathered."""
    kept = journal.lists.kept.all()
    rows = {row.conversation: row for row in journal.lists.all()}
    pairs, inside = set[Pair](), set[tuple[ConversationId, ConversationId]]()
    query = "SELECT DISTINCT conversation FROM entries WHERE conversation IS NOT NULL"
    for (one,) in journal.store.rows(query):
        name = ConversationId(one)
        row = rows.pop(name, None)
        try:
            alone, whole = journal.lists.conversation(name), journal.lists.whole(name)
        except SafeconductError as error:
            found[error.code] += 1
            continue
        pairs.update(pairs_of(alone))
        if whole is not None and whole.id != name:
            inside.add((name, whole.id))
            whole = None
        if whole is not None:
            kept ^= rows_of(whole)
        if (journal.lists.fresh_row(whole) if whole else None) != row:
            found["list_differs"] += 1
    found["list_differs"] += len(kept)
    joined = journal.lists.joined
    found["list_differs"] += journal.lists.crowds.unsettled()
    found["list_differs"] += len(rows) + len(pairs ^ joined.pairs()) + len(inside ^ joined.inside())
    return int(journal.store.value("SELECT count(*) FROM conversations"))


def _words(journal: Journal) -> Iterable[str]:
    """Index all texts again, in memory, and compare every word and how often it stands.

    An index that is being made anew is compared with nothing until it is done.
    """
    if journal.store.setting(WORDS_ANEW, NUMBER):
        return
    fresh = apsw.Connection(":memory:")
    fresh.execute(
        "CREATE VIRTUAL TABLE word_index USING fts5(words, content='', contentless_delete=1, "
        'detail=none, tokenize="unicode61 remove_diacritics 0")'
    )
    query = "SELECT no, kind, version, body FROM entries WHERE conversation IS NOT NULL"
    for no, kind, version, body in journal.store.rows(query):
        try:
            text = search.text_in(kind, version, body)
        except SafeconductError:
            continue  # Counted where its conversation is folded.
        if text:
            row = (no, search.shadow(text))
            fresh.execute("INSERT INTO word_index (rowid, words) VALUES (?, ?)", row)
    if _vocabulary(fresh) != _vocabulary(journal.store.reader):
        yield "words_differ"


def _vocabulary(connection: apsw.Connection) -> list[tuple[str, int]]:
    connection.pragma("query_only", "off")
    connection.execute(
        "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, word_index, row)"
    )
    rows = connection.execute("SELECT term, doc FROM temp.vocabulary ORDER BY term").fetchall()
    connection.execute("DROP TABLE temp.vocabulary")
    return [(str(term), int(str(documents))) for term, documents in rows]


def _damage(journal: Journal) -> Iterable[str]:
    """Ask the database about itself."""
    if journal.store.value("PRAGMA quick_check") != "ok":
        yield "store_damaged"
