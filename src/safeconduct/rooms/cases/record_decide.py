# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody writes into the record of a case: what they typed to facts, or a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.kernel import sheets
from safeconduct.kernel.sheets import (
    AmountUnclear,
    FieldsMissing,
    NoReasonToTakeOff,
    NothingNew,
    Typed,
    WrongFields,
)
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.events import SheetWritten
from safeconduct.rooms.cases.sheets import SHEETS, TIE, Field, Form, parts_of
from safeconduct.rooms.cases.words import Part

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from safeconduct.kernel.sheets import Said
    from safeconduct.kernel.words import DeviceId
    from safeconduct.rooms.cases.record import CaseRecord, Sheet, SheetId


def write_sheet(
    record: CaseRecord,
    held: Collection[Part],
    kind: str,
    sheet: SheetId,
    typed: Mapping[tuple[Part, str], Typed],
) -> dict[Part, SheetWritten]:
    """Return what is written into which part: the fields alone that say something else now.

    Raises:
        NoSuchPart: no field of this kind can be written here.
        WrongFields, AmountUnclear, FieldsMissing, NothingNew: see there.
    """
    fields = [one for one in record.kinds[kind] if one.part in held]
    if not fields:
        raise NoSuchPart

    def fits(field: Field, value: str) -> bool:
        return _names(record, field, value) and not _to_itself(kind, field, value, typed)

    said = sheets.write(record.sheet(sheet, kind), fields, typed, fits)
    return _facts(record, kind, sheet, said)


def take_off(
    record: CaseRecord, held: Collection[Part], sheet: Sheet, reason: str
) -> dict[Part, SheetWritten]:
    """Take a sheet off the record, in each part in which somebody here can write it.

    Raises:
        NoReasonToTakeOff: see there.
        NothingNew: it was taken off already.
        NoSuchPart: no field of this kind can be written here.
    """
    said = sheets.take_off(sheet, _writable(record, held, sheet), reason)
    return _facts(record, sheet.kind, sheet.id, said)


def put_back(record: CaseRecord, held: Collection[Part], sheet: Sheet) -> dict[Part, SheetWritten]:
    """Let a sheet that was taken off stand again.

    Raises:
        NothingNew: it stands.
        NoSuchPart: no field of this kind can be written here.
    """
    said = sheets.put_back(sheet, _writable(record, held, sheet))
    return _facts(record, sheet.kind, sheet.id, said)


def _writable(record: CaseRecord, held: Collection[Part], sheet: Sheet) -> list[Part]:
    parts = [part for part in parts_of(sheet.kind, record.kinds) if part in held]
    if not parts:
        raise NoSuchPart
    return parts


def _to_itself(
    kind: str, field: Field, value: str, typed: Mapping[tuple[Part, str], Typed]
) -> bool:
    """Tell whether the end of a tie is its other end too."""
    one = typed.get((field.part, "one"))
    of_tie = kind == TIE and field.name == "other" and value != ""
    return of_tie and one is not None and one.text.strip() == value


def _names(record: CaseRecord, field: Field, value: str) -> bool:
    """Tell whether a field that names another sheet names one that it may."""
    if field.form is not Form.SHEET or not value:
        return True
    other = record.sheet(bytes.fromhex(value), *field.of)
    return other is not None and other.kind in field.of


def need_members(
    before: Sheet | None,
    kind: str,
    typed: Mapping[tuple[Part, str], Typed],
    members: Collection[DeviceId],
) -> None:
    """Hold fields that name a colleague's device to the roster, or to what stood in them.

    Raises:
        WrongFields: see there.
    """
    known = {one.hex() for one in members}
    wrong = []
    for field in SHEETS[kind]:
        said = typed.get((field.part, field.name))
        if field.form is not Form.MEMBER or said is None:
            continue
        there = [] if before is None else before.entered(field.name)
        if said.text.strip() not in {"", *known, *(w.text for e in there for w in e.written)}:
            wrong.append(field.name)
    if wrong:
        raise WrongFields(tuple(wrong))


def _facts(
    record: CaseRecord, kind: str, sheet: SheetId, said: Mapping[Part, Said]
) -> dict[Part, SheetWritten]:
    return {part: SheetWritten(record.case, sheet, kind, *one) for part, one in said.items()}


__all__ = [
    "AmountUnclear",
    "FieldsMissing",
    "NoReasonToTakeOff",
    "NothingNew",
    "Typed",
    "WrongFields",
    "need_members",
    "put_back",
    "take_off",
    "write_sheet",
]
