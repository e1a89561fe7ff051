# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which part of a device's chain counts, once it is known which removals hold (spec/crew.md 2).

A device's *first life* ends at the lowest cut of the removals that hold; its second begins where
two stewards brought it back.  What lies between is quarantined.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.crew.claims import Book, Claim
from safeconduct.rooms.crew.events import (
    Cut,
    DeviceExpelled,
    DeviceReadmitted,
    DeviceSuspended,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

Gap = tuple[int, int | None]
"""Quarantined sequences of a device: those after the first number, up to the second if any."""


class Arc(NamedTuple):
    """One removal as far as it concerns one device."""

    removal: Claim
    cut: Cut


class Life(Enum):
    """Where a fact lies in its signer's chain."""

    FIRST = "first"
    SECOND = "second"
    BEYOND = "beyond"


def arcs_of(claim: Claim) -> list[Arc]:
    """Return a removal's arcs, one for each of its cuts."""
    assert isinstance(claim.fact, DeviceSuspended | DeviceExpelled)
    return [Arc(claim, cut) for cut in claim.fact.cuts]


class Cuts:
    """Removals that hold, and the re-admissions that lift them."""

    def __init__(self, book: Book, arcs: Iterable[Arc], lifts: Iterable[Claim]) -> None:
        """Sort them by device."""
        self._book: Final = book
        self._arcs: Final[dict[DeviceId, list[Arc]]] = {}
        self._lifts: Final[dict[tuple[DeviceId, bytes], list[Cut]]] = {}
        for arc in arcs:
            self._arcs.setdefault(DeviceId(arc.cut.device), []).append(arc)
        for claim in lifts:
            fact = claim.fact
            assert isinstance(fact, DeviceReadmitted)
            if book.holds(fact.cut):
                for removal in fact.lifts:
                    where = DeviceId(fact.cut.device), removal
                    self._lifts.setdefault(where, []).append(fact.cut)

    def devices(self) -> list[DeviceId]:
        """Return every device that was removed, brought back or not."""
        return list(self._arcs)

    def left(self, device: DeviceId) -> list[Arc]:
        """Return the removals of a device that nothing lifts."""
        return [arc for arc in self._arcs.get(device, ()) if not self._lifted(arc)]

    def life(self, claim: Claim) -> Life:
        """Tell where a claim lies; what the root key signed lies beyond nothing."""
        life = Life.FIRST
        for arc in self._arcs.get(claim.signer, ()):
            if not self._book.beyond(claim, arc.cut):
                continue
            lifts = self._lifted(arc)
            if not lifts or any(claim.told.sequence <= cut.sequence for cut in lifts):
                return Life.BEYOND
            life = Life.SECOND
        return life

    def gaps(self, device: DeviceId) -> tuple[Gap, ...]:
        """Return what of a device's chain is quarantined."""
        found: set[Gap] = set()
        for arc in self._arcs.get(device, ()):
            lifts = self._lifted(arc)
            after = arc.cut.sequence if self._book.holds(arc.cut) else 0
            found.add((after, max(cut.sequence for cut in lifts) if lifts else None))
        return tuple(sorted(found, key=lambda gap: (gap[0], gap[1] is None, gap[1] or 0)))

    def _lifted(self, arc: Arc) -> list[Cut]:
        return self._lifts.get((DeviceId(arc.cut.device), arc.removal.id), [])
