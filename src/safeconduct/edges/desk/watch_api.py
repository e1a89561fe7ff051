# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about check-ins; behind it is `watch.py`."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from safeconduct.kernel.words import DeviceId, Instant
    from safeconduct.rooms.passage.watch.check_in_decide import Typed
    from safeconduct.rooms.passage.watch.check_in_facts import Danger, Verdict
    from safeconduct.rooms.passage.watch.check_ins import Alarm, CheckIn


class RelayKeeps(Enum):
    """Whether the relay calls when no desk is open, as far as this desk knows."""

    NOT_YET = "not_yet"
    """Nobody asked it since this desk was opened."""
    KEEPS = "keeps"
    SILENT = "silent"
    """It has not answered as it should for a quarter of an hour."""
    LOST = "lost"
    """A timer that it had is gone, or one that it should have is not let in."""
    MUTE = "mute"
    """It keeps timers whose time has come, and calls nobody."""
    NO_PAGER = "no_pager"
    """It has none through which to call."""


class Watched(NamedTuple):
    """One check-in; `kept` tells that its timer stands at the relay, None that it needs none."""

    check_in: CheckIn
    late: bool
    alarms: tuple[tuple[Alarm, tuple[DeviceId, ...], bool], ...]
    """Each with who is to be called by now, and whether all on duty are."""
    kept: bool | None
    """False too where nobody who is named has a phone that can be called."""


class WatchApi(Protocol):
    """Check-ins, as pages see them.  Those that write raise the refusals of `check_in_decide`."""

    def every(self) -> Sequence[CheckIn]:
        """Return all that anybody set and that the desk still looks at."""
        ...

    def watched(self) -> Sequence[Watched]:
        """Return those that have not ended, what is wrong first."""
        ...

    def wrong(self) -> int:
        """Count those of which something is wrong; for the head of every page."""
        ...

    def relay_keeps(self) -> RelayKeeps:
        """Tell whether the relay watches too."""
        ...

    def may(self) -> bool:
        """Tell whether somebody here may set check-ins and answer them."""
        ...

    def callable(self) -> Collection[DeviceId]:
        """Return devices of people whose phones can be called."""
        ...

    def set(self, typed: Typed) -> None:
        """Expect somebody."""
        ...

    def move(self, check_in: bytes, due: Instant) -> None:
        """Expect them by another time."""
        ...

    def hear(self, check_in: bytes, word: str) -> Verdict:
        """Judge a word that was heard, and keep what it was."""
        ...

    def see_to(self, check_in: bytes, danger: Danger) -> None:
        """Say that somebody here sees to an alarm."""
        ...

    def end(self, check_in: bytes) -> None:
        """Expect nobody any more."""
        ...


__all__ = ["RelayKeeps", "WatchApi", "Watched"]
