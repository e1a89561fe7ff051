# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds sheets of the network by kind, by id, and by what they name; made once for each fold.

It holds nothing that the sheets do not say.  A sheet that was taken off is found by its id alone.
Of a sheet by which people or dangers are counted one unseen word takes nothing away
(spec/network.md 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from safeconduct.kernel import sheets
from safeconduct.kernel.sheets import TAKEN_OFF, Form
from safeconduct.rooms.passage.kinds import (
    BORDER_CLOSED,
    HOUSE_CLOSED,
    HOUSE_LEARNT,
    JOURNEY,
    NAMED,
    NETWORK,
    NIGHTS,
    PARTY,
    REACH,
    RIDE,
    ROAD_CLOSED,
    ROAD_LEARNT,
    STAY,
)
from safeconduct.rooms.passage.words import Book

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from safeconduct.kernel.words import FactId

Sheet = sheets.Sheet[Book]
K = TypeVar("K")
_NAMES: Final = {
    kind: frozenset(one.name for one in fields if one.form is Form.SHEET)
    for kind, fields in NETWORK.items()
}

KEPT: Final = frozenset(
    {
        *(PARTY, REACH, JOURNEY, RIDE, STAY, NIGHTS),
        *(HOUSE_LEARNT, ROAD_LEARNT, HOUSE_CLOSED, ROAD_CLOSED, BORDER_CLOSED),
    }
)
"""Kinds of which it is safer to believe that a sheet stands: people, and what closes something."""


def says_off(sheet: Sheet) -> bool:
    """Tell whether a word that stands takes a sheet off the record, whatever its author saw."""
    entered = sheet.entered(TAKEN_OFF)
    return any(said.text for one in entered for said in one.standing)


def seen_off(sheet: Sheet, saw: Mapping[FactId, Collection[bytes]]) -> bool:
    """Tell whether a word takes a sheet off that names all else that stands on it.

    `saw` is what each fact of it names.  Beside a word that puts it back it stands.
    """
    words = [said for one in sheet.entered(TAKEN_OFF) for said in one.standing]
    rest = {said.fact for one in sheet.fields if one.name != TAKEN_OFF for said in one.standing} - {
        said.fact for said in words
    }
    return all(said.text for said in words) and any(rest <= set(saw[said.fact]) for said in words)


@dataclass(frozen=True, slots=True)
class Index:
    """Sheets by what is known of them; ids as they stand in fields."""

    sheets: Mapping[tuple[str, str], Sheet]
    """By kind and id."""
    kinds: Mapping[str, tuple[Sheet, ...]]
    """Those of a kind that stand, in the order in which they were begun."""
    called: Mapping[tuple[str, str], tuple[Sheet, ...]]
    """Those of a kind that stand, by code name; more than one where two have the same."""
    naming: Mapping[tuple[str, str, str], tuple[Sheet, ...]]
    """Those of a kind that stand, by a field of theirs and what one of its words names."""

    @classmethod
    def of(cls, every: Iterable[Sheet], gone: Collection[tuple[str, bytes]]) -> Index:
        """Return the index of these sheets, of which `gone` were taken off for good."""
        found: dict[tuple[str, str], Sheet] = {}
        kinds: dict[str, list[Sheet]] = {}
        called: dict[tuple[str, str], list[Sheet]] = {}
        naming: dict[tuple[str, str, str], list[Sheet]] = {}
        for sheet in every:
            found[sheet.kind, sheet.id.hex()] = sheet
            if is_off(sheet, gone):
                continue
            kinds.setdefault(sheet.kind, []).append(sheet)
            if sheet.kind in NAMED:
                called.setdefault((sheet.kind, sheet.name), []).append(sheet)
            for name, value in _named(sheet):
                naming.setdefault((sheet.kind, name, value), []).append(sheet)
        return cls(found, _frozen(kinds), _frozen(called), _frozen(naming))


def is_off(sheet: Sheet, gone: Collection[tuple[str, bytes]]) -> bool:
    """Tell whether a sheet is off the record: the safer of what is said."""
    return says_off(sheet) and (sheet.kind not in KEPT or (sheet.kind, sheet.id) in gone)


def _named(sheet: Sheet) -> set[tuple[str, str]]:
    """Return the fields of a sheet that name another, each with every word that stands."""
    names = _NAMES.get(sheet.kind, frozenset())
    entered = (one for one in sheet.fields if one.name in names)
    return {(one.name, said.text) for one in entered for said in one.standing if said.text}


def _frozen(some: Mapping[K, list[Sheet]]) -> dict[K, tuple[Sheet, ...]]:
    return {at: tuple(one) for at, one in some.items()}
