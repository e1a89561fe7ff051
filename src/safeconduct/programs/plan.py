# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct plan`: read an operation, plan it for as long as is wanted, and write the plan.

Nothing is planned on a file that is wrong, and no plan is written that breaks a rule.  Whatever
ends the search, the best plan so far is kept: the time, Ctrl-C, or a closed terminal.  A plan that
stands there already and still keeps the rules is where the search begins, so that it is replaced by
none that is worse.  With `--from` what has begun in an older plan stays (`plan_again`).
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from safeconduct.edges.desk.plan_files import PlanFile, read_file
from safeconduct.kernel.errors import Defect, SafeconductError
from safeconduct.programs import plan_again, plan_words
from safeconduct.programs.plan_watch import Watch, tell
from safeconduct.programs.wording import say
from safeconduct.rooms.passage.operations.circumstances import Circumstances
from safeconduct.rooms.passage.operations.circumstances_file import read_any_operation
from safeconduct.rooms.passage.operations.faults import FaultyFile
from safeconduct.rooms.passage.operations.operation import Operation, Plan
from safeconduct.rooms.passage.operations.plan_file import read_plan, write_plan
from safeconduct.rooms.passage.operations.rules import broken_rules
from safeconduct.rooms.passage.operations.stuck import find_stuck
from safeconduct.rooms.passage.planner.plan import plan

FAULTY: Final = 3
MOST_SECONDS: Final = 86_400
LONGEST_COUNT: Final = 9
"""Digits: a seed of the solver has 31 bits."""


def run(arguments: list[str]) -> int:
    """Plan; return 0 when a plan was written, 3 when a file is wrong."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.start is None and (asked.event or asked.alternatives):
        parser.error(say("--event and --alternatives need --from"))
    operation = _operation(asked.operation, anyway=asked.anyway)
    if operation is None:
        return FAULTY
    if asked.start and not asked.event and isinstance(operation, Operation):
        parser.error(say("--from needs --event, which says what day it is"))
    if asked.start is not None or isinstance(operation, Circumstances):
        return 0 if plan_again.run(operation, asked) else FAULTY
    _plan_first(operation, asked)
    return 0


def _plan_first(operation: Operation, asked: argparse.Namespace) -> None:
    """Plan an operation of which nothing has begun, and write the plan."""
    with ExitStack() as stack:
        target = PlanFile(asked.output)
        stack.callback(target.tidy)
        for one in find_stuck(operation):
            tell(plan_words.stuck(operation, one))
        watch = stack.enter_context(Watch(asked.seconds, asked.work))
        before = _standing(asked.output, operation)
        found = plan(operation, work=asked.work, watch=watch, seed=asked.seed, start=before)
        if broken_rules(operation, found.plan):
            raise Defect
        target.write(write_plan(found.plan))
    print(say("The plan is written:"), plan_words.standing(found.score, found.bound))
    if watch.asked_to_end:
        print(say("It was stopped early; this is the best plan up to then."))


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
        "--from",
        dest="start",
        type=Path,
        metavar="PLAN",
        help=say("a plan that is being carried out: what has begun stays as it is"),
    )
    parser.add_argument(
        "--event", type=Path, help=say("what happened since: a file of numbers, with --from")
    )
    parser.add_argument(
        "--alternatives",
        action="store_true",
        help=say("write the other plans too, numbered, beside the first"),
    )
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


def _operation(path: Path, *, anyway: bool) -> Operation | Circumstances | None:
    """Return the operation in a file; None, with all that is wrong with it said."""
    try:
        return read_any_operation(read_file(path))
    except FaultyFile as error:
        for one in error.faults:
            tell(plan_words.fault(one))
        if error.operation is None:
            tell(
                say(
                    "Nothing was planned: correct in the file what is named above, and run it "
                    "again."
                )
            )
            return None
        if anyway:
            return error.circumstances or error.operation
        tell(
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
