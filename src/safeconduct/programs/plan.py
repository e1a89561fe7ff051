# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct plan`: read an operation, plan it for as long as is wanted, and write the plan.

Nothing is planned on a file that is wrong, and no plan is written that breaks a rule.  Whatever
ends the search, the best plan so far is kept: the time, Ctrl-C, or a closed terminal.  A plan that
stands there already and still keeps the rules is where the search begins, so that it is replaced by
none that is worse.
"""

from __future__ import annotations

import argparse
import math
import shutil
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Final, Self

from safeconduct.edges.desk.plan_files import PlanFile, read_file
from safeconduct.host import endings
from safeconduct.kernel.errors import Defect, SafeconductError
from safeconduct.programs import plan_words
from safeconduct.programs.wording import say
from safeconduct.rooms.passage.faults import FaultyFile
from safeconduct.rooms.passage.operation import Operation, Plan
from safeconduct.rooms.passage.operation_file import read_operation
from safeconduct.rooms.passage.plan import Progress, plan
from safeconduct.rooms.passage.plan_file import read_plan, write_plan
from safeconduct.rooms.passage.rules import broken_rules
from safeconduct.rooms.passage.stuck import find_stuck

FAULTY: Final = 3
SECONDS: Final = 60
MOST_SECONDS: Final = 86_400
LONGEST_COUNT: Final = 9
"""Digits: a seed of the solver has 31 bits."""
SHOWN_EVERY: Final = 0.5
SAID_EVERY: Final = 10.0
"""Seconds, on a terminal, and where each line stays (a pipe, a file)."""
CLEARED: Final = "\r\x1b[K"


def run(arguments: list[str]) -> int:
    """Plan; return 0 when a plan was written, 3 when the operation is wrong."""
    asked = _parser().parse_args(arguments)
    operation = _operation(asked.operation, anyway=asked.anyway)
    if operation is None:
        return FAULTY
    with ExitStack() as stack:
        target = PlanFile(asked.output)
        stack.callback(target.tidy)
        for one in find_stuck(operation):
            _tell(plan_words.stuck(operation, one))
        watch = stack.enter_context(Watch(asked.seconds, asked.work))
        before = _standing(asked.output, operation)
        found = plan(operation, work=asked.work, watch=watch, seed=asked.seed, start=before)
        if broken_rules(operation, found.plan):
            raise Defect
        target.write(write_plan(found.plan))
    print(say("The plan is written:"), plan_words.standing(found.score, found.bound))
    if watch.asked_to_end:
        print(say("It was stopped early; this is the best plan up to then."))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="safeconduct plan", description=say(_PURPOSE))
    parser.add_argument("operation", type=Path, help=say("the operation: a file of numbers"))
    parser.add_argument(
        *("-o", "--output"), type=Path, required=True, help=say("where the plan goes")
    )
    much = parser.add_mutually_exclusive_group()
    much.add_argument("--seconds", type=_seconds, help=say("search for so long (60 unless said)"))
    much.add_argument(
        "--work", type=_count, help=say("search so much instead, and find the same plan each time")
    )
    parser.add_argument("--seed", type=_count, default=0, help=say("another number searches anew"))
    parser.add_argument(
        "--anyway", action="store_true", help=say("plan although facts contradict each other")
    )
    return parser


_PURPOSE: Final = (
    "Plan who goes when, by which way, to which bed and on to which country.  Ctrl-C keeps the "
    "best plan so far.  The files hold numbers only, and yet they say where people are: keep them "
    "on a sealed disk, and remove them when they are not needed."
)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(say("above 0, up to {most}", most=MOST_SECONDS))
    return value


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_COUNT):
        raise argparse.ArgumentTypeError(say("a whole number, 0 or more"))
    return int(text)


def _operation(path: Path, *, anyway: bool) -> Operation | None:
    """Return the operation in a file; None, with all that is wrong with it said."""
    try:
        return read_operation(read_file(path))
    except FaultyFile as error:
        for one in error.faults:
            _tell(plan_words.fault(one))
        if error.operation is None:
            _tell(
                say(
                    "Nothing was planned: correct in the file what is named above, and run it "
                    "again."
                )
            )
            return None
        if anyway:
            return error.operation
        _tell(
            say(
                "Nothing was planned: these facts contradict each other.  Correct them, or plan "
                "on them as they are with --anyway."
            )
        )
        return None


def _standing(path: Path, operation: Operation) -> Plan:
    """Return the plan that has the name already, if it is one of this operation as it is now."""
    try:
        found = read_plan(read_file(path), operation)
    except (OSError, SafeconductError):
        return ()
    return () if broken_rules(operation, found) else found


class Watch:
    """Looks at the clock and at who asks for an end, and says how far the search is."""

    def __init__(self, seconds: float | None, work: int | None) -> None:
        """Search for so many seconds, or for so much work without looking at the clock."""
        self.asked_to_end = False
        self._work = work
        self._seconds = None if work is not None else seconds or SECONDS
        self._began = time.monotonic()
        self._shown = -math.inf
        self._terminal = sys.stderr.isatty()
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        for number in endings():
            self._before[number] = signal.signal(number, self._end)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)
        if self._terminal:
            print(CLEARED, end="", file=sys.stderr, flush=True)

    def __call__(self, progress: Progress) -> bool:
        """Say how far it is, if it is time to; return whether to go on."""
        now = time.monotonic()
        every = SHOWN_EVERY if self._terminal else SAID_EVERY
        if progress.plan and now - self._shown >= every:
            self._shown = now
            self._show(progress, now - self._began)
        late = self._seconds is not None and now - self._began >= self._seconds
        return not (late or self.asked_to_end)

    def _show(self, progress: Progress, took: float) -> None:
        share = progress.work / self._work if self._work else took / (self._seconds or took)
        line = f"{plan_words.bar(share)} {plan_words.standing(progress.score, progress.bound)}"
        if self._terminal:
            width = shutil.get_terminal_size().columns - 1
            print(f"{CLEARED}{line[:width]}", end="", file=sys.stderr, flush=True)
        else:
            _tell(line)

    def _end(self, number: int, _frame: FrameType | None) -> None:
        """Let the search end with its next step; who asks again ends it as it stands."""
        if self.asked_to_end:
            signal.signal(number, signal.SIG_DFL)
            raise KeyboardInterrupt
        self.asked_to_end = True


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
