# SPDX-License-Identifier: AGPL-3.0-or-later
"""Documents that run out: how soon; a date that is known in part counts as its last day."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.cases.days import YEAR_MONTHS, last_day
from safeconduct.rooms.cases.sheets import DOCUMENT, PERSON
from safeconduct.rooms.cases.standing import soonest

if TYPE_CHECKING:
    from safeconduct.kernel.words import CaseId
    from safeconduct.rooms.cases.record import CaseRecord, Sheet, SheetId

SOON: Final = timedelta(days=30)
MONTHS: Final = 6
"""Many countries ask of a passport that it holds for half a year more."""


class Due(Enum):
    """How soon a document runs out."""

    EXPIRED = "expired"
    SOON = "soon"
    """Within 30 days."""
    HALF_YEAR = "half-year"
    """Within 6 months."""
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of a case of which it is known until when it holds."""

    case: CaseId
    sheet: SheetId
    paper: str
    """Which of the choices of a document it is; nothing where that is not told."""
    state: str
    of: str
    """The code name of whose it is, or nothing."""
    expires: str
    last: date


def due(last: date, today: date) -> Due:
    """Return how soon a document runs out whose last day this is; it holds on that day."""
    if last < today:
        return Due.EXPIRED
    if last <= today + SOON:
        return Due.SOON
    return Due.HALF_YEAR if last <= months_on(today, MONTHS) else Due.LATER


def months_on(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of that month, or of the calendar."""
    years, month = divmod(day.month - 1 + months, YEAR_MONTHS)
    year, month = day.year + years, month + 1
    if year > MAXYEAR:
        return date.max
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def papers_in(record: CaseRecord) -> tuple[Paper, ...]:
    """Return the documents of a record that stand and run out one day, soonest first.

    Where two wrote at once the earlier day is taken: to look too soon costs little.
    """
    found = (_paper(record, one) for one in record.of_kind(DOCUMENT))
    return tuple(sorted((one for one in found if one), key=lambda one: (one.last, one.sheet)))


def _paper(record: CaseRecord, sheet: Sheet) -> Paper | None:
    expires = soonest(sheet, "expires")
    if not expires:
        return None
    of = record.named(sheet.text("of"), PERSON)
    told = sheet.text("paper"), sheet.text("state"), of.name if of else ""
    return Paper(record.case, sheet.id, *told, expires, last_day(expires))
