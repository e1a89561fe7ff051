# SPDX-License-Identifier: AGPL-3.0-or-later
"""Slips that were made: how each stands, who learnt what by it, and freezing (spec/slips.md 3).

The same facts give the same slips in any order: frozen wins over handed in what may still be done,
and that it was handed stays true.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import CommitId, DeviceId, FactId, Instant, instant_of
from safeconduct.rooms.passage.errand.slip_report import SaidSo
from safeconduct.rooms.passage.slip_facts import (
    SlipFact,
    SlipFrozen,
    SlipHanded,
    SlipHeard,
    SlipMade,
    SlipSealed,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


class NoSuchSlip(Refused):
    """There is none, or it cannot be read here."""

    code = "no_such_slip"


class SlipIsOver(Refused):
    """It was frozen before, or its time is over: there is nothing to freeze."""

    code = "slip_is_over"


class SlipWaits(Refused):
    """They have a slip for this row that is not over."""

    code = "slip_waits"


class SlipTold(NamedTuple):
    """A fact about slips in the book of journeys."""

    fact: FactId
    commit: CommitId
    by: DeviceId
    hlc: int
    event: SlipFact


class SlipState(Enum):
    """What has left the office, and what still can."""

    WAITS = "waits"
    """Nobody came with its words; nothing has left."""
    CAME = "came"
    """Somebody came with the words, and no desk has handed it over yet."""
    HANDED = "handed"
    """It lies in the box that the words open."""
    TOLD = "told"
    """It went by paper or voice."""
    EXPIRED = "expired"
    """Its time is over; nobody came."""
    OVER = "over"
    """Its time is over; they had it."""
    FROZEN = "frozen"
    """Frozen before it left."""
    TOO_LATE = "too_late"
    """Frozen after it left: who has it knows what stands on it."""


class Heard(NamedTuple):
    """What somebody said who has the words of a slip."""

    message: bytes
    at: Instant
    said: SaidSo | None
    """None for a letter that reports nothing."""
    word: str
    """Empty where none was typed; nobody is shown it."""


@dataclass(frozen=True, slots=True)
class MadeSlip:
    """One slip as it stands, without what stands on it."""

    fact: FactId
    at: Instant
    by: DeviceId
    said: SlipMade
    sealed: SlipSealed | None
    """None of one that went by paper or voice, and where what belongs to it is missing."""
    handed: tuple[Instant, ...]
    frozen: Instant | None
    heard: frozenset[bytes]
    """Messages of which the word was judged."""

    def left(self) -> bool:
        """Tell whether it left the office, as far as facts say."""
        return self.said.way != "page" or bool(self.handed)

    def state(self, came: Collection[Heard], now: Instant) -> SlipState:
        """Return how it stands, by who came with its words and by a clock."""
        left = self.left()
        if self.frozen is not None:
            return SlipState.TOO_LATE if left else SlipState.FROZEN
        if now >= self.said.until:
            return SlipState.OVER if left else SlipState.EXPIRED
        if left:
            return SlipState.TOLD if self.said.way != "page" else SlipState.HANDED
        return SlipState.CAME if came else SlipState.WAITS

    def to_hand(self, came: Collection[Heard], now: Instant) -> bool:
        """Tell whether a desk hands it over now."""
        return self.sealed is not None and self.state(came, now) is SlipState.CAME


class Learnt(NamedTuple):
    """What somebody learnt by a slip: that this party was at these places on a day."""

    party: bytes
    row: bytes
    places: tuple[bytes, ...]
    day: str
    left: bool
    """Whether the slip left the office; if not, nobody learnt it by that."""


def fold_slips(told: Iterable[SlipTold]) -> tuple[MadeSlip, ...]:
    """Return the slips of facts in the book of journeys, oldest first."""
    every = sorted(told, key=lambda one: (one.hlc, one.fact))
    sealed: dict[CommitId, list[SlipSealed]] = {}
    for one in every:
        if isinstance(one.event, SlipSealed):
            sealed.setdefault(one.commit, []).append(one.event)
    made = [one for one in every if isinstance(one.event, SlipMade)]
    together = [one.commit for one in made]
    return tuple(
        _slip(one, sealed.get(one.commit, []) if together.count(one.commit) == 1 else [], every)
        for one in made
    )


def _slip(one: SlipTold, sealed: Sequence[SlipSealed], every: Iterable[SlipTold]) -> MadeSlip:
    said = one.event
    assert isinstance(said, SlipMade)
    own = sealed[0] if len(sealed) == 1 and said.way == "page" else None
    handed: list[Instant] = []
    frozen: list[Instant] = []
    heard: set[bytes] = set()
    for other in every:
        act, at = other.event, instant_of(other.hlc)
        if isinstance(act, SlipMade | SlipSealed) or act.slip != one.fact:
            continue
        if isinstance(act, SlipHanded):
            handed.append(at)
        elif isinstance(act, SlipFrozen):
            frozen.append(at)
        elif isinstance(act, SlipHeard):
            heard.add(act.message)
    first = min(frozen, default=None)
    at = instant_of(one.hlc)
    return MadeSlip(one.fact, at, one.by, said, own, tuple(handed), first, frozenset(heard))


def find(slips: Iterable[MadeSlip], fact: bytes) -> MadeSlip:
    """Return a slip.

    Raises:
        NoSuchSlip: see there.
    """
    found = next((one for one in slips if one.fact == fact), None)
    if found is None:
        raise NoSuchSlip
    return found


def need_none(slips: Iterable[MadeSlip], row: bytes, knower: bytes, now: Instant) -> None:
    """Let somebody have one slip at a time for a row.

    Raises:
        SlipWaits: see there.
    """
    own = (one for one in slips if one.said.row == row and one.said.knower == knower)
    if any(one.frozen is None and now < one.said.until for one in own):
        raise SlipWaits


def freeze(slip: MadeSlip, now: Instant) -> SlipFrozen:
    """Let a slip be handed to nobody any more.

    Raises:
        SlipIsOver: see there.
    """
    if slip.frozen is not None or now >= slip.said.until:
        raise SlipIsOver
    return SlipFrozen(slip.fact)


def freeze_all_of(slips: Iterable[MadeSlip], knower: bytes, now: Instant) -> list[SlipFrozen]:
    """Freeze every slip of one escort or host that is not over, as when they were caught."""
    own = (one for one in slips if one.said.knower == knower)
    return [freeze(one, now) for one in own if one.frozen is None and now < one.said.until]


def learnt_by(slips: Iterable[MadeSlip], knower: bytes) -> tuple[Learnt, ...]:
    """Return what one escort or host learnt by slips, oldest first: also by those that are over.

    One that lies behind words and was not handed over told nobody anything.
    """
    return tuple(
        Learnt(said.party, said.row, said.places, said.day, one.left())
        for one in slips
        if (said := one.said).knower == knower
    )


__all__ = [
    "Heard",
    "Learnt",
    "MadeSlip",
    "NoSuchSlip",
    "SlipIsOver",
    "SlipState",
    "SlipTold",
    "SlipWaits",
    "find",
    "fold_slips",
    "freeze",
    "freeze_all_of",
    "learnt_by",
    "need_none",
]
