# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where signs lie that somebody watches: meeting boxes at the relay (spec/duty.md 6).

An open desk shows that it is there once in each slot; locked ones read that, and show their own.
The relay keeps the boxes for an hour, and can neither make a sign nor tell what it says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.words import SECOND, Instant
from safeconduct.rooms.duty.signs import (
    OPEN,
    SLOTS,
    address_of,
    board_of,
    sign_of,
    slot_of,
    start_of,
)

if TYPE_CHECKING:
    from safeconduct.edges.desk.meeting import Meeting

SPREAD: Final = 240
"""Seconds within which an open desk shows its sign, by chance: then one is enough for all."""


class OpenSigns:
    """Shows that this desk is open, unless another already did."""

    def __init__(
        self, board: Meeting | None = None, chance: Callable[[int], int] = lambda most: most - 1
    ) -> None:
        """Show signs on a board; None: nowhere.  `chance` draws a number below another."""
        self._board: Final = board
        self._chance: Final = chance
        self._shown = -1
        self._slot = -1
        self._from = Instant(0)

    def show(self, secret: bytes, now: Instant) -> bool:
        """Show the sign of this slot once its moment has come; tell whether it was put there.

        Raises Unreachable and what the relay refuses with; then it is tried again.
        """
        slot = slot_of(now)
        if self._board is None or slot == self._shown:
            return False
        if slot != self._slot:
            # The first one goes at once: somebody came, and phones should stop to ring.
            wait = self._chance(SPREAD) * SECOND if self._slot >= 0 else 0
            self._slot, self._from = slot, Instant(start_of(slot) + wait)
        if now < self._from:
            return False
        address = address_of(board_of(secret, slot // SLOTS), slot)
        sign = sign_of(secret, OPEN, slot)
        there = sign in self._board.collect(address)
        if not there:
            self._board.put(address, sign)
        self._shown = slot
        return not there
