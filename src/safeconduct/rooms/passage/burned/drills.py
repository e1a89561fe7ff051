# SPDX-License-Identifier: AGPL-3.0-or-later
"""Drills that were made, in earnest or as a rehearsal, and who on their call lists was reached.

The same facts give the same drills in any order, and no clock decides: of two words about one call
that answer each other not at all, "not reached" holds (spec/burned.md 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DeviceId, FactId, Instant, instant_of
from safeconduct.rooms.passage.burn_facts import TICKS_MOST, BurnFact, BurnSaid, CallTicked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Whom = tuple[str, bytes]
"""Whom somebody calls: a kind of sheet, and its id."""


class NoSuchDrill(Refused):
    """There is none, or it cannot be read here."""

    code = "no_such_drill"


class BurnTold(NamedTuple):
    """A fact of drills in the book of journeys."""

    fact: FactId
    by: DeviceId
    hlc: int
    event: BurnFact


class Tick(NamedTuple):
    """One word about a call."""

    fact: FactId
    at: Instant
    by: DeviceId
    reached: bool
    stands: bool


class Called(Enum):
    """How a call stands."""

    OPEN = "open"
    NOT_REACHED = "not_reached"
    REACHED = "reached"


@dataclass(frozen=True, slots=True)
class Drill:
    """One press of Burned; `said.rehearsal` tells whether it was a rehearsal."""

    fact: FactId
    at: Instant
    by: DeviceId
    said: BurnSaid
    ticks: Mapping[Whom, tuple[Tick, ...]]
    """Words about its calls, oldest first."""

    @property
    def rehearsal(self) -> bool:
        """Whether nothing was closed or frozen by it."""
        return bool(self.said.rehearsal)

    def called(self, whom: Whom) -> Called:
        """Return how a call stands."""
        standing = [one.reached for one in self.ticks.get(whom, ()) if one.stands]
        if not standing:
            return Called.OPEN
        return Called.REACHED if all(standing) else Called.NOT_REACHED


def fold_drills(told: Iterable[BurnTold]) -> tuple[Drill, ...]:
    """Return the drills of facts in the book of journeys, oldest first."""
    every = sorted(told, key=lambda one: (one.hlc, one.fact))
    ticks: dict[FactId, list[tuple[BurnTold, CallTicked]]] = {}
    for one in every:
        if isinstance(one.event, CallTicked):
            ticks.setdefault(FactId(one.event.drill), []).append((one, one.event))
    return tuple(
        Drill(one.fact, instant_of(one.hlc), one.by, one.event, _ticks(ticks.get(one.fact, ())))
        for one in every
        if isinstance(one.event, BurnSaid)
    )


def _ticks(told: Sequence[tuple[BurnTold, CallTicked]]) -> dict[Whom, tuple[Tick, ...]]:
    found: dict[Whom, tuple[Tick, ...]] = {}
    for one, said in told:
        whom = said.kind, said.whom
        over = {at for _, other in told if (other.kind, other.whom) == whom for at in other.over}
        stands = one.fact not in over
        tick = Tick(one.fact, instant_of(one.hlc), one.by, bool(said.reached), stands)
        found[whom] = (*found.get(whom, ()), tick)
    return found


def find(drills: Iterable[Drill], fact: bytes) -> Drill:
    """Return a drill.

    Raises:
        NoSuchDrill: see there.
    """
    found = next((one for one in drills if one.fact == fact), None)
    if found is None:
        raise NoSuchDrill
    return found


def tick(drill: Drill, whom: Whom, *, reached: bool) -> CallTicked:
    """Say that somebody was reached or not, in the place of what was said of it before."""
    kind, name = whom
    over = sorted(one.fact for one in drill.ticks.get(whom, ()) if one.stands)[-TICKS_MOST:]
    return CallTicked(drill.fact, name, kind, int(reached), tuple(over))


def first_burned(drills: Iterable[Drill], kind: str, knower: bytes) -> Instant | None:
    """Return when Burned was pressed on somebody first, in earnest; None where it was not."""
    made = (one for one in drills if not one.rehearsal)
    own = (one.at for one in made if (one.said.kind, one.said.knower) == (kind, knower))
    return min(own, default=None)


def last_rehearsal(drills: Iterable[Drill]) -> Drill | None:
    """Return the rehearsal of the latest day; None where nobody ever made one."""
    made = [one for one in drills if one.rehearsal]
    return max(made, key=lambda one: (one.said.day, one.at, one.fact), default=None)


__all__ = [
    "BurnTold",
    "Called",
    "Drill",
    "NoSuchDrill",
    "Tick",
    "Whom",
    "find",
    "first_burned",
    "fold_drills",
    "last_rehearsal",
    "tick",
]
