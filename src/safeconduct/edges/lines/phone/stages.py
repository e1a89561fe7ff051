# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a call can stand, what it must know of the rest, and when who waits is told something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from safeconduct.edges.lines.phone import times

Stage = Literal["greeting", "line", "code", "when", "opening", "box", "bye", "late", "talk", "over"]
"""Where a call stands; `opening` is the word before a message, `bye` the last word to a caller.

In `when`, and after a message in `late`, somebody says when they may be called back.
"""

IN_LINE: Final = frozenset({"line", "code", "when"})


@dataclass(frozen=True, slots=True)
class Around:
    """What a call must know of the rest: who is on duty, its own place, and its return code."""

    languages: tuple[str, ...]
    anybody: Callable[[], bool]
    place: Callable[[], int]
    code: str


class Notices:
    """When somebody in line is told their place or offered the box, and when desks are woken."""

    def __init__(self) -> None:
        """Begin with nothing told."""
        self.paged = False
        self._place = 0.0
        self._offer = 0.0

    def joined(self, now: float, since: float, *, greet: bool) -> None:
        """Note that the call is in line; who was greeted hears their place later."""
        self._place = now + (times.PLACE_EVERY if greet else 0.0)
        self._offer = since + times.OFFER_AFTER

    def due(self, now: float, since: float) -> float:
        """Return when there is something to do next."""
        page = [] if self.paged else [since + times.BACKUP_AFTER]
        return max(now, min([*page, self._place, self._offer]))

    def pages(self, now: float, since: float) -> bool:
        """Tell whether nobody took the call for so long that the desks are to be woken."""
        return not self.paged and now >= since + times.BACKUP_AFTER

    def says(self, now: float, *, speaks: bool) -> Literal["", "place", "offer"]:
        """Return what to say now, and take it as said; nothing while something is being said."""
        if now < min(self._place, self._offer):
            return ""
        if speaks:
            # One who is being told something hears it to its end before the next is said.
            self._place, self._offer = (max(at, now + 1.0) for at in (self._place, self._offer))
            return ""
        offers = now >= self._offer
        self._place = now + times.PLACE_EVERY
        self._offer = now + times.OFFER_AFTER if offers else self._offer
        return "offer" if offers else "place"
