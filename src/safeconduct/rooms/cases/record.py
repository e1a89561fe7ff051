# SPDX-License-Identifier: AGPL-3.0-or-later
"""From facts to the record of a case: sheets of which each field says who wrote it and when.

The same facts give the same record in any order.  Where two wrote the same field and neither had
seen the other's words, both stand, until somebody who sees both writes again (spec/record.md 3).
Fails closed: a field counts only in the vault of its own part.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NewType

from safeconduct.kernel.phrase import words_of
from safeconduct.kernel.seal.lock import fingerprint
from safeconduct.kernel.words import CaseId, FactId, instant_of
from safeconduct.rooms.cases.events import SheetWritten
from safeconduct.rooms.cases.office_forms import is_form, is_read
from safeconduct.rooms.cases.sheets import (
    SHEETS,
    TAKEN_OFF,
    Field,
    Form,
    Kinds,
    field_of,
    plain_value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from safeconduct.kernel.words import DeviceId, Instant, VaultId
    from safeconduct.rooms.cases.fold import Told
    from safeconduct.rooms.cases.words import Part

SheetId = NewType("SheetId", bytes)
_READ: Final = frozenset({Form.LINE, Form.TEXT, Form.DATE})
"""What people read as it stands there."""


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote into a field; it `stands` while nobody who saw it wrote again."""

    fact: FactId
    at: Instant
    by: DeviceId
    text: str
    stands: bool


@dataclass(frozen=True, slots=True)
class Entered:
    """One field of a sheet: everything that was written into it, oldest first."""

    name: str
    part: Part
    written: tuple[Written, ...]

    @property
    def standing(self) -> tuple[Written, ...]:
        """What stands, oldest first; more than one where two wrote at once."""
        return tuple(one for one in self.written if one.stands)

    @property
    def text(self) -> str:
        """What stands and was written last."""
        return self.standing[-1].text


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of the record, as much of it as can be read here."""

    id: SheetId
    kind: str
    name: str
    """A code name, for people; others are called by their kind."""
    fields: tuple[Entered, ...]

    def entered(self, name: str) -> tuple[Entered, ...]:
        """Return a field as it was written in each part that can be read here."""
        return tuple(one for one in self.fields if one.name == name)

    def text(self, name: str) -> str:
        """Return what a field says; nothing where it says nothing, or cannot be read here."""
        return next((one.text for one in self.entered(name)), "")

    @property
    def called(self) -> str:
        """What somebody is called; nothing where that cannot be read here."""
        return self.text("name") or self.text("papers_name")

    @property
    def taken_off(self) -> str:
        """Why it was taken off the record; nothing while it stands."""
        return next((one.text for one in self.entered(TAKEN_OFF) if one.text), "")


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """The record of a case, as much of it as can be read here."""

    case: CaseId
    sheets: tuple[Sheet, ...]
    kinds: Kinds = field(default_factory=lambda: SHEETS)
    """Of which kinds its sheets are."""

    def sheet(self, sheet: bytes, *kinds: str) -> Sheet | None:
        """Return one of its sheets, which is of one of these kinds.

        An id alone names none: who holds the keys could write another kind under it.
        """
        return next((one for one in self.sheets if one.id == sheet and one.kind in kinds), None)

    def named(self, value: str, *kinds: str) -> Sheet | None:
        """Return the sheet that a field names, if its value names one of these kinds."""
        return next(
            (one for one in self.sheets if one.id.hex() == value and one.kind in kinds), None
        )

    def of_kind(self, kind: str) -> tuple[Sheet, ...]:
        """Return the sheets of a kind that stand, in the order in which they were begun."""
        return tuple(one for one in self.sheets if one.kind == kind and not one.taken_off)

    @property
    def off(self) -> tuple[Sheet, ...]:
        """Those that were taken off."""
        return tuple(one for one in self.sheets if one.taken_off)


def sheet_name(sheet: bytes, language: str) -> str:
    """Return the code name of a person or a pursuer in a case, the same at every desk."""
    return " ".join(words_of(fingerprint("sheet-name", sheet), 1, language))


def words_in(event: SheetWritten) -> list[str]:
    """Return what a fact says in words and dates that people look for."""
    if is_form(event.kind):
        return [text for name, text in event.values if text and is_read(name)]
    known = SHEETS.get(event.kind, ())
    words = {one.name for one in known if one.form in _READ} | {TAKEN_OFF}
    return [text for name, text in event.values if text and name in words]


def fold_record(
    case: CaseId,
    parts: Mapping[VaultId, Part],
    told: Iterable[Told],
    language: str,
    kinds: Kinds = SHEETS,
) -> CaseRecord:
    """Return the record of a case from the facts in the parts that can be read here.

    Code names are words of the office's language.
    """
    fields: dict[tuple[str, bytes], dict[tuple[Part, str], list[tuple[Told, str]]]] = {}
    for one in sorted(told, key=lambda one: (one.hlc, one.fact)):
        event, part = one.event, parts.get(one.vault)
        if not isinstance(event, SheetWritten) or event.case != case or part is None:
            continue
        if event.kind not in kinds:
            continue
        for name, text in event.values:
            known = field_of(event.kind, name, part, kinds)
            if known is None or plain_value(known, text) != text:
                continue
            sheet = fields.setdefault((event.kind, event.sheet), {})
            sheet.setdefault((part, name), []).append((one, text))
    sheets = (_sheet(*at, of, language) for at, of in fields.items())
    return CaseRecord(case, tuple(_in_order(one, kinds[one.kind]) for one in sheets), kinds)


def _sheet(
    kind: str,
    sheet: bytes,
    fields: Mapping[tuple[Part, str], list[tuple[Told, str]]],
    language: str,
) -> Sheet:
    entered = tuple(_entered(*at, written) for at, written in fields.items())
    return Sheet(SheetId(sheet), kind, sheet_name(sheet, language), entered)


def _in_order(sheet: Sheet, fields: tuple[Field, ...]) -> Sheet:
    order = {name: at for at, name in enumerate(dict.fromkeys(one.name for one in fields))}
    entered = sorted(
        sheet.fields, key=lambda one: (order.get(one.name, len(order)), one.part.value)
    )
    return replace(sheet, fields=tuple(entered))


def _entered(part: Part, name: str, written: list[tuple[Told, str]]) -> Entered:
    events = [one.event for one, _ in written]
    over = {fact for event in events if isinstance(event, SheetWritten) for fact in event.over}
    return Entered(
        name,
        part,
        tuple(
            Written(one.fact, instant_of(one.hlc), one.device, text, one.fact not in over)
            for one, text in written
        ),
    )
