# SPDX-License-Identifier: AGPL-3.0-or-later
"""How good plans become in how long; the last line is one JSON object, with a part for each size.

For 40, 400 and 4,000 people five invented operations each (tests/kit/operations.py, `--seed` is
the first), planned for 20, 60 and 300 seconds by a process of its own with one worker.
`weighted_misses` are the plan's, `by_hand` a coordinator's (tests/kit/dispatcher.py),
`unavoidable` those of parties that could not leave in time even alone (tests/kit/plan_floor.py);
`avoidable_ratio` is (plan - unavoidable) / (by hand - unavoidable, at least 1): a coordinator's
way by hand is 1.  `bound` is what the planner proves that no plan goes below, `objective_bound`
that no plan that misses no more does, and `objective_gap` how far the objective is above that;
`proven` counts the operations of which no plan misses less.  `first_feasible_s` is until there is a
plan, `repair_s_...` until it is repaired after what happened on day 8 (tests/bench/plan_repair.py),
`peak_mb` the most memory of the process that planned.  Of each the median of the five, and the
worst.  `broken` counts rules that a plan breaks, by the second opinion; more than none is a
failure.  With `--processor` seconds are of the processor, for a machine that others use too.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from math import inf
from pathlib import Path
from statistics import median
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from safeconduct.rooms.passage.operations.operation_file import (  # noqa: E402
    read_operation,
    write_operation,
)
from safeconduct.rooms.passage.operations.plan_file import read_plan, write_plan  # noqa: E402
from safeconduct.rooms.passage.planner.plan import Progress, plan  # noqa: E402
from tests.bench.plan_repair import late_repairs, repairs  # noqa: E402
from tests.bench.short import a_minute, verdict  # noqa: E402
from tests.kit.dispatcher import by_hand  # noqa: E402
from tests.kit.operations import invent  # noqa: E402
from tests.kit.plan_checker import Checked  # noqa: E402
from tests.kit.plan_floor import unavoidable  # noqa: E402

SECONDS: Final = {40: 20.0, 400: 60.0, 4_000: 300.0}
SHORT: Final = {40: 800}
"""Units of work, so that what the short form is held to hangs on no machine."""
OPERATIONS: Final = 5
FEW: Final = 3
REACH: Final = {400: (0.15, 0.28), 4_000: (0.02, 0.02)}
"""What the avoidable ratio is held to, median and worst, where nothing better is ruled out."""
MOST_GAP: Final = {40: 0.01, 4_000: 0.12}
"""How far the objective may be above what is proved, the median of five."""
PROVED: Final = {"bound", "objective_bound"}
"""Of which more is better."""
MOST_MB: Final = 1024
LEAST: Final = {"saved_ratio": 1.0}
"""The short form: misses by hand against those of the plan."""


def main() -> int:
    """Measure, or plan one operation for who measures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--seed", type=int, default=100)
    parser.add_argument("--people", type=int, nargs="+", choices=SECONDS, help="not with --short")
    parser.add_argument("--processor", action="store_true")
    parser.add_argument("--one", nargs=2, type=Path, metavar=("OPERATION", "PLAN"))
    parser.add_argument("--seconds", type=float, default=inf)
    parser.add_argument("--work", type=int)
    asked = parser.parse_args()
    if asked.one:
        operation, target = asked.one
        clock = time.process_time if asked.processor else time.monotonic
        return plan_one(operation, target, asked.work, (clock, asked.seconds))
    told, missed = {}, 0
    with a_minute(short=asked.short), tempfile.TemporaryDirectory() as name:
        for people in asked.people or (SHORT if asked.short else SECONDS):
            seeds = range(asked.seed, asked.seed + (FEW if asked.short else OPERATIONS))
            much = [f"--work={SHORT[people]}" if asked.short else f"--seconds={SECONDS[people]}"]
            much += ["--processor"] if asked.processor else []
            rows = [measure(Path(name), people, seed, much) for seed in seeds]
            told[str(people)] = summary(rows)
            missed |= held(people, rows, short=asked.short)
    print(json.dumps(told))
    return missed


def plan_one(
    operation: Path, target: Path, work: int | None, until: tuple[Callable[[], float], float]
) -> int:
    """Plan an operation for so much or so long by a clock, write the plan, say what it took."""
    clock, seconds = until
    read = read_operation(operation.read_bytes())
    began, first = clock(), 0.0

    def watch(progress: Progress) -> bool:
        nonlocal first
        now = clock() - began
        first = first or (now if progress.plan else 0.0)
        return now < seconds

    found = plan(read, work=work, watch=watch)
    took = clock() - began
    target.write_bytes(write_plan(found.plan))
    told = {
        "bound": found.bound,
        "objective_bound": found.objective_bound,
        "first_feasible_s": round(first or took, 2),
        "took_s": round(took, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
    }
    print(json.dumps(told))
    return 0


def measure(folder: Path, people: int, seed: int, much: list[str]) -> dict[str, float]:
    """Plan one operation in a process of its own, and judge the plan."""
    operation = invent(people, seed)
    source, target = folder / "operation.json", folder / "plan.json"
    source.write_bytes(write_operation(operation))
    command = [sys.executable, __file__, "--one", str(source), str(target), *much]
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    hand = Checked(source.read_bytes(), write_plan(by_hand(operation)))
    checked, floor = Checked(source.read_bytes(), target.read_bytes()), unavoidable(operation)
    misses, before = checked.score["weighted_misses"], hand.score["weighted_misses"]
    objective = checked.score["objective"]
    row = {
        "weighted_misses": misses,
        "objective": objective,
        "by_hand": before,
        "unavoidable": floor,
        "avoidable_ratio": round((misses - floor) / max(1, before - floor), 3),
        **told,
        "objective_gap": round(objective / max(1, told["objective_bound"]) - 1, 4),
        "proven": int(misses <= told["bound"]),
        "broken": len(checked.broken) + len(hand.broken),
        **repairs(operation, read_plan(target.read_bytes()), seed),
    }
    print(people, seed, json.dumps(row), file=sys.stderr, flush=True)
    return row


def summary(rows: list[dict[str, float]]) -> dict[str, object]:
    """Return the median and the worst of each figure; of counts the sum."""
    told: dict[str, object] = {
        name: {"median": median(values), "worst": (min if name in PROVED else max)(values)}
        for name in rows[0]
        if name not in {"proven", "broken"}
        for values in ([row[name] for row in rows],)
    }
    return told | {name: sum(row[name] for row in rows) for name in ("proven", "broken")}


def held(people: int, rows: list[dict[str, float]], *, short: bool) -> int:
    """Say what is not reached; return the exit code."""
    if short:
        before, after = (sum(row[name] for row in rows) for name in ("by_hand", "weighted_misses"))
        return verdict({"saved_ratio": before / max(1, after)}, LEAST) or sum(
            row["broken"] > 0 for row in rows
        )
    # Where the planner proves that nothing better exists, no ratio says more.
    ratios = [0.0 if row["proven"] else row["avoidable_ratio"] for row in rows]
    most = REACH.get(people, (inf, inf))
    found = {
        "median_ratio": (median(ratios), most[0]),
        "worst_ratio": (max(ratios), most[1]),
        "objective_gap": (median(row["objective_gap"] for row in rows), MOST_GAP.get(people, inf)),
        "peak_mb": (max(row["peak_mb"] for row in rows), MOST_MB),
        "broken": (sum(row["broken"] for row in rows), 0),
    }
    found |= late_repairs(people, rows)
    missed = [name for name, (value, most) in found.items() if value > most]
    for name in missed:
        print(f"{people}: {name} is {found[name][0]}, at most {found[name][1]}", file=sys.stderr)
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
