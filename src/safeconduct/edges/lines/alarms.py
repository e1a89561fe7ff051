# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a line says of itself to its office, again every hour while it is so (spec/lines.md 6).

Quiet: the channel was not heard for ten minutes.  Outdated: its client is too old.  Refused: its
server takes this account no more.  Restarted: the connection broke and was begun anew.  Crowded:
so many new people wrote in an hour that not all got the first text.
"""

from __future__ import annotations

from typing import Final

from safeconduct.rooms.hotline.by_line import Alarm

QUIET_SECONDS: Final = 600.0
AGAIN_SECONDS: Final = 3600.0
HAPPENS: Final[frozenset[Alarm]] = frozenset({"crowded", "refused", "restarted"})
"""These happen, again and again where they last; the others stand."""


class Alarms:
    """What stands of each alarm, by a clock that only goes forward."""

    def __init__(self, now: float) -> None:
        """Count as heard just now."""
        self._heard = now
        self._stands: Final[set[Alarm]] = set()
        self._said: Final[dict[Alarm, float]] = {}

    def heard(self, now: float) -> None:
        """The channel's server or client answered, were it with a refusal."""
        self._heard = now

    def begins(self, alarm: Alarm) -> None:
        """Let an alarm stand until it was said, or is over."""
        self._stands.add(alarm)

    def ends(self, alarm: Alarm) -> None:
        """Let an alarm stand no longer; if it begins again, it is said at once."""
        self._stands.discard(alarm)
        self._said.pop(alarm, None)

    def due(self, now: float) -> list[Alarm]:
        """Return what is to be said now."""
        quiet: set[Alarm] = {"quiet"} if now - self._heard >= QUIET_SECONDS else set()
        return [
            alarm
            for alarm in sorted(self._stands | quiet)
            if now - self._said.get(alarm, now - AGAIN_SECONDS) >= AGAIN_SECONDS
        ]

    def said(self, alarm: Alarm, now: float) -> None:
        """The office has it; what lasts is said again in an hour."""
        self._said[alarm] = now
        if alarm in HAPPENS:
            self._stands.discard(alarm)
