# SPDX-License-Identifier: AGPL-3.0-or-later
"""Log and intake: numbered entries and their Merkle tree, stored in tiles (docs/spec/relay.md 6).

Every 256 hashes of one level make a tile, whose root is one hash of the level eight above.
So a start reads at most 255 hashes a level, and a proof a few tiles, at any size.
An entry is the same when its leaf hash is the same; it then keeps its number.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import apsw

from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.log.merkle import Frontier, fold_perfect, leaf_hash
from safeconduct.kernel.words import Instant

LOG: Final = 0
INTAKE: Final = 1
INDEX_BITS: Final = 40
LEVEL_BITS: Final = 44
TILE_BITS: Final = 8
TILE: Final = 1 << TILE_BITS
HASH: Final = 32
ROWS_A_STATEMENT: Final = 64


@dataclass(frozen=True, slots=True)
class Row:
    """One entry before it has a number."""

    leaf: bytes
    time: Instant
    body: bytes

    @classmethod
    def of(cls, body: bytes, time: Instant) -> Row:
        """Hash a frame, outside of the writer thread."""
        return cls(leaf_hash(body), time, body)

    @classmethod
    def of_item(cls, item: bytes, name: bytes, time: Instant) -> Row:
        """Take an intake item and its id: the tree holds ids, which stay when items are dropped."""
        return cls(leaf_hash(name), time, item)


Admit = Callable[[apsw.Connection, Sequence[Row]], None]
"""Told which entries are new before they are stored; refuses all of a call by raising."""


@dataclass(frozen=True, slots=True)
class Append:
    """What one call appends to one tree."""

    tree: int
    rows: Sequence[Row]
    admit: Admit | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an entry stands, and since when."""

    index: int
    time: Instant


@dataclass(slots=True)
class _Edge:
    """The right edge of one tree: its frontier and the unfinished tile of each level."""

    frontier: Frontier
    tails: list[list[bytes]]


class Trees:
    """All trees of a relay.  Appending happens in the writer thread, reading anywhere."""

    def __init__(self, grown: Callable[[set[int]], None]) -> None:
        """`grown` is told after each commit which trees may have grown."""
        self._grown: Final = grown
        self._edges: dict[int, _Edge] = {}
        self._touched: set[int] = set()
        self._lock: Final = threading.Lock()
        self._standing: dict[int, Frontier] = {}

    def append(
        self, connection: apsw.Connection, calls: Sequence[Append]
    ) -> list[list[Placed] | SafeconductError]:
        """Append many calls' entries in few statements.

        Return for each call where its entries stand, or why it was refused.
        """
        known = _known(connection, calls)
        fresh: list[tuple[int, int, int, bytes, bytes]] = []
        results: list[list[Placed] | SafeconductError] = []
        for call in calls:
            if (refusal := _refusal(connection, call, known)) is not None:
                results.append(refusal)
                continue
            self._touched.add(call.tree)
            edge = self._edge(connection, call.tree)
            placed = []
            for row in call.rows:
                spot = known.get((call.tree, row.leaf))
                if spot is None:
                    spot = Placed(edge.frontier.size, row.time)
                    known[call.tree, row.leaf] = spot
                    number = call.tree << INDEX_BITS | spot.index
                    fresh.append((number, _key(row.leaf), row.time, row.leaf, row.body))
                    self._grow(connection, call.tree, row.leaf)
                placed.append(spot)
            results.append(placed)
        _insert(connection, fresh)
        return results

    def committed(self) -> None:
        """Show what was appended to readers."""
        for tree in self._touched:
            with self._lock:
                self._standing[tree] = self._edges[tree].frontier.copy()
        grown, self._touched = self._touched, set()
        if grown:
            self._grown(grown)

    def rolled_back(self) -> None:
        """Forget what was appended; it is read from the tables again."""
        for tree in self._touched:
            self._edges.pop(tree, None)
        self._touched.clear()

    def standing(self, connection: apsw.Connection, tree: int) -> Frontier:
        """Return a copy of the committed edge of a tree."""
        with self._lock:
            found = self._standing.get(tree)
        if found is None:
            # A commit that happens meanwhile has put a newer edge there, which stays.
            loaded = _load(connection, tree).frontier
            with self._lock:
                found = self._standing.setdefault(tree, loaded)
        return found.copy()

    def _edge(self, connection: apsw.Connection, tree: int) -> _Edge:
        edge = self._edges.get(tree)
        if edge is None:
            edge = self._edges[tree] = _load(connection, tree)
        return edge

    def _grow(self, connection: apsw.Connection, tree: int, leaf: bytes) -> None:
        """Add a leaf to the edge and store the tiles that it completes."""
        edge = self._edges[tree]
        edge.frontier.append(leaf)
        level, top = 0, leaf
        while True:
            if level == len(edge.tails):
                edge.tails.append([])
            tail = edge.tails[level]
            tail.append(top)
            if len(tail) < TILE:
                return
            top = fold_perfect(tail)
            tile = (edge.frontier.size >> TILE_BITS * (level + 1)) - 1
            connection.execute(
                "INSERT INTO tiles (id, root, hashes) VALUES (?, ?, ?)",
                (_tile_id(tree, level, tile), top, b"".join(tail)),
            )
            tail.clear()
            level += 1


class StoredTree:
    """Reads hashes of one stored tree for proofs; `size` bounds what is complete."""

    def __init__(self, connection: apsw.Connection, tree: int, size: int) -> None:
        """Read through this connection; nothing beyond `size` leaves is touched."""
        self._connection: Final = connection
        self._tree: Final = tree
        self._size: Final = size

    def subtree(self, level: int, index: int) -> bytes:
        """Return the hash of a perfect subtree, as `kernel.log.merkle` asks for it."""
        tile_level, rise = divmod(level, TILE_BITS)
        first = index << rise
        return fold_perfect(self.nodes(tile_level, first, first + (1 << rise)))

    def nodes(self, level: int, first: int, end: int) -> list[bytes]:
        """Return the hashes of one tile level, within one tile, from `first` before `end`."""
        tile = first >> TILE_BITS
        if (tile + 1) << TILE_BITS * (level + 1) <= self._size:
            hashes = self._tile(level, tile)
            start = first - (tile << TILE_BITS)
            return [hashes[HASH * i : HASH * (i + 1)] for i in range(start, start + end - first)]
        if level == 0:
            low = self._tree << INDEX_BITS
            query = "SELECT leaf FROM entries WHERE id >= ? AND id < ? ORDER BY id"
        else:
            low = _tile_id(self._tree, level - 1, 0)
            query = "SELECT root FROM tiles WHERE id >= ? AND id < ? ORDER BY id"
        return [row[0] for row in self._connection.execute(query, (low + first, low + end))]

    def _tile(self, level: int, tile: int) -> bytes:
        query = "SELECT hashes FROM tiles WHERE id = ?"
        hashes: bytes = self._connection.execute(query, (_tile_id(self._tree, level, tile),)).get
        return hashes


def tree_number(office: int, kind: int) -> int:
    """Return the number of an office's log or intake."""
    return office << 1 | kind


def office_of(tree: int) -> int:
    """Return the number of the office that a tree belongs to."""
    return tree >> 1


def _tile_id(tree: int, level: int, tile: int) -> int:
    return tree << LEVEL_BITS | level << INDEX_BITS | tile


def _key(leaf: bytes) -> int:
    """Return what entries are found by: short, because this index is written at random places."""
    return int.from_bytes(leaf[:8], "big", signed=True)


def stored_size(connection: apsw.Connection, tree: int) -> int:
    """Return how many entries a tree has."""
    low = tree << INDEX_BITS
    last: int | None = connection.execute(
        "SELECT max(id) FROM entries WHERE id >= ? AND id < ?", (low, low + (1 << INDEX_BITS))
    ).get
    return 0 if last is None else last - low + 1


def find(connection: apsw.Connection, tree: int, leaf: bytes) -> Placed | None:
    """Return where an entry with this leaf hash stands, if it does."""
    rows = connection.execute("SELECT id, leaf, time FROM entries WHERE key = ?", (_key(leaf),))
    for number, stored, time in rows:
        if stored == leaf and number >> INDEX_BITS == tree:
            return Placed(number & (1 << INDEX_BITS) - 1, Instant(time))
    return None


def _known(connection: apsw.Connection, calls: Sequence[Append]) -> dict[tuple[int, bytes], Placed]:
    """Return what is already stored of what is to be appended."""
    keys = list({_key(row.leaf) for call in calls for row in call.rows})
    known: dict[tuple[int, bytes], Placed] = {}
    for start in range(0, len(keys), ROWS_A_STATEMENT):
        some = keys[start : start + ROWS_A_STATEMENT]
        marks = ",".join("?" * len(some))
        query = f"SELECT id, leaf, time FROM entries WHERE key IN ({marks})"  # noqa: S608
        for number, leaf, time in connection.execute(query, some):
            index = number & (1 << INDEX_BITS) - 1
            known[number >> INDEX_BITS, leaf] = Placed(index, Instant(time))
    return known


def _refusal(
    connection: apsw.Connection, call: Append, known: dict[tuple[int, bytes], Placed]
) -> SafeconductError | None:
    """Return why a call may append nothing, if so."""
    if call.admit is None:
        return None
    new = {row.leaf: row for row in call.rows if (call.tree, row.leaf) not in known}
    try:
        call.admit(connection, list(new.values()))
    except SafeconductError as error:
        return error
    return None


def _insert(connection: apsw.Connection, rows: list[tuple[int, int, int, bytes, bytes]]) -> None:
    """Insert in few statements: each one gives up the interpreter's lock only once."""
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        some = rows[start : start + ROWS_A_STATEMENT]
        marks = ",".join(["(?, ?, ?, ?, ?)"] * len(some))
        connection.execute(
            f"INSERT INTO entries (id, key, time, leaf, body) VALUES {marks}",  # noqa: S608
            [value for row in some for value in row],
        )


def _load(connection: apsw.Connection, tree: int) -> _Edge:
    """Read the right edge of a stored tree."""
    size = stored_size(connection, tree)
    stored = StoredTree(connection, tree, size)
    tails, level = [], 0
    while (count := size >> TILE_BITS * level) or level == 0:
        tails.append(stored.nodes(level, count >> TILE_BITS << TILE_BITS, count))
        level += 1
    return _Edge(Frontier.at(size, stored.subtree), tails)
