# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about duty; behind it is `duty.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from safeconduct.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from safeconduct.edges.desk.calls_api import CallsApi
    from safeconduct.edges.desk.zones import Zone
    from safeconduct.kernel.words import DeviceId, FactId, Instant
    from safeconduct.rooms.duty import Day, Plan, Shift, Stretch
    from safeconduct.rooms.duty.answer_times import Hour, Wait

CONVERSATIONS_MOST = 1_000
"""As many conversations are counted, those with the newest words."""
DAYS_COUNTED = 28


class ZoneUnknown(Refused):
    """This computer knows no zone of that name."""

    code = "zone_unknown"


class Now(NamedTuple):
    """Who is on duty now, who stands behind them, and the gap in which we are.

    `begun` is false where nobody has said or taken anything yet.
    """

    duty: Sequence[Shift]
    backup: Sequence[Shift]
    gap: Stretch | None
    begun: bool


class Times(NamedTuple):
    """How long people waited, by hour; `cut` tells that older conversations were left out."""

    hours: Sequence[Hour]
    cut: bool


class Waits(NamedTuple):
    """How long people waited for a person, and letters for the word that they were received."""

    answers: Sequence[Wait]
    letters: Sequence[Wait]
    cut: bool


class DutyApi(Protocol):
    """Duty, as pages see it.  Those that write raise the refusals of `rooms.duty.decide`."""

    @property
    def calls(self) -> CallsApi:
        """Calls to phones."""
        ...

    def plan(self) -> Plan:
        """Return all shifts and offers that stand."""
        ...

    def zone(self) -> Zone:
        """Return the zone by whose clocks the office plans."""
        ...

    def now_on(self) -> Now:
        """Return who is on duty now."""
        ...

    def days(self) -> Sequence[Day]:
        """Return the coming two weeks, with gaps."""
        ...

    def may(self) -> bool:
        """Tell whether somebody here may take shifts."""
        ...

    def may_set_hours(self) -> bool:
        """Tell whether somebody here may say when somebody has to be on duty."""
        ...

    def colleagues(self) -> Collection[DeviceId]:
        """Return the devices to which a shift can be offered."""
        ...

    def set_hours(self, zone: str, begins: int, ends: int) -> None:
        """Say when somebody has to be on duty, in minutes of the day.

        Raises:
            NotASteward, ZoneUnknown: see there.
        """
        ...

    def take(self, begins: datetime, hours: int, *, later: bool | None, backup: bool) -> Instant:
        """Take a shift that begins when the office's clocks say so; return when it ends."""
        ...

    def leave(self, holding: FactId) -> None:
        """Give up a shift."""
        ...

    def offer(self, holding: FactId, to: DeviceId, theirs: FactId | None) -> None:
        """Offer a shift."""
        ...

    def accept(self, offer: FactId) -> None:
        """Take what was offered."""
        ...

    def drop(self, offer: FactId) -> None:
        """Take an offer back, or decline it."""
        ...

    def answer_times(self) -> Times:
        """Return how long people waited in the last four weeks; folds what it counts."""
        ...


__all__ = ["CONVERSATIONS_MOST", "DAYS_COUNTED", "DutyApi", "Now", "Times", "Waits", "ZoneUnknown"]
