# SPDX-License-Identifier: AGPL-3.0-or-later
"""From facts to the record of a case: sheets of which each field says who wrote it and when.

The same facts give the same record in any order; what two wrote unseen both stands (spec/record.md
3).  Fails closed: a field counts only in the vault of its own part.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from safeconduct.kernel import sheets
from safeconduct.kernel.sheets import SheetId, Writing, Written, fold_sheets, sheet_name
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases.events import SheetWritten
from safeconduct.rooms.cases.office_forms import is_form, is_read
from safeconduct.rooms.cases.sheets import SHEETS, TAKEN_OFF, Form, Kinds
from safeconduct.rooms.cases.words import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from safeconduct.kernel.words import VaultId
    from safeconduct.rooms.cases.fold import Told

Entered = sheets.Entered[Part]
Sheet = sheets.Sheet[Part]
_READ: Final = frozenset({Form.LINE, Form.TEXT, Form.DATE})
"""What people read as it stands there."""


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
    return CaseRecord(case, fold_sheets(_writings(case, parts, told), kinds, language), kinds)


def _writings(
    case: CaseId, parts: Mapping[VaultId, Part], told: Iterable[Told]
) -> Iterator[Writing[Part]]:
    """Yield what was written of a case into the parts that can be read here."""
    for one in told:
        event, part = one.event, parts.get(one.vault)
        if isinstance(event, SheetWritten) and event.case == case and part is not None:
            yield Writing(one.fact, one.device, one.hlc, part, event)


__all__ = [
    "CaseRecord",
    "Entered",
    "Sheet",
    "SheetId",
    "Written",
    "fold_record",
    "sheet_name",
    "words_in",
]
