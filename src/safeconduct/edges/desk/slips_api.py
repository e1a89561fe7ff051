# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about slips; the engine behind it is `slips.py`.

Whoever lacks the book of journeys sees that there is none, whatever was made.
"""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.kernel.sheets import SheetId
    from safeconduct.rooms.passage.errand.errands import Errand
    from safeconduct.rooms.passage.errand.slip import Slip, TypedSlip
    from safeconduct.rooms.passage.errand.slips import Heard, Learnt, MadeSlip, SlipState


class Wish(NamedTuple):
    """What somebody asks for: which row, for whom, how, in which language, until which day."""

    kind: str
    sheet: SheetId
    knower: bytes
    way: str
    language: str
    until: str
    """The last day, as `2017-04-03`."""
    check_in: bytes
    """The check-in that their report answers, or empty."""
    typed: TypedSlip
    word: str = ""
    """The code word that was drawn; empty to draw one."""
    zone: tzinfo | None = UTC
    """By whose clocks the last day ends; None for those of this computer."""


class DraftedSlip(NamedTuple):
    """What would be made, exactly; `digest` names it."""

    slip: Slip
    errand: Errand
    digest: str


class GivenSlip(NamedTuple):
    """What was made: the slip, and eight words where it lies behind some.  Shown this once."""

    slip: Slip
    words: tuple[str, ...]


class ShownSlip(NamedTuple):
    """A slip that was made, and what was heard of it, oldest first."""

    made: MadeSlip
    state: SlipState
    heard: Sequence[Heard]


class SlipsApi(Protocol):
    """Slips, as pages see them."""

    def every(self) -> Sequence[ShownSlip]:
        """Return the slips that were made, newest first."""
        ...

    def draft(self, wish: Wish) -> DraftedSlip:
        """Return what would be made; nothing is kept.

        Raises:
            Refused: NoSuchBook, NoErrand, NotForThem, PlaceIsClosed, ErrandIsOff, TwoOfThatName,
                SettleFirst, SlipWaits, WrongSlip.
        """
        ...

    def make(self, wish: Wish, seen: str) -> GivenSlip:
        """Make a slip of what was seen; durable on return.

        Raises:
            Refused: as `draft`, and SlipChanged, NetworkNotYours; nothing was made.
        """
        ...

    def freeze(self, fact: bytes) -> None:
        """Let a slip be handed to nobody any more; durable on return.

        Raises:
            Refused: NoSuchSlip, SlipIsOver, NetworkNotYours.
        """
        ...

    def freeze_all_of(self, knower: bytes) -> int:
        """Freeze all slips of one escort or host; return how many there were.

        Raises:
            Refused: NoSuchBook, NetworkNotYours.
        """
        ...

    def learnt_by(self, knower: bytes) -> Sequence[Learnt]:
        """Return what one escort or host learnt by slips, oldest first."""
        ...
