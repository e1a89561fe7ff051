# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much longer a case file takes to be opened where there are many, in processor time."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Final

from safeconduct.edges.desk.office import Desk
from safeconduct.rooms.cases import Part
from tests.sim.test_cases import go_online, three_desks

FEW: Final = 10
SOME: Final = 9
"""Case files over which the least, and the median, is taken."""


def openings(folder: Path, many: int) -> dict[str, float]:
    """Open case files that two desks read, one after the other, and compare the last with others.

    `open_case_ms` is the median of the last ones, until keys and facts are durable at the desk and
    the parcel at the relay; `open_case_ratio` is the work of the tenth against theirs.
    """
    folder.mkdir()
    with three_desks(folder) as stage:
        go_online(stage)
        first, second = stage.desks["first"], stage.desks["second"]
        took = [_one(first, second) for _ in range(many)]
    early, late = took[FEW : FEW + SOME], took[-SOME:]
    work = min(one for _, one in early) / min(one for _, one in late)
    median = statistics.median(seconds for seconds, _ in late)
    return {"open_case_ms": round(median * 1_000, 1), "open_case_ratio": round(work, 3)}


def _one(first: Desk, second: Desk) -> tuple[float, float]:
    began, before = time.perf_counter(), time.process_time()
    first.cases.open({part: [second.device] for part in Part})
    return time.perf_counter() - began, time.process_time() - before
