# SPDX-License-Identifier: AGPL-3.0-or-later
"""Between two people a person decides, and two people stand for it by name.

No plan puts a party that is in greater danger, or has less time, behind another by itself.  Who
does says why, in one of a few words, and the choice counts once another person seconds it: somebody
with two devices is one person.  It holds while everything stands that its author saw on the sheets
of these parties (spec/planning.md 7).  A journey that was approved by a choice names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DeviceId, FactId
from safeconduct.rooms.passage.believed import said
from safeconduct.rooms.passage.chosen import Why
from safeconduct.rooms.passage.events import (
    BEHIND_MOST,
    FOLLOWED_MOST,
    ChoiceFollowed,
    ChoiceSaid,
    ChoiceSeconded,
)
from safeconduct.rooms.passage.fold import standing
from safeconduct.rooms.passage.kinds import JOURNEY, PARTY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from safeconduct.kernel.sheets import SheetId
    from safeconduct.rooms.passage.chosen import Apart, Choice
    from safeconduct.rooms.passage.fold import Network, Sheet


class NotSeconded(Refused):
    """The same person cannot second what they chose, with whatever device."""

    code = "choice_needs_another"


class NoSuchChoice(Refused):
    """There is no such choice, or it is over: something else stands on a sheet by now."""

    code = "no_such_choice"


class NoReason(Refused):
    """Who puts a party before another says which, and why."""

    code = "choice_without_reason"


def holds(network: Network, choice: Choice) -> bool:
    """Tell whether everything on the sheets of its parties stands as its author saw it."""
    sheets = [network.sheet(one, PARTY) for one in (choice.first, *choice.behind)]
    return all(one is not None and standing(one) <= choice.saw for one in sheets)


def counting(network: Network, apart: Apart) -> list[Choice]:
    """Return the choices that two people stand for and that hold, oldest first."""
    return [one for one in network.choices if one.second(apart) and holds(network, one)]


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
    saw = frozenset[FactId]().union(*(standing(one) for one in there))
    return ChoiceSaid(first, PARTY, tuple(sorted(behind)), known[why], tuple(sorted(saw)))


def second(network: Network, choice: bytes, by: DeviceId, apart: Apart) -> ChoiceSeconded:
    """Stand for a choice of another person.

    Raises:
        NoSuchChoice: there is none that holds.
        NotSeconded: this is who chose, or has seconded it already.
    """
    found = next((one for one in network.choices if one.fact == choice), None)
    if found is None or not holds(network, found):
        raise NoSuchChoice
    if by in found.seconds or not apart(by, found.by):
        raise NotSeconded
    return ChoiceSeconded(found.first, PARTY, found.fact)


def following(
    network: Network,
    apart: Apart,
    moved: Iterable[tuple[SheetId, bytes]],
    missed: Collection[bytes],
) -> Iterator[ChoiceFollowed]:
    """Yield which choices journeys follow; `moved` are journeys with their parties.

    A journey follows each that counts, holds, and puts its party before one that is `missed`.
    """
    pairs = {pair for pair in put_before(network, apart) if pair[1] in missed}
    every = counting(network, apart) if pairs else []
    for journey, party in moved:
        some = [
            one.fact
            for one in every
            if one.first == party and any((party, other) in pairs for other in one.behind)
        ]
        if some:
            yield ChoiceFollowed(journey, JOURNEY, tuple(sorted(some[-FOLLOWED_MOST:])))


def choices_of(network: Network, journey: Sheet) -> list[Choice]:
    """Return the choices that a journey says it follows, oldest first; those of its party alone."""
    named, parties = network.followed.get(journey.id, frozenset()), said(journey, "party")
    return [one for one in network.choices if one.fact in named and one.first.hex() in parties]


def journeys_of(network: Network, choice: Choice) -> list[Sheet]:
    """Return the journeys that say they follow a choice and are of the party that it puts first."""
    some = (network.sheet(at, JOURNEY) for at, named in network.followed.items()
            if choice.fact in named)  # fmt: skip
    return [one for one in some if one is not None and choice in choices_of(network, one)]


__all__ = [
    "NoReason",
    "NoSuchChoice",
    "NotSeconded",
    "choices_of",
    "choose",
    "following",
    "holds",
    "journeys_of",
    "put_before",
    "second",
]
