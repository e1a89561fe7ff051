# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far the child of each lane is, and who makes way when somebody waits and no lane is free.

A child tells its parent in single bytes how much has come and gone, never what.  Who asks much
makes way before who only brings text, and then the slowest; who has just come is spared, and so
is everyone while the work is ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final

READY: Final = b"+"
TAKEN: Final = b"."
MOVED: Final = b"#"
LARGE: Final = b"L"
WHOLE: Final = b"!"
ANSWERING: Final = b"="
GIVE_WAY: Final = b"-"
UNIT: Final = 1 << 10
"""One mark stands for so many bytes."""
TEXT_BYTES: Final = 256 << 10
"""What is longer is no message of text alone."""
GIVE_WAY_SECONDS: Final = 5.0
"""So long a child that was asked to make way may take to say so to its person."""


class Doing(Enum):
    """Whom a lane waits for."""

    SENDING = "sending"
    OURS = "ours"
    TAKING = "taking"


class Lane:
    """One child that has taken a connection."""

    def __init__(self, now: float) -> None:
        self._taken: Final = now
        self._since = now
        self._moved = 0
        self._doing = Doing.SENDING
        self._large = False
        self._asked: float | None = None

    def hear(self, mark: bytes, now: float) -> None:
        """Take in what a child tells."""
        match mark:
            case b"#":
                self._moved += UNIT
            case b"L":
                self._large = True
            case b"!":
                self._doing = Doing.OURS
            case b"=":
                self._doing, self._since, self._moved = Doing.TAKING, now, 0

    def ask(self, now: float) -> None:
        """It was told to make way."""
        self._asked = now

    @property
    def asked(self) -> bool:
        """Whether it makes way already."""
        return self._asked is not None

    def overdue(self, now: float, life_seconds: float) -> bool:
        """Tell whether its child must be ended from outside."""
        if self._asked is not None and now - self._asked > GIVE_WAY_SECONDS:
            return True
        return now - self._taken > life_seconds

    def may_go(self, now: float, spared_seconds: float) -> bool:
        """Tell whether it may be asked to make way."""
        return self._doing is not Doing.OURS and now - self._since >= spared_seconds

    def worth(self, now: float) -> tuple[bool, float]:
        """Return what the first to make way is the smallest by."""
        return not self._large, self._moved / max(now - self._since, 1.0)


def first_to_go(lanes: Iterable[Lane], now: float, spared_seconds: float) -> Lane | None:
    """Return who makes way for somebody who waits; None when nobody may be asked now."""
    lanes = tuple(lanes)
    if any(lane.asked for lane in lanes):
        return None
    may_go = [lane for lane in lanes if lane.may_go(now, spared_seconds)]
    return min(may_go, key=lambda lane: lane.worth(now), default=None)
