# SPDX-License-Identifier: AGPL-3.0-or-later
"""Between two people a person decides, and two people stand for it by name.

No plan puts a party that is in greater danger, or has less time, behind another by itself.  Who
does says why, in one of a few words, and the choice counts once another person seconds it: somebody
with two devices is one person.  It holds while everything stands that its author saw on the sheets
of these parties (spec/planning.md 7).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DeviceId, FactId, Instant, instant_of
from safeconduct.rooms.passage.events import BEHIND_MOST, ChoiceSaid, ChoiceSeconded
from safeconduct.rooms.passage.kinds import PARTY

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from safeconduct.rooms.passage.fold import Network, Sheet

    Apart = Callable[[DeviceId, DeviceId], bool]


class Why(IntEnum):
    """Why one party is put before another."""

    OTHER = 0
    """What a newer program may say."""
    WORSE = 1
    """Their danger is greater than their sheet says."""
    WEAKER = 2
    """A child, or somebody ill or hurt, is among them."""
    LAST_WAY = 3
    """It is the last way for them; the others have one later."""
    MORE = 4
    """More people are saved so."""
    WAITED = 5
    """They were put back before."""
    WISH = 6
    """The others said that they would rather wait."""


class NotSeconded(Refused):
    """The same person cannot second what they chose, with whatever device."""

    code = "choice_needs_another"


class NoSuchChoice(Refused):
    """There is no such choice, or it is over: something else stands on a sheet by now."""

    code = "no_such_choice"


class NoReason(Refused):
    """Who puts a party before another says which, and why."""

    code = "choice_without_reason"


@dataclass(frozen=True, slots=True)
class Choice:
    """A party is put before others."""

    fact: FactId
    at: Instant
    by: DeviceId
    first: bytes
    behind: tuple[bytes, ...]
    why: Why
    saw: frozenset[FactId]
    seconds: tuple[DeviceId, ...]
    """Whoever seconded it, oldest first; whether they are another person the roster says."""

    def second(self, apart: Apart) -> DeviceId | None:
        """Return the first who seconded it and is another person; None while it does not count."""
        return next((one for one in self.seconds if apart(one, self.by)), None)

    def holds(self, network: Network) -> bool:
        """Tell whether everything on the sheets of its parties stands as its author saw it."""
        sheets = [network.sheet(one, PARTY) for one in (self.first, *self.behind)]
        return all(one is not None and _standing(one) <= self.saw for one in sheets)


def fold_choices(
    told: Iterable[tuple[FactId, DeviceId, int, ChoiceSaid | ChoiceSeconded]],
) -> tuple[Choice, ...]:
    """Return all choices that were said, oldest first, each with those who seconded it."""
    said: list[tuple[FactId, DeviceId, int, ChoiceSaid]] = []
    seconds: defaultdict[bytes, list[DeviceId]] = defaultdict(list)
    for fact, by, hlc, event in sorted(told, key=lambda one: (one[2], one[0])):
        if isinstance(event, ChoiceSaid):
            said.append((fact, by, hlc, event))
        else:
            seconds[event.choice].append(by)
    return tuple(
        Choice(
            *(fact, instant_of(hlc), by, event.sheet, event.behind, _why(event.why)),
            frozenset(FactId(one) for one in event.saw),
            tuple(seconds[fact]),
        )
        for fact, by, hlc, event in said
        if event.kind == PARTY
    )


def counting(network: Network, apart: Apart) -> list[Choice]:
    """Return the choices that two people stand for and that hold, oldest first."""
    return [one for one in network.choices if one.second(apart) and one.holds(network)]


def put_before(network: Network, apart: Apart) -> tuple[tuple[bytes, bytes], ...]:
    """Return which party is put before which; where two choices contradict none is."""
    pairs = {(one.first, other) for one in counting(network, apart) for other in one.behind}
    return tuple(sorted(pair for pair in pairs if pair[::-1] not in pairs))


def choose(network: Network, first: bytes, behind: Collection[bytes], why: str) -> ChoiceSaid:
    """Put a party before others, as far as this person can alone.

    Raises:
        NoReason: no reason, or no parties that are on the record.
    """
    sheets = [network.sheet(one, PARTY) for one in (first, *behind)]
    known = {one.name.lower(): one for one in Why if one is not Why.OTHER}
    there = [one for one in sheets if one is not None]
    fits = 0 < len(behind) <= BEHIND_MOST and first not in behind and len(there) == len(sheets)
    if not fits or why not in known:
        raise NoReason
    saw = frozenset[FactId]().union(*(_standing(one) for one in there))
    return ChoiceSaid(first, PARTY, tuple(sorted(behind)), known[why], tuple(sorted(saw)))


def second(network: Network, choice: bytes, by: DeviceId, apart: Apart) -> ChoiceSeconded:
    """Stand for a choice of another person.

    Raises:
        NoSuchChoice: there is none that holds.
        NotSeconded: this is who chose, or has seconded it already.
    """
    found = next((one for one in network.choices if one.fact == choice), None)
    if found is None or not found.holds(network):
        raise NoSuchChoice
    if by in found.seconds or not apart(by, found.by):
        raise NotSeconded
    return ChoiceSeconded(found.first, PARTY, found.fact)


def _why(value: int) -> Why:
    return Why(value) if value in Why.__members__.values() else Why.OTHER


def _standing(sheet: Sheet) -> frozenset[FactId]:
    return frozenset(one.fact for entered in sheet.fields for one in entered.standing)


__all__ = [
    "Choice",
    "NoReason",
    "NoSuchChoice",
    "NotSeconded",
    "Why",
    "choose",
    "counting",
    "fold_choices",
    "put_before",
    "second",
]
