# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page of a conversation shows of channels: by which one came, where an answer goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from safeconduct.edges.desk.row_writing import line_of
from safeconduct.kernel.words import DAY
from safeconduct.rooms.hotline.by_line import DOORS
from safeconduct.rooms.hotline.line_facts import admitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.edges.desk.api import DeskApi
    from safeconduct.edges.desk.lines_api import LineAlarm
    from safeconduct.edges.desk.rows_api import ByLine
    from safeconduct.edges.desk.visit import Visit
    from safeconduct.rooms.hotline import Conversation, Message
    from safeconduct.rooms.hotline.line_facts import OfficeLine


def by_line(visit: Visit, conversation: Conversation) -> dict[str, Any]:
    """Return that for one conversation; where no line was ever, lines are not asked for."""
    ever = any(one.line for one in conversation.messages)
    itself = conversation.line_itself
    lines = visit.desk.lines.all() if ever else ()
    kinds = channels(conversation)
    return {
        "channels": () if itself else kinds,
        "lines_ever": ever,
        "doors": tuple(kind for kind in kinds if kind in DOORS),
        "door": bool(DOORS.intersection(kinds)) and not conversation.carries and not itself,
        "unknown_line": _unknown(line_of(conversation), lines),
        "line_knows": lambda message: _knows(message, lines),
        "of_one_code": visit.desk.lines.of_one_code(conversation),
    }


def line_alarms_of(desk: DeskApi) -> list[LineAlarm]:
    """Return what lines of ours said of themselves within a day, the newest first."""
    since = desk.now() - DAY
    return [one for one in desk.lines.alarms() if one.known and one.at > since]


def channels(conversation: Conversation) -> tuple[str, ...]:
    """Return by which channels an answer goes: those that carry it; a page's box has no name."""
    boxes = [one for one in conversation.mailboxes if one.carries] or conversation.mailboxes
    return tuple(sorted({one.line.kind if one.line else "" for one in boxes}))


def _unknown(line: ByLine | None, lines: Sequence[OfficeLine]) -> bool:
    known = {(one.kind, one.key) for one in lines if one.stands}
    return line is not None and (line.kind, line.key) not in known


def _knows(message: Message, lines: Sequence[OfficeLine]) -> bool:
    return message.line is not None and admitted(lines, message.line) is not None
