# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long it takes to find rounds; the last line is one JSON object.

Published instances of the dial-a-ride problem (`--instances`, all four unless said), each with the
minutes driven, whether that is proved and the processor's seconds; then invented evenings with
`--parties` and `--cars`, by median and worst, what would help whoever is left in `help_s`.
`broken` counts rules that rounds break, by the second opinion; more than none is a failure.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from safeconduct.rooms.passage.collecting.collect import collect  # noqa: E402
from safeconduct.rooms.passage.collecting.evening import Evening, Round  # noqa: E402
from safeconduct.rooms.passage.collecting.evening_file import write_evening  # noqa: E402
from safeconduct.rooms.passage.collecting.lacks import find_left  # noqa: E402
from safeconduct.rooms.passage.collecting.round_file import write_round  # noqa: E402
from tests.kit.dial_a_ride import OPTIMA, SCALE, instance  # noqa: E402
from tests.kit.evenings import evening  # noqa: E402
from tests.kit.round_checker import CheckedRound  # noqa: E402


def main() -> int:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--instances", nargs="*", default=sorted(OPTIMA))
    parser.add_argument("--parties", type=int, default=10)
    parser.add_argument("--cars", type=int, default=3)
    parser.add_argument("--work", type=int, default=300)
    asked = parser.parse_args()
    told: dict[str, Any] = {"broken": 0}
    for name in asked.instances:
        told[name] = published(name, asked.work, told)
    took, helped = [], []
    for seed in range(10):
        one = evening(asked.parties, seed, cars=asked.cars)
        begun = time.process_time()
        found = collect(one, work=asked.work)
        solved = time.process_time()
        list(find_left(one, found.round))
        took.append(solved - begun)
        helped.append(time.process_time() - solved)
        told["broken"] += broken(one, found.round)
    for name, times in (("round_s", took), ("help_s", helped)):
        told[name] = {"median": round(median(times), 2), "worst": round(max(times), 2)}
    print(json.dumps(told))
    return int(bool(told["broken"]))


def published(name: str, work: int, told: dict[str, Any]) -> dict[str, Any]:
    """Solve one instance."""
    one = instance(name)
    begun = time.process_time()
    found = collect(one, work=work)
    took = time.process_time() - begun
    told["broken"] += broken(one, found.round)
    return {
        "driven": found.worth.drives / SCALE,
        "published": OPTIMA[name] / 100,
        "proved": found.proved,
        "seconds": round(took, 1),
    }


def broken(one: Evening, found: Round) -> int:
    """Return how many rules a round breaks."""
    return len(CheckedRound(write_evening(one), write_round(found)).broken)


if __name__ == "__main__":
    raise SystemExit(main())
