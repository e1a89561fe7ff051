# SPDX-License-Identifier: AGPL-3.0-or-later
"""The plan of a case, out of the sheets of its record: goals, tasks, services, closing reviews.

Where two wrote unseen what does not agree the safer holds: a task that one calls done and the
other dropped is open, the earlier day is its due, and both are its owners (spec/plan.md 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.cases import days
from safeconduct.rooms.cases.sheets import GOAL, REVIEW, SERVICE, TASK
from safeconduct.rooms.cases.standing import choices, chosen, members, soonest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from safeconduct.kernel.words import DeviceId
    from safeconduct.rooms.cases.record import CaseRecord, Sheet, SheetId

OPEN: Final = "open"
_NEVER: Final = "9999-99"
"""After every day: what has no day stands last."""


@dataclass(frozen=True, slots=True)
class Task:
    """One task; `due` is as exact as it was written, nothing where no day was."""

    sheet: Sheet
    what: str
    owners: tuple[DeviceId, ...]
    due: str
    state: str
    came: str

    @property
    def id(self) -> SheetId:
        """The sheet on which it stands."""
        return self.sheet.id

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.state == OPEN

    def overdue(self, today: str) -> bool:
        """Tell whether it is open and its last day is over; days as `2017-04-03`."""
        return self.open and bool(self.due) and last_day(self.due) < today

    def due_by(self, today: str) -> bool:
        """Tell whether it is open and today is its last day, or that is over."""
        return self.open and bool(self.due) and last_day(self.due) <= today

    def owned_by(self, devices: Collection[DeviceId]) -> bool:
        """Tell whether one of these devices owns it."""
        return any(one in devices for one in self.owners)


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be reached, and the tasks that lead there."""

    sheet: Sheet
    what: str
    state: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """What somebody was asked to give."""

    sheet: Sheet
    state: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done in a case, as much as can be read here."""

    goals: tuple[Goal, ...]
    loose: tuple[Task, ...]
    """Tasks that serve no goal, or one that is not on the record any more."""
    services: tuple[Service, ...]
    reviews: tuple[Sheet, ...]

    @property
    def tasks(self) -> tuple[Task, ...]:
        """All of them, goal by goal."""
        return (*(task for goal in self.goals for task in goal.tasks), *self.loose)


def last_day(when: str) -> str:
    """Return the last day of a year, a month or a day, as `2017-04-30`."""
    return days.last_day(when).isoformat()


def order(task: Task) -> tuple[bool, str]:
    """Return where a task stands among others: open ones first, by the day they are due."""
    return not task.open, last_day(task.due) if task.due else _NEVER


def fold_plan(record: CaseRecord) -> Plan:
    """Return the plan in a record: what is open first, tasks by the day on which they are due."""
    standing = {one.id.hex(): one for one in record.of_kind(GOAL)}
    tasks = [(_goal_of(one, standing), _task(one)) for one in record.of_kind(TASK)]
    goals = [
        Goal(
            *(sheet, sheet.text("what"), chosen(sheet, "state")),
            _ordered(task for of, task in tasks if of == name),
        )
        for name, sheet in standing.items()
    ]
    services = [Service(one, chosen(one, "state")) for one in record.of_kind(SERVICE)]
    return Plan(
        tuple(sorted(goals, key=lambda one: one.state != OPEN)),
        _ordered(task for of, task in tasks if not of),
        tuple(sorted(services, key=lambda one: choices(SERVICE, "state").index(one.state))),
        record.of_kind(REVIEW),
    )


def _goal_of(sheet: Sheet, standing: Collection[str]) -> str:
    name = sheet.text("goal")
    return name if name in standing else ""


def _task(sheet: Sheet) -> Task:
    what, came = sheet.text("what"), sheet.text("came")
    state = chosen(sheet, "state")
    return Task(sheet, what, members(sheet, "owner"), soonest(sheet, "due"), state, came)


def _ordered(tasks: Iterable[Task]) -> tuple[Task, ...]:
    return tuple(sorted(tasks, key=order))
