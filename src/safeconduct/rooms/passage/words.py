# SPDX-License-Identifier: AGPL-3.0-or-later
"""The nouns of the network: book, verification, and how fresh what is known is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safeconduct.kernel.words import DeviceId, FactId, Instant


class Book(Enum):
    """What the network consists of; each book has a vault of its own, with its own readers."""

    HOUSES = "houses"
    """Where people sleep, who hosts them, and what hosts have learnt."""
    ROADS = "roads"
    """Towns and the ways between them, who drives, and what escorts have learnt."""
    ABROAD = "abroad"
    """Countries that take people in, and the way across the border."""
    JOURNEYS = "journeys"
    """Parties by code name, when they go, and where they sleep, by ids of the other books."""


class Freshness(Enum):
    """How far what a sheet says can be relied on today."""

    FRESH = "fresh"
    STALE = "stale"
    """Somebody made sure of it, too long ago for a sheet of its kind."""
    CHANGED = "changed"
    """Something was written after somebody made sure of it."""
    UNVERIFIED = "unverified"
    """Nobody ever made sure of it."""


@dataclass(frozen=True, slots=True)
class Verification:
    """Somebody made sure that what then stood on a sheet is so, and says how."""

    fact: FactId
    at: Instant
    by: DeviceId
    how: str
    saw: frozenset[FactId]
    """The facts that stood on it then."""
