# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the examples of lines are made of: channels, what lines say of themselves, calls."""

from __future__ import annotations

from typing import Any

from safeconduct.edges.desk.gallery_talks import MIRA, NOW
from safeconduct.edges.desk.lines_api import LineAlarm
from safeconduct.edges.desk.rows_api import ByLine
from safeconduct.kernel.words import DAY, HOUR, Instant
from safeconduct.rooms.hotline.by_line import LineMark
from safeconduct.rooms.hotline.line_card import LineCard
from safeconduct.rooms.hotline.line_facts import OfficeLine
from safeconduct.rooms.hotline.spoken import CallMark

KEY = bytes(32)


class LineSamples:
    """Each takes what differs from an ordinary one."""

    def line(self, **more: Any) -> OfficeLine:  # noqa: ANN401
        """A line that the office admitted."""
        kind = more.pop("kind", "signal")
        ordinary: dict[str, Any] = {
            "kind": kind,
            "card": LineCard(1, kind, KEY, bytes(1216), bytes(32), bytes(32)),
            "stands": True,
            "note": "",
            "by": MIRA,
            "at": Instant(NOW - HOUR),
            "facts": (),
        }
        return OfficeLine(**(ordinary | more))

    def line_alarm(self, **more: Any) -> LineAlarm:  # noqa: ANN401
        """What a line said of itself."""
        ordinary: dict[str, Any] = {"kind": "phone", "key": KEY, "alarm": "quiet", "known": True}
        when = {"at": Instant(NOW - HOUR), "since": Instant(NOW - DAY)}
        return LineAlarm(**(ordinary | when | more))

    def by_line(self, **more: Any) -> ByLine:  # noqa: ANN401
        """The line of a row."""
        ordinary: dict[str, Any] = {"kind": "sms", "key": KEY, "known": True}
        return ByLine(**(ordinary | more))

    def mark(self, **more: Any) -> LineMark:  # noqa: ANN401
        """What a letter tells of its line."""
        ordinary: dict[str, Any] = {"kind": "signal", "key": KEY, "voice": KEY, "handle": b"h"}
        return LineMark(**(ordinary | {"signature": bytes(64)} | more))

    def call_mark(self, **more: Any) -> CallMark:  # noqa: ANN401
        """How a call went."""
        ordinary: dict[str, Any] = {"left": "message", "seconds": 95}
        return CallMark(**(ordinary | more))
