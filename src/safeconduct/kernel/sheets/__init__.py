# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sheets of fields with their history: what rooms write down together, each in words of its own.

What it is: kinds of sheets as data, a fold that overwrites nothing unseen, and the refusals of a
form.  What it refuses to be: a room.  Which kinds there are, in which vault a field stands and what
its values mean, rooms say (spec/record.md 1 to 3, spec/network.md).

    sheets = fold_sheets(writings, kinds, "en")
    said = write(sheets[0], kinds["person"], typed, lambda field, value: True)
"""

from __future__ import annotations

from safeconduct.kernel.sheets.fields import (
    FIELDS_MOST,
    KIND_MOST,
    LINE_MOST,
    OVER_MOST,
    SHEET_BYTES,
    TAKEN_OFF,
    TEXT_MOST,
    VALUE_MOST,
    Field,
    Form,
    KindName,
    Kinds,
    Over,
    Values,
    field_of,
    is_date,
    parts_of,
    plain_value,
)
from safeconduct.kernel.sheets.fold import (
    Entered,
    Sheet,
    SheetId,
    Writing,
    Written,
    fold_sheets,
    sheet_name,
)
from safeconduct.kernel.sheets.write import (
    AmountUnclear,
    FieldsMissing,
    NoReasonToTakeOff,
    NothingNew,
    Said,
    Typed,
    WrongFields,
    put_back,
    take_off,
    write,
)

__all__ = [
    "FIELDS_MOST",
    "KIND_MOST",
    "LINE_MOST",
    "OVER_MOST",
    "SHEET_BYTES",
    "TAKEN_OFF",
    "TEXT_MOST",
    "VALUE_MOST",
    "AmountUnclear",
    "Entered",
    "Field",
    "FieldsMissing",
    "Form",
    "KindName",
    "Kinds",
    "NoReasonToTakeOff",
    "NothingNew",
    "Over",
    "Said",
    "Sheet",
    "SheetId",
    "Typed",
    "Values",
    "Writing",
    "Written",
    "WrongFields",
    "field_of",
    "fold_sheets",
    "is_date",
    "parts_of",
    "plain_value",
    "put_back",
    "sheet_name",
    "take_off",
    "write",
]
