# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days of the calendar as days of an operation: 0 is today (spec/operation.md 1)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date as calendar_day
from datetime import timedelta
from typing import Final

WEEK: Final = 7
_YEAR_MONTHS: Final = 12
NAMES: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""Days of the week, as departures name them."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """So many days from a day on, `2026-11-30`."""

    today: str
    days: int

    def date(self, day: int) -> str:
        """Return a day of the calendar."""
        return (calendar_day.fromisoformat(self.today) + timedelta(days=day)).isoformat()

    def dates(self) -> tuple[str, ...]:
        """Return all days of the horizon."""
        return tuple(self.date(day) for day in range(self.days))

    def first(self, text: str) -> int:
        """Return the first day that a year, a month or a day may mean; before today below 0."""
        year, month, day = _pieces(text)
        return self._since(calendar_day(year, month or 1, day or 1))

    def last(self, text: str) -> int:
        """Return the last day that a year, a month or a day may mean."""
        year, month, day = _pieces(text)
        month = month or _YEAR_MONTHS
        return self._since(calendar_day(year, month, day or monthrange(year, month)[1]))

    def weekday(self, day: int) -> str:
        """Return the name of a day of the week."""
        return NAMES[calendar_day.fromisoformat(self.date(day)).weekday()]

    def weeks(self) -> int:
        """Return how many weeks begin within the horizon."""
        return -(-self.days // WEEK)

    def _since(self, day: calendar_day) -> int:
        return (day - calendar_day.fromisoformat(self.today)).days


def _pieces(text: str) -> tuple[int, int, int]:
    year, month, day, *_ = *(int(one) for one in text.split("-")), 0, 0
    return year, month, day
