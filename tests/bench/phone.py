# SPDX-License-Identifier: AGPL-3.0-or-later
"""The telephone under load, with a real Asterisk, real RTP and a real relay; one JSON object.

`whole` are the messages, of 150 left at once from streams of real speech, of which every second is
at the office as it was said; `cpu_cores` is what line and Asterisk used, `answer_ms_p99` how long
until a call was taken.  `talks` stand at once.
Then an hour of 30 calls in bursts of five, with talks of six to ten minutes and six on duty, of
whom one never answers: `answered_15s` and `answered_20s` are shares of all calls, from the first
ringing to a voice; who waits for more than 15 minutes hangs up (`abandoned`); `dropped` ended and
nobody had ended it.  `three_*` is the same with three on duty, all of whom answer.

The hour takes six minutes: talks, the pauses between bursts and patience are a tenth, and nothing
else, so that all ringing weighs ten times as much as it would, and never less.  `--hour` takes the
whole hour.  Callers speak from the beginning and press no key, so that they come into line five
seconds after the last word; their prompts are short, and those of an office take twenty seconds
more to hear out.  `--short` is a little of each, within a minute.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.phone_measures import Hour, messages, talks  # noqa: E402
from tests.bench.short import a_minute, reached, verdict  # noqa: E402

SCALE: Final = 10.0
SHORT_SCALE: Final = 60.0
REACH: Final = {
    "whole": (150, 150),
    "talks": (50, 50),
    "answered_15s": (0.9, 1),
    "answered_20s": (0.95, 1),
    "dropped": (0, 0),
    "three_dropped": (0, 0),
}
"""What the long form is held to: least and most."""
LEAST: Final = {"whole": 15, "talks": 8, "answered_15s": 0.8}
Measure = Callable[[Path], dict[str, Any]]


def main() -> int:
    """Measure, print; return 1 when something was lost or a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="at most a minute")
    parser.add_argument("--hour", action="store_true", help="an hour is an hour")
    given = parser.parse_args()
    with a_minute(short=given.short):
        fields = in_rows(short_rows() if given.short else long_rows(1 if given.hour else SCALE))
    print(json.dumps(fields))
    missed = verdict(fields, LEAST) if given.short else reached(fields, REACH)
    return int(fields["lost"] > 0) or missed


def long_rows(scale: float) -> list[list[Measure]]:
    """Return what is measured: first what takes the machine whole, then the two hours at once."""
    return [
        [lambda folder: messages(folder, 150, 20)],
        [lambda folder: talks(folder, 50, 20)],
        [
            lambda folder: Hour(folder, 6, scale, one_is_away=True).run(),
            lambda folder: named("three", Hour(folder, 3, scale).run()),
        ],
    ]


def short_rows() -> list[list[Measure]]:
    """Return a little of each, all at once: the hour mostly waits."""
    return [
        [
            lambda folder: messages(folder, 15, 8),
            lambda folder: talks(folder, 8, 4),
            lambda folder: Hour(folder, 6, SHORT_SCALE, 10, one_is_away=True).run(),
        ]
    ]


def in_rows(rows: list[list[Measure]]) -> dict[str, Any]:
    """Measure row after row; what is lost is added up."""
    (ROOT / "build").mkdir(exist_ok=True)
    fields: dict[str, Any] = {}
    lost = 0
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as name, ThreadPoolExecutor() as threads:
        for at, row in enumerate(rows):
            places = [Path(name) / f"{at}-{n}" for n in range(len(row))]
            waits = [threads.submit(_timed, *each) for each in zip(row, places, strict=True)]
            for told in (one.result() for one in waits):
                lost += told.pop("lost", 0)
                fields |= told
    return {**fields, "lost": lost}


def _timed(one: Measure, place: Path) -> dict[str, Any]:
    """Measure one, and say for whom it waits how long it took."""
    begun = time.monotonic()
    told = one(place)
    print(f"{place.name}: {told}, {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return told


def named(prefix: str, told: dict[str, Any]) -> dict[str, Any]:
    """Return figures under names of their own; what is lost is lost under any."""
    return {name if name == "lost" else f"{prefix}_{name}": value for name, value in told.items()}


if __name__ == "__main__":
    sys.exit(main())
