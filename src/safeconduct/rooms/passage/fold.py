# SPDX-License-Identifier: AGPL-3.0-or-later
"""From facts to the network: sheets by book, and who made sure of which when.

The same facts give the same network in any order.  What cannot be read leaves no trace in it.
Fails closed: a fact counts only in the vault of the book of its kind (spec/network.md 3).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from safeconduct.kernel import sheets
from safeconduct.kernel.sheets import SheetId, Writing, fold_sheets
from safeconduct.kernel.words import DAY, DeviceId, FactId, instant_of
from safeconduct.rooms.passage.chosen import Choice, fold_choices
from safeconduct.rooms.passage.events import (
    ChoiceFollowed,
    ChoiceSaid,
    ChoiceSeconded,
    GoSaid,
    NetworkFact,
    SheetVerified,
    SheetWritten,
)
from safeconduct.rooms.passage.index import Index, is_off, says_off, seen_off
from safeconduct.rooms.passage.kinds import FRESH_DAYS, JOURNEY, NETWORK, RIDE, book_of
from safeconduct.rooms.passage.words import Book, Freshness, GoWord, Verification

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

Sheet = sheets.Sheet[Book]
K = TypeVar("K")
V = TypeVar("V")
_At = tuple[str, bytes]
"""The kind and the id of a sheet."""
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
    words: Mapping[bytes, tuple[GoWord, ...]] = field(default_factory=dict)
    """Who said of a ride that it goes, or that it does not, by its id; oldest first."""
    choices: tuple[Choice, ...] = ()
    """Which party a person put before which others, oldest first."""
    gone: frozenset[tuple[str, bytes]] = frozenset()
    """Kind and id of what somebody took off the record who saw all that stands on it."""
    made: Mapping[tuple[str, bytes], tuple[tuple[FactId, Book], ...]] = field(
        default_factory=dict, compare=False, repr=False
    )
    """Of which facts each sheet was made, by its kind and id, and in which language named."""
    language: str = field(default="", compare=False)
    followed: Mapping[bytes, frozenset[FactId]] = field(default_factory=dict)
    """By the id of a journey, the choices that whoever wrote it says it follows (between.py)."""
    index: Index = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Find its sheets once."""
        object.__setattr__(self, "index", Index.of(self.sheets, self.gone))

    def sheet(self, sheet: bytes, *kinds: str) -> Sheet | None:
        """Return one of its sheets, which is of one of these kinds.

        An id alone names none: who holds the keys could write another kind under it.
        """
        return self.named(sheet.hex(), *kinds)

    def named(self, value: str, *kinds: str) -> Sheet | None:
        """Return the sheet that a field names, if its value names one of these kinds."""
        sheets = self.index.sheets
        return next((sheets[kind, value] for kind in kinds if (kind, value) in sheets), None)

    def of_kind(self, kind: str) -> tuple[Sheet, ...]:
        """Return the sheets of a kind that stand, in the order in which they were begun."""
        return self.index.kinds.get(kind, ())

    def that_name(self, kind: str, name: str, sheet: Sheet) -> tuple[Sheet, ...]:
        """Return the sheets of a kind that stand and of which one word names a sheet in a field."""
        return self.index.naming.get((kind, name, sheet.id.hex()), ())

    def alike(self, sheet: Sheet) -> tuple[Sheet, ...]:
        """Return the other sheets of its kind that stand and have the same code name."""
        same = self.index.called.get((sheet.kind, sheet.name), ())
        return tuple(one for one in same if one.id != sheet.id)

    def off(self, book: Book) -> tuple[Sheet, ...]:
        """Return the sheets of a book that were taken off."""
        return tuple(one for one in self.sheets if self.is_off(one) and book_of(one.kind) is book)

    def is_off(self, sheet: Sheet) -> bool:
        """Tell whether a sheet is off the record; of people and dangers no unseen word says so."""
        return is_off(sheet, self.gone)

    def doubted(self, sheet: Sheet) -> bool:
        """Tell whether a sheet stands of which one says that it is off the record."""
        return says_off(sheet) and not self.is_off(sheet)

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


def fold_network(
    books: Collection[Book], told: Iterable[Told], language: str, before: Network | None = None
) -> Network:
    """Return the network from the facts in the books that can be read here.

    Code names are words of the office's language.  A sheet of which nothing else is told than
    `before` is taken from there, so that the work is that of what is new.
    """
    every = [one for one in told if one.book in books]
    verified: defaultdict[_At, list[Verification]] = defaultdict(list)
    words: defaultdict[bytes, list[GoWord]] = defaultdict(list)
    of: dict[_At, list[Told]] = {}
    for one in sorted(every, key=lambda one: (one.hlc, one.fact)):
        if isinstance(one.event, SheetWritten):
            of.setdefault((one.event.kind, one.event.sheet), []).append(one)
        elif isinstance(one.event, SheetVerified) and _belongs(one):
            verified[one.event.kind, one.event.sheet].append(_verification(one, one.event))
        elif isinstance(one.event, GoSaid) and _belongs(one) and one.event.kind == RIDE:
            words[one.event.sheet].append(_word(one, one.event))
    old = before if before is not None and before.language == language else Network(frozenset())
    made = {at: tuple((one.fact, one.book) for one in some) for at, some in of.items()}
    changed = {at: some for at, some in of.items() if old.made.get(at) != made[at]}
    sheets = tuple(_sheets(old, of, changed, language))
    return Network(
        *(frozenset(books), sheets, _frozen(verified), _frozen(words)),
        *(fold_choices(_choices(every)), _gone(sheets, of), made, language),
        followed=_followed(every),
    )


def _frozen(some: Mapping[K, list[V]]) -> dict[K, tuple[V, ...]]:
    return {at: tuple(one) for at, one in some.items()}


def _gone(sheets: Iterable[Sheet], of: Mapping[_At, list[Told]]) -> frozenset[_At]:
    """Return what was taken off by a word that names all that stands."""
    off = (one for one in sheets if says_off(one))
    return frozenset((one.kind, one.id) for one in off if seen_off(one, _saw(of[one.kind, one.id])))


def _saw(some: Iterable[Told]) -> dict[FactId, tuple[bytes, ...]]:
    """Return which facts each of these names that it stands over."""
    return {one.fact: one.event.over for one in some if isinstance(one.event, SheetWritten)}


def _sheets(
    old: Network, of: Iterable[_At], changed: Mapping[_At, list[Told]], language: str
) -> Iterator[Sheet]:
    """Yield the sheets in the order in which they were begun, those that changed made anew."""
    told = (one for some in changed.values() for one in some)
    new: dict[_At, Sheet] = {
        (one.kind, one.id): one for one in fold_sheets(_writings(told), NETWORK, language)
    }
    for at in of:
        found = new.get(at) if at in changed else old.sheet(at[1], at[0])
        if found is not None:
            yield found


def _belongs(one: Told) -> bool:
    return one.event.kind in NETWORK and book_of(one.event.kind) is one.book


def _choices(
    told: Iterable[Told],
) -> Iterator[tuple[FactId, DeviceId, int, ChoiceSaid | ChoiceSeconded]]:
    for one in told:
        if isinstance(one.event, ChoiceSaid | ChoiceSeconded) and _belongs(one):
            yield one.fact, one.by, one.hlc, one.event


def _followed(told: Iterable[Told]) -> dict[bytes, frozenset[FactId]]:
    found: defaultdict[bytes, set[FactId]] = defaultdict(set)
    for one in told:
        if isinstance(one.event, ChoiceFollowed) and _belongs(one) and one.event.kind == JOURNEY:
            found[one.event.sheet].update(FactId(choice) for choice in one.event.choices)
    return {at: frozenset(some) for at, some in found.items()}


def _writings(told: Iterable[Told]) -> Iterator[Writing[Book]]:
    for one in told:
        if isinstance(one.event, SheetWritten):
            yield Writing(one.fact, one.by, one.hlc, one.book, one.event)


def _verification(one: Told, said: SheetVerified) -> Verification:
    saw = frozenset(FactId(fact) for fact in said.saw)
    return Verification(one.fact, instant_of(one.hlc), one.by, said.how, saw)


def _word(one: Told, said: GoSaid) -> GoWord:
    return GoWord(
        *(one.fact, instant_of(one.hlc), one.by, bool(said.go)),
        saw=frozenset(FactId(fact) for fact in said.saw),
        over=frozenset(FactId(fact) for fact in said.over),
    )


__all__ = ["Network", "Sheet", "SheetId", "Told", "fold_network", "standing"]
