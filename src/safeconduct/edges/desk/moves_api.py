# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about a move of the office; the engine is `going_along.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from safeconduct.kernel.errors import Refused

if TYPE_CHECKING:
    from safeconduct.kernel.words import DeviceId, FactId, Instant


class Onward(NamedTuple):
    """A move that this desk has read of: by whom, when as their clock said, and whereto.

    A letter in its door says no time.  `agreed` once the person here said that it goes along.
    """

    fact: FactId
    by: DeviceId
    at: Instant | None
    url: str
    agreed: bool


class NoSuchMove(Refused):
    """The log says no more that the office is there, or says by now that it is elsewhere."""

    code = "no_such_move"


class MovesApi(Protocol):
    """Going along with the office, as pages see it."""

    def onward(self) -> Onward | None:
        """Return where log or door say that the office is, unless this desk is there."""
        ...

    def go_along(self, fact: FactId) -> None:
        """Agree to that move: this desk goes over when it is opened next; durable on return.

        Raises:
            NoSuchMove: it is not the one that stands.
        """
        ...

    def stay(self) -> None:
        """Take that back."""
        ...


__all__ = ["MovesApi", "NoSuchMove", "Onward"]
