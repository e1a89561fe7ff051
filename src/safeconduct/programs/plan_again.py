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
from safeconduct.rooms.passage.operations.aftermath import after, together
from safeconduct.rooms.passage.operations.circumstances import Circumstances, LongPlan, lengthen
from safeconduct.rooms.passage.operations.circumstances_file import read_events
from safeconduct.rooms.passage.operations.faults import FaultyFile
from safeconduct.rooms.passage.operations.itineraries import end, lacks_bed
from safeconduct.rooms.passage.operations.itinerary_rules import broken_long_rules
from safeconduct.rooms.passage.operations.long_plan_file import read_any_plan, write_long_plan
from safeconduct.rooms.passage.operations.operation import Operation
from safeconduct.rooms.passage.operations.stuck import find_stuck
from safeconduct.rooms.passage.planner.mend import Mending, mend
from safeconduct.rooms.passage.planner.plan import Ground, plan_on
from safeconduct.rooms.passage.planner.rest import Rest, what_is_left

T = TypeVar("T")
MOST = 3
"""Plans at once: the repair, one that keeps promises, one that does not mind them."""


def run(operation: Operation | Circumstances, asked: argparse.Namespace) -> bool:
    """Plan, and write the plan; return whether no file was wrong."""
    circumstances = operation if isinstance(operation, Circumstances) else Circumstances(operation)
    if asked.event:
        events = _read(
            "--event",
            asked.event,
            lambda data: read_events(data, circumstances.operation, circumstances.events.today),
        )
        if events is None:
            return False
        circumstances = replace(circumstances, events=together(circumstances.events, events))
    if asked.start is None:
        _plan_first(circumstances, asked)
        return True
    before = _read("--from", asked.start, lambda data: read_any_plan(data, circumstances.operation))
    if before is not None:
        _plan_again(circumstances, before, asked)
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


def _plan_first(circumstances: Circumstances, asked: argparse.Namespace) -> None:
    """Plan what nobody has planned, and write the plan."""
    with ExitStack() as stack:
        target = PlanFile(asked.output)
        stack.callback(target.tidy)
        watch = stack.enter_context(Watch(asked.seconds, asked.work))
        rest = what_is_left(after(circumstances), LongPlan())
        _tell_stuck(rest)
        ground = Ground(rest.operation, rest.tables)
        found = plan_on(ground, work=asked.work, watch=watch, seed=asked.seed)
        _write(circumstances, lengthen(circumstances.operation, found.plan), target)
    print(say("The plan is written:"), plan_words.standing(found.score, found.bound))
    _say_if_early(watch)


def _plan_again(circumstances: Circumstances, before: LongPlan, asked: argparse.Namespace) -> None:
    """Plan again, and write the plan and what else there is to choose."""
    with ExitStack() as stack:
        targets = [
            PlanFile(_numbered(asked.output, number))
            for number in range(1, MOST + 1 if asked.alternatives else 2)
        ]
        for target in targets:
            stack.callback(target.tidy)
        watch = stack.enter_context(Watch(asked.seconds, asked.work))
        found = mend(circumstances, before, work=asked.work, watch=watch, seed=asked.seed)
        options = (found.best, *found.others)
        for target, option in zip(targets, options, strict=False):
            _write(circumstances, option.plan, target)
        for target in targets[len(options) :]:
            target.clear()
    _tell_of(circumstances, before, found)
    print(say("The plan is written."))
    for number, option in enumerate(options, 1):
        print(f"{number}: {plan_words.remade(option)}")
    _say_if_early(watch)


def _write(circumstances: Circumstances, plan: LongPlan, target: PlanFile) -> None:
    if broken_long_rules(after(circumstances, plan), plan):
        raise Defect
    target.write(write_long_plan(plan))


def _tell_of(circumstances: Circumstances, before: LongPlan, found: Mending) -> None:
    """Say whom it is about, and who is on a road or in shelter without what they need."""
    aftermath = after(circumstances, before)
    _tell_stuck(what_is_left(aftermath, before))
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


def _tell_stuck(rest: Rest) -> None:
    """Say who has not left and cannot, whatever else is planned."""
    left = rest.cuts.on_the_way.keys() | rest.cuts.gone.keys()
    for one in find_stuck(rest.operation):
        if one.party not in left:
            tell(plan_words.stuck(rest.operation, one))


def _say_if_early(watch: Watch) -> None:
    if watch.asked_to_end:
        print(say("It was stopped early; this is the best plan up to then."))


def _numbered(path: Path, number: int) -> Path:
    """Return where a plan goes: the second of `plan.json` to `plan.2.json`."""
    if number == 1:
        return path
    name, dot, ending = path.name.partition(".")
    return path.with_name(f"{name}.{number}{dot}{ending}")
