# SPDX-License-Identifier: AGPL-3.0-or-later
"""Going abroad: where somebody goes, what they need on the way, and what happened after arrival.

A view of sheets in a case's record, as much as can be read here (spec/relocation.md 2).  Where two
wrote unseen the safer holds: what one calls ready and another missing is missing.  Options that
were offered stand beside it and change nothing of it, whatever was answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.sheets import LINE_MOST, SheetId
from safeconduct.kernel.words import Instant
from safeconduct.rooms.cases.days import first_day, last_day
from safeconduct.rooms.cases.papers import Paper, papers_in
from safeconduct.rooms.cases.sheets import (
    AFTER,
    DOCUMENT,
    ITEM,
    OPTION,
    RELOCATION,
    SHEETS,
    is_date,
)
from safeconduct.rooms.cases.standing import chosen, members, said, soonest
from safeconduct.rooms.cases.words import Part

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from safeconduct.kernel.words import CaseId, DeviceId
    from safeconduct.rooms.cases.record import CaseRecord, Sheet

OTHER: Final = "other"
MEDICINE, INTERPRETER, MEETS = "medicine", "interpreter", "meets"
CHILD_PAPERS, PARENT_CONSENT = "child_papers", "parent_consent"
APPOINTMENT, PASSPORT = "appointment", "passport"
PREPARING, READY_TO_GO = "preparing", "ready"
TRAVELLING, ARRIVED, STOPPED = "travelling", "arrived", "stopped"
READY, NOT_NEEDED = "ready", "not_needed"
NAMES: Final = {MEDICINE: "medicine", INTERPRETER: "who", MEETS: "who"}
"""What has to be named before it is there: which medicine, who interprets, who meets them."""
_COMMON: Final = ("of", "what", "state", "for", "owner", "due", "note")
_PAPER: Final = ("expires", "number")
_WHERE: Final = ("day", "at", "where")
FITS: Final = {
    "passport": _PAPER,
    "visa": _PAPER,
    "exit": _PAPER,
    CHILD_PAPERS: _PAPER,
    PARENT_CONSENT: _PAPER,
    "medical": _PAPER,
    MEDICINE: ("enough", "medicine"),
    INTERPRETER: ("who", "language", "reach"),
    APPOINTMENT: (*_WHERE, "who"),
    "ticket": (*_WHERE, "number"),
    "money": ("amount",),
    "letter": ("who",),
    MEETS: (*_WHERE, "who", "reach"),
    "housing": ("where", "expires", "who", "reach"),
    "lawyer": ("who", "reach", "claim"),
    OTHER: ("day", "expires", "who"),
}
"""Which fields an item has beside those that all have; a form shows these first."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a checklist; days are as exact as they were written."""

    sheet: Sheet
    what: str
    """`other` where two do not agree what it is."""
    state: str
    owners: tuple[DeviceId, ...]
    due: str
    day: str
    at: str
    expires: str
    note: str
    """What it is in words, of which something else is `other`."""
    named: bool
    """Whether what it has to name is written, as far as that can be known here."""

    @property
    def open(self) -> bool:
        """Whether it is still to be got."""
        return self.state not in {READY, NOT_NEEDED}

    @property
    def waits(self) -> bool:
        """Whether it is still to be got, and is not an appointment whose day is set."""
        return self.open and not (self.what == APPOINTMENT and self.day)


@dataclass(frozen=True, slots=True)
class Contact:
    """Something that was heard of somebody after arrival, or tried in vain."""

    sheet: Sheet
    day: str
    heard: bool
    danger: tuple[str, ...]
    next: str


@dataclass(frozen=True, slots=True)
class Relocation:
    """The way of one person to one country."""

    sheet: Sheet
    case: CaseId
    persons: tuple[SheetId, ...]
    """Whose it is; more than one only where two wrote at once."""
    country: str
    stages: frozenset[str]
    """All that stand; one but where two wrote at once."""
    travels: str
    arrived: date | None
    """The day of arrival, or the day on which somebody wrote that they arrived."""
    children: str
    """`yes`, `no`, or nothing where nobody said it."""
    owners: tuple[DeviceId, ...]
    items: tuple[Item, ...]
    settled: frozenset[str]
    """What was taken off the list with a reason."""
    contacts: tuple[Contact, ...]
    """Oldest first."""
    papers: tuple[Paper, ...]
    """Their passports and visas on the record."""

    @property
    def id(self) -> SheetId:
        """The sheet on which it stands."""
        return self.sheet.id

    @property
    def before(self) -> bool:
        """Whether they have not travelled yet, as far as anybody believes."""
        return bool(self.stages & {PREPARING, READY_TO_GO})

    @property
    def there(self) -> bool:
        """Whether they travel or have arrived, as far as anybody believes."""
        return bool(self.stages & {TRAVELLING, ARRIVED})


@dataclass(frozen=True, slots=True)
class Abroad:
    """All of a case: options in the order in which they were offered, and relocations."""

    options: tuple[Sheet, ...]
    relocations: tuple[Relocation, ...]


def fold_abroad(record: CaseRecord, held: Collection[Part]) -> Abroad:
    """Return what a record says of going abroad; `held` are the parts that can be read here."""
    papers = papers_in(record)
    found = (_relocation(record, one, papers, held) for one in record.of_kind(RELOCATION))
    return Abroad(record.of_kind(OPTION), tuple(found))


def fields_of_item(things: Iterable[str]) -> frozenset[str]:
    """Return the fields that items of some of these kinds have; all where none is known."""
    known = [one for one in things if one in FITS]
    if not known:
        return frozenset(one.name for one in SHEETS[ITEM])
    return frozenset((*_COMMON, *(name for one in known for name in FITS[one])))


def _relocation(
    record: CaseRecord, sheet: Sheet, papers: Iterable[Paper], held: Collection[Part]
) -> Relocation:
    name, persons = sheet.id.hex(), _persons(sheet)
    of = [one for one in record.sheets if one.kind == ITEM and name in said(one, "of")]
    stages = frozenset(said(sheet, "stage")) or frozenset({PREPARING})
    after = [one for one in record.of_kind(AFTER) if name in said(one, "of")]
    contacts = sorted((_contact(one) for one in after), key=lambda one: (one.day, one.sheet.id))
    return Relocation(
        sheet=sheet,
        case=record.case,
        persons=persons,
        country=sheet.text("country"),
        stages=stages,
        travels=_first(sheet, "travels"),
        arrived=_arrived(sheet) if ARRIVED in stages or TRAVELLING in stages else None,
        children=_children(sheet),
        owners=members(sheet, "owner"),
        items=tuple(_item(one, held) for one in of if not one.taken_off),
        settled=frozenset(_what(one) for one in of if one.taken_off),
        contacts=tuple(contacts),
        papers=tuple(one for one in papers if _is_theirs(record, one, persons)),
    )


def _persons(sheet: Sheet) -> tuple[SheetId, ...]:
    return tuple(SheetId(bytes.fromhex(text)) for text in dict.fromkeys(said(sheet, "of")))


def _is_theirs(record: CaseRecord, paper: Paper, persons: Collection[SheetId]) -> bool:
    sheet = record.sheet(paper.sheet, DOCUMENT)
    of = said(sheet, "of") if sheet else ()
    return paper.paper in {"passport", "travel", "visa"} and any(one.hex() in of for one in persons)


def _children(sheet: Sheet) -> str:
    """Return whether children come along; `yes` where anybody says so."""
    found = said(sheet, "children")
    return "yes" if "yes" in found else (found[0] if found else "")


def _first(sheet: Sheet, name: str) -> str:
    """Return the day of those that stand which begins first, as exact as it was written."""
    days = (text for text in said(sheet, name) if is_date(text))
    return min(days, key=first_day, default="")


def _arrived(sheet: Sheet) -> date:
    """Return from which day on one may ask how they are: the earliest that anybody wrote."""
    day = _first(sheet, "arrives") or _first(sheet, "travels")
    if day:
        return first_day(day)
    told = (one for field in sheet.entered("stage") for one in field.standing)
    return min(_day(one.at) for one in told if one.text in {TRAVELLING, ARRIVED})


def _day(at: Instant) -> date:
    return datetime.fromtimestamp(at / 1000, UTC).date()


def _what(sheet: Sheet) -> str:
    found = set(said(sheet, "what"))
    return found.pop() if len(found) == 1 else OTHER


def _item(sheet: Sheet, held: Collection[Part]) -> Item:
    what = _what(sheet)
    name = NAMES.get(what, "")
    part = next((one.part for one in SHEETS[ITEM] if one.name == name), None)
    return Item(
        sheet=sheet,
        what=what,
        state=chosen(sheet, "state"),
        owners=members(sheet, "owner"),
        due=soonest(sheet, "due"),
        day=_first(sheet, "day"),
        at=sheet.text("at"),
        expires=soonest(sheet, "expires"),
        note=" ".join(sheet.text("note").split())[:LINE_MOST] if what == OTHER else "",
        named=part is None or part not in held or bool(said(sheet, name)),
    )


def _contact(sheet: Sheet) -> Contact:
    """Return a contact; nothing was heard where anybody who wrote of it says so."""
    day = _first(sheet, "day")
    heard = bool(day) and "silent" not in said(sheet, "how")
    return Contact(sheet, day, heard, said(sheet, "danger"), soonest(sheet, "next"))


def due_days(relocation: Relocation) -> tuple[date, ...]:
    """Return the days on which something of a relocation falls due, for a calendar."""
    texts = [one.next for one in relocation.contacts]
    if relocation.before:
        texts.append(relocation.travels)
        for one in relocation.items:
            dates = (one.due, one.day) if one.open else (one.day,)
            texts += [*dates, one.expires]
    return tuple(last_day(one) for one in texts if one)
