# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who belongs to whom and who hunts whom in one case, as far as its record can be read here.

People and pursuers are nodes; each tie, and each pursuer's quarry, an edge.  `network_layout.py`
draws it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.cases.sheets import PERSON, PURSUER, SHEETS, TIE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from safeconduct.rooms.cases.record import CaseRecord, Sheet, SheetId

HUNTS: Final = "hunts"
ONE_WAY: Final = frozenset({HUNTS, "parent", "child"})
"""What one is to another and the other not to the one: drawn with an arrow."""
STANDING_MOST: Final = 4
"""So much of what two or more wrote at once into one field is drawn; the sheet shows all."""
_STANDS: Final = next(one.choices for one in SHEETS[PERSON] if one.name == "stands")


@dataclass(frozen=True, slots=True)
class Node:
    """A person or a pursuer: the code name, and what they are called where that can be read."""

    sheet: SheetId
    kind: str
    name: str
    called: str


@dataclass(frozen=True, slots=True)
class Edge:
    """One hunts another, or is this to them; nothing where it is not told what."""

    one: SheetId
    other: SheetId
    relation: str

    @property
    def one_way(self) -> bool:
        """Whether it is not the same seen from the other."""
        return self.relation in ONE_WAY


@dataclass(frozen=True, slots=True)
class Network:
    """The nodes in the order in which they stand in a circle, and the edges."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def node(self, sheet: SheetId) -> Node:
        """Return a node of an edge."""
        return next(one for one in self.nodes if one.sheet == sheet)


def network_of(record: CaseRecord) -> Network:
    """Return the network of a record: who asks first, and who hunts somebody after them."""
    found = sorted(record.of_kind(PERSON), key=lambda one: (_place(one), one.id))
    hunters = sorted(record.of_kind(PURSUER), key=lambda one: one.id)
    order: dict[SheetId, Sheet] = {}
    for person in found:
        order[person.id] = person
        for one in hunters:
            if person.id.hex() in _standing(one, HUNTS):
                order.setdefault(one.id, one)
    for one in hunters:
        order.setdefault(one.id, one)
    nodes = tuple(_node(one) for one in order.values())
    there = {one.hex(): one for one in order}
    edges = dict.fromkeys(_hunting(hunters, there)) | dict.fromkeys(_ties(record, there))
    return Network(nodes, tuple(edges))


def _place(person: Sheet) -> int:
    stands = person.text("stands")
    return _STANDS.index(stands) if stands in _STANDS else len(_STANDS)


def _node(sheet: Sheet) -> Node:
    return Node(sheet.id, sheet.kind, sheet.name, sheet.called)


def _hunting(hunters: list[Sheet], there: dict[str, SheetId]) -> Iterator[Edge]:
    for one in hunters:
        for other in _standing(one, HUNTS):
            if other in there and there[other] != one.id:
                yield Edge(one.id, there[other], HUNTS)


def _ties(record: CaseRecord, there: dict[str, SheetId]) -> Iterator[Edge]:
    """Return the ties; where two wrote at once, each of what stands."""
    for tie in sorted(record.of_kind(TIE), key=lambda one: one.id):
        for one in _standing(tie, "one"):
            for other in _standing(tie, "other"):
                if one != other and one in there and other in there:
                    for relation in _standing(tie, "relation") or [""]:
                        yield Edge(there[one], there[other], relation)


def _standing(sheet: Sheet, name: str) -> list[str]:
    """Return what stands in a field, of several the last that were written."""
    said = (one.text for entered in sheet.entered(name) for one in entered.standing)
    return list(dict.fromkeys(text for text in said if text))[-STANDING_MOST:]
