# SPDX-License-Identifier: AGPL-3.0-or-later
"""In which cell of a grid each town of a map stands.

North is up and east is right, as far as free cells allow: half of a town's place comes from how far
it lies from the others, half from how many lie between, so that many near each other get room.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.passage.maps.gazetteer import EAST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from safeconduct.rooms.passage.maps.gazetteer import Position

Cell = tuple[int, int]
ROOM: Final = 2
"""Cells for each town at first."""
FLAT: Final = 2.0
"""How much further one step to the side is than one up or down: boxes are wide and low."""


def cells_of(
    towns: Mapping[bytes, Position | None], joined: Sequence[tuple[bytes, bytes]]
) -> dict[bytes, Cell]:
    """Return the cell of each town, column and row; no two share one, no row or column is empty."""
    columns = max(1, math.ceil(math.sqrt(len(towns))))
    rows = max(1, math.ceil(ROOM * len(towns) / columns))
    free = {(column, row) for column in range(columns) for row in range(rows)}
    placed: dict[bytes, Cell] = {}
    for key, at in sorted(_spread(towns, columns, rows).items(), key=lambda one: (one[1], one[0])):
        placed[key] = _nearest(at, free)
        free.remove(placed[key])
    _by_neighbours(sorted(towns.keys() - placed.keys()), joined, placed, free)
    return _close(placed)


def _spread(
    towns: Mapping[bytes, Position | None], columns: int, rows: int
) -> dict[bytes, tuple[float, float]]:
    """Return where towns whose position is known would stand, in cells and parts of them."""
    known = {key: at for key, at in towns.items() if at is not None}
    east = _unwrapped({key: at.east for key, at in known.items()})
    xs, ys = _shares(east), _shares({key: -at.north for key, at in known.items()})
    return {key: (xs[key] * (columns - 1), ys[key] * (rows - 1)) for key in known}


def _unwrapped(east: Mapping[bytes, int]) -> dict[bytes, int]:
    """Return longitudes that begin behind the widest gap, so that no line of dates parts them."""
    order = sorted(set(east.values()))
    if not order:
        return {}
    gaps = [(order[at] - order[at - 1]) % (2 * EAST) for at in range(len(order))]
    first = order[max(range(len(order)), key=lambda at: (gaps[at], -at))]
    return {key: (one - first) % (2 * EAST) for key, one in east.items()}


def _shares(values: Mapping[bytes, int]) -> dict[bytes, float]:
    """Return where values stand between the least, 0, and the greatest, 1; alone in the middle."""
    order = sorted(set(values.values()))
    if len(order) < 2:  # noqa: PLR2004  (one value lies between no others)
        return dict.fromkeys(values, 0.5)
    whole, rank = order[-1] - order[0], {one: at for at, one in enumerate(order)}
    return {
        key: ((one - order[0]) / whole + rank[one] / (len(order) - 1)) / 2
        for key, one in values.items()
    }


def _nearest(at: tuple[float, float], free: Iterable[Cell]) -> Cell:
    return min(free, key=lambda one: ((FLAT * (one[0] - at[0])) ** 2 + (one[1] - at[1]) ** 2, one))


def _by_neighbours(
    left: Sequence[bytes],
    joined: Sequence[tuple[bytes, bytes]],
    placed: dict[bytes, Cell],
    free: set[Cell],
) -> None:
    """Place the rest, each time the one with most neighbours that stand, in their midst."""
    near: dict[bytes, set[bytes]] = {key: set() for key in left}
    for one, other in joined:
        for key, neighbour in ((one, other), (other, one)):
            if key in near and neighbour != key:
                near[key].add(neighbour)
    waiting = set(left)
    middle = (max(free)[0] / 2, max(free, key=lambda one: one[1])[1] / 2) if free else (0.0, 0.0)
    while waiting:
        key = min(waiting, key=lambda one: (-len(near[one] & placed.keys()), -len(near[one]), one))
        there = [placed[one] for one in sorted(near[key] & placed.keys())]
        at = (
            (sum(x for x, _ in there) / len(there), sum(y for _, y in there) / len(there))
            if there
            else middle
        )
        placed[key] = _nearest(at, free)
        free.remove(placed[key])
        waiting.remove(key)


def _close(placed: Mapping[bytes, Cell]) -> dict[bytes, Cell]:
    """Return the cells without rows and columns in which nothing stands."""
    columns = {one: at for at, one in enumerate(sorted({x for x, _ in placed.values()}))}
    rows = {one: at for at, one in enumerate(sorted({y for _, y in placed.values()}))}
    return {key: (columns[x], rows[y]) for key, (x, y) in placed.items()}
