# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who ends a search of `safeconduct plan`, and what is said of it meanwhile."""

from __future__ import annotations

import math
import shutil
import signal
import sys
import time
from types import FrameType, TracebackType
from typing import Any, Final, Self

from safeconduct.host import endings
from safeconduct.programs import plan_words
from safeconduct.rooms.passage.planner.mend import Mending
from safeconduct.rooms.passage.planner.plan import Progress

SECONDS: Final = 60
SHOWN_EVERY: Final = 0.5
SAID_EVERY: Final = 10.0
"""Seconds, on a terminal, and where each line stays (a pipe, a file)."""
CLEARED: Final = "\r\x1b[K"


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

    def __call__(self, progress: Progress | Mending) -> bool:
        """Say how far it is, if it is time to; return whether to go on."""
        now = time.monotonic()
        every = SHOWN_EVERY if self._terminal else SAID_EVERY
        begun = isinstance(progress, Mending) or progress.plan
        if begun and now - self._shown >= every:
            self._shown = now
            self._show(progress, now - self._began)
        late = self._seconds is not None and now - self._began >= self._seconds
        return not (late or self.asked_to_end)

    def _show(self, progress: Progress | Mending, took: float) -> None:
        share = progress.work / self._work if self._work else took / (self._seconds or took)
        line = f"{plan_words.bar(share)} {plan_words.how_far(progress)}"
        if self._terminal:
            width = shutil.get_terminal_size().columns - 1
            print(f"{CLEARED}{line[:width]}", end="", file=sys.stderr, flush=True)
        else:
            tell(line)

    def _end(self, number: int, _frame: FrameType | None) -> None:
        """Let the search end with its next step; who asks again ends it as it stands."""
        if self.asked_to_end:
            signal.signal(number, signal.SIG_DFL)
            raise KeyboardInterrupt
        self.asked_to_end = True


def tell(line: str) -> None:
    """Say something beside the result."""
    print(line, file=sys.stderr, flush=True)
