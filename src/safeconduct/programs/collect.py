# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct collect`: read an evening, find who is collected by whom, and write the round.

Nothing is looked for in a file that is wrong, and no round is written that breaks a rule.  No clock
is asked: one file, seed and amount of work give one round (docs/spec/collecting.md).  The round is
written before anything is tried that would help whoever is left, and Ctrl-C leaves it there.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from safeconduct.edges.desk.plan_files import PlanFile, read_file
from safeconduct.kernel.errors import Defect
from safeconduct.programs import collect_words, plan_words
from safeconduct.programs.plan_watch import tell
from safeconduct.programs.wording import say
from safeconduct.rooms.passage.collecting.collect import Found, collect
from safeconduct.rooms.passage.collecting.evening import Evening
from safeconduct.rooms.passage.collecting.evening_file import read_evening
from safeconduct.rooms.passage.collecting.lacks import find_left
from safeconduct.rooms.passage.collecting.round_file import read_round, write_round
from safeconduct.rooms.passage.collecting.round_rules import broken_rules, left_by
from safeconduct.rooms.passage.operations.faults import FaultyFile

FAULTY: Final = 3
USUAL_WORK: Final = 20
LONGEST_COUNT: Final = 9
"""Digits: a seed of the solver has 31 bits."""


def run(arguments: list[str]) -> int:
    """Find a round; return 0 when one was written, 3 when the file is wrong."""
    asked = _parser().parse_args(arguments)
    evening = _evening(asked.evening)
    if evening is None:
        return FAULTY
    with ExitStack() as stack:
        target = PlanFile(asked.output, (read_round,))
        stack.callback(target.tidy)
        found = collect(evening, work=asked.work, seed=asked.seed)
        if broken_rules(evening, found.round):
            raise Defect
        target.write(write_round(found.round))
    _tell(evening, found)
    return 0


def _tell(evening: Evening, found: Found) -> None:
    """Say what was written, and try what would help whoever is left; Ctrl-C ends that alone."""
    try:
        print(say("The round is written."), collect_words.standing(found), flush=True)
        left = left_by(evening, found.round)
        if left:
            tell(collect_words.still_to_try(left))
        for one in find_left(evening, found.round):
            tell(collect_words.left(one))
    except KeyboardInterrupt:
        tell(
            say(
                "It was stopped early: not all was tried that would help.  The round stays as it "
                "was written."
            )
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="safeconduct collect", description=say(_PURPOSE))
    parser.add_argument("evening", type=Path, help=say("the evening: a file of numbers"))
    parser.add_argument(
        *("-o", "--output"), type=Path, required=True, help=say("where the round goes")
    )
    parser.add_argument(
        "--work",
        type=_count,
        default=USUAL_WORK,
        help=say(
            "how hard to search (20 unless you say); the same number finds the same round each time"
        ),
    )
    parser.add_argument("--seed", type=_count, default=0, help=say("another number searches anew"))
    return parser


_PURPOSE: Final = (
    "Find which car collects whom where and when, on one evening in one town, so that nobody waits "
    "outside for long.  The files hold numbers only, and yet they say where people are: keep them "
    "on a sealed disk, and remove them when they are not needed."
)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_COUNT):
        raise argparse.ArgumentTypeError(say("a whole number, 0 or more"))
    return int(text)


def _evening(path: Path) -> Evening | None:
    """Return the evening in a file; None, with all that is wrong with it said."""
    try:
        return read_evening(read_file(path))
    except FaultyFile as error:
        for one in error.faults:
            tell(plan_words.fault(one))
        tell(say("Nothing was planned: correct in the file what is named above, and run it again."))
        return None
