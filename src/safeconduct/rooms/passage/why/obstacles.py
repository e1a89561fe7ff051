# SPDX-License-Identifier: AGPL-3.0-or-later
"""What bars a journey: the closed list of obstacles, and whose each is (spec/why-not.md 2).

An obstacle is the operation's *own*, when the journey could not be made even by a party that had
everything to itself, or it is *taken*: only journeys of others in the plan are in the way.
Sets of them are whole numbers, a bit for each, so that NumPy can join them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple


class Obstacle(StrEnum):
    """One thing that bars a journey; each is said of the party that asks."""

    READY = "ready"
    """The way leaves before the party is ready."""
    REACH = "reach"
    """Its pursuers reach the town."""
    ESCORT = "escort"
    """Nobody escorts on the way, and the party may not travel alone."""
    SEATS = "seats"
    """The escort has too few seats."""
    DRIVING = "driving"
    """The escort is on another run at that time."""
    KNOWLEDGE = "knowledge"
    """The escort may be told of no more parties."""
    MET_ESCORT = "met-escort"
    """The escort meets somebody else of its network."""
    PLACES = "places"
    """Too many people of ours would be on one departure."""
    HOUSE = "house"
    """The house suits it not or takes no party of its size; or no house of the town does."""
    MET_HOST = "met-host"
    """The household meets somebody else of its network."""
    BEDS = "beds"
    """The house has too few beds on some night of the stay."""
    PAPERS = "papers"
    """The country does not take its papers, or not so soon."""
    QUOTA = "quota"
    """Too few people may still leave for the country in that week."""
    CEILING = "ceiling"
    """The whole journey is too exposed."""


class Mark(NamedTuple):
    """An obstacle, and whether only others' journeys are in the way."""

    obstacle: Obstacle
    taken: bool


ALL: Final = tuple(Obstacle)
SHIFT: Final = len(ALL)
"""Taken obstacles are so many bits above the operation's own."""
OWN: Final = (1 << SHIFT) - 1


def own(obstacle: Obstacle) -> int:
    """Return the set of one obstacle of the operation itself."""
    return 1 << ALL.index(obstacle)


def taken(obstacle: Obstacle) -> int:
    """Return the set of one obstacle that other journeys are."""
    return own(obstacle) << SHIFT


def marks(obstacles: int) -> tuple[Mark, ...]:
    """Return what is in a set, in the order of the list, the operation's own first."""
    return tuple(
        Mark(obstacle, whose)
        for whose in (False, True)
        for obstacle in ALL
        if obstacles & (taken(obstacle) if whose else own(obstacle))
    )
