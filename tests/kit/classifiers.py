# SPDX-License-Identifier: AGPL-3.0-or-later
"""Three simple ways to learn which of two kinds a thing is, each tried by leaving one out.

Each learns from all others, and answers for the one that it has not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import dist
from statistics import fmean, pstdev
from typing import Final

Row = Sequence[float]
Learnt = Callable[[Row], int]
NEAREST: Final = 3


def by_one_sign(rows: Sequence[Row], kinds: Sequence[int]) -> Learnt:
    """Answer by the one measure and bound that answer best."""
    _, place, bound, above = best_sign(rows, kinds)
    return lambda row: above if row[place] > bound else 1 - above


def best_sign(rows: Sequence[Row], kinds: Sequence[int]) -> tuple[int, int, float, int]:
    """Return how many the best measure tells rightly, its place, its bound, and the kind above."""
    best, place, bound, above = -1, 0, 0.0, 1
    for at, column in enumerate(zip(*rows, strict=True)):
        ordered = sorted(zip(column, kinds, strict=True))
        right = sum(kinds)  # With the bound below all of them, all count as of the second kind.
        for (low, kind), (high, _) in pairwise(ordered):
            right += 1 - 2 * kind
            if low == high:
                continue
            for found, which in ((right, 1), (len(rows) - right, 0)):
                if found > best:
                    best, place, bound, above = found, at, (low + high) / 2, which
    return best, place, bound, above


def by_centre(rows: Sequence[Row], kinds: Sequence[int]) -> Learnt:
    """Answer by the nearer middle of the two kinds."""
    scale = _scale(rows)
    scaled = [scale(row) for row in rows]
    centres = [
        [fmean(column) for column in zip(*_of(scaled, kinds, kind), strict=True)] for kind in (0, 1)
    ]
    return lambda row: int(dist(scale(row), centres[1]) < dist(scale(row), centres[0]))


def by_neighbours(rows: Sequence[Row], kinds: Sequence[int]) -> Learnt:
    """Answer by the kind of most of the nearest."""
    scale = _scale(rows)
    known = [(scale(row), kind) for row, kind in zip(rows, kinds, strict=True)]

    def answer(row: Row) -> int:
        near = sorted(known, key=lambda one: dist(one[0], scale(row)))[:NEAREST]
        return int(2 * sum(kind for _, kind in near) > NEAREST)

    return answer


def right_answers(learn: Callable[..., Learnt], rows: Sequence[Row], kinds: Sequence[int]) -> int:
    """How many are told rightly, each by what the others teach."""
    right = 0
    for at, (row, kind) in enumerate(zip(rows, kinds, strict=True)):
        others = [*rows[:at], *rows[at + 1 :]], [*kinds[:at], *kinds[at + 1 :]]
        right += learn(*others)(row) == kind
    return right


def _of(rows: Sequence[Row], kinds: Sequence[int], wanted: int) -> list[Row]:
    return [row for row, kind in zip(rows, kinds, strict=True) if kind == wanted]


def _scale(rows: Sequence[Row]) -> Callable[[Row], list[float]]:
    columns = list(zip(*rows, strict=True))
    middles, spreads = [fmean(column) for column in columns], [pstdev(c) or 1.0 for c in columns]
    return lambda row: [
        (value - middle) / spread
        for value, middle, spread in zip(row, middles, spreads, strict=True)
    ]
