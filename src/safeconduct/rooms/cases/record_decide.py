# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody writes into the record of a case: what they typed to facts, or a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.events import OVER_MOST, SheetWritten
from safeconduct.rooms.cases.sheets import (
    SHEETS,
    TAKEN_OFF,
    TEXT_MOST,
    TIE,
    Field,
    Form,
    parts_of,
    plain_value,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from safeconduct.kernel.words import DeviceId, FactId
    from safeconduct.rooms.cases.record import CaseRecord, Sheet, SheetId
    from safeconduct.rooms.cases.words import Part


class NothingNew(Refused):
    """A form says nothing that the record does not say."""

    code = "record_says_so"


@dataclass(eq=False)
class WrongFields(Refused):
    """These fields hold what is none of their values; nothing was kept."""

    code = "wrong_fields"
    names: tuple[str, ...]


class AmountUnclear(WrongFields):
    """An amount or a rate names no currency, or can be read in more than one way."""

    code = "amount_unclear"


@dataclass(eq=False)
class FieldsMissing(Refused):
    """These fields say nothing, and a sheet of this kind needs them; nothing was kept."""

    code = "fields_missing"
    names: tuple[str, ...]


class NoReasonToTakeOff(Refused):
    """A sheet is taken off the record with a reason of 1 to 4,000 characters."""

    code = "no_reason_to_take_off"


class Typed(NamedTuple):
    """What stands in a field of a form, and which facts somebody saw there when they began.

    `settles`: of several that stand this is the one, even as it was shown.
    """

    text: str
    saw: frozenset[FactId] = frozenset()
    settles: bool = False


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
    before = record.sheet(sheet, kind)
    fields = [one for one in record.kinds[kind] if one.part in held]
    if not fields:
        raise NoSuchPart
    found: dict[Part, list[tuple[str, str, frozenset[FactId]]]] = {}
    wrong = []
    for field in fields:
        said = typed.get((field.part, field.name))
        if said is None:
            continue
        value = plain_value(field, said.text)
        if value is None or not _names(record, field, value):
            wrong.append(field.name)
        elif _changes(before, field, value, said):
            found.setdefault(field.part, []).append((field.name, value, said.saw))
    wrong += _to_itself(kind, typed)
    if wrong:
        counted = {one.name for one in fields if one.form in {Form.AMOUNT, Form.RATE}}
        raise (AmountUnclear if counted.issuperset(wrong) else WrongFields)(tuple(wrong))
    _need_all(before, fields, typed)
    if not found:
        raise NothingNew
    return {part: _fact(record, kind, sheet, some) for part, some in found.items()}


def take_off(
    record: CaseRecord, held: Collection[Part], sheet: Sheet, reason: str
) -> dict[Part, SheetWritten]:
    """Take a sheet off the record, in each part in which somebody here can write it.

    Raises:
        NoReasonToTakeOff: see there.
        NothingNew: it was taken off already.
        NoSuchPart: no field of this kind can be written here.
    """
    reason = reason.strip()
    if sheet.taken_off:
        raise NothingNew
    if not reason or len(reason) > TEXT_MOST:
        raise NoReasonToTakeOff
    return _taken_off(record, held, sheet, reason)


def put_back(record: CaseRecord, held: Collection[Part], sheet: Sheet) -> dict[Part, SheetWritten]:
    """Let a sheet that was taken off stand again.

    Raises:
        NothingNew: it stands.
        NoSuchPart: no field of this kind can be written here.
    """
    if not sheet.taken_off:
        raise NothingNew
    return _taken_off(record, held, sheet, "")


def _taken_off(
    record: CaseRecord, held: Collection[Part], sheet: Sheet, reason: str
) -> dict[Part, SheetWritten]:
    parts = [part for part in parts_of(sheet.kind, record.kinds) if part in held]
    if not parts:
        raise NoSuchPart
    saw = {one.part: [w.fact for w in one.standing] for one in sheet.entered(TAKEN_OFF)}
    return {
        part: _fact(
            record, sheet.kind, sheet.id, [(TAKEN_OFF, reason, frozenset(saw.get(part, ())))]
        )
        for part in parts
    }


def _to_itself(kind: str, typed: Mapping[tuple[Part, str], Typed]) -> list[str]:
    """Return the end of a tie that is its other end too."""
    ends = {name: said.text.strip() for (_, name), said in typed.items()}
    return ["other"] if kind == TIE and "" != ends.get("one") == ends.get("other") else []


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


def _need_all(
    before: Sheet | None, fields: Sequence[Field], typed: Mapping[tuple[Part, str], Typed]
) -> None:
    missing = [one.name for one in fields if one.needed and _empty(before, one, typed)]
    if missing:
        raise FieldsMissing(tuple(missing))


def _empty(before: Sheet | None, field: Field, typed: Mapping[tuple[Part, str], Typed]) -> bool:
    """Tell whether a field would say nothing after this was written."""
    said = typed.get((field.part, field.name))
    if said is not None:
        return not said.text.strip()
    return before is None or not before.text(field.name)


def _changes(before: Sheet | None, field: Field, value: str, said: Typed) -> bool:
    """Tell whether a value says something else than what was seen in the form."""
    there = [] if before is None else before.entered(field.name)
    written = [one for entered in there if entered.part is field.part for one in entered.written]
    seen = [one for one in written if one.fact in said.saw]
    if said.settles and sum(one.stands for one in seen) > 1:
        return True
    return value != (seen[-1].text if seen else "")


def _fact(
    record: CaseRecord,
    kind: str,
    sheet: SheetId,
    some: list[tuple[str, str, frozenset[FactId]]],
) -> SheetWritten:
    """Return the fact; it is written over as much as one holds, over more at the next time."""
    values = tuple((name, value) for name, value, _ in some)
    over = sorted({fact for *_, saw in some for fact in saw})[:OVER_MOST]
    return SheetWritten(record.case, sheet, kind, values, tuple(over))
