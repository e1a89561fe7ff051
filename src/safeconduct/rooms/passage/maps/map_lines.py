# SPDX-License-Identifier: AGPL-3.0-or-later
"""Boxes and lines of a map: what lies over what, and how a line bends around a box in its way."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BESIDE: Final = 8
"""Pixels between lines of one pair of towns, and between ticks."""
CLEAR: Final = 18
"""Pixels between a line and a box that it passes, with room for the lines beside it."""
BENDS: Final = (
    (0.5, 0.0),
    *(
        (part, side * far)
        for far in (48, 84, 132, 192, 268, 360)
        for part in (0.5, 0.3, 0.7)
        for side in (1, -1)
    ),
)
"""Where on its way and how many pixels to the side a line may bend, the least first."""
Point = tuple[float, float]
_Edges = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: its left upper corner and its size."""

    x: int
    y: int
    width: int
    height: int

    def over(self, other: Box) -> bool:
        """Tell whether it covers a part of another."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )

    def moved(self, x: int, y: int) -> Box:
        """Return it elsewhere."""
        return Box(self.x + x, self.y + y, self.width, self.height)

    @property
    def middle(self) -> tuple[int, int]:
        """Its middle."""
        return self.x + self.width // 2, self.y + self.height // 2


def around(x: float, y: float, width: int, height: int) -> Box:
    """Return a box of a size around its middle."""
    return Box(round(x - width / 2), round(y - height / 2), width, height)


def route(ends: tuple[Box, Box], others: Sequence[Box]) -> tuple[Point, ...]:
    """Return a line between the middles of two boxes that passes beside the others.

    Where none does it is the one that passes behind the fewest.
    """
    (x1, y1), (x2, y2) = ends[0].middle, ends[1].middle
    long = math.hypot(x2 - x1, y2 - y1) or 1.0
    aside = -(y2 - y1) / long, (x2 - x1) / long
    near = [_padded(one) for one in others]
    best: tuple[Point, ...]
    best, least = ((float(x1), float(y1)), (float(x2), float(y2))), len(near) + 1
    for part, far in BENDS:
        bend = x1 + (x2 - x1) * part + aside[0] * far, y1 + (y2 - y1) * part + aside[1] * far
        line = (float(x1), float(y1)), bend, (float(x2), float(y2))
        behind = _behind(line, near, least)
        if behind < least:
            best, least = line, behind
        if not least:
            break
    return best


def crosses(line: Sequence[Point], box: Box) -> bool:
    """Tell whether a line comes so near to a box that it would seem to stop there."""
    return _behind(line, [_padded(box)], 1) > 0


def _padded(box: Box) -> _Edges:
    x, y = box.x - CLEAR, box.y - CLEAR
    return x, y, box.x + box.width + CLEAR, box.y + box.height + CLEAR


def _behind(line: Sequence[Point], boxes: Iterable[_Edges], enough: int) -> int:
    """Return behind how many boxes a line passes; not more than are enough."""
    found, pieces = 0, list(pairwise(line))
    for box in boxes:
        if any(_through(one, other, box) for one, other in pieces):
            found += 1
            if found >= enough:
                break
    return found


def beside(line: Sequence[Point], number: float) -> tuple[Point, ...]:
    """Return a line beside another, so many steps to its side."""
    (x1, y1), (x2, y2) = line[0], line[-1]
    long = math.hypot(x2 - x1, y2 - y1) or 1.0
    x, y = -(y2 - y1) / long * BESIDE * number, (x2 - x1) / long * BESIDE * number
    return tuple((one + x, other + y) for one, other in line)


def along(line: Sequence[Point], part: float) -> Point:
    """Return the point at a part of a line's way, of 1."""
    pieces = list(pairwise(line))
    left = part * sum(math.dist(*piece) for piece in pieces)
    for (x1, y1), (x2, y2) in pieces:
        long = math.dist((x1, y1), (x2, y2))
        if long and left <= long:
            return x1 + (x2 - x1) * left / long, y1 + (y2 - y1) * left / long
        left -= long
    return line[-1]


def _through(one: Point, other: Point, box: _Edges) -> bool:
    """Tell whether a piece of a line has a point in a box, by its left, top, right and foot."""
    (x1, y1), (x2, y2), (left, top, right, foot) = one, other, box
    if max(x1, x2) < left or min(x1, x2) > right or max(y1, y2) < top or min(y1, y2) > foot:
        return False
    # All corners on one side of the line: it passes beside the box.
    sides = [
        (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        for x, y in ((left, top), (right, top), (left, foot), (right, foot))
    ]
    return min(sides) <= 0 <= max(sides)
