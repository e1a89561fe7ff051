# SPDX-License-Identifier: AGPL-3.0-or-later
"""The plan of a case, out of the sheets of its record: goals, tasks, services, closing reviews.

Where two wrote unseen what does not agree the safer holds: a task that one calls done and the
other dropped is open, the earlier day is its due, and both are its owners (spec/plan.md 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.cases import days
from safeconduct.rooms.cases.sheets import GOAL, REVIEW, SERVICE, SHEETS, TASK, is_date

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

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
        Goal(sheet, sheet.text("what"), _state(sheet), _ordered(t for of, t in tasks if of == name))
        for name, sheet in standing.items()
    ]
    services = [Service(one, _state(one)) for one in record.of_kind(SERVICE)]
    return Plan(
        tuple(sorted(goals, key=lambda one: one.state != OPEN)),
        _ordered(task for of, task in tasks if not of),
        tuple(sorted(services, key=lambda one: _choices(SERVICE).index(one.state))),
        record.of_kind(REVIEW),
    )


def _goal_of(sheet: Sheet, standing: Collection[str]) -> str:
    name = sheet.text("goal")
    return name if name in standing else ""


def _task(sheet: Sheet) -> Task:
    due = min((text for text in _said(sheet, "due") if is_date(text)), key=last_day, default="")
    owners = tuple(DeviceId(bytes.fromhex(text)) for text in dict.fromkeys(_said(sheet, "owner")))
    return Task(sheet, sheet.text("what"), owners, due, _state(sheet), sheet.text("came"))


def _said(sheet: Sheet, name: str) -> list[str]:
    """Return all that stands in a field, but for nothing."""
    standing = [said.text for one in sheet.entered(name) for said in one.standing]
    return [text for text in standing if text]


def _state(sheet: Sheet) -> str:
    """Return the state that all agree on, or the first that such a sheet can be in."""
    said = {one.text for entered in sheet.entered("state") for one in entered.standing}
    first = _choices(sheet.kind)[0]
    return (said.pop() or first) if len(said) == 1 else first


def _choices(kind: str) -> tuple[str, ...]:
    return next(one.choices for one in SHEETS[kind] if one.name == "state")


def _ordered(tasks: Iterable[Task]) -> tuple[Task, ...]:
    return tuple(sorted(tasks, key=order))
