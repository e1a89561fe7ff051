# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about burned houses and people; the engine is `burned.py`.

Whoever lacks the book of journeys finds nothing here, whatever was pressed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from safeconduct.kernel.words import FactId
    from safeconduct.rooms.passage import Network
    from safeconduct.rooms.passage.burned.burning import Burning
    from safeconduct.rooms.passage.burned.call_list import Call
    from safeconduct.rooms.passage.burned.drills import Drill, Whom
    from safeconduct.rooms.passage.burned.knower import Kind
    from safeconduct.rooms.passage.burned.ledger import Ledger
    from safeconduct.rooms.passage.burned.tonights_moves import Move


class Knowers(NamedTuple):
    """Who is burned, as an address names it: a kind, and an id of a sheet or a device."""

    kind: Kind
    id: bytes


class Looked(NamedTuple):
    """What is so of a knower on a day: who can be revealed, what a press does, moves, calls."""

    network: Network
    ledger: Ledger
    burning: Burning
    moves: Sequence[Move]
    calls: Sequence[Call]


class BurnedApi(Protocol):
    """The burned drill, as pages see it."""

    def shown(self) -> bool:
        """Tell whether there is anything here for this desk: it reads journeys."""
        ...

    def may_press(self) -> bool:
        """Tell whether somebody here may press Burned, rehearse it, and approve moves."""
        ...

    def may_tick(self) -> bool:
        """Tell whether somebody here may say who was reached."""
        ...

    def look(self, of: Knowers, day: str) -> Looked:
        """Return what is so of a knower; nothing is kept.

        Raises:
            Refused: NoSuchBook, NoSuchKnower.
        """
        ...

    def press(self, of: Knowers, day: str, why: str, *, rehearsal: bool) -> FactId:
        """Close, freeze and say so in one commit, or say that it was rehearsed; durable on return.

        Raises:
            Refused: as `look`, and NetworkNotYours; nothing was kept.
        """
        ...

    def drills(self) -> Sequence[Drill]:
        """Return the drills that were made, oldest first."""
        ...

    def approve(self, drill: bytes, day: str, keys: Collection[str]) -> int:
        """Write the moves that were looked at, all in one commit; return how many there were.

        Raises:
            Refused: as `look`, and NoSuchDrill, OnlyRehearsed, MovesChanged, NetworkNotYours.
        """
        ...

    def tick(self, drill: bytes, whom: Whom, *, reached: bool) -> None:
        """Say that somebody was reached or not; durable on return.

        Raises:
            Refused: NoSuchBook, NoSuchDrill, NetworkNotYours.
        """
        ...
