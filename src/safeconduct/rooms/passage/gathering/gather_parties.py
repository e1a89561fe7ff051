# SPDX-License-Identifier: AGPL-3.0-or-later
"""From sheets of parties to the rows of an operation: who waits, by when, and what they need.

An ultimatum is the evening before the day that is written: leaving on that day is too late.
A party of which size, town or need cannot be read is planned on no further, and named.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.passage.believed import choice, number, said
from safeconduct.rooms.passage.gathering.measures import WEIGHT
from safeconduct.rooms.passage.kinds import PARTY, REACH

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from safeconduct.rooms.passage.fold import Sheet
    from safeconduct.rooms.passage.gathering.ground import Ground

LARGEST: Final = 100
"""People of a party, at most (spec/operation.md 2)."""
_HEAVIEST: Final = 100
PAST: Final = "past"
"""Code of a deadline that has passed: whoever goes is late, on whatever day."""
PAPERS: Final = ("none", "identity", "passport")
NEED: Final = {"any": 0, "women": 1, "family": 1, "medical": 2}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A party that is to be planned, in numbers; towns are ids of sheets in hex."""

    sheet: Sheet
    size: int
    weight: int
    town: str
    ready: int
    deadline: int
    alone: bool
    wanted: bool
    documents: int
    need: str
    reach: frozenset[str]


def waiting(ground: Ground, kept: Collection[str]) -> list[Waiting]:
    """Return the parties that are to be planned but for those kept, as they were begun."""
    found = []
    for sheet in ground.of_kind(PARTY):
        if choice(sheet, "state") != "waits" or sheet.id.hex() in kept:
            continue
        one = _waiting(ground, sheet)
        if one is not None:
            ground.look_over(sheet)
            found.append(one)
    return _ordered(found, ground.settings.before)


def _waiting(ground: Ground, sheet: Sheet) -> Waiting | None:
    size, town = number(sheet, "size") or 0, ground.one(sheet, "town")
    if not 1 <= size <= LARGEST:
        ground.bar("not_said", sheet, "size")
        return None
    if town is None:
        return None
    ready, deadline = _days(ground, sheet)
    if ready >= ground.horizon.days:
        ground.bar("ready_later", sheet, "ready")
        return None
    return Waiting(
        sheet=sheet,
        size=size,
        weight=WEIGHT[choice(sheet, "risk")],
        town=town.id.hex(),
        ready=ready,
        deadline=deadline,
        alone=choice(sheet, "alone") == "yes",
        wanted=choice(sheet, "wanted") == "yes",
        documents=PAPERS.index(choice(sheet, "papers")),
        need=choice(sheet, "need"),
        reach=frozenset(_reach(ground, sheet)),
    )


def _days(ground: Ground, sheet: Sheet) -> tuple[int, int]:
    """Return the first day on which a party can leave, and the last that is not too late."""
    horizon = ground.horizon
    ready = max([horizon.last(one) for one in said(sheet, "ready") if one], default=0)
    written = [horizon.first(one) for one in said(sheet, "deadline") if one]
    if not written:
        return max(0, ready), horizon.days - 1
    evening_before = min(written) - 1
    if evening_before < 0:
        ground.contradict(PAST, sheet, "deadline")
    elif ready > evening_before:
        ground.contradict("ready_too_late", sheet, "ready")
    return max(0, ready), max(0, min(evening_before, horizon.days - 1))


def _reach(ground: Ground, sheet: Sheet) -> Iterable[str]:
    """Return the towns that a party must be kept from, by each word that stands."""
    for one in ground.of_kind(REACH):
        if sheet.id.hex() in said(one, "party"):
            yield from filter(None, said(one, "town"))


def _ordered(found: list[Waiting], before: tuple[tuple[bytes, bytes], ...]) -> list[Waiting]:
    """Give a party that two people put before another at least a greater weight than that one."""
    weight: dict[bytes, int] = {one.sheet.id: one.weight for one in found}
    for first, second in before:
        if first in weight and second in weight:
            weight[first] = min(_HEAVIEST, max(weight[first], weight[second] + 1))
    return [replace(one, weight=weight[one.sheet.id]) for one in found]


__all__ = ["NEED", "PAPERS", "PAST", "Waiting", "waiting"]
