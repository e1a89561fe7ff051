# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which cited checkpoints belong to the log as it stands (spec/crew.md 9).

A move or an honest restore breaks the log: what went before it is a prefix up to a size, and
beyond that in another order.  Who knew of the break when writing cites the tree after it; who did
not, the tree before, which says something of ours up to that size only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.canon import Codec, Record, encode
from safeconduct.kernel.journal import open_frame
from safeconduct.kernel.words import HASH_BYTES, DeviceId
from safeconduct.rooms.crew.watching import Beat

WENT: Final = "went_over"
_PLACE: Final = "SELECT at FROM commits WHERE device = ? AND sequence = ?"
NOT_READ: Final = b""
"""Where a break's fact stands that this desk was told by hand, and no log has shown yet."""


class Went(Record, frozen=True):
    """By which fact this desk went over last, and with which log it goes on from there.

    `root` is empty where the fact names none that this desk could know.
    """

    fact: bytes
    size: int
    root: bytes


WENT_OVER: Final[Codec[Went]] = Codec(Went, WENT)


class Break(NamedTuple):
    """The commit that tells of a break, and the size up to which the trees are one."""

    commit: bytes
    size: int


def breaks(journal: Journal) -> list[Break]:
    """Return the breaks of the log that stewards signed for."""
    roster = journal.roster
    found = [Break(fact[:HASH_BYTES], move.size) for fact, move in roster.moves.items()]
    found += [Break(fact[:HASH_BYTES], one.size_after) for fact, one in roster.restores.items()]
    went = journal.store.setting(WENT, WENT_OVER)
    if went is not None:
        told = {encode(fact) for fact in (*roster.moves.values(), *roster.restores.values())}
        if went.fact not in told:
            found.append(Break(NOT_READ, went.size))
    return found


def smallest(journal: Journal) -> int | None:
    """Return the size up to which every checkpoint is one of this log; None without a break."""
    return min((one.size for one in breaks(journal)), default=None)


def cited_since(journal: Journal, start: int = 0) -> list[tuple[int, bytes]]:
    """Return the checkpoints (size, root), by size, that commits from an index on hold to us.

    With 0 those of our own commits too that stand in no log yet.
    """
    where = "WHERE coalesce(at, 0) >= ?"
    query = f"SELECT DISTINCT seen_size, seen_root FROM commits {where}"  # noqa: S608
    if not (cuts := breaks(journal)):
        return sorted(journal.store.rows(query, (start,)))
    common = min(cut.size for cut in cuts)
    found = set(journal.store.rows(f"{query} AND seen_size <= ?", (start, common)))
    beyond = (
        "SELECT device, at, seen_size, seen_root FROM commits WHERE at >= ? AND seen_size > ? "
        "ORDER BY device, sequence"
    )
    knew: dict[bytes, set[Break]] = {}
    for device, at, size, root in journal.store.rows(beyond, (start, common)):
        known = knew.setdefault(device, set())
        open_ = [cut for cut in cuts if cut.size < size and cut not in known]
        if open_:
            known |= _known_to(journal, at, open_)
        if known.issuperset(open_):
            found.add((size, root))
    return sorted(found)


def held_to_ours(journal: Journal, beats: Mapping[DeviceId, Beat]) -> Mapping[DeviceId, Beat]:
    """Return heartbeats with how much of this log their devices had read when they wrote them.

    Who did not know of a break cites the tree before it, of which nothing beyond the break is one
    of ours.  So does, for all that this desk can tell, who wrote what it was not shown again.
    """
    cuts = breaks(journal)
    return {one: _held_to_ours(journal, beat, cuts) for one, beat in beats.items()}


def _held_to_ours(journal: Journal, beat: Beat, cuts: list[Break]) -> Beat:
    beyond = [cut for cut in cuts if cut.size < beat.seen]
    if not beyond:
        return beat
    at = journal.store.value(_PLACE, (beat.device, beat.sequence))
    known = set[Break]() if at is None else _known_to(journal, at, beyond)
    seen = min((cut.size for cut in beyond if cut not in known), default=beat.seen)
    return msgspec.structs.replace(beat, seen=seen)


def _known_to(journal: Journal, at: int, cuts: list[Break]) -> set[Break]:
    """Return the breaks that the writer of a commit knew of, by the heads that it cites."""
    (frame,) = journal.log.frames(at, 1)
    heads = open_frame(frame, journal.office, journal.keychain.office).header.heads
    return {cut for cut in cuts if journal.rosters.heads.covers(heads, (cut.commit,))}
