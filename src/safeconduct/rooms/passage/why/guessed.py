# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one more of each thing may be worth, in weighted misses, by the prices that prove a bound.

A guess of where to look, and never said to anybody: prices are right for a little of each thing
only, and know nothing of relatives.  What helps is what was tried (`helpful`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from safeconduct.rooms.passage.planner.aim import MISSES
from safeconduct.rooms.passage.planner.driving import Driving
from safeconduct.rooms.passage.planner.prices import Ascent, Prices
from safeconduct.rooms.passage.planner.tables import Reals, Tables
from safeconduct.rooms.passage.why.more import Kind, More

STEPS: Final = 60
"""How many times prices are moved."""
FEW: Final = 3
"""Of each kind so many are told."""


def guessed(t: Tables, misses: int) -> Iterator[tuple[More, float]]:
    """Yield what may help and by how much; `misses` are those of a plan."""
    ascent = Ascent(t, MISSES)
    for _ in range(STEPS):
        ascent.step(float(misses))
    prices = ascent.prices
    seat, escort = _driving(t, prices)
    by_row = (
        (Kind.SEAT, seat),
        (Kind.ESCORT, escort),
        (Kind.PLACE, prices.departure[:-1]),
        (Kind.KNOWLEDGE, prices.known[:-1]),
    )
    for kind, worth in by_row:
        for row in _best(worth):
            yield More(kind, row), float(worth[row])
    nights = prices.bed.sum(axis=1)
    for row in _best(nights):
        yield More(Kind.BED, int(t.houses.house_id[row])), float(nights[row])
    for at in _best(prices.quota.ravel()):
        country, week = divmod(at, prices.quota.shape[1])
        yield More(Kind.QUOTA, country, week), float(prices.quota[country, week])


def _driving(t: Tables, prices: Prices) -> tuple[Reals, Reals]:
    """Return by escort what one more seat earns, and what one more such escort does."""
    runs, price = t.runs, prices.seat[:-1]
    _, driven = Driving(runs, t.days).best(-runs.seats[:-1] * price)
    seat, escort = np.zeros(len(t.knowledge) - 1), np.zeros(len(t.knowledge) - 1)
    np.add.at(seat, runs.escort[driven], price[driven])
    np.add.at(escort, runs.escort[driven], (runs.seats[:-1] * price)[driven])
    return seat, escort


def _best(worth: Reals) -> list[int]:
    """Return the rows that are worth most, without those that are worth nothing."""
    order: list[int] = np.argsort(-worth, kind="stable")[:FEW].tolist()
    return [row for row in order if worth[row] > 0]
