# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days and months as people write them, in texts and in what they look for.

`2017-04-03` and `3.04.2017` are one day, `2017-04` and `04.2017` its month.  What is no day of the
calendar is left alone: it stays words.  A year by itself is a word like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from safeconduct.rooms.cases.sheets import is_date

WRITTEN: Final = (
    r"(?:(?<![\w.-])(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d))?(?![-\d])"
    r"|(?<![\w.])(?:(?P<day_first>\d{1,2})\.)?(?P<month_then>\d{1,2})\.(?P<year_last>\d{4})"
    r"(?!\.?\d))"
)
_DATE: Final = re.compile(WRITTEN, re.ASCII)


class DateIn(NamedTuple):
    """A date of a text: where it stands, and the day or month as `2017-04-03` or `2017-04`."""

    start: int
    end: int
    date: str

    @property
    def key(self) -> str:
        """Its digits: a month's are the beginning of each of its days'."""
        return self.date.replace("-", "")


def dates_in(text: str) -> Iterator[DateIn]:
    """Find the dates of a text, in their order."""
    for found in _DATE.finditer(text):
        year, month = found["year"] or found["year_last"], found["month"] or found["month_then"]
        day = found["day"] or found["day_first"]
        date = "-".join((year, month.zfill(2), *([day.zfill(2)] if day else [])))
        if is_date(date):
            yield DateIn(*found.span(), date)
