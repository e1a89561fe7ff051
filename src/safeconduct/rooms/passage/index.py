# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds sheets of the network by kind, by id, and by what they name; made once for each fold.

It holds nothing that the sheets do not say.  A sheet that was taken off is found by its id alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from safeconduct.kernel import sheets
from safeconduct.kernel.sheets import Form
from safeconduct.rooms.passage.kinds import NETWORK
from safeconduct.rooms.passage.words import Book

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Sheet = sheets.Sheet[Book]
K = TypeVar("K")
_NAMES: Final = {
    kind: frozenset(one.name for one in fields if one.form is Form.SHEET)
    for kind, fields in NETWORK.items()
}


@dataclass(frozen=True, slots=True)
class Index:
    """Sheets by what is known of them; ids as they stand in fields."""

    sheets: Mapping[tuple[str, str], Sheet]
    """By kind and id."""
    kinds: Mapping[str, tuple[Sheet, ...]]
    """Those of a kind that stand, in the order in which they were begun."""
    naming: Mapping[tuple[str, str, str], tuple[Sheet, ...]]
    """Those of a kind that stand, by a field of theirs and what one of its words names."""

    @classmethod
    def of(cls, every: Iterable[Sheet]) -> Index:
        """Return the index of these sheets."""
        found: dict[tuple[str, str], Sheet] = {}
        kinds: dict[str, list[Sheet]] = {}
        naming: dict[tuple[str, str, str], list[Sheet]] = {}
        for sheet in every:
            found[sheet.kind, sheet.id.hex()] = sheet
            if sheet.taken_off:
                continue
            kinds.setdefault(sheet.kind, []).append(sheet)
            for name, value in _named(sheet):
                naming.setdefault((sheet.kind, name, value), []).append(sheet)
        return cls(found, _frozen(kinds), _frozen(naming))


def _named(sheet: Sheet) -> set[tuple[str, str]]:
    """Return the fields of a sheet that name another, each with every word that stands."""
    names = _NAMES.get(sheet.kind, frozenset())
    entered = (one for one in sheet.fields if one.name in names)
    return {(one.name, said.text) for one in entered for said in one.standing if said.text}


def _frozen(some: Mapping[K, list[Sheet]]) -> dict[K, tuple[Sheet, ...]]:
    return {at: tuple(one) for at, one in some.items()}
