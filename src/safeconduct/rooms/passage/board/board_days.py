# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days as the board counts them, `2017-04-03`: the next one, how far, and what is known less well.

A year or a month that somebody wrote for a day begins on its first day and ends on its last.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

ALWAYS: Final = "9999-12-31"
"""What has no end that anybody knows."""
LAST_MONTH: Final = 12
MIDNIGHT: Final = 24 * 60
"""In minutes of a day."""


def plus(day: str, days: int) -> str:
    """Return the day so many days later."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def between(one: str, other: str) -> int:
    """Return how many days the second lies after the first."""
    return (date.fromisoformat(other) - date.fromisoformat(one)).days


def first_of(days: Iterable[str]) -> str:
    """Return the earliest day that may be meant; nothing where none is said."""
    return min((_begins(one) for one in days if one), default="")


def last_of(days: Iterable[str]) -> str:
    """Return the latest day that may be meant: `ALWAYS` where one says none, or none is said."""
    return max((_ends(one) if one else ALWAYS for one in days), default=ALWAYS)


def minutes(time: str) -> int:
    """Return the minutes since midnight of `07:40`."""
    hour, _, rest = time.partition(":")
    return int(hour) * 60 + int(rest)


def _begins(when: str) -> str:
    return f"{when}-01-01"[: len(ALWAYS)]


def _ends(when: str) -> str:
    year, month, day, *_ = *(int(one) for one in when.split("-")), 0, 0
    month = month or LAST_MONTH
    return date(year, month, day or monthrange(year, month)[1]).isoformat()
