# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Merkle tree of RFC 9162 section 2.1, with SHA-256.

A tree is addressed by perfect subtrees: `subtree(level, index)` is the hash over the leaves
`index << level` up to `(index + 1) << level`.  `Frontier` grows a tree leaf by leaf and holds only
the roots on its right edge; proofs are built over a callback, so that a relay can take the hashes
from stored tiles; checking raises and returns nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable
from typing import Final

from safeconduct.kernel.errors import Untrusted

Subtree = Callable[[int, int], bytes]
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()


class BadProof(Untrusted):
    """A proof does not lead from what it starts with to the root that was signed."""

    code = "bad_proof"


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of one frame or item."""
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\1" + left + right).digest()


def fold_perfect(hashes: Iterable[bytes]) -> bytes:
    """Return the root over a power of two of neighbouring hashes."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


class Frontier:
    """The right edge of a growing tree: its size and the roots of its perfect subtrees."""

    __slots__ = ("_peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        """Stand at `size` leaves; `peaks` are the subtree roots, largest first."""
        self.size = size
        self._peaks = list(peaks)

    @classmethod
    def at(cls, size: int, subtree: Subtree) -> Frontier:
        """Stand at `size` leaves of a stored tree."""
        return cls(size, (subtree(level, index) for level, index in _cover(0, size)))

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """The roots of the perfect subtrees, largest first."""
        return tuple(self._peaks)

    def append(self, leaf: bytes) -> None:
        """Add one leaf's hash; at most log2(size) hashes, two on average."""
        size, top = self.size, leaf
        while size & 1:
            top = node_hash(self._peaks.pop(), top)
            size >>= 1
        self._peaks.append(top)
        self.size += 1

    def copy(self) -> Frontier:
        """Return an independent frontier at the same place."""
        return Frontier(self.size, self._peaks)

    def root(self) -> bytes:
        """Return the root of the tree as it stands."""
        return _fold_right(self._peaks)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def root_at(size: int, subtree: Subtree) -> bytes:
    """Return the root of the first `size` leaves of a stored tree."""
    return _range_root(0, size, subtree)


def prove_inclusion(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the path that shows leaf `index` in the tree of `size` leaves.

    Raises:
        IndexError: there is no such leaf.
    """
    if not 0 <= index < size:
        raise IndexError(index)
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        split = start + _split(end - start)
        if index < split:
            path.append(_range_root(split, end, subtree))
            end = split
        else:
            path.append(_range_root(start, split, subtree))
            start = split
    return path[::-1]


def prove_consistency(first: int, second: int, subtree: Subtree) -> list[bytes]:
    """Return the proof that the tree of `second` leaves extends that of `first`.

    Raises:
        IndexError: `first` is larger than `second`, or negative.
    """
    if not 0 <= first <= second:
        raise IndexError(first)
    if first in (0, second):
        return []
    path: list[bytes] = []
    start, end, whole = 0, second, True
    while end != first:
        split = start + _split(end - start)
        if first <= split:
            path.append(_range_root(split, end, subtree))
            end = split
        else:
            path.append(_range_root(start, split, subtree))
            start, whole = split, False
    if not whole:
        path.append(_range_root(start, end, subtree))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, root: bytes, proof: list[bytes]) -> None:
    """Check that a leaf hash stands at `index` of the tree with this size and root.

    Raises:
        BadProof: it does not, or the proof has another length.
    """
    if not 0 <= index < size:
        raise BadProof
    place, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise BadProof
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            place, last = _rise(place, last)
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise BadProof
    _same(found, root)


def verify_consistency(
    first: tuple[int, bytes], second: tuple[int, bytes], proof: list[bytes]
) -> None:
    """Check that the tree `second` (size, root) begins with the tree `first`.

    Raises:
        BadProof: it does not, or the proof has another length.
    """
    (old, old_root), (new, new_root) = first, second
    if not 0 <= old <= new:
        raise BadProof
    if old in (0, new):
        if proof:
            raise BadProof
        _same(old_root, new_root if old else EMPTY_ROOT)
        return
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        raise BadProof
    _walk_consistency(path, (old - 1, new - 1), old_root, new_root)


def _walk_consistency(
    path: list[bytes], lasts: tuple[int, int], old_root: bytes, new_root: bytes
) -> None:
    """Follow RFC 9162 section 2.1.4.2 from step 4 on."""
    place, last = lasts
    while place & 1:
        place, last = place >> 1, last >> 1
    old_found = new_found = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise BadProof
        if place & 1 or place == last:
            old_found = node_hash(sibling, old_found)
            new_found = node_hash(sibling, new_found)
            place, last = _rise(place, last)
        else:
            new_found = node_hash(new_found, sibling)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise BadProof
    _same(old_found, old_root)
    _same(new_found, new_root)


def _rise(place: int, last: int) -> tuple[int, int]:
    """Pass over the levels on which the right edge has no sibling."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _same(found: bytes, root: bytes) -> None:
    if not hmac.compare_digest(found, root):
        raise BadProof


def _split(width: int) -> int:
    """Return the largest power of two smaller than `width`."""
    return 1 << (width - 1).bit_length() - 1


def _cover(start: int, end: int) -> list[tuple[int, int]]:
    """Return the perfect subtrees, left to right, that RFC 9162 cuts this range into."""
    cover = []
    while start < end:
        level = (end - start).bit_length() - 1
        cover.append((level, start >> level))
        start += 1 << level
    return cover


def _range_root(start: int, end: int, subtree: Subtree) -> bytes:
    """Return the hash over a range that begins where a subtree of its size may begin."""
    return _fold_right([subtree(level, index) for level, index in _cover(start, end)])


def _fold_right(peaks: list[bytes]) -> bytes:
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root
