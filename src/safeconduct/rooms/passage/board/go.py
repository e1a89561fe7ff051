# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether a ride goes: two people say so of exactly what stands, and nobody says no.

A go is of what its author saw; with any other word on the ride it is over.  A no stays, whatever is
changed, until its author takes it back or two others, who saw it, say go (spec/board.md 3).  No
clock decides: a word answers those that it names.  Fails closed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DeviceId, FactId
from safeconduct.rooms.passage.decide import ChangedMeanwhile, NoSuchBook, SettleFirst
from safeconduct.rooms.passage.events import WORDS_MOST, GoSaid
from safeconduct.rooms.passage.fold import standing
from safeconduct.rooms.passage.kinds import RIDE
from safeconduct.rooms.passage.words import Book

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from safeconduct.rooms.passage.fold import Network, Sheet
    from safeconduct.rooms.passage.words import GoWord

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


def decided(words: Sequence[GoWord], stands: Collection[FactId], people: People) -> Decision:
    """Return what follows from what was said of a ride on which these facts stand."""
    said = [one for one in words if not _taken_back(one, words, people)]
    counts = [one for one in said if one.go and one.by in people.present]
    fresh = [one for one in counts if one.saw == frozenset(stands)]
    noes = tuple(one for one in said if not one.go and not _overruled(one, fresh, people))
    goes = _one_each(fresh, people)
    past = tuple(one for one in counts if one not in fresh)
    if noes:
        return Decision(Verdict.SAID_NO, goes, noes, past)
    by_many = {0: Verdict.NOT_YET, 1: Verdict.HALF}
    return Decision(by_many.get(len(goes), Verdict.GOES), goes, (), past)


def _taken_back(word: GoWord, words: Iterable[GoWord], people: People) -> bool:
    """Tell whether the same person said something else instead, on whichever device.

    Who stands on the roster no more takes no word of theirs back: they may be in other hands.
    """
    return any(
        word.fact in one.over and one.by in people.present and people.same(one.by, word.by)
        for one in words
    )


def _overruled(no: GoWord, fresh: Iterable[GoWord], people: People) -> bool:
    """Tell whether two others who saw somebody's no say go."""
    over = [one for one in fresh if no.fact in one.over and not people.same(one.by, no.by)]
    return len(_one_each(over, people)) >= NEEDED


def _one_each(words: Iterable[GoWord], people: People) -> tuple[GoWord, ...]:
    """Return one word of each person."""
    found: list[GoWord] = []
    for one in words:
        if all(people.apart(one.by, other.by) for other in found):
            found.append(one)
    return tuple(found)


def said_of(network: Network, ride: Sheet, people: People) -> Decision:
    """Return what follows from what was said of a ride."""
    return decided(network.words.get(ride.id, ()), standing(ride), people)


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
    stands = standing(ride)
    if go and any(len(entered.standing) > 1 for entered in ride.fields):
        raise SettleFirst
    if go and stands != frozenset(saw):
        raise ChangedMeanwhile
    known = {one.fact for one in network.words.get(ride.id, ())}
    named = sorted(known & frozenset(over))[-WORDS_MOST:]
    return GoSaid(ride.id, ride.kind, tuple(sorted(stands)), int(go), tuple(named))
