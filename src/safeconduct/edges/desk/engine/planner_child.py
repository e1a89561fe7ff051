# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plans an operation in a process of its own, so that the desk answers meanwhile.

It is given whole numbers and a time, and gives whole numbers back; no name, no place, no date and
no key ever comes here.  It writes no file and no log, and ends when its pipe closes: it dies with
the desk, and at once when the desk is locked.  Messages are those of `worker`.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from threading import Event, Thread
from typing import BinaryIO, Final

from safeconduct import host
from safeconduct.edges.desk.engine.worker import read_message, write_message
from safeconduct.edges.desk.planning_api import Standing
from safeconduct.kernel.canon import Codec, Record, encode
from safeconduct.kernel.errors import Defect
from safeconduct.rooms.passage.operations.faults import FaultyFile
from safeconduct.rooms.passage.operations.operation import Journey, Operation, Plan
from safeconduct.rooms.passage.operations.operation_file import read_operation
from safeconduct.rooms.passage.planner.plan import Progress, plan
from safeconduct.rooms.passage.why.expense import Expense, at_expense

STOP: Final = b"stop"
SAID_EVERY: Final = 1.0
"""Seconds between two words of how far it is, at least."""
NOWHERE: Final = -1
"""In place of a country: still in the house at the horizon."""
Expenses = tuple[tuple[int, int], ...]

Rows = tuple[tuple[int, int, int, int, int], ...]
"""Journeys: party, way, house, day of leaving and country."""


class Task(Record, frozen=True):
    """An operation as its file has it, and how many seconds to think."""

    operation: bytes
    seconds: int


TASKS: Final[Codec[Task]] = Codec(Task, "task")
STANDINGS: Final[Codec[Standing]] = Codec(Standing, "standing")


def journeys(standing: Standing) -> Plan:
    """Return the plan that a message holds."""
    return plan_of(standing.plan)


def plan_of(rows: Rows) -> Plan:
    """Return a plan out of its rows in a message."""
    return tuple(
        Journey(party, way, house, leave, None if country == NOWHERE else country)
        for party, way, house, leave, country in rows
    )


def rows_of(plan: Plan) -> Rows:
    """Return the rows of a plan for a message."""
    return tuple((*(one.party, one.way, one.house, one.leave), _country(one)) for one in plan)


def operation_of(data: bytes) -> Operation:
    """Return an operation; that facts contradict each other was said at the desk."""
    try:
        return read_operation(data)
    except FaultyFile as error:
        if error.operation is None:
            raise Defect from error
        return error.operation


class _Search:
    """One search: looks at the clock, hears who says stop, says how far it is."""

    def __init__(self, seconds: int, sink: BinaryIO) -> None:
        self.stopped: Final = Event()
        self.cut: Final = Event()
        self.weighing = False
        self._until: Final = time.monotonic() + seconds
        self._said = 0.0
        self._sink: Final = sink

    def __call__(self, progress: Progress) -> bool:
        """Say how far it is, if it is time to; return whether to go on."""
        now = time.monotonic()
        if now - self._said >= SAID_EVERY and progress.plan:
            self._said = now
            self.say(progress, ended=False)
        return now < self._until and not self.stopped.is_set()

    def end(self) -> None:
        """End the search; if it has ended already, end weighing at whose expense it is."""
        (self.cut if self.weighing else self.stopped).set()

    def say(self, progress: Progress, *, ended: bool, expenses: Expenses | None = None) -> None:
        score = progress.score
        rows = rows_of(progress.plan)
        numbers = score.weighted_misses, progress.bound, score.late, score.unplanned
        weighed = int(expenses is not None)
        write_message(
            self._sink, encode(Standing(int(ended), *numbers, rows, expenses or (), weighed))
        )


def _country(journey: Journey) -> int:
    return NOWHERE if journey.country is None else journey.country


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Plan the one operation that comes, and give the best plan when it ends."""
    task = TASKS.decode_own(read_message(source))
    operation, search = operation_of(task.operation), _Search(task.seconds, sink)

    def listen() -> None:
        while read_message(source):
            search.end()
        os._exit(0)

    Thread(target=listen, daemon=True).start()
    found = plan(operation, work=None, watch=search)
    search.weighing = True
    expenses = _rows(at_expense(operation, found.plan, go_on=lambda: not search.cut.is_set()))
    search.say(found, ended=True, expenses=None if search.cut.is_set() else expenses)


def _rows(found: Iterable[Expense]) -> Expenses:
    """Return who goes at whose expense, as rows of parties."""
    return tuple((one.moved, one.missed) for one in found)


def main() -> None:
    """Serve the process that started this one."""
    host.no_core_dumps()
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
