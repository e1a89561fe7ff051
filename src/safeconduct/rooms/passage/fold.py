# SPDX-License-Identifier: AGPL-3.0-or-later
"""From facts to the network: sheets by book, and who made sure of which when.

The same facts give the same network in any order.  What cannot be read leaves no trace in it.
Fails closed: a fact counts only in the vault of the book of its kind (spec/network.md 3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel import sheets
from safeconduct.kernel.sheets import SheetId, Writing, fold_sheets
from safeconduct.kernel.words import DAY, DeviceId, FactId, instant_of
from safeconduct.rooms.passage.chosen import Choice, fold_choices
from safeconduct.rooms.passage.events import (
    ChoiceSaid,
    ChoiceSeconded,
    NetworkFact,
    SheetVerified,
    SheetWritten,
)
from safeconduct.rooms.passage.kinds import FRESH_DAYS, NETWORK, book_of
from safeconduct.rooms.passage.words import Book, Freshness, Verification

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

Sheet = sheets.Sheet[Book]
_AHEAD: Final = DAY
"""A verification from so far ahead of our clock is believed no more: it would stay fresh."""


class Told(NamedTuple):
    """A fact of the network: which, whose, when, in the vault of which book, and what it says."""

    fact: FactId
    by: DeviceId
    hlc: int
    book: Book
    event: NetworkFact


@dataclass(frozen=True, slots=True)
class Network:
    """As much of the network as can be read here."""

    books: frozenset[Book]
    """Those that can be read here."""
    sheets: tuple[Sheet, ...] = ()
    verified: Mapping[tuple[str, bytes], tuple[Verification, ...]] = field(default_factory=dict)
    """Who made sure of a sheet, by its kind and id; oldest first."""
    choices: tuple[Choice, ...] = ()
    """Which party a person put before which others, oldest first."""

    def sheet(self, sheet: bytes, *kinds: str) -> Sheet | None:
        """Return one of its sheets, which is of one of these kinds.

        An id alone names none: who holds the keys could write another kind under it.
        """
        return next((one for one in self.sheets if one.id == sheet and one.kind in kinds), None)

    def named(self, value: str, *kinds: str) -> Sheet | None:
        """Return the sheet that a field names, if its value names one of these kinds."""
        found = (one for one in self.sheets if one.id.hex() == value and one.kind in kinds)
        return next(found, None)

    def of_kind(self, kind: str) -> tuple[Sheet, ...]:
        """Return the sheets of a kind that stand, in the order in which they were begun."""
        return tuple(one for one in self.sheets if one.kind == kind and not one.taken_off)

    def off(self, book: Book) -> tuple[Sheet, ...]:
        """Return the sheets of a book that were taken off."""
        return tuple(one for one in self.sheets if one.taken_off and book_of(one.kind) is book)

    def made_sure(self, sheet: Sheet) -> tuple[Verification, ...]:
        """Return who made sure of a sheet, oldest first."""
        return self.verified.get((sheet.kind, sheet.id), ())

    def freshness(self, sheet: Sheet, now: int) -> Freshness | None:
        """Return how fresh a sheet is by a clock; None for kinds of which nobody has to make sure.

        A verification holds for what its author saw: with any other word on the sheet it is over.
        """
        days = FRESH_DAYS.get(sheet.kind)
        if days is None:
            return None
        every = self.made_sure(sheet)
        if not every:
            return Freshness.UNVERIFIED
        stands = standing(sheet)
        holds = [one.at for one in every if stands <= one.saw]
        if not holds:
            return Freshness.CHANGED
        fresh = any(now - days * DAY < at <= now + _AHEAD for at in holds)
        return Freshness.FRESH if fresh else Freshness.STALE

    def last_sure(self, sheet: Sheet) -> Verification | None:
        """Return the last verification of what stands on a sheet now."""
        stands = standing(sheet)
        return next((one for one in reversed(self.made_sure(sheet)) if stands <= one.saw), None)


def standing(sheet: Sheet) -> frozenset[FactId]:
    """Return the facts that stand on a sheet."""
    return frozenset(one.fact for entered in sheet.fields for one in entered.standing)


def fold_network(books: Collection[Book], told: Iterable[Told], language: str) -> Network:
    """Return the network from the facts in the books that can be read here.

    Code names are words of the office's language.
    """
    every = [one for one in told if one.book in books]
    verified: dict[tuple[str, bytes], tuple[Verification, ...]] = {}
    for one in sorted(every, key=lambda one: (one.hlc, one.fact)):
        if isinstance(one.event, SheetVerified) and _belongs(one):
            at = one.event.kind, one.event.sheet
            verified[at] = (*verified.get(at, ()), _verification(one, one.event))
    sheets = fold_sheets(_writings(every), NETWORK, language)
    return Network(frozenset(books), sheets, verified, fold_choices(_choices(every)))


def _belongs(one: Told) -> bool:
    return one.event.kind in NETWORK and book_of(one.event.kind) is one.book


def _choices(
    told: Iterable[Told],
) -> Iterator[tuple[FactId, DeviceId, int, ChoiceSaid | ChoiceSeconded]]:
    for one in told:
        if isinstance(one.event, ChoiceSaid | ChoiceSeconded) and _belongs(one):
            yield one.fact, one.by, one.hlc, one.event


def _writings(told: Iterable[Told]) -> Iterator[Writing[Book]]:
    for one in told:
        if isinstance(one.event, SheetWritten):
            yield Writing(one.fact, one.by, one.hlc, one.book, one.event)


def _verification(one: Told, said: SheetVerified) -> Verification:
    saw = frozenset(FactId(fact) for fact in said.saw)
    return Verification(one.fact, instant_of(one.hlc), one.by, said.how, saw)


__all__ = ["Network", "Sheet", "SheetId", "Told", "fold_network", "standing"]
