# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct plan --from`: plan again after something happened, with little change.

Also what plans an operation of the second version that nobody has planned yet.  No plan is written
that breaks a rule or touches what has begun.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from safeconduct.edges.desk.plan_files import PlanFile, read_file
from safeconduct.kernel.errors import Defect
from safeconduct.programs import plan_words
from safeconduct.programs.plan_watch import Watch, tell
from safeconduct.programs.wording import say
from safeconduct.rooms.passage.aftermath import after, together
from safeconduct.rooms.passage.faults import FaultyFile
from safeconduct.rooms.passage.itineraries import end, lacks_bed
from safeconduct.rooms.passage.itinerary_rules import broken_long_rules
from safeconduct.rooms.passage.long_plan_file import read_any_plan, write_long_plan
from safeconduct.rooms.passage.mend import Mending, mend
from safeconduct.rooms.passage.operation import Operation
from safeconduct.rooms.passage.plan import Ground, plan_on
from safeconduct.rooms.passage.rest import what_is_left
from safeconduct.rooms.passage.situation import LongPlan, Situation, lengthen
from safeconduct.rooms.passage.situation_file import read_events

T = TypeVar("T")
MOST = 3
"""Plans at once: the repair, one that keeps promises, one that does not mind them."""


def run(operation: Operation | Situation, asked: argparse.Namespace) -> bool:
    """Plan, and write the plan; return whether no file was wrong."""
    situation = operation if isinstance(operation, Situation) else Situation(operation)
    if asked.event:
        events = _read(
            "--event",
            asked.event,
            lambda data: read_events(data, situation.operation, situation.events.today),
        )
        if events is None:
            return False
        situation = replace(situation, events=together(situation.events, events))
    if asked.start is None:
        _plan_first(situation, asked)
        return True
    before = _read("--from", asked.start, lambda data: read_any_plan(data, situation.operation))
    if before is not None:
        _plan_again(situation, before, asked)
    return before is not None


def _read(option: str, path: Path, reader: Callable[[bytes], T]) -> T | None:
    """Return what a file says; None, with all that is wrong with it said."""
    try:
        return reader(read_file(path))
    except FaultyFile as error:
        for one in error.faults:
            tell(f"{option}: {plan_words.fault(one)}")
        tell(say("Nothing was planned: correct in the file what is named above, and run it again."))
        return None


def _plan_first(situation: Situation, asked: argparse.Namespace) -> None:
    """Plan what nobody has planned, and write the plan."""
    with ExitStack() as stack:
        target = PlanFile(asked.output)
        stack.callback(target.tidy)
        watch = stack.enter_context(Watch(asked.seconds, asked.work))
        rest = what_is_left(after(situation), LongPlan())
        ground = Ground(rest.operation, rest.tables)
        found = plan_on(ground, work=asked.work, watch=watch, seed=asked.seed)
        _write(situation, lengthen(situation.operation, found.plan), target)
    print(say("The plan is written:"), plan_words.standing(found.score, found.bound))
    _say_if_early(watch)


def _plan_again(situation: Situation, before: LongPlan, asked: argparse.Namespace) -> None:
    """Plan again, and write the plan and what else there is to choose."""
    with ExitStack() as stack:
        targets = [
            PlanFile(_numbered(asked.output, number))
            for number in range(1, MOST + 1 if asked.alternatives else 2)
        ]
        for target in targets:
            stack.callback(target.tidy)
        watch = stack.enter_context(Watch(asked.seconds, asked.work))
        found = mend(situation, before, work=asked.work, watch=watch, seed=asked.seed)
        options = (found.best, *found.others)
        for target, option in zip(targets, options, strict=False):
            _write(situation, option.plan, target)
    _tell_of(situation, found)
    print(say("The plan is written."))
    for number, option in enumerate(options, 1):
        print(f"{number}: {plan_words.remade(option)}")
    _say_if_early(watch)


def _write(situation: Situation, plan: LongPlan, target: PlanFile) -> None:
    if broken_long_rules(after(situation, plan), plan):
        raise Defect
    target.write(write_long_plan(plan))


def _tell_of(situation: Situation, found: Mending) -> None:
    """Say whom it is about, and who is on a road or in shelter without what they need."""
    aftermath = after(situation)
    sizes = aftermath.operation.parties.size
    people = sum(sizes[party] for party in found.hit)
    print(
        say(
            "Cannot go, or go on, as planned: {parties} parties, {people} people.",
            parties=len(found.hit),
            people=people,
        )
    )
    for party in found.stranded:
        print(plan_words.stranded(party))
    for one in found.best.plan.journeys:
        if lacks_bed(aftermath, one):
            night = max(end(aftermath, one), aftermath.today)
            print(plan_words.without_bed(one.party, night))


def _say_if_early(watch: Watch) -> None:
    if watch.asked_to_end:
        print(say("It was stopped early; this is the best plan up to then."))


def _numbered(path: Path, number: int) -> Path:
    """Return where a plan goes: the second of `plan.json` to `plan.2.json`."""
    if number == 1:
        return path
    name, dot, ending = path.name.partition(".")
    return path.with_name(f"{name}.{number}{dot}{ending}")
