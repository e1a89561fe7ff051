# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days as texts name them: a day since 1970, and the ends of what is known less exactly."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Final

from safeconduct.rooms.cases.sheets import is_date

YEAR_MONTHS: Final = 12
_EPOCH: Final = date(1970, 1, 1)
_DAY_LONG: Final = len("2017-04-03")


def day_in(text: str) -> int | None:
    """Return the day that a text names, `2017-04-03`; None when it is none since 1970."""
    if len(text) != _DAY_LONG or not is_date(text):
        return None
    days = (date.fromisoformat(text) - _EPOCH).days
    return days if days >= 0 else None


def first_day(when: str) -> date:
    """Return the first day of a year, a month or a day as `sheets.is_date` knows them."""
    year, month, day, *_ = *(int(one) for one in when.split("-")), 0, 0
    return date(year, month or 1, day or 1)


def last_day(when: str) -> date:
    """Return the last day of a year, a month or a day as `sheets.is_date` knows them."""
    year, month, day, *_ = *(int(one) for one in when.split("-")), 0, 0
    month = month or YEAR_MONTHS
    return date(year, month, day or monthrange(year, month)[1])
