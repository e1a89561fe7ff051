# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where each town, track and label of a map stands: the same network, the same picture.

Towns stand in cells of a grid: those whose position is known near where they lie, the others beside
those with which they are joined.  A track bends where a town would lie on it.  Cells grow by a
fixed step until no box and no label lies over another; what does not fit then is drawn by nobody,
and the list beside it says the same.  Pure and without chance (spec/places.md 6).
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.passage.maps.map_cells import cells_of
from safeconduct.rooms.passage.maps.map_lines import (
    BESIDE,
    Box,
    Point,
    along,
    around,
    beside,
    route,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from safeconduct.rooms.passage.maps.gazetteer import Position

STOPS_MOST: Final = 60
PAIRS_MOST: Final = 160
LANES_MOST: Final = 4
"""Tracks between two towns that are drawn beside each other; the list has all of them."""
BEYOND_MOST: Final = 12
SHOWN_MOST: Final = 20
LETTER: Final = 9
"""Pixels of a letter of 14, wider than nearly all are; wide ones count twice."""
LINE: Final = 18
AROUND: Final = 8
MARGIN: Final = 24
ACROSS: Final = 48
DOWN: Final = 44
"""Pixels between two boxes at first, beside what a label takes."""
SWATCH: Final = 26
"""Pixels before a label in which its line is shown once more."""
GROWTH: Final = 1.12
STEPS: Final = 14
PLACES: Final = tuple(0.5 + side * at / 100 for at in range(0, 40, 2) for side in (1, -1))
"""Where on its line a label is tried, from the middle outwards."""
ARROWS: Final = ("→", "↘", "↓", "↙", "←", "↖", "↑", "↗")


@dataclass(frozen=True, slots=True)
class Town:
    """What is drawn of a town: its words, where it lies, and how many ticks stand below it."""

    key: bytes
    lines: tuple[str, ...]
    at: Position | None = None
    ticks: int = 0
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """What is drawn between two towns, which are named by key; `on` goes from the first."""

    one: bytes
    other: bytes
    word: str
    band: str
    closed: bool = False
    on: bool = True
    back: bool = True


@dataclass(frozen=True, slots=True)
class DrawnTown:
    """A town in its box; `marks` are where its ticks stand."""

    town: Town
    box: Box
    marks: tuple[int, ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """Its lines, as they fit into the box."""
        return tuple(shown(one) for one in self.town.lines)


@dataclass(frozen=True, slots=True)
class DrawnLink:
    """A line through its corners, and its label beside a piece of it."""

    link: Link
    corners: tuple[Point, ...]
    box: Box
    label: str

    @property
    def points(self) -> str:
        """The corners, as SVG writes them."""
        return " ".join(f"{round(x)},{round(y)}" for x, y in self.corners)


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole, from 0 to its width and height; `edge` are countries, below all towns."""

    width: int
    height: int
    towns: tuple[DrawnTown, ...]
    links: tuple[DrawnLink, ...]
    edge: tuple[DrawnTown, ...]


def draw(towns: Sequence[Town], links: Sequence[Link], edge: Sequence[Town] = ()) -> Drawing | None:
    """Draw a map; None where it is too much for a picture.

    Links between two towns follow each other, the one to be seen first first.
    """
    pairs = {frozenset((one.one, one.other)) for one in links}
    if not towns or len(towns) > STOPS_MOST or len(pairs) > PAIRS_MOST:
        return None
    every = sorted(towns, key=lambda one: one.key)
    joined = [(one.one, one.other) for one in links]
    cells = cells_of({one.key: one.at for one in every}, joined)
    lanes = _lanes(links)
    labels = [_labels(some) for some in lanes]
    found = (_drawn(every, cells, (lanes, labels), GROWTH**step, edge) for step in range(STEPS))
    return next((one for one in found if one is not None), None)


def shown(text: str) -> str:
    """Return a name as it stands in a box: short, and nothing in it that cannot be seen."""
    plain = "".join(one if one.isprintable() else "\N{MIDDLE DOT}" for one in text)
    return plain if len(plain) <= SHOWN_MOST else f"{plain[: SHOWN_MOST - 1]}…"


def wide(text: str) -> int:
    """Return how many pixels a line takes at most."""
    return LETTER * sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in text)


def _lanes(links: Sequence[Link]) -> list[list[Link]]:
    """Return the links of each pair of towns that are drawn beside each other."""

    def pair(one: Link) -> tuple[bytes, bytes]:
        return min(one.one, one.other), max(one.one, one.other)

    return [list(some)[:LANES_MOST] for _, some in groupby(sorted(links, key=pair), pair)]


def _labels(lanes: Sequence[Link]) -> int:
    """Return how wide the labels of a pair are: a piece of the line, a word, an arrow."""
    return SWATCH + max(wide(shown(one.word)) for one in lanes) + 2 * LETTER + AROUND


def _size(town: Town) -> tuple[int, int]:
    lines = max((wide(shown(one)) for one in town.lines), default=0)
    return lines + 2 * AROUND, LINE * max(1, len(town.lines)) + 2 * AROUND


def _drawn(
    towns: Sequence[Town],
    cells: Mapping[bytes, tuple[int, int]],
    links: tuple[list[list[Link]], list[int]],
    scale: float,
    edge: Sequence[Town],
) -> Drawing | None:
    lanes, labels = links
    sizes = {one.key: _size(one) for one in towns}
    across = max(width for width, _ in sizes.values()) + max([ACROSS, *labels]) * scale
    down = max(height for _, height in sizes.values()) + DOWN * scale
    boxes = {
        key: around(cells[key][0] * across, cells[key][1] * down, *size)
        for key, size in sizes.items()
    }
    drawn = _links(lanes, labels, boxes)
    return None if drawn is None else _moved(towns, boxes, drawn, edge)


def _links(
    lanes: list[list[Link]], labels: list[int], boxes: Mapping[bytes, Box]
) -> list[DrawnLink] | None:
    """Return the lines with their labels, the short ones first, which have least room for one."""
    taken, found = list(boxes.values()), dict[int, list[DrawnLink]]()
    lines = [_route(some, boxes) for some in lanes]
    for at in sorted(
        range(len(lanes)), key=lambda at: (math.dist(lines[at][0], lines[at][-1]), at)
    ):
        some, middle = lanes[at], lines[at]
        box = _label(middle, (labels[at], LINE * len(some)), taken)
        if box is None:
            return None
        taken.append(box)
        beside_it = [beside(middle, number - (len(some) - 1) / 2) for number in range(len(some))]
        found[at] = [
            DrawnLink(link, line, _row(box, number), _said(link, line))
            for number, (link, line) in enumerate(zip(some, beside_it, strict=True))
        ]
    return [one for at in range(len(lanes)) for one in found[at]]


def _route(lanes: Sequence[Link], boxes: Mapping[bytes, Box]) -> tuple[Point, ...]:
    ends = boxes[lanes[0].one], boxes[lanes[0].other]
    return route(ends, [box for box in boxes.values() if box not in ends])


def _label(line: Sequence[Point], size: tuple[int, int], taken: Sequence[Box]) -> Box | None:
    """Return where on a line its labels lie over nothing, as near to the middle as it can.

    Where there is no room on the line they stand close above or below it.
    """
    for aside in (0, size[1], -size[1]):
        for part in PLACES:
            x, y = along(line, part)
            box = around(x, y + aside, *size)
            if not any(box.over(other) for other in taken):
                return box
    return None


def _row(box: Box, number: int) -> Box:
    return Box(box.x, box.y + LINE * number, box.width, LINE)


def _said(link: Link, line: Sequence[Point]) -> str:
    """Return the word of a link, with an arrow where it goes one way alone."""
    word = shown(link.word)
    if link.on == link.back:
        return word
    (x1, y1), (x2, y2) = (line[0], line[-1]) if link.on else (line[-1], line[0])
    turn = math.atan2(y2 - y1, x2 - x1) / (2 * math.pi) * len(ARROWS)
    return f"{word} {ARROWS[round(turn) % len(ARROWS)]}"


def _moved(
    towns: Sequence[Town],
    boxes: Mapping[bytes, Box],
    links: Sequence[DrawnLink],
    edge: Sequence[Town],
) -> Drawing:
    """Move everything so that the picture begins at nothing, and put countries below it."""
    every = [*boxes.values(), *(one.box for one in links)]
    corners = [corner for one in links for corner in one.corners]
    left = round(min([*(box.x for box in every), *(x for x, _ in corners)])) - MARGIN
    top = round(min([*(box.y for box in every), *(y for _, y in corners)])) - MARGIN
    right = max([*(box.x + box.width for box in every), *(round(x) for x, _ in corners)])
    foot = max([*(box.y + box.height for box in every), *(round(y) for _, y in corners)])
    width = right - left + MARGIN
    placed, height = _edge(edge, width, foot - top + MARGIN)
    return Drawing(
        max([width, *(one.box.x + one.box.width + MARGIN for one in placed)]),
        height,
        tuple(_town(one, boxes[one.key].moved(-left, -top)) for one in towns),
        tuple(
            DrawnLink(
                one.link,
                tuple((x - left, y - top) for x, y in one.corners),
                one.box.moved(-left, -top),
                one.label,
            )
            for one in links
        ),
        tuple(placed),
    )


def _edge(edge: Sequence[Town], width: int, top: int) -> tuple[list[DrawnTown], int]:
    """Return countries in rows below a picture that is so wide and ends there, and the new end."""
    placed, x, y, tall = list[DrawnTown](), MARGIN, top + MARGIN, 0
    for one in edge[:BEYOND_MOST]:
        size = _size(one)
        if x > MARGIN and x + size[0] + MARGIN > width:
            x, y, tall = MARGIN, y + tall + MARGIN, 0
        placed.append(_town(one, Box(x, y, *size)))
        x, tall = x + size[0] + MARGIN, max(tall, size[1])
    return placed, y + tall + MARGIN if placed else top


def _town(town: Town, box: Box) -> DrawnTown:
    """Return a town in its box, with a tick for each meeting point, as far as there is room."""
    many = min(town.ticks, (box.width - AROUND) // BESIDE)
    start = box.x + box.width // 2 - BESIDE * (many - 1) // 2
    return DrawnTown(town, box, tuple(start + BESIDE * number for number in range(many)))
