# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who waits on the telephone, and in what order (spec/phone.md 3).

Duress before those who cannot speak, these before a return code, and these before all others;
among equals whoever waits longer.  A place is kept through all that happens to a call.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Waiting:
    """One call in the line; `since` is when it joined, by a clock that only goes forward."""

    call: str
    language: str
    since: float
    duress: bool = False
    silent: bool = False
    said: str = ""

    def rank(self) -> tuple[int, float]:
        """Return what orders the line: the smaller the sooner."""
        first = 0 if self.duress else 1 if self.silent else 2 if self.said else 3
        return first, self.since


class Queue:
    """The line of those who wait."""

    def __init__(self) -> None:
        self._waiting: dict[str, Waiting] = {}

    def join(self, waiting: Waiting) -> None:
        """Take a call into the line, by its rank."""
        self._waiting[waiting.call] = waiting

    def leave(self, call: str) -> Waiting | None:
        """Take a call out of the line; None where it was not in it."""
        return self._waiting.pop(call, None)

    def __contains__(self, call: str) -> bool:
        return call in self._waiting

    def in_order(self) -> list[Waiting]:
        """Return those who wait, the first in line first."""
        return sorted(self._waiting.values(), key=Waiting.rank)

    def place(self, waiting: Waiting) -> int:
        """Return the place, from 1, that a call has in line as it stands, or would have."""
        others = (other for other in self._waiting.values() if other.call != waiting.call)
        return 1 + sum(other.rank() < waiting.rank() for other in others)
