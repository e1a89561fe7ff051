# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a form is held to: the short one to a minute at most, nothing lost, ratios of one run.

The long form is held to the figures to reach, in the `REACH` of each benchmark (issue 2).

Where nothing waits, ratios compare processor time, ours against the barest way to do the same to
the same bytes, and of several rounds the best counts: other work on the machine stretches the
clock, and hardly this.  Such a least stands at little more than half of what was measured, so a
noisy machine passes and work that doubled does not.  Waiting takes no processor time: ratios of
the clock have more room.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import psutil

if TYPE_CHECKING:
    from types import FrameType

MOST_SECONDS: Final = 60
MISSED: Final = 1


@contextmanager
def a_minute(*, short: bool) -> Iterator[None]:
    """Leave by SystemExit, tidying up, when a short form takes more than a minute."""

    def over(_number: int, _frame: FrameType | None) -> None:
        message = f"too long: a short form may take {MOST_SECONDS} s, and this one is not done"
        raise SystemExit(message)

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(MOST_SECONDS if short else 0)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def verdict(found: Mapping[str, float], least: Mapping[str, float]) -> int:
    """Say what is below its least; return the exit code."""
    missed = [name for name in least if found[name] < least[name]]
    for name in missed:
        print(f"{name} is {found[name]}, and must be {least[name]}", file=sys.stderr)
    return MISSED if missed else 0


def reached(found: Mapping[str, float], reach: Mapping[str, tuple[float, float]]) -> int:
    """Say which figures of a long form lie outside of least and most; return the exit code."""
    missed = [name for name, (low, high) in reach.items() if not low <= found[name] <= high]
    for name in missed:
        low, high = reach[name]
        print(f"{name} is {found[name]}, and must be {low} to {high}", file=sys.stderr)
    return MISSED if missed else 0


def worked(*, besides: int = 0) -> float:
    """Seconds of processor time of this process and those it started, apart from one."""
    me = psutil.Process()
    mine = me.cpu_times()
    spent = mine.user + mine.system + mine.children_user + mine.children_system
    for child in me.children(recursive=True):
        if child.pid != besides:
            times = child.cpu_times()
            spent += times.user + times.system
    return float(spent)
