# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where each box, line and label of a drawn network stands: the same network, the same picture.

Nodes stand on an ellipse in their order, from the top on, clockwise, each a row below or above the
last, as boxes are wide and low.  It grows by a fixed step until no box and no label lies over
another; what does not fit then is drawn by nobody, and the list beside it says the same.  Pure and
without chance: no force moves anything.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from safeconduct.rooms.cases.network import Edge, Network, Node
    from safeconduct.rooms.cases.record import SheetId

NODES_MOST: Final = 30
EDGES_MOST: Final = 60
SHOWN_MOST: Final = 20
"""Characters of a name in a box; the list has all of them."""
LETTER: Final = 9
"""Pixels of a letter of 14, wider than nearly all are; wide ones count twice."""
LINE: Final = 18
AROUND: Final = 8
MARGIN: Final = 32
RADII: Final = (80, 60)
GROWTH: Final = 1.15
STEPS: Final = 24
CLEARER: Final = 5
"""So many steps further it grows for lines that pass behind nobody, if that helps."""
GAP: Final = 20
"""Pixels between boxes at least."""
ALONG: Final = tuple(0.5 + side * at / 100 for at in range(0, 40, 4) for side in (1, -1))
"""Where on its line a label is tried, from the middle outwards."""
BESIDE: Final = 8
"""Pixels between lines of one pair."""
ARROW: Final = 12
SEEN: Final = 2 * ARROW
"""Pixels of a line beside its label at least: its arrow, and as much of the line."""
LANES: Final = 5
"""So many stand beside each other; further ones lie over these."""


Line = tuple[tuple[float, float], tuple[float, float]]


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

    def near(self, other: Box) -> bool:
        """Tell whether less than the gap is between it and another."""
        return Box(*(self.x - GAP, self.y - GAP, self.width + 2 * GAP, self.height + 2 * GAP)).over(
            other
        )

    @property
    def middle(self) -> tuple[int, int]:
        """Its middle."""
        return self.x + self.width // 2, self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """A node in its box, with the lines in it."""

    node: Node
    box: Box
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """An edge from border to border, and its label in a box."""

    edge: Edge
    x1: int
    y1: int
    x2: int
    y2: int
    box: Box
    label: str

    @property
    def head(self) -> str:
        """The corners of the arrow at its end, as SVG writes them."""
        dx, dy = self.x2 - self.x1, self.y2 - self.y1
        long = math.hypot(dx, dy) or 1.0
        back = self.x2 - dx / long * ARROW, self.y2 - dy / long * ARROW
        aside = dy / long * ARROW / 2, dx / long * ARROW / 2
        corners = (
            (self.x2, self.y2),
            (back[0] + aside[0], back[1] - aside[1]),
            (back[0] - aside[0], back[1] + aside[1]),
        )
        return " ".join(f"{round(x)},{round(y)}" for x, y in corners)


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole, from 0 to its width and height."""

    width: int
    height: int
    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]


def draw(network: Network, labels: Mapping[str, str]) -> Drawing | None:
    """Draw a network, with the words for each relation; None where it is too much for a picture."""
    if not network.nodes or len(network.nodes) > NODES_MOST or len(network.edges) > EDGES_MOST:
        return None
    words = {one.relation: shown(labels.get(one.relation, "")) for one in network.edges}
    return _grown(network, words, SEEN) or _grown(network, words, 0)


def _grown(network: Network, words: Mapping[str, str], seen: int) -> Drawing | None:
    """Draw it as small as it can be where of each line so many pixels stand beside its label."""
    found, last = None, STEPS
    for step in range(STEPS):
        if step > last:
            break
        drawn = _drawn(network, words, GROWTH**step, seen)
        if drawn and (found is None or _clear(drawn)):
            found, last = drawn, min(last, step + CLEARER)
            if _clear(drawn):
                break
    return found


def shown(text: str) -> str:
    """Return a name as it stands in a box: short, and nothing in it that cannot be seen."""
    plain = "".join(one if one.isprintable() else "\N{MIDDLE DOT}" for one in text)
    return plain if len(plain) <= SHOWN_MOST else f"{plain[: SHOWN_MOST - 1]}…"


def wide(text: str) -> int:
    """Return how many pixels a line takes at most."""
    return LETTER * sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in text)


def _drawn(network: Network, words: Mapping[str, str], scale: float, seen: int) -> Drawing | None:
    nodes = _nodes(network, scale)
    if any(one.box.near(other.box) for at, one in enumerate(nodes) for other in nodes[:at]):
        return None
    lines = _lines(network, {one.node.sheet: one.box for one in nodes})
    taken = [one.box for one in nodes]
    kept_free = [*taken, *(_around(*end, ARROW, ARROW) for _, end in lines)]
    edges: list[DrawnEdge] = []
    for edge, ((x1, y1), (x2, y2)) in zip(network.edges, lines, strict=True):
        label = words[edge.relation]
        box = _label(((x1, y1), (x2, y2)), wide(label) + AROUND, kept_free, seen)
        if box is None:
            return None
        taken.append(box)
        kept_free.append(box)
        edges.append(DrawnEdge(edge, round(x1), round(y1), round(x2), round(y2), box, label))
    return _moved(nodes, edges, taken)


def _clear(drawing: Drawing) -> bool:
    """Tell whether no line passes behind the box of somebody who is not at its end."""
    return not any(
        _crosses(line, one.box)
        for line in drawing.edges
        for one in drawing.nodes
        if one.node.sheet not in {line.edge.one, line.edge.other}
    )


def _crosses(line: DrawnEdge, box: Box) -> bool:
    return _covered(((line.x1, line.y1), (line.x2, line.y2)), box) is not None


def _covered(line: Line, box: Box) -> float | None:
    """Return which part of a line lies behind a box, of 1; None where it passes beside it."""
    (x1, y1), (x2, y2) = line
    begins, ends = 0.0, 1.0
    for start, way, low, high in (
        (x1, x2 - x1, box.x, box.x + box.width),
        (y1, y2 - y1, box.y, box.y + box.height),
    ):
        if not way:
            if not low <= start <= high:
                return None
            continue
        at, until = sorted(((low - start) / way, (high - start) / way))
        begins, ends = max(begins, at), min(ends, until)
    return ends - begins if begins <= ends else None


def _lines(network: Network, boxes: Mapping[SheetId, Box]) -> list[Line]:
    """Return the line of each edge; of one pair's each stands beside the last."""
    found: list[Line] = []
    beside: dict[frozenset[SheetId], int] = {}
    for edge in network.edges:
        pair = frozenset((edge.one, edge.other))
        beside[pair] = (beside.get(pair, -1) + 1) % LANES
        found.append(_border_to_border(boxes[edge.one], boxes[edge.other], beside[pair]))
    return found


def _nodes(network: Network, scale: float) -> list[DrawnNode]:
    found, (across, down) = [], RADII
    for at, node in enumerate(network.nodes):
        turn = 2 * at / len(network.nodes)
        height = 1 - 2 * turn if turn <= 1 else 2 * turn - 3
        x = across * scale * math.sqrt(1 - height * height) * (1 if turn <= 1 else -1)
        lines = tuple(shown(one) for one in (node.name, node.called) if one)
        size = max(map(wide, lines), default=0) + 2 * AROUND, LINE * len(lines) + 2 * AROUND
        found.append(DrawnNode(node, _around(x, -down * scale * height, *size), lines))
    return found


def _around(x: float, y: float, width: int, height: int) -> Box:
    return Box(round(x - width / 2), round(y - height / 2), width, height)


def _label(line: Line, width: int, taken: list[Box], seen: int) -> Box | None:
    """Return where on a line its label lies over nothing, as near to the middle as it can.

    So many pixels of the line are seen beside it.
    """
    (x1, y1), (x2, y2) = line
    long = math.dist(*line)
    for along in ALONG:
        box = _around(x1 + (x2 - x1) * along, y1 + (y2 - y1) * along, width, LINE)
        hidden = long * (_covered(line, box) or 0.0)
        if long - hidden >= seen and not any(box.over(other) for other in taken):
            return box
    return None


def _border_to_border(one: Box, other: Box, beside: int) -> Line:
    """Return where the line between two boxes leaves the one and meets the other.

    Of several between one pair each stands a little further to one side, whichever way it goes.
    """
    (x1, y1), (x2, y2) = one.middle, other.middle
    dx, dy = x2 - x1, y2 - y1
    long = math.hypot(dx, dy) or 1.0
    turn = 1 if (x1, y1) < (x2, y2) else -1
    side = turn * BESIDE * ((beside + 1) // 2) * (-1 if beside % 2 else 1)
    aside = -dy / long * side, dx / long * side
    out, into = _leaves(one, aside, (dx, dy)), _leaves(other, aside, (-dx, -dy))
    return (
        (x1 + aside[0] + dx * out, y1 + aside[1] + dy * out),
        (x2 + aside[0] - dx * into, y2 + aside[1] - dy * into),
    )


def _leaves(box: Box, aside: tuple[float, float], way: tuple[float, float]) -> float:
    """Return at which part of a way that begins beside its middle a box is left."""
    (x, y), (dx, dy) = aside, way
    across = (box.width / 2 - math.copysign(x, x * dx)) / abs(dx) if dx else math.inf
    down = (box.height / 2 - math.copysign(y, y * dy)) / abs(dy) if dy else math.inf
    return max(min(across, down, 0.5), 0.0)


def _moved(nodes: list[DrawnNode], edges: list[DrawnEdge], taken: list[Box]) -> Drawing:
    """Move everything so that the picture begins at nothing."""
    left = min(box.x for box in taken) - MARGIN
    top = min(box.y for box in taken) - MARGIN

    def moved(box: Box) -> Box:
        return Box(box.x - left, box.y - top, box.width, box.height)

    return Drawing(
        max(box.x + box.width for box in taken) - left + MARGIN,
        max(box.y + box.height for box in taken) - top + MARGIN,
        tuple(DrawnNode(one.node, moved(one.box), one.lines) for one in nodes),
        tuple(
            DrawnEdge(
                *(one.edge, one.x1 - left, one.y1 - top, one.x2 - left, one.y2 - top),
                *(moved(one.box), one.label),
            )
            for one in edges
        ),
    )
