# SPDX-License-Identifier: AGPL-3.0-or-later
"""Slips that were made: how each stands, who learnt what by it, and freezing (spec/slips.md 3).

The same facts give the same slips in any order: frozen wins over handed in what may still be done,
and that it was handed stays true.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import structs

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DAY, CommitId, DeviceId, FactId, Instant, instant_of
from safeconduct.rooms.passage.errand.errands import Errand, errand
from safeconduct.rooms.passage.errand.slip_report import SaidSo
from safeconduct.rooms.passage.kinds import NETWORK, RIDE, book_of
from safeconduct.rooms.passage.slip_facts import (
    SlipFact,
    SlipFrozen,
    SlipHanded,
    SlipHeard,
    SlipMade,
    SlipSealed,
)
from safeconduct.rooms.passage.words import Book

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from safeconduct.rooms.passage.fold import Network

DAYS_MOST: Final = 7
"""A slip that lies for longer is an errand of another week."""


class NoSuchSlip(Refused):
    """There is none, or it cannot be read here."""

    code = "no_such_slip"


class SlipIsOver(Refused):
    """It was frozen before, or its time is over: there is nothing to freeze."""

    code = "slip_is_over"


class SlipWaits(Refused):
    """They have a slip for this row that is not over."""

    code = "slip_waits"


class SlipNotSo(Refused):
    """What it says is not so any more, or they may not be told it now."""

    code = "slip_not_so"


class CannotTell(Refused):
    """This desk does not read all that it would have to look at."""

    code = "slip_cannot_tell"


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


class Done(NamedTuple):
    """Which device handed a slip over, froze it or judged a word, and when by its clock."""

    by: DeviceId
    at: Instant


@dataclass(frozen=True, slots=True)
class MadeSlip:
    """One slip as it stands, without what stands on it."""

    fact: FactId
    at: Instant
    by: DeviceId
    said: SlipMade
    sealed: SlipSealed | None
    """None of one that went by paper or voice, and where what belongs to it is missing."""
    handed: tuple[Done, ...]
    frozen: Done | None
    """The first who froze it."""
    changed: bool
    """Whether a desk froze it by itself, as something was not so any more."""
    heard: tuple[tuple[bytes, Done], ...]
    """Messages of which the word was judged, and by whom."""

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

    def to_hand(self, came: Collection[Heard], now: Instant, own: DeviceId) -> bool:
        """Tell whether this desk hands it over now: once, unless the desk that made it did.

        What a third desk says keeps nobody from it: that could be said and not done.
        """
        done = any(one.by in {own, self.by} for one in self.handed)
        open_still = self.frozen is None and now < self.said.until
        return self.sealed is not None and open_still and bool(came) and not done

    def judged(self, message: bytes) -> tuple[DeviceId, ...]:
        """Return the devices that judged the word of a message."""
        return tuple(done.by for one, done in self.heard if one == message)


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
    sealed: dict[CommitId, list[SlipSealed]] = {}
    acts: dict[bytes, list[SlipTold]] = {}
    made: list[SlipTold] = []
    for one in sorted(told, key=lambda one: (one.hlc, one.fact)):
        if isinstance(one.event, SlipSealed):
            sealed.setdefault(one.commit, []).append(one.event)
        elif isinstance(one.event, SlipMade):
            made.append(one)
        else:
            acts.setdefault(one.event.slip, []).append(one)
    together = Counter(one.commit for one in made)
    return tuple(
        _slip(
            one,
            sealed.get(one.commit, []) if together[one.commit] == 1 else [],
            acts.get(one.fact, []),
        )
        for one in made
    )


def _slip(one: SlipTold, sealed: Sequence[SlipSealed], acts: Iterable[SlipTold]) -> MadeSlip:
    said, at = one.event, instant_of(one.hlc)
    assert isinstance(said, SlipMade)
    until = min(said.until, at + (DAYS_MOST + 1) * DAY)
    handed: list[Done] = []
    frozen: list[Done] = []
    heard: list[tuple[bytes, Done]] = []
    changed = False
    for act in acts:
        done = Done(act.by, instant_of(act.hlc))
        if isinstance(act.event, SlipHanded):
            handed.append(done)
        elif isinstance(act.event, SlipFrozen):
            frozen.append(done)
            changed = changed or bool(act.event.changed)
        elif isinstance(act.event, SlipHeard):
            heard.append((act.event.message, done))
    return MadeSlip(
        *(one.fact, at, one.by, structs.replace(said, until=until)),
        sealed=sealed[0] if len(sealed) == 1 and said.way == "page" else None,
        handed=tuple(handed),
        frozen=frozen[0] if frozen else None,
        changed=changed,
        heard=tuple(heard),
    )


def need_as_made(network: Network, made: SlipMade, now: Instant) -> None:
    """Refuse to hand over what would not be made any more, or would be another slip.

    Raises:
        CannotTell: a book that it hangs on is not read here.
        SlipNotSo: something stands otherwise than when it was made, or they are not sent now.
    """
    if not _needs(made) <= network.books:
        raise CannotTell
    sheet = network.sheet(made.row, made.task)
    try:
        found = errand(network, sheet, made.knower, now) if sheet is not None else None
    except Refused as error:
        raise SlipNotSo from error
    if found is None or stood_of(found) != made.stood:
        raise SlipNotSo


def stood_of(found: Errand) -> bytes:
    """Return the hash of the facts that an errand stands on."""
    return hashlib.sha256(b"".join(sorted(found.stood))).digest()


def _needs(made: SlipMade) -> frozenset[Book]:
    books = {Book.JOURNEYS, book_of(made.kind)} if made.kind in NETWORK else set(Book)
    return frozenset(books | {Book.ROADS if made.task == RIDE else Book.HOUSES})


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
    return SlipFrozen(slip.fact, 0)


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
    "DAYS_MOST",
    "CannotTell",
    "Done",
    "Heard",
    "Learnt",
    "MadeSlip",
    "NoSuchSlip",
    "SlipIsOver",
    "SlipNotSo",
    "SlipState",
    "SlipTold",
    "SlipWaits",
    "find",
    "fold_slips",
    "freeze",
    "freeze_all_of",
    "learnt_by",
    "need_as_made",
    "need_none",
    "stood_of",
]
