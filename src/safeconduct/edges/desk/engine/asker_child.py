# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers one question about a plan in a process of its own, so that the desk answers meanwhile.

Who would pay if a party had to go by a day, or of what one more would help.  It is given whole
numbers and gives whole numbers back, writes no file and no log, and ends when its pipe closes
(spec/planning.md 8).  Messages are those of `worker`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from threading import Thread
from typing import BinaryIO, Final

from safeconduct import host
from safeconduct.edges.desk.engine.planner_child import Rows, operation_of, plan_of, rows_of
from safeconduct.edges.desk.engine.worker import read_message, write_message
from safeconduct.kernel.canon import Codec, Record, encode
from safeconduct.rooms.passage.why.forced import force
from safeconduct.rooms.passage.why.helpful import most_helpful
from safeconduct.rooms.passage.why.in_force import PlanInForce, in_force
from safeconduct.rooms.passage.why.more import Kind

NOBODY: Final = -1
"""In place of a party: what would help most is asked."""
NO_WEEK: Final = -1
KINDS: Final = tuple(Kind)


class Question(Record, frozen=True):
    """An operation as its file has it, a plan of it, and who would have to leave by which day."""

    operation: bytes
    plan: Rows
    party: int
    by: int


class Answer(Record, frozen=True):
    """One thing that was found: a plan, or one more of something; the last says nothing more."""

    ended: int
    plan: Rows = ()
    """A plan in which the party leaves; nothing if none was found."""
    more: tuple[int, int, int] = (0, 0, NO_WEEK)
    """Of what there would be one more: kind by number, row, week."""
    saves: int = 0
    parties: tuple[int, ...] = ()


QUESTIONS: Final[Codec[Question]] = Codec(Question, "question")
ANSWERS: Final[Codec[Answer]] = Codec(Answer, "answer")


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer the one question that comes."""
    asked = QUESTIONS.decode_own(read_message(source))

    def listen() -> None:
        while read_message(source):
            continue
        os._exit(0)

    Thread(target=listen, daemon=True).start()
    now = in_force(operation_of(asked.operation), plan_of(asked.plan))
    answers = _helps(now) if asked.party == NOBODY else _forced(now, asked)
    for one in answers:
        write_message(sink, encode(one))


def _forced(now: PlanInForce, asked: Question) -> Iterator[Answer]:
    found = force(now, asked.party, asked.by)
    yield Answer(ended=1, plan=rows_of(found.plan) if found else ())


def _helps(now: PlanInForce) -> Iterator[Answer]:
    for one in most_helpful(now):
        more, week = one.more, one.more.week
        told = KINDS.index(more.kind), more.row, NO_WEEK if week is None else week
        yield Answer(ended=0, more=told, saves=one.saves, parties=one.parties)
    yield Answer(ended=1)


def main() -> None:
    """Serve the process that started this one."""
    host.no_core_dumps()
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
