# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether a ride goes: two people say so of exactly what stands, and nobody says no.

A go is of what its author saw, on the ride and on what it names; with any other word it is over.
A no stays, whatever is changed, until its author takes it back or two others, who saw it, say go
(spec/board.md 3).  No clock decides: a word answers those that it names.  Fails closed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.sheets import OVER_MOST
from safeconduct.kernel.words import DeviceId, FactId
from safeconduct.rooms.passage.believed import said
from safeconduct.rooms.passage.board.board_days import first_of
from safeconduct.rooms.passage.board.board_rows import stays_at_end
from safeconduct.rooms.passage.decide import ChangedMeanwhile, NoSuchBook, SettleFirst
from safeconduct.rooms.passage.events import WORDS_MOST, GoSaid
from safeconduct.rooms.passage.kinds import (
    DEPARTURE,
    ESCORT,
    HOUSE,
    JOURNEY,
    LEG,
    PARTY,
    POINT,
    RIDE,
    STAY,
    VEHICLE,
    book_of,
)
from safeconduct.rooms.passage.words import Book

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from safeconduct.rooms.passage.fold import Network, Sheet
    from safeconduct.rooms.passage.words import GoWord

_NAMES: Final = (
    ("journey", JOURNEY),
    ("leg", LEG),
    ("departure", DEPARTURE),
    ("meets", POINT),
    ("escort", ESCORT),
    ("vehicle", VEHICLE),
)
_BEHIND: Final = {
    JOURNEY: (("party", PARTY),),
    LEG: (("from", POINT), ("to", POINT)),
    STAY: (("house", HOUSE),),
}
"""Fields by which a ride comes to what its people do, each with the kind of what it names."""
_STATES: Final = {(JOURNEY, "state"), (STAY, "state")}
"""A journey begins while its rides go, and who moved is there: that says nothing else of a ride.

A stay that is given up is none to which a ride leads.
"""
NEEDED: Final = 2
"""So many people say that a ride goes, or go over somebody's no."""


class NoRideHere(Refused):
    """What is spoken of is no ride that stands."""

    code = "no_ride_here"


class Verdict(Enum):
    """What was said of a ride as it stands."""

    SAID_NO = "no"
    """Somebody said no, and it was not taken back: that is stronger than any go."""
    NOT_YET = "not_yet"
    HALF = "half"
    """One person says go; it takes another."""
    GOES = "go"


class Stands(NamedTuple):
    """Facts of a ride, or of what it names in one book: what stands, and all that ever was said."""

    stands: frozenset[FactId]
    ever: frozenset[FactId]


class People(NamedTuple):
    """Whose word it is: which devices are of two people, and which stand on the roster now."""

    apart: Callable[[DeviceId, DeviceId], bool]
    present: Collection[DeviceId]

    def same(self, one: DeviceId, other: DeviceId) -> bool:
        """Tell whether two devices that wrote are of one person."""
        return one == other or not self.apart(one, other)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was said of a ride, and what follows."""

    verdict: Verdict
    goes: tuple[GoWord, ...] = ()
    """Those that count, one of each person."""
    noes: tuple[GoWord, ...] = ()
    past: tuple[GoWord, ...] = ()
    """A go of what stood before: it is said, and counts no more."""


def decided(words: Sequence[GoWord], of: Sequence[Stands], people: People) -> Decision:
    """Return what follows from what was said of a ride of which, by book, these facts stand."""
    back = _answered(words, people)
    told = [one for one in words if not _taken_back(one, back, people)]
    counts = [one for one in told if one.go and one.by in people.present]
    fresh = [one for one in counts if _saw_all(one.saw, of)]
    over = _answered(fresh, people)
    noes = tuple(one for one in told if not one.go and not _overruled(one, over, people))
    goes = _one_each(fresh, people)
    held = {one.fact for one in fresh}
    past = tuple(one for one in counts if one.fact not in held)
    if noes:
        return Decision(Verdict.SAID_NO, goes, noes, past)
    by_many = {0: Verdict.NOT_YET, 1: Verdict.HALF}
    return Decision(by_many.get(len(goes), Verdict.GOES), goes, (), past)


def _answered(words: Iterable[GoWord], people: People) -> Mapping[FactId, set[DeviceId]]:
    """Return who named which earlier word, of those who stand on the roster.

    Who stands there no more takes no word of theirs back: they may be in other hands.
    """
    found: dict[FactId, set[DeviceId]] = {}
    for one in words:
        if one.by in people.present:
            for fact in one.over:
                found.setdefault(fact, set()).add(one.by)
    return found


def _taken_back(word: GoWord, back: Mapping[FactId, set[DeviceId]], people: People) -> bool:
    """Tell whether the same person said something else instead, on whichever device."""
    return any(people.same(one, word.by) for one in back.get(word.fact, ()))


def _saw_all(saw: frozenset[FactId], of: Sequence[Stands]) -> bool:
    """Tell whether a word names exactly what stands on the ride, and all of what the ride names.

    Of a book of which it names nothing its author read nothing, and is not asked (spec/board.md 3).
    """
    ride, *named = of
    return saw & ride.ever == ride.stands and all(
        one.stands <= saw for one in named if saw & one.ever
    )


def _overruled(no: GoWord, over: Mapping[FactId, set[DeviceId]], people: People) -> bool:
    """Tell whether two others who saw somebody's no say go."""
    found: list[DeviceId] = []
    for one in over.get(no.fact, ()):
        if all(people.apart(one, other) for other in (no.by, *found)):
            found.append(one)
    return len(found) >= NEEDED


def _one_each(words: Iterable[GoWord], people: People) -> tuple[GoWord, ...]:
    """Return one word of each person."""
    found: list[GoWord] = []
    for one in words:
        if all(people.apart(one.by, other.by) for other in found):
            found.append(one)
    return tuple(found)


def said_of(network: Network, ride: Sheet, people: People) -> Decision:
    """Return what follows from what was said of a ride."""
    words = network.words.get(ride.id, ())
    return decided(words, of_ride(network, ride) if words else (), people)


def of_ride(network: Network, ride: Sheet) -> tuple[Stands, ...]:
    """Return what stands on a ride, then what stands in each book on what it names."""
    found: dict[Book, list[Sheet]] = {book: [] for book in Book}
    for one in _named(network, ride):
        found[book_of(one.kind)].append(one)
    return _stands([ride]), *(_stands(some) for some in found.values() if some)


def seen_of(network: Network, ride: Sheet) -> frozenset[FactId]:
    """Return what whoever says go of a ride has seen: what stands on it and on what it names."""
    return frozenset[FactId]().union(*(one.stands for one in of_ride(network, ride)))


def _named(network: Network, ride: Sheet) -> Iterator[Sheet]:
    """Yield what a ride names by any word, as far as it is read here, and what that hangs on.

    A ride without a leg names no place: it is of the stays to which it leads, and their houses.
    """
    days = {first_of([one]) for one in said(ride, "day")}
    ends = stays_at_end(network, ride, days)
    for sheet in (*_in_fields(network, ride, _NAMES), *ends):
        yield sheet
        yield from _in_fields(network, sheet, _BEHIND.get(sheet.kind, ()))


def _in_fields(
    network: Network, sheet: Sheet, fields: Iterable[tuple[str, str]]
) -> Iterator[Sheet]:
    for name, kind in fields:
        for value in dict.fromkeys(said(sheet, name)):
            found = network.named(value, kind) if value else None
            if found is not None:
                yield found


def _stands(some: Iterable[Sheet]) -> Stands:
    words = [
        word
        for sheet in some
        for entered in sheet.fields
        if (sheet.kind, entered.name) not in _STATES
        for word in entered.written
    ]
    return Stands(
        frozenset(one.fact for one in words if one.stands), frozenset(one.fact for one in words)
    )


def say_go(
    network: Network, ride: Sheet, saw: Collection[FactId], over: Collection[FactId], *, go: bool
) -> GoSaid:
    """Say that a ride goes as it stands, or that it does not; `over` are the words that were seen.

    Raises:
        NoSuchBook: journeys cannot be read here.
        NoRideHere: it is no ride, or was taken off.
        SettleFirst, ChangedMeanwhile: a go is of what stands and was seen; a no is never refused.
    """
    if Book.JOURNEYS not in network.books:
        raise NoSuchBook
    if ride.kind != RIDE or ride.taken_off:
        raise NoRideHere
    stands = seen_of(network, ride)
    if go and any(len(entered.standing) > 1 for entered in ride.fields):
        raise SettleFirst
    if go and stands != frozenset(saw):
        raise ChangedMeanwhile
    known = {one.fact for one in network.words.get(ride.id, ())}
    named = sorted(known & frozenset(over))[-WORDS_MOST:]
    return GoSaid(ride.id, ride.kind, tuple(sorted(stands)[:OVER_MOST]), int(go), tuple(named))
