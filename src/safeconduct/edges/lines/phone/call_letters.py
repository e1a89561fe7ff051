# SPDX-License-Identifier: AGPL-3.0-or-later
"""The letters of calls on their way to the relay; each is tried until the relay has it.

They hold a random contact and marks, no number and no sound, and wait in memory alone.
"""

from __future__ import annotations

from safeconduct.edges.lines.channel import Arrived, Line
from safeconduct.edges.lines.phone.on_the_way import OnTheWay, until_there


class CallLetters(OnTheWay):
    """All letters that are on their way."""

    def send(self, line: Line, arrived: Arrived) -> None:
        """Hand a letter to the line; return at once."""
        self.go(until_there(lambda: line.take(arrived)))
