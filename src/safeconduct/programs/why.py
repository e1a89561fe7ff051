# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct why`: say why a plan does not move a party by a day, and what would help most.

Nothing is answered on files that are wrong, or of a plan that breaks a rule, and nothing is
changed: a plan that was found for an answer is not written anywhere (docs/spec/why-not.md).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from safeconduct.edges.desk.plan_files import read_file
from safeconduct.programs import plan_words, why_words
from safeconduct.programs.wording import say
from safeconduct.rooms.passage.operations.faults import Fault, FaultyFile
from safeconduct.rooms.passage.operations.operation import Operation, Plan
from safeconduct.rooms.passage.operations.operation_file import read_operation
from safeconduct.rooms.passage.operations.plan_file import read_plan
from safeconduct.rooms.passage.operations.rules import broken_rules
from safeconduct.rooms.passage.why.audit import why_not
from safeconduct.rooms.passage.why.forced import force
from safeconduct.rooms.passage.why.helpful import Help, most_helpful
from safeconduct.rooms.passage.why.in_force import PlanInForce, in_force

FAULTY: Final = 3
LONGEST_COUNT: Final = 9
"""Digits: more than any operation has parties or days."""


def run(arguments: list[str]) -> int:
    """Answer; return 0, or 3 when a file is wrong or says of no such party or day."""
    asked = _parser().parse_args(arguments)
    given = _given(asked)
    if given is None:
        _tell([say("Nothing was answered: correct what is named above, and ask again.")])
        return FAULTY
    now = in_force(*given)
    if asked.party is None:
        _say(why_words.helps(_tried(now)))
    else:
        by = given[0].parties.deadline[asked.party] if asked.by is None else asked.by
        _answer(now, asked.party, min(by, given[0].days - 1))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="safeconduct why", description=say(_PURPOSE))
    parser.add_argument("operation", type=Path, help=say("the operation: a file of numbers"))
    parser.add_argument("plan", type=Path, help=say("a plan of it"))
    parser.add_argument(
        "--party",
        type=_count,
        help=say("ask of this party (without it: what would help most in all)"),
    )
    parser.add_argument(
        "--by", type=_count, help=say("ask of leaving by this day (its deadline unless said)")
    )
    parser.add_argument(
        "--anyway", action="store_true", help=say("answer although facts contradict each other")
    )
    return parser


_PURPOSE: Final = (
    "Say why a plan does not move a party by a day: what bars each way, at whose expense it "
    "would go if it had to, and what would help most.  For coordinators only: the answers tell "
    "who belongs to whom and who sleeps where.  Nothing is changed."
)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_COUNT):
        raise argparse.ArgumentTypeError(say("a whole number, 0 or more"))
    return int(text)


def _given(asked: argparse.Namespace) -> tuple[Operation, Plan] | None:
    """Return operation and plan; None, with all that is wrong said."""
    try:
        operation = read_operation(read_file(asked.operation))
    except FaultyFile as error:
        _tell(plan_words.fault(one) for one in error.faults)
        if error.operation is None or not asked.anyway:
            return None
        operation = error.operation
    faults = list(_asked_wrongly(operation, asked))
    try:
        plan = read_plan(read_file(asked.plan), operation)
    except FaultyFile as error:
        _tell(plan_words.fault(one) for one in (*faults, *error.faults))
        return None
    breaks = broken_rules(operation, plan)
    _tell(plan_words.fault(one) for one in faults)
    _tell(why_words.broken(one) for one in breaks)
    return None if faults or breaks else (operation, plan)


def _asked_wrongly(operation: Operation, asked: argparse.Namespace) -> Iterable[Fault]:
    parties = len(operation.parties.size)
    if asked.party is not None and asked.party >= parties:
        yield Fault("no_row", "--party", asked.party, parties)
    if asked.by is not None and asked.by >= operation.days:
        yield Fault("too_large", "--by", asked.by, operation.days - 1)


def _answer(now: PlanInForce, party: int, by: int) -> None:
    """Say what bars a party, and what it would cost to move it if only others are in the way."""
    told = why_not(now, party, by)
    _say(why_words.why(now.operation, told))
    if told.free or told.hard or (told.planned is not None and told.planned <= by):
        return
    found = force(now, party, by)
    if found is None:
        print(why_words.not_forced())
    else:
        _say(why_words.forced(now.operation, found))


def _tried(now: PlanInForce) -> list[Help]:
    """Return what was tried, what saves most first; says how far it is."""
    found = []
    for number, one in enumerate(most_helpful(now), 1):
        found.append(one)
        _tell([say("tried: {tried}", tried=number)])
    return sorted(found, key=lambda one: -one.saves)


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, file=sys.stderr, flush=True)
