# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long a repair takes, for what may happen on one day (tests/kit/circumstances.py).

A house burned, an escort arrested, a border closed for three weeks, a party grown, and all of it.
`repair_s` is until everybody who is hit has what is free, the file of the operation apart.
"""

from __future__ import annotations

import time
from dataclasses import replace
from math import inf

from safeconduct.rooms.passage.operations.aftermath import after
from safeconduct.rooms.passage.operations.circumstances import lengthen
from safeconduct.rooms.passage.operations.itinerary_rules import broken_long_rules
from safeconduct.rooms.passage.operations.operation import Operation, Plan
from safeconduct.rooms.passage.planner.mend import mend
from tests.kit.circumstances import disruptions, situate

MOST_S = {400: 2.0, 4_000: 10.0}
"""What the slowest repair is held to."""


def repairs(operation: Operation, plan: Plan, seed: int) -> dict[str, float]:
    """Return the seconds that each repair took, and how many rules the mended plans break."""
    circumstances, before = situate(operation, seed), lengthen(operation, plan)
    told: dict[str, float] = {"repair_broken": 0}
    for name, events in disruptions(operation, plan).items():
        hit = replace(circumstances, events=events)
        began = time.monotonic()
        found = mend(hit, before, work=0, watch=lambda _: True).best
        told[f"repair_s_{name}"] = round(time.monotonic() - began, 2)
        told["repair_broken"] += len(broken_long_rules(after(hit, found.plan), found.plan))
    return told


def late_repairs(people: int, rows: list[dict[str, float]]) -> dict[str, tuple[float, float]]:
    """Return the slowest repair and the rules that mended plans break, each with the most."""
    took = [row[name] for row in rows for name in row if name.startswith("repair_s_")]
    return {
        "repair_s": (max(took), MOST_S.get(people, inf)),
        "repair_broken": (sum(row["repair_broken"] for row in rows), 0),
    }
