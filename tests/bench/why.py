# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long it takes to say why a party is not moved; the last line is one JSON object.

An invented operation of 400 people (`--people`, `--seed`), planned by so much `--work`.  Each
party is asked for by its deadline: `audit_ms` (median and worst of all), `force_s` (of those who
are missed and for whom only others are in the way), `help_s` for all that is tried, and `saves`
what the best of it saves.  `found` of `forced` had an answer.  `broken` counts rules that the plans
of the answers break, by the second opinion; more than none is a failure.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final, TypeVar

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from safeconduct.rooms.passage.operations.operation import Operation, Plan  # noqa: E402
from safeconduct.rooms.passage.operations.operation_file import write_operation  # noqa: E402
from safeconduct.rooms.passage.operations.plan_file import write_plan  # noqa: E402
from safeconduct.rooms.passage.planner.plan import plan  # noqa: E402
from safeconduct.rooms.passage.why.audit import why_not  # noqa: E402
from safeconduct.rooms.passage.why.forced import force  # noqa: E402
from safeconduct.rooms.passage.why.helpful import most_helpful  # noqa: E402
from safeconduct.rooms.passage.why.in_force import PlanInForce, in_force  # noqa: E402
from safeconduct.rooms.passage.why.more import with_more  # noqa: E402
from tests.kit.operations import invent  # noqa: E402
from tests.kit.plan_checker import Checked  # noqa: E402

T = TypeVar("T")


def main() -> int:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--seed", type=int, default=100)
    parser.add_argument("--work", type=int, default=20_000)
    asked = parser.parse_args()
    operation = invent(asked.people, asked.seed)
    made = plan(operation, work=asked.work, watch=lambda _: True)
    took, now = timed(lambda: in_force(operation, made.plan))
    told = {
        "people": asked.people,
        "weighted_misses": made.score.weighted_misses,
        "lay_out_ms": round(1000 * took, 1),
        **answers(now),
        **helps(now),
    }
    print(json.dumps(told))
    return int(bool(told["broken"]))


def timed(do: Callable[[], T]) -> tuple[float, T]:
    """Seconds of processor time that something took, and what it returned."""
    began = time.process_time()
    found = do()
    return time.process_time() - began, found


def answers(now: PlanInForce) -> dict[str, float]:
    """Ask for every party, and force those who are missed."""
    audits, forces, found, broken, more = list[float](), list[float](), 0, 0, list[int]()
    for party, deadline in enumerate(now.operation.parties.deadline):
        by = min(deadline, now.operation.days - 1)
        took, why = timed(partial(why_not, now, party, by))
        audits.append(took)
        if why.free or why.hard or (why.planned is not None and why.planned <= by):
            continue
        took, forced = timed(partial(force, now, party, by))
        forces.append(took)
        if forced:
            found += 1
            broken += judged(now.operation, forced.plan)
            more.append(forced.after.weighted_misses - forced.before.weighted_misses)
            print(
                party,
                round(took, 2),
                len(forced.changed),
                more[-1],
                len(forced.pay),
                file=sys.stderr,
                flush=True,
            )
    return {
        "audit_ms": round(1000 * median(audits), 2),
        "audit_worst_ms": round(1000 * max(audits), 2),
        "forced": len(forces),
        "found": found,
        "force_s": round(median(forces or [0.0]), 2),
        "force_worst_s": round(max(forces or [0.0]), 2),
        "costs_nobody": sum(one <= 0 for one in more),
        "broken": broken,
    }


def helps(now: PlanInForce) -> dict[str, float]:
    """Try what would help most."""
    took, tried = timed(lambda: list(most_helpful(now)))
    for one in tried:
        print(one.more, one.saves, one.parties, file=sys.stderr, flush=True)
        if judged(with_more(now.operation, one.more), one.plan):
            raise SystemExit(1)
    return {
        "help_s": round(took, 1),
        "tried": len(tried),
        "saves": max((one.saves for one in tried), default=0),
    }


def judged(operation: Operation, made: Plan) -> int:
    """How many rules a plan breaks."""
    return len(Checked(write_operation(operation), write_plan(made)).broken)


if __name__ == "__main__":
    raise SystemExit(main())
