# SPDX-License-Identifier: AGPL-3.0-or-later
"""The relay's log as this desk holds it: sealed frames, leaf hashes, and where the trees stand.

Frames are kept as served, so that any desk can found a new relay from them, and so that roots of
every size can be computed: each full run of 256 leaves has its subtree's root beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from safeconduct.edges.desk.store import Store
from safeconduct.kernel.canon import Codec
from safeconduct.kernel.journal import NOTHING_SEEN, Seen
from safeconduct.kernel.log.checkpoint import Tree
from safeconduct.kernel.log.merkle import Frontier, fold_perfect, leaf_hash
from safeconduct.kernel.sync import TreeWatch

RUN_BITS: Final = 8
RUN: Final = 1 << RUN_BITS
ROWS_A_STATEMENT: Final = 64
SEEN: Final[Codec[Seen]] = Codec(Seen, "seen")
NUMBER: Final[Codec[int]] = Codec(int, "number")
PEAKS: Final[Codec[tuple[bytes, ...]]] = Codec(tuple[bytes, ...], "edge")
READ_TO: Final = "read_to"
EDGE: Final = "intake_edge"


class LogShelf:
    """Frames and trees.  Writing happens inside the store's transactions."""

    def __init__(self, store: Store) -> None:
        """Look at a store's log."""
        self._store: Final = store

    def size(self) -> int:
        """Return how many frames are held, confirmed or not."""
        last: int | None = self._store.value("SELECT max(idx) FROM frames")
        return 0 if last is None else last + 1

    def add(self, start: int, frames: Sequence[bytes]) -> list[bytes]:
        """Keep frames from index `start` on; return their leaf hashes."""
        leaves = [leaf_hash(frame) for frame in frames]
        rows = list(zip(range(start, start + len(frames)), leaves, frames, strict=True))
        with self._store.transaction() as writer:
            for first in range(0, len(rows), ROWS_A_STATEMENT):
                some = rows[first : first + ROWS_A_STATEMENT]
                marks = ",".join(["(?, ?, ?)"] * len(some))
                values: list[Any] = [value for row in some for value in row]
                writer.execute(f"INSERT INTO frames VALUES {marks}", values)  # noqa: S608
            for run in range(start >> RUN_BITS, (start + len(frames)) >> RUN_BITS):
                node = fold_perfect(self.leaves(run << RUN_BITS, (run + 1) << RUN_BITS))
                writer.execute("REPLACE INTO nodes VALUES (?, ?)", (run, node))
        return leaves

    def frames(self, start: int, count: int) -> list[bytes]:
        """Return frames by index."""
        query = "SELECT frame FROM frames WHERE idx >= ? AND idx < ? ORDER BY idx"
        return [row[0] for row in self._store.rows(query, (start, start + count))]

    def leaves(self, start: int, end: int) -> list[bytes]:
        """Return leaf hashes by index."""
        query = "SELECT leaf FROM frames WHERE idx >= ? AND idx < ? ORDER BY idx"
        return [row[0] for row in self._store.rows(query, (start, end))]

    def subtree(self, level: int, index: int) -> bytes:
        """Return the root of a perfect subtree, as `kernel.log.merkle` asks for it."""
        if level < RUN_BITS:
            return fold_perfect(self.leaves(index << level, (index + 1) << level))
        width = level - RUN_BITS
        query = "SELECT hash FROM nodes WHERE idx >= ? AND idx < ? ORDER BY idx"
        rows = self._store.rows(query, (index << width, (index + 1) << width))
        return fold_perfect([row[0] for row in rows])

    def watch(self, tree: Tree) -> TreeWatch:
        """Return the watch over a tree as it was confirmed last."""
        confirmed = self._store.setting(f"tree.{tree}", SEEN) or NOTHING_SEEN
        if tree == "intake":
            # Its leaves are not kept: what the tree needs of them stands in its right edge.
            peaks = self._store.setting(EDGE, PEAKS) or ()
            return TreeWatch(tree, confirmed, Frontier(confirmed.size, peaks))
        return TreeWatch(tree, confirmed, self.frontier(confirmed.size))

    def frontier(self, size: int) -> Frontier:
        """Return the right edge of the log at a size."""
        return Frontier.at(size, self.subtree)

    def keep_confirmed(self, watch: TreeWatch) -> None:
        """Remember what a watch has confirmed."""
        with self._store.transaction():
            self._store.put_setting(f"tree.{watch.tree}", watch.confirmed)
            if watch.tree == "intake":
                self._store.put_setting(EDGE, watch.frontier.peaks)

    def cut(self, size: int) -> None:
        """Drop frames beyond a size: they were served and not confirmed."""
        with self._store.transaction() as writer:
            writer.execute("DELETE FROM frames WHERE idx >= ?", (size,))
            writer.execute("DELETE FROM nodes WHERE idx >= ?", (size >> RUN_BITS,))
            writer.execute("DELETE FROM parked WHERE idx >= ?", (size,))
            if self.read_to() > size:
                self.keep_read_to(size)

    def read_to(self) -> int:
        """Return up to which index frames were opened into entries."""
        return self._store.setting(READ_TO, NUMBER) or 0

    def keep_read_to(self, index: int) -> None:
        """Remember that frames before this index were opened."""
        self._store.put_setting(READ_TO, index)

    def park(self, idx: int, code: str) -> None:
        """Offer a frame again later."""
        with self._store.transaction() as writer:
            writer.execute("REPLACE INTO parked VALUES (?, ?)", (idx, code))

    def parked(self) -> list[bytes]:
        """Return the frames that wait for something else than a key to open them."""
        query = (
            "SELECT frame FROM frames WHERE idx IN "
            "(SELECT idx FROM parked WHERE code != 'no_office_key') ORDER BY idx"
        )
        return [row[0] for row in self._store.rows(query)]

    def unpark(self) -> list[tuple[int, bytes]]:
        """Return the frames that wait, and stop parking them."""
        query = "SELECT idx, frame FROM frames WHERE idx IN (SELECT idx FROM parked) ORDER BY idx"
        waiting = [(row[0], row[1]) for row in self._store.rows(query)]
        with self._store.transaction() as writer:
            writer.execute("DELETE FROM parked")
        return waiting
