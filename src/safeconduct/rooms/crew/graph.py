# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which removals hold (spec/crew.md 2, 2 to 5): a graph, in which no clock and no log decides.

A removal is taken apart into arcs, one for each device that it cuts.  An arc attacks a removal
that its cut takes the right from.  Arcs that nothing attacks hold, and what they attack falls;
where only rings are left all arcs of a ring hold.  So an arc that a removed device wrote beyond its
cut holds against those who removed it, and against nobody else.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.crew.cuts import Arc, Cuts, arcs_of
from safeconduct.rooms.crew.events import (
    Cut,
    DeviceExpelled,
    DeviceReadmitted,
    DeviceSuspended,
)
from safeconduct.rooms.crew.rounds import RIGHTS, Counted, count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from safeconduct.rooms.crew.claims import Book, Claim


class Settled(NamedTuple):
    """What holds in the end, and what counts by it.

    `ever` counts as if nothing were removed; `rings` are arcs that hold as suspensions.
    """

    arcs: tuple[Arc, ...]
    rings: frozenset[Arc]
    cuts: Cuts
    counted: Counted
    ever: Counted


def settle(book: Book) -> Settled:
    """Return which removals hold, which re-admissions lift them, and what counts then.

    A re-admission that falls when what its device signs counts again lifts nothing.
    """
    lifts: frozenset[Claim] = frozenset()
    settled = _settle(book, lifts)
    for _ in book.of(DeviceReadmitted):
        grown = lifts | _lifting(settled)
        while (kept := grown & _lifting(_settle(book, grown))) != grown:
            grown = kept
        if grown == lifts:
            break
        lifts, settled = grown, _settle(book, grown)
    return settled


def _settle(book: Book, lifts: frozenset[Claim]) -> Settled:
    graph = Graph(book, lifts)
    arcs, rings = graph.solve()
    cuts = Cuts(book, arcs, lifts)
    return Settled(tuple(arcs), frozenset(rings), cuts, count(book, cuts), graph.ever)


def _lifting(settled: Settled) -> frozenset[Claim]:
    claims = settled.counted.facts.values()
    return frozenset(claim for claim in claims if isinstance(claim.fact, DeviceReadmitted))


class Graph:
    """The arcs of all removals whose signer was ever a steward."""

    def __init__(self, book: Book, lifts: frozenset[Claim]) -> None:
        """Find them, and what each one attacks."""
        self._book: Final = book
        self._lifts: Final = lifts
        self.ever: Final = self._count(())
        self._left: list[Arc] = [
            arc
            for claim in book.of(DeviceSuspended, DeviceExpelled)
            if (not claim.signer or claim.signer in self.ever.stewards) and book.sound(claim)
            for arc in arcs_of(claim)
        ]
        self._attacked: Final = self._attacks()
        self._left = [arc for arc in self._left if not self._contradicts_itself(arc)]

    def _count(self, arcs: Iterable[Arc]) -> Counted:
        return count(self._book, Cuts(self._book, arcs, self._lifts), RIGHTS)

    def _attacks(self) -> dict[Arc, set[Arc]]:
        """Return for each arc those that lie beyond its cut, or whose signer's role does."""
        beyond: dict[tuple[Cut, bytes], set[Arc]] = {}
        attacked: dict[Arc, set[Arc]] = {}
        for arc in self._left:
            if DeviceId(arc.cut.device) not in self.ever.stewards:
                attacked[arc] = set()  # On what such a device signed no right hangs.
                continue
            # What is lifted is lifted for one removal.
            key = arc.cut, arc.removal.id if self._lifts else b""
            if key not in beyond:
                state = self._count((arc,))
                beyond[key] = {other for other in self._left if not state.stands(other.removal)}
            attacked[arc] = beyond[key]
        return attacked

    def _contradicts_itself(self, arc: Arc) -> bool:
        """Tell whether an arc cuts off what made its own signer a steward: then it falls.

        Who takes out their own device contradicts nothing.
        """
        return arc in self._attacked[arc] and arc.cut.device != arc.removal.signer

    def solve(self) -> tuple[list[Arc], list[Arc]]:
        """Return the arcs that hold, and those of them that hold in rings."""
        holding: list[Arc] = []
        rings: list[Arc] = []
        while self._left:
            state = self._count(holding)
            self._left = [arc for arc in self._left if state.stands(arc.removal)]
            behind = self._behind()
            first = [x for x in self._left if all(x in behind[y] for y in behind[x])]
            taken = set(self._rightful(holding, first, behind))
            rings += [arc for arc in self._left if arc in taken and behind[arc]]
            holding += [arc for arc in self._left if arc in taken]
            self._left = [arc for arc in self._left if arc not in taken]
        return holding, rings

    def _behind(self) -> dict[Arc, set[Arc]]:
        """Return for each arc all from which attacks lead to it, itself too in a ring."""
        by: dict[Arc, list[Arc]] = defaultdict(list)
        for arc in self._left:
            for other in self._attacked[arc]:
                by[other].append(arc)
        behind: dict[Arc, set[Arc]] = {}
        for arc in self._left:
            seen: set[Arc] = set()
            todo = list(by[arc])
            while todo:
                one = todo.pop()
                if one not in seen:
                    seen.add(one)
                    todo += by[one]
            behind[arc] = seen
        return behind

    def _rightful(
        self, holding: list[Arc], first: list[Arc], behind: dict[Arc, set[Arc]]
    ) -> list[Arc]:
        """Return those of some arcs from whose signer the others together take no right.

        The rest waits until these hold.  Where all would wait for one another all are taken.
        """
        state = self._count([*holding, *first])
        if all(state.stands(arc.removal) for arc in first):
            return first
        found = []
        for arc in first:
            ring = behind[arc] | {arc}
            others = [other for other in first if other not in ring]
            if self._count([*holding, *others]).stands(arc.removal):
                found.append(arc)
        return found or first
