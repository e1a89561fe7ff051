# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the bands of sheets are in numbers: one table, dated, and part of what a release signs.

Exposure is in units of spec/operation.md 1: 100,000 times -ln(1 - p).  None of it is measured:
these are working values of this design, so that worse is worse and all parties are counted alike
(spec/planning.md 3).  People choose bands; nobody types a probability.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from safeconduct.rooms.passage.operations.operation import Rates

DATED: Final = "2026-11-30"
"""The day of these values; pages show it with each plan."""

WEIGHT: Final[Mapping[str, int]] = {
    "gravest": 8,
    "grave": 5,
    "high": 3,
    "raised": 2,
    "standard": 1,
}
"""By the danger of a party."""
LEG: Final[Mapping[str, int]] = {"very_high": 6_000, "high": 2_500, "fair": 1_000, "low": 300}
"""By how exposed one is on a leg."""
CHECKPOINT: Final = 300
UNKNOWN_CHECKPOINTS: Final = 3
"""So many are believed where nobody says how many there are."""
REGISTERED: Final = 900
"""Of a leg on which names are registered, for somebody who is on no search list."""
SEARCH_LIST_FACTOR: Final = 4
ESCORTED: Final[Mapping[str, int]] = {"none": 3_000, "low": 1_000, "fair": 300, "high": 0}
"""By how far an escort is trusted."""
NIGHT: Final[Mapping[str, int]] = {"none": 200, "low": 60, "fair": 15, "high": 7}
"""By how far a house and its host are trusted, whichever less."""
EXIT: Final[Mapping[str, int]] = {"yes": 1_300, "no": 500}
"""By whether a crossing is watched."""

CEILINGS: Final[Mapping[str, int]] = {
    "low": 5_000,
    "fair": 10_000,
    "high": 20_000,
    "very_high": 40_000,
}
"""The highest exposure of a whole journey: about 1 in 20, 10, 5 and 3 would be stopped."""
RATES: Final[Mapping[str, Rates]] = {
    "usual": Rates(late=100_000, unplanned=300_000, wait=30, run=400, no_exit=400, money=10),
    "careful": Rates(late=30_000, unplanned=90_000, wait=10, run=800, no_exit=400, money=5),
    "sooner": Rates(late=100_000, unplanned=300_000, wait=300, run=200, no_exit=400, money=10),
}
"""What counts how much: as usual; roads less exposed, even if later; sooner, even if dearer."""

ACCOMPANIED: Final = 4
"""People whom an escort without a car takes along on trains and coaches."""
CHANGE: Final = 30
"""Minutes that a change takes at least."""
LONGEST_CHANGE: Final = 360
"""Minutes that anybody waits in the street or in a station, at most."""
MORNING: Final = 480
"""Minute of the day at which a run begins that has to catch nothing."""
LEGS_MOST: Final = 4
WIDTH: Final = 12
"""Chains of legs that are followed on from one town."""
CHAINS_MOST: Final = 3
"""Chains from a zone to one town that are planned on, with a driver and without one each.

With more, the few places of a departure would be shared out among too many whole ways.
"""
ESCORTS_MOST: Final = 10
"""Escorts who are looked at for one way on one day."""
WAYS_MOST: Final = 120_000
