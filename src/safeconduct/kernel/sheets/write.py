# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody typed into a sheet's form as what is written of it, or a refusal.

Nothing is written over what its author did not see, and of the fields only those that say something
else than what their author saw (spec/record.md 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.sheets.fields import (
    OVER_MOST,
    TAKEN_OFF,
    TEXT_MOST,
    Field,
    Form,
    P,
    plain_value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from safeconduct.kernel.sheets.fold import Sheet
    from safeconduct.kernel.words import FactId


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


class Said(NamedTuple):
    """What is written into one part of a sheet, and over which facts."""

    values: tuple[tuple[str, str], ...]
    over: tuple[FactId, ...]


def write(
    before: Sheet[P] | None,
    fields: Sequence[Field[P]],
    typed: Mapping[tuple[P, str], Typed],
    fits: Callable[[Field[P], str], bool],
) -> dict[P, Said]:
    """Return what is written into which part: the fields alone that say something else now.

    `before` is the sheet as it stands, `fields` are those that can be written here, and `fits`
    tells whether a value that has its field's form may stand there.

    Raises:
        WrongFields, AmountUnclear, FieldsMissing, NothingNew: see there.
    """
    found: dict[P, list[tuple[str, str, frozenset[FactId]]]] = {}
    wrong = []
    for field in fields:
        said = typed.get((field.part, field.name))
        if said is None:
            continue
        value = plain_value(field, said.text)
        if value is None or not fits(field, value):
            wrong.append(field.name)
        elif _changes(before, field, value, said):
            found.setdefault(field.part, []).append((field.name, value, said.saw))
    if wrong:
        counted = {one.name for one in fields if one.form in {Form.AMOUNT, Form.RATE}}
        raise (AmountUnclear if counted.issuperset(wrong) else WrongFields)(tuple(wrong))
    _need_all(before, fields, typed)
    if not found:
        raise NothingNew
    return {part: _said(some) for part, some in found.items()}


def take_off(sheet: Sheet[P], parts: Sequence[P], reason: str) -> dict[P, Said]:
    """Take a sheet off the record, in each of these parts.

    Raises:
        NoReasonToTakeOff: see there.
        NothingNew: it was taken off already.
    """
    reason = reason.strip()
    if sheet.taken_off:
        raise NothingNew
    if not reason or len(reason) > TEXT_MOST:
        raise NoReasonToTakeOff
    return _taken_off(sheet, parts, reason)


def put_back(sheet: Sheet[P], parts: Sequence[P]) -> dict[P, Said]:
    """Let a sheet that was taken off stand again.

    Raises:
        NothingNew: it stands.
    """
    if not sheet.taken_off:
        raise NothingNew
    return _taken_off(sheet, parts, "")


def _taken_off(sheet: Sheet[P], parts: Sequence[P], reason: str) -> dict[P, Said]:
    saw = {one.part: [w.fact for w in one.standing] for one in sheet.entered(TAKEN_OFF)}
    return {part: _said([(TAKEN_OFF, reason, frozenset(saw.get(part, ())))]) for part in parts}


def _need_all(
    before: Sheet[P] | None, fields: Sequence[Field[P]], typed: Mapping[tuple[P, str], Typed]
) -> None:
    missing = [one.name for one in fields if one.needed and _empty(before, one, typed)]
    if missing:
        raise FieldsMissing(tuple(missing))


def _empty(before: Sheet[P] | None, field: Field[P], typed: Mapping[tuple[P, str], Typed]) -> bool:
    """Tell whether a field would say nothing after this was written."""
    said = typed.get((field.part, field.name))
    if said is not None:
        return not said.text.strip()
    return before is None or not before.text(field.name)


def _changes(before: Sheet[P] | None, field: Field[P], value: str, said: Typed) -> bool:
    """Tell whether a value says something else than what was seen in the form."""
    there = [] if before is None else before.entered(field.name)
    written = [one for entered in there if entered.part is field.part for one in entered.written]
    seen = [one for one in written if one.fact in said.saw]
    if said.settles and sum(one.stands for one in seen) > 1:
        return True
    return value != (seen[-1].text if seen else "")


def _said(some: Sequence[tuple[str, str, frozenset[FactId]]]) -> Said:
    """Return what is said; it is written over as much as one fact holds, the rest next time."""
    values = tuple((name, value) for name, value, _ in some)
    over = sorted({fact for *_, saw in some for fact in saw})[:OVER_MOST]
    return Said(values, tuple(over))
