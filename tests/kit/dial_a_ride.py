# SPDX-License-Identifier: AGPL-3.0-or-later
"""Published dial-a-ride instances as evenings, in thousandths of a minute (tests/vectors/darp)."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

from safeconduct.rooms.passage.collecting.evening import (
    Cars,
    Drivers,
    Evening,
    Parties,
    Points,
    Prices,
)

INSTANCES: Final = Path(__file__).parents[1] / "vectors" / "darp"
OPTIMA: Final = {"a2-16": 29_425, "b2-16": 30_940, "a2-20": 34_483, "a3-24": 34_483}
"""What is published, in hundredths of a minute."""
SCALE: Final = 1_000
Stop = tuple[float, float, int, int, int, int]


def instance(name: str) -> Evening:
    """Return an instance of which only minutes driven count."""
    lines = [line.split() for line in (INSTANCES / f"{name}.txt").read_text().splitlines()]
    (vehicles, _, longest, places, ride), *told = [line for line in lines if line]
    stops: list[Stop] = [
        (float(x), float(y), *(int(value) for value in rest))  # type: ignore[misc]
        for _, x, y, *rest in told
    ]
    requests = (len(stops) - 1) // 2
    into, out = stops[1 : requests + 1], stops[requests + 1 : 2 * requests + 1]
    stops = [stops[0], *into, *out]
    cars = range(int(vehicles))
    return Evening(
        0,
        Prices(wait=0, ride=0, drive=1, car=0),
        _points(stops),
        _parties(into, out, int(ride), tuple(cars)),
        Cars(
            seats=(int(places),) * len(cars),
            start=(0,) * len(cars),
            end=(0,) * len(cars),
            first=(0,) * len(cars),
            last=(2 * 1_440 * SCALE,) * len(cars),
            longest=(int(longest) * SCALE,) * len(cars),
            driver=tuple(cars),
        ),
        Drivers((requests,) * len(cars), ((),) * len(cars)),
    )


def _points(stops: list[Stop]) -> Points:
    minutes = tuple(
        tuple(round(SCALE * math.dist(one[:2], other[:2])) for other in stops) for one in stops
    )
    count = len(stops)
    return Points((0,) * count, (2 * 1_440 * SCALE,) * count, (None,) * count, minutes)


def _parties(into: list[Stop], out: list[Stop], ride: int, cars: tuple[int, ...]) -> Parties:
    count = len(into)
    return Parties(
        size=tuple(stop[3] for stop in into),
        weight=(1,) * count,
        points=tuple((1 + row,) for row in range(count)),
        goal=tuple(1 + count + row for row in range(count)),
        first=tuple(stop[4] * SCALE for stop in into),
        last=tuple(stop[5] * SCALE for stop in into),
        stands=(False,) * count,
        longest_wait=(0,) * count,
        longest_ride=(ride * SCALE,) * count,
        stop=tuple(stop[2] * SCALE for stop in into),
        due_first=tuple(stop[4] * SCALE for stop in out),
        due=tuple(stop[5] * SCALE for stop in out),
        leaves=(None,) * count,
        network=(None,) * count,
        cars=(cars,) * count,
    )
