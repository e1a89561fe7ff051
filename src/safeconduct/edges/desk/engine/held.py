# SPDX-License-Identifier: AGPL-3.0-or-later
"""Read the frames that are held here: few one by one, many in segments by a worker process.

A segment that does not fit is read again, each commit checked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from safeconduct.edges.desk.engine.cold import Cold, DoesNotFit
from safeconduct.edges.desk.engine.journal import SLICE, Journal
from safeconduct.edges.desk.engine.opener import Opener, setup_of
from safeconduct.edges.desk.engine.rejudging import rejudge
from safeconduct.edges.desk.migrations_hotline import ROWS_ANEW
from safeconduct.edges.desk.store_log import NUMBER
from safeconduct.edges.desk.unfolded import unfolded
from safeconduct.kernel.canon import Codec

QUICK_FROM: Final = 1_000
"""From how many frames on a worker process opens them."""
RUN: Final = 500
SEGMENT_FRAMES: Final = 100_000
_JUDGED: Final = "judged"
_HEEDED: Final = "cuts_heeded"
_KINDS: Final[Codec[tuple[str, ...]]] = Codec(tuple[str, ...], "kinds")


def finish(cold: Cold, opener: Opener, end: int) -> None:
    """Take what a worker opened up to a frame; read it again, checked, when it does not fit.

    The worker then follows from where the journal stands.
    """
    while opener.owed():
        cold.add(opener.take())
    journal = cold.journal
    try:
        cold.finish(end, journal.changed)
    except DoesNotFit:
        with journal.store.lock:
            journal.load()
        for start in range(journal.log.read_to(), end, SLICE):
            journal.take(start, journal.log.frames(start, min(SLICE, end - start)))
        opener.set_up(setup_of(journal))


def feed_from_disk(journal: Journal, opener: Opener, end: int) -> None:
    """Let a worker open frames that are held and were not read yet."""
    for start in range(journal.log.read_to(), end, RUN):
        opener.feed(start, journal.log.frames(start, min(RUN, end - start)))


def read_from_disk(journal: Journal) -> None:
    """Read all frames that are held: few one by one, many by a worker process.

    After a cut in the middle of a cold sync this is what is left to do; it needs no relay.
    """
    if journal.rosters.lacks_heads():
        journal.forget()
    _judge_newly_known(journal)
    _make_rows_anew(journal)
    _heed_cuts(journal)
    end = journal.log.size()
    unread = end - journal.log.read_to()
    if unread >= QUICK_FROM:
        opener = Opener()
        try:
            while (start := journal.log.read_to()) < end:
                _read_segment(journal, opener, min(end, start + SEGMENT_FRAMES))
        finally:
            opener.close()
    journal.catch_up()
    if unread:
        # Frames of our own may be among them, and our next entry is counted after theirs: under
        # a count that was used before no colleague would find it.
        journal.load()


def _judge_newly_known(journal: Journal) -> None:
    """Read all frames again when an older program kept what this one knows; once for each kind."""
    found = unfolded(journal.store)
    judged = journal.store.setting(_JUDGED, _KINDS) or ()
    if found == judged:
        return
    with journal.store.transaction():
        journal.store.put_setting(_JUDGED, found)
        if set(found) - set(judged):
            journal.forget()


def _make_rows_anew(journal: Journal) -> None:
    """Make every row of lists again, once, where its table came from an older version.

    That one wrote none of what the newer columns say, and facts that a colleague's newer desk told
    may be there already: that somebody is in danger, or said so beside her letter.
    """
    store = journal.store
    with store.lock:
        if not store.setting(ROWS_ANEW, NUMBER):
            return
        with store.transaction():
            journal.lists.refresh([row.conversation for row in journal.lists.all()])
            store.drop_settings(ROWS_ANEW)


def _heed_cuts(journal: Journal) -> None:
    """Judge once by its cuts what an older program read, which knew no removals."""
    store = journal.store
    if store.setting(_HEEDED, NUMBER):
        return
    with store.lock, store.transaction():
        before = replace(journal.roster, gaps={}, adopted=frozenset())
        journal.lists.refresh(rejudge(journal, before))
        store.put_setting(_HEEDED, 1)


def _read_segment(journal: Journal, opener: Opener, end: int) -> None:
    opener.set_up(setup_of(journal))
    feed_from_disk(journal, opener, end)
    finish(Cold(journal), opener, end)
