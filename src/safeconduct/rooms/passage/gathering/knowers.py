# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who knows whom: circles of parties, escorts who are one knower, and whom each has met.

Two escorts who live together are one, since one arrest reveals what both know.  Parties who know
each other, by however many others between them, are one network (spec/operation.md 2).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.passage.believed import said
from safeconduct.rooms.passage.kinds import (
    ACQUAINTED,
    ESCORT,
    HOUSE_LEARNT,
    PARTY,
    ROAD_LEARNT,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from safeconduct.rooms.passage.gathering.ground import Ground
    from safeconduct.rooms.passage.gathering.promised import Promised


def circles(ground: Ground) -> dict[str, int]:
    """Return the network of each party that knows another, numbered as parties were begun.

    Parties that are over count: who knew them knows of their circle.
    """
    pairs = [
        (one, other)
        for sheet in ground.of_kind(ACQUAINTED)
        for one in said(sheet, "party")
        for other in said(sheet, "other")
        if one and other
    ]
    joined = _joined(pairs)
    order = [one.id.hex() for one in ground.network.sheets if one.kind == PARTY]
    numbers: dict[str, int] = {}
    return {
        party: numbers.setdefault(joined[party], len(numbers)) for party in order if party in joined
    }


def households_of_escorts(ground: Ground) -> dict[str, tuple[str, ...]]:
    """Return by each escort all who live together with them, themselves included."""
    every = [one.id.hex() for one in ground.network.sheets if one.kind == ESCORT]
    pairs = [(one, one) for one in every]
    for sheet in ground.of_kind(ESCORT):
        pairs += [(sheet.id.hex(), other) for other in said(sheet, "lives_with") if other in every]
    joined = _joined(pairs)
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for one in every:
        groups[joined[one]].append(one)
    return {one: tuple(groups[joined[one]]) for one in every}


class Met:
    """Of which networks a knower has met somebody, by journeys and by what it learnt."""

    def __init__(self, ground: Ground, promised: Promised, circle: dict[str, int]) -> None:
        """Gather it; a code name that is no party's is remarked on."""
        self._of: Final[defaultdict[str, set[int]]] = defaultdict(set)
        for who, party in promised.met:
            if party in circle:
                self._of[who].add(circle[party])
        every = [one for one in ground.network.sheets if one.kind == PARTY]
        named: defaultdict[str, list[str]] = defaultdict(list)
        for one in every:
            named[one.name.casefold()].append(one.id.hex())
        for sheet in (*ground.of_kind(HOUSE_LEARNT), *ground.of_kind(ROAD_LEARNT)):
            parties = [p for of in said(sheet, "of") for p in named[_plain(of)]]
            if not parties:
                ground.doubt("nobody_learnt_of", sheet, "of")
            for who in said(sheet, "who"):
                self._of[who].update(circle[one] for one in parties if one in circle)

    def of(self, who: Iterable[str]) -> tuple[int, ...]:
        """Return the networks of which one of these has met somebody."""
        return tuple(sorted(set().union(*(self._of[one] for one in who))))


def _plain(code_name: str) -> str:
    return " ".join(code_name.casefold().split())


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return one name for all who hang together, by each who stands in a pair."""
    above: dict[str, str] = {}

    def top(one: str) -> str:
        above.setdefault(one, one)
        while above[one] != one:
            one = above[one]
        return one

    for one, other in pairs:
        above[top(one)] = top(other)
    return {one: top(one) for one in list(above)}


__all__ = ["Met", "circles", "households_of_escorts"]
