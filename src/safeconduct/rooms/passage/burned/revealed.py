# SPDX-License-Identifier: AGPL-3.0-or-later
"""One line of the need-to-know ledger: what can be revealed, and how that is known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from safeconduct.kernel.words import Instant
    from safeconduct.rooms.passage.burned.tracks import Key
    from safeconduct.rooms.passage.fold import Sheet
    from safeconduct.rooms.passage.words import Book


class How(Enum):
    """How a knower comes to know of something."""

    ASLEEP = "asleep"
    """It sleeps tonight in a house that is revealed."""
    COMES = "comes"
    """It is to sleep in one on a later night."""
    RODE = "rode"
    SLEPT = "slept"
    SLIP = "slip"
    LEARNT = "learnt"
    DRIVES = "drives"
    """A vehicle and who usually drives it."""
    MET = "met"
    """Somebody to or from whom the same people were handed over."""
    GUEST = "guest"
    """Somebody who sleeps in a burned house tonight knows of it."""
    BOOK = "book"


class Reason(NamedTuple):
    """One way in which a knower knows; days are `2017-04-03`, or nothing."""

    how: How
    first: str = ""
    last: str = ""
    may: bool = False
    """Whether it may only be so."""
    book: Book | None = None
    until: Instant | None = None
    """When a key of that book was made that they have not; None while they have the newest."""


class Rank(IntEnum):
    """How grave it is that something is revealed tonight, the gravest first."""

    ASLEEP = 0
    """Somebody sleeps tonight in a house that is revealed."""
    ON_THE_WAY = 1
    REST = 2
    OVER = 3


@dataclass(frozen=True, slots=True)
class Revealed:
    """What can be revealed, by each way in which it is known."""

    key: Key
    sheet: Sheet | None
    """None where it cannot be read here."""
    reasons: tuple[Reason, ...]
    rank: Rank = Rank.REST

    @property
    def may(self) -> bool:
        """Whether every way may only be so."""
        return all(one.may for one in self.reasons)


__all__ = ["How", "Rank", "Reason", "Revealed"]
