# SPDX-License-Identifier: AGPL-3.0-or-later
"""What follows a cold sync in the background: words, remaining signatures, cited checkpoints.

Each step takes one slice and says whether more is left, so that a desk in use is never held up.
Nothing whose own signature is unchecked may be exported.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk import search
from safeconduct.edges.desk.engine.cited import cited_since
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.opener import Opener
from safeconduct.edges.desk.migrations_hotline import WORDS_ANEW
from safeconduct.edges.desk.store_facts import QUARANTINED, WORDS_TO
from safeconduct.edges.desk.store_log import NUMBER
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal import Seen, check_signature, open_frame
from safeconduct.kernel.log.merkle import Frontier
from safeconduct.kernel.sync import RelayForked, TreeWatch

TEXTS_A_SLICE: Final = 200
SIGNATURES_A_SLICE: Final = 400


def index_some(journal: Journal) -> bool:
    """Index the words of some more entries; False when all are."""
    store = journal.store
    start = store.setting(WORDS_TO, NUMBER) or 0
    rows = store.rows(
        "SELECT no, kind, version, body FROM entries WHERE no >= ? AND conversation IS NOT NULL "
        "ORDER BY no LIMIT ?",
        (start, TEXTS_A_SLICE),
    )
    if not rows:
        if store.setting(WORDS_ANEW, NUMBER):
            store.drop_settings(WORDS_ANEW)
        return False
    texts = [(row[0], text) for row in rows if (text := search.text_in(row[1], row[2], row[3]))]
    with store.transaction():
        search.index(store, texts)
        store.put_setting(WORDS_TO, rows[-1][0] + 1)
    return True


def verify_some(journal: Journal, opener: Opener | None = None) -> bool:
    """Verify some more signatures; False when all are.

    A signature that does not hold makes the journal be read again, each commit checked.
    """
    store = journal.store
    rows = store.rows(
        "SELECT no, at FROM commits WHERE verified = 0 AND state != ? AND at IS NOT NULL "
        "ORDER BY no LIMIT ?",
        (QUARANTINED, SIGNATURES_A_SLICE),
    )
    if not rows:
        return False
    frames = [journal.log.frames(row[1], 1)[0] for row in rows]
    if _any_bad(journal, frames, opener):
        journal.read_again()
        return False
    with store.transaction() as writer:
        writer.executemany("UPDATE commits SET verified = 1 WHERE no = ?", [(r[0],) for r in rows])
    return True


def _any_bad(journal: Journal, frames: list[bytes], opener: Opener | None) -> bool:
    members = journal.roster.members
    keys = {device: member.device.signing.short for device, member in members.items()}
    if opener is not None:
        return bool(opener.verify(keys, frames))
    try:
        for frame in frames:
            commit = open_frame(frame, journal.office, journal.keychain.office)
            check_signature(commit, keys[commit.device])
    except (SafeconductError, KeyError):
        return True
    return False


def check_cited(journal: Journal, watch: TreeWatch, start: int) -> None:
    """Hold checkpoints that commits from an index on cite to our own log.

    Raises:
        RelayForked: a colleague was shown another log.
    """
    for size, root in cited_since(journal, start):
        watch.check_cited(Seen(size, root), journal.log.subtree)


def check_all_cited(journal: Journal) -> None:
    """Hold every checkpoint that a commit cites to our own log, in one pass over its leaves.

    Raises:
        RelayForked: a colleague was shown another log.
    """
    confirmed = journal.log.watch("log").confirmed.size
    frontier = Frontier()
    for size, root in cited_since(journal):
        if size > confirmed:
            break
        for leaf in journal.log.leaves(frontier.size, size):
            frontier.append(leaf)
        if frontier.root() != root:
            raise RelayForked
