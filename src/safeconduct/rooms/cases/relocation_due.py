# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is missing before somebody travels, and of whom nothing was heard after arrival.

Pure: the day comes from outside.  An alarm names what is the matter and by which day; it says
nothing of options that were offered, nor of what was answered (spec/relocation.md 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.cases.days import first_day, last_day
from safeconduct.rooms.cases.papers import MONTHS, SOON, months_on
from safeconduct.rooms.cases.relocation import (
    CHILD_PAPERS,
    INTERPRETER,
    MEDICINE,
    MEETS,
    NOT_NEEDED,
    PARENT_CONSENT,
    PASSPORT,
    READY,
    Contact,
    Item,
    Relocation,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from safeconduct.rooms.cases.record import SheetId

NEEDED: Final = (PASSPORT, "ticket", MEDICINE, INTERPRETER, MEETS, "housing")
"""What everybody needs, or has a reason on the record not to need."""
OF_CHILDREN: Final = (CHILD_PAPERS, PARENT_CONSENT)
PASSPORTS: Final = frozenset({PASSPORT, "travel"})
DANGERS: Final = frozenset({"found", "threatened"})
LEAD: Final = timedelta(days=14)
"""So long before the day something is pressing; working values, no source measures them."""
PAPERS_LEAD: Final = timedelta(days=60)
"""The same of papers: most offices take weeks to renew one."""
FIRST: Final = timedelta(days=30)
"""The time after arrival in which somebody is asked after more often."""
SILENT_FIRST: Final = timedelta(days=3)
SILENT_LATER: Final = timedelta(days=30)
"""After so long without a word somebody asks, unless another day was agreed."""
_NEVER: Final = date.max


class Why(Enum):
    """What is the matter."""

    DANGER = "danger"
    """They were found or threatened where they are, by what was heard last."""
    SILENT = "silent"
    """Nothing was heard since arrival, or since the day that was agreed."""
    TODAY = "today"
    """An appointment, or a part of the journey, is today or tomorrow."""
    PASSED = "passed"
    """Its day is over, and nobody wrote what came of it."""
    RUNS_OUT = "runs-out"
    """A paper does not hold until they travel."""
    SHORT = "short"
    """A passport holds for less than half a year after they travel."""
    LACKS = "lacks"
    """It does not stand on the list, and was not taken off either."""
    OPEN = "open"
    """It stands on the list and is not there yet."""
    UNNAMED = "unnamed"
    """It is there, and who or what it is nobody wrote."""
    CHILDREN = "children"
    """Nobody wrote whether children come along."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that is the matter with a relocation."""

    why: Why
    what: str = ""
    """Which thing of the checklist, or which paper."""
    item: SheetId | None = None
    by: date | None = None
    """By which day it has to be settled; None where nothing says it."""
    note: str = ""
    """What it is in words, where it is something else."""

    def pressing(self, today: date) -> bool:
        """Tell whether it has to be looked at now."""
        lead = PAPERS_LEAD if self.why in {Why.RUNS_OUT, Why.SHORT} else LEAD
        return self.by is not None and self.by <= today + lead


def alarms(relocation: Relocation, today: date) -> tuple[Alarm, ...]:
    """Return what is the matter with a relocation on a day: what is due first stands first."""
    found = [*_of_days(relocation, today)]
    if relocation.before:
        found += [*_of_papers(relocation, today), *_of_list(relocation)]
    if relocation.there:
        found += [*_of_silence(relocation, today), *_of_danger(relocation, today)]
    order = list(Why)
    return tuple(sorted(found, key=lambda one: (one.by or _NEVER, order.index(one.why))))


def pressing(relocation: Relocation, today: date) -> tuple[Alarm, ...]:
    """Return those that have to be looked at now."""
    return tuple(one for one in alarms(relocation, today) if one.pressing(today))


def _of_list(relocation: Relocation) -> Iterator[Alarm]:
    travels = first_day(relocation.travels) if relocation.travels else None
    if not relocation.children:
        yield Alarm(Why.CHILDREN, by=travels)
    needed = (*NEEDED, *(OF_CHILDREN if relocation.children == "yes" else ()))
    there = {one.what for one in relocation.items} | relocation.settled
    for what in needed:
        if what not in there:
            yield Alarm(Why.LACKS, what, by=travels)
    for one in relocation.items:
        if one.waits:
            yield Alarm(Why.OPEN, one.what, one.sheet.id, _sooner(one.due, travels), one.note)
        elif one.state == READY and not one.named:
            yield Alarm(Why.UNNAMED, one.what, one.sheet.id, travels)


def _sooner(due: str, travels: date | None) -> date | None:
    days = [last_day(due)] if due else []
    return min([*days, *([travels] if travels else [])], default=None)


def _of_days(relocation: Relocation, today: date) -> Iterator[Alarm]:
    """Yield what is today or tomorrow, and what was to be and of which nothing was written."""
    if not (relocation.before or relocation.there):
        return
    for one in relocation.items:
        if not one.day or one.state == NOT_NEEDED:
            continue
        first, last = first_day(one.day), last_day(one.day)
        if first == last and today <= last <= today + timedelta(days=1):
            yield Alarm(Why.TODAY, one.what, one.sheet.id, last, one.note)
        elif last < today and one.open:
            yield Alarm(Why.PASSED, one.what, one.sheet.id, last, one.note)


def _of_papers(relocation: Relocation, today: date) -> Iterator[Alarm]:
    """Yield papers that run out too soon: those of the list, and those of the record."""
    listed = ((one.what, one.sheet.id, one.expires) for one in relocation.items if _counts(one))
    recorded = ((one.paper, one.sheet, one.expires) for one in relocation.papers)
    for what, sheet, expires in (*listed, *recorded):
        why = _too_soon(relocation, what, last_day(expires), today)
        if why is not None:
            travels = first_day(relocation.travels) if relocation.travels else today
            yield Alarm(why, what, sheet, min(travels, last_day(expires)))


def _counts(item: Item) -> bool:
    return bool(item.expires) and item.state != NOT_NEEDED


def _too_soon(relocation: Relocation, what: str, last: date, today: date) -> Why | None:
    travels = last_day(relocation.travels) if relocation.travels else None
    if last < (travels or today) or (travels is None and last <= today + SOON):
        return Why.RUNS_OUT
    short = what in PASSPORTS and last < months_on(travels or today, MONTHS)
    return Why.SHORT if short else None


def _of_silence(relocation: Relocation, today: date) -> Iterator[Alarm]:
    if relocation.arrived is None:
        return
    expected = expected_by(relocation, relocation.arrived, today)
    if expected < today:
        yield Alarm(Why.SILENT, by=expected)


def expected_by(relocation: Relocation, arrived: date, today: date) -> date:
    """Return by which day a word is expected of somebody who arrived on a day.

    What is dated beyond tomorrow was not heard yet, and silences nothing.
    """
    heard = [one for one in relocation.contacts if one.heard and _was(one, today)]
    newest = max(heard, key=lambda one: first_day(one.day), default=None)
    if newest is not None and newest.next:
        return last_day(newest.next)
    since = max(arrived, first_day(newest.day)) if newest else arrived
    since = min(since, today)
    return since + (SILENT_FIRST if since - arrived <= FIRST else SILENT_LATER)


def _was(contact: Contact, today: date) -> bool:
    return first_day(contact.day) <= today + timedelta(days=1)


def _of_danger(relocation: Relocation, today: date) -> Iterator[Alarm]:
    """Yield what was heard last of danger where they are; of one day the worse counts."""
    told = [one for one in relocation.contacts if one.day and one.danger]
    told = [one for one in told if _was(one, today) or DANGERS & {*one.danger}]
    for one in told:
        if one.day == told[-1].day and DANGERS & {*one.danger}:
            yield Alarm(Why.DANGER, item=one.sheet.id, by=first_day(one.day))
