# SPDX-License-Identifier: AGPL-3.0-or-later
"""The calendar of a desk in memory: what falls due in a twin's cases."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.cases.days import last_day
from safeconduct.rooms.cases.relocation import due_days
from safeconduct.rooms.cases.reminders import reminder_days, write_calendar

if TYPE_CHECKING:
    from tests.kit.desk_twin_cases import TwinCases

SEED = b"t" * 32


class TwinReminders:
    """The calendar of a twin."""

    def __init__(self, of: TwinCases) -> None:
        """Look at these cases."""
        self._cases = of

    def calendar(self, own: Collection[DeviceId], today: date, said: str) -> bytes:
        """Return the file."""
        tasks = [one.task for one in self._cases.plans.tasks() if one.task.owned_by(own)]
        days = [last_day(one.due) for one in tasks if one.due]
        days += [paper.last for _, paper in self._cases.across.papers()]
        days += [day for one in self._cases.relocations.all() for day in due_days(one.of)]
        return write_calendar(reminder_days(days, SEED, today), SEED, said)
