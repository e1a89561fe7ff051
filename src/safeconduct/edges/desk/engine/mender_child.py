# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plans again in a process of its own, so that the desk answers meanwhile.

As `planner_child`: it is given whole numbers and a time, and gives whole numbers back; it writes no
file and no log, and dies with the desk.  The repair is said at once, and weighed first.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from threading import Event, Thread
from typing import BinaryIO, Final

from safeconduct import host
from safeconduct.edges.desk.engine.worker import read_message, write_message
from safeconduct.edges.desk.planning_again_api import Mended, Option
from safeconduct.kernel.canon import Codec, Record, encode
from safeconduct.kernel.errors import Defect
from safeconduct.rooms.passage.operations.aftermath import after
from safeconduct.rooms.passage.operations.circumstances import Circumstances, LongPlan
from safeconduct.rooms.passage.operations.circumstances_file import read_circumstances
from safeconduct.rooms.passage.operations.faults import FaultyFile
from safeconduct.rooms.passage.operations.long_plan_file import read_long_plan, write_long_plan
from safeconduct.rooms.passage.planner import mend as mending
from safeconduct.rooms.passage.planner.rest import Rest, what_is_left
from safeconduct.rooms.passage.why.expense_again import at_expense_again

SAID_EVERY: Final = 1.0
"""Seconds between two words of how far it is, at least."""
Expenses = tuple[tuple[int, int], ...]


class MendTask(Record, frozen=True):
    """Circumstances and a plan as their files have them, and how many seconds to think."""

    circumstances: bytes
    plan: bytes
    seconds: int


MEND_TASKS: Final[Codec[MendTask]] = Codec(MendTask, "mend-task")
MENDED: Final[Codec[Mended]] = Codec(Mended, "mended")


class _Search:
    """One search: looks at the clock, hears who says stop, says how far it is."""

    def __init__(self, seconds: int, sink: BinaryIO) -> None:
        self.stopped: Final = Event()
        self.cut: Final = Event()
        self.weighing = False
        self._until: Final = time.monotonic() + seconds
        self._said = 0.0
        self._repair: mending.Option | None = None
        self._sink: Final = sink

    def __call__(self, now: mending.Mending) -> bool:
        """Say how far it is, if it is time to; return whether to go on."""
        self._repair = self._repair or now.best
        at = time.monotonic()
        if at - self._said >= SAID_EVERY:
            self._said = at
            self.say(now)
        return at < self._until and not self.stopped.is_set()

    def end(self) -> None:
        """End the search; if it has ended already, end weighing at whose expense it is."""
        (self.cut if self.weighing else self.stopped).set()

    def weigh(self, rest: Rest, old: LongPlan, found: mending.Mending) -> None:
        """Say of each plan, the repair first, at whose expense it is as soon as that is known."""
        options = self.options(found)
        weighed: list[Expenses | None] = [None] * len(options)
        for at in sorted(range(len(options)), key=lambda at: not self._repairs(options[at])):
            plans = old, options[at].plan
            some = at_expense_again(rest, plans, found.hit, go_on=lambda: not self.cut.is_set())
            expenses = tuple((one.moved, one.missed) for one in some)
            weighed[at] = None if self.cut.is_set() else expenses
            self.say(found, weighed)
        self.say(found, weighed, ended=True)

    def _repairs(self, one: mending.Option) -> bool:
        return self._repair is not None and one.plan == self._repair.plan

    def options(self, now: mending.Mending) -> list[mending.Option]:
        """Return what there is to choose, and the repair if it is another still."""
        options = [now.best, *now.others]
        if self._repair is not None and not any(self._repairs(one) for one in options):
            options.append(self._repair)
        return options

    def say(
        self,
        now: mending.Mending,
        weighed: Sequence[Expenses | None] = (),
        *,
        ended: bool = False,
    ) -> None:
        """Say what there is to choose, and who goes at whose expense; None where it is unknown."""
        options = self.options(now)
        each = weighed or [None] * len(options)
        rows = tuple(_said(*one) for one in zip(options, each, strict=True))
        write_message(self._sink, encode(Mended(int(ended), rows, now.hit, now.stranded)))


def _said(one: mending.Option, expenses: Expenses | None) -> Option:
    score = one.score
    return Option(
        plan=write_long_plan(one.plan),
        misses=score.weighted_misses,
        late=score.late,
        unplanned=score.unplanned,
        unhoused=score.unhoused,
        broken=one.broken,
        expenses=expenses or (),
        weighed=int(expenses is not None),
    )


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Plan again what comes, and give the plans to choose from when it ends."""
    task = MEND_TASKS.decode_own(read_message(source))
    circumstances, search = _circumstances(task.circumstances), _Search(task.seconds, sink)
    plan = read_long_plan(task.plan, circumstances.operation)

    def listen() -> None:
        while read_message(source):
            search.end()
        os._exit(0)

    Thread(target=listen, daemon=True).start()
    found = mending.mend(circumstances, plan, work=None, watch=search)
    search.weighing = True
    search.weigh(what_is_left(after(circumstances, plan), plan), plan, found)


def _circumstances(data: bytes) -> Circumstances:
    """Return circumstances; that facts contradict each other was said at the desk."""
    try:
        return read_circumstances(data)
    except FaultyFile as error:
        if error.circumstances is None:
            raise Defect from error
        return error.circumstances


def main() -> None:
    """Serve the process that started this one."""
    host.no_core_dumps()
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
