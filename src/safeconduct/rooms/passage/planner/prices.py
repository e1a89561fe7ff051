# SPDX-License-Identifier: AGPL-3.0-or-later
"""Prices for scarce places, and the bound that they prove.

Each seat, place on a train, bed, place abroad and thing to know gets a price; then every party
chooses for itself, every escort drives where its seats earn most, and what all of them pay less
what the places are worth is never more than the cost of any plan (Lagrangian relaxation).
Prices rise where too many meet and fall where nobody comes (subgradient steps).
Needs to know between parties of one network are left out: the bound holds without them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from safeconduct.rooms.passage.planner.aim import Aim
from safeconduct.rooms.passage.planner.choice import Choice, Market
from safeconduct.rooms.passage.planner.driving import Driving
from safeconduct.rooms.passage.planner.tables import Counts, Reals, Tables

PACE = 0.3
"""The first step, as a share of the one that would close the gap were costs linear."""
PATIENCE = 5
"""After so many steps that prove nothing more, steps get smaller by `SLOWER`."""
SLOWER = 0.7
DRIFT = 0.6
"""How much of the last step's direction is kept."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Per person and place; `known` per party that an escort is told of.  The last is for none."""

    seat: Reals
    departure: Reals
    known: Reals
    bed: Reals
    quota: Reals

    def parts(self) -> tuple[Reals, ...]:
        """Return the five tables."""
        return self.seat, self.departure, self.known, self.bed, self.quota


def no_prices(t: Tables) -> Prices:
    """Return a price of nothing for everything."""
    return Prices(
        np.zeros(len(t.runs.seats)),
        np.zeros(len(t.cap)),
        np.zeros(len(t.knowledge)),
        np.zeros(t.houses.beds.shape),
        np.zeros(t.quota.shape),
    )


class Ascent:
    """Raises the bound step by step; `prices` are those of the best bound so far."""

    def __init__(self, t: Tables, aim: Aim) -> None:
        self._tables = t
        self._aim = aim
        self._market = Market(t, aim)
        self._driving = Driving(t.runs, t.days)
        self.prices = self._now = no_prices(t)
        self._drift: tuple[Reals, ...] | None = None
        self.bound = -np.inf
        self._pace = PACE
        self._stalled = 0

    def begin_again(self) -> None:
        """Go on from the best prices with steps as long as the first ones."""
        self._now, self._drift = self.prices, None
        self._pace, self._stalled = PACE, 0

    def step(self, upper: float) -> None:
        """Try the present prices, and move them; `upper` is the cost of a plan."""
        value, excess = self._try()
        self._judge(value)
        if self._drift is not None:
            excess = tuple(new + DRIFT * old for new, old in zip(excess, self._drift, strict=True))
        self._drift = excess
        now = self._now.parts()
        for price, part in zip(now, excess, strict=True):
            part[(price <= 0) & (part < 0)] = 0
        norm = sum(float((part * part).sum()) for part in excess)
        gap = max(upper - value, 0.002 * abs(upper))
        pace = self._pace * gap / max(norm, 1.0)
        moved = (
            np.maximum(0.0, price + pace * part) for price, part in zip(now, excess, strict=True)
        )
        self._now = Prices(*moved)

    def _judge(self, value: float) -> None:
        """Keep the prices if they prove more; slow down if they have not for some steps."""
        self._stalled = 0 if value > self.bound + 1e-4 * abs(self.bound) else self._stalled + 1
        if value > self.bound:
            self.bound, self.prices = value, self._now
        if self._stalled >= PATIENCE:
            self._stalled = 0
            self._pace *= SLOWER
            self._now = self.prices
            self._drift = None

    def _try(self) -> tuple[float, tuple[Reals, ...]]:
        """Return the bound at the present prices, and by place the demand above what there is."""
        t, now = self._tables, self._now
        choice = self._market.choose(now.seat, now.departure, now.known, (now.bed, now.quota))
        earned, driven = self._driving.best(self._aim.run - t.runs.seats[:-1] * now.seat[:-1])
        worth = (
            float((t.cap[:-1] * now.departure[:-1]).sum())
            + float((t.knowledge[:-1] * now.known[:-1]).sum())
            + float((t.houses.beds * now.bed).sum())
            + float((t.quota * now.quota).sum())
        )
        return choice.cost + earned - worth, _excess(t, choice, driven)


def _excess(t: Tables, choice: Choice, driven: Counts) -> tuple[Reals, ...]:
    """Return by place what is asked for less what there is; none of it for no place."""
    size = t.parties.size[choice.party].astype(float)
    way = choice.way
    seat = np.zeros(len(t.runs.seats))
    np.add.at(seat, t.ways.run[way], size)
    seat[driven] -= t.runs.seats[driven]
    departure: Reals = -t.cap.astype(float)
    np.add.at(departure, t.ways.departure[way], size)
    known: Reals = -t.knowledge.astype(float)
    np.add.at(known, t.ways.escort[way], 1.0)
    nights = np.zeros((len(t.houses.town), t.days + 1))
    np.add.at(nights, (choice.house, t.ways.arrive[way]), size)
    np.add.at(nights, (choice.house, choice.leave), -size)
    bed: Reals = nights.cumsum(axis=1)[:, :-1] - t.houses.beds
    quota: Reals = -t.quota.astype(float)
    gone = choice.country >= 0
    np.add.at(quota, (choice.country[gone], choice.leave[gone] // 7), size[gone])
    seat[-1] = departure[-1] = known[-1] = 0.0
    return seat, departure, known, bed, quota
