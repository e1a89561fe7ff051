# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page of a conversation shows of what guides an answer to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from safeconduct.edges.desk.scripted import script
from safeconduct.rooms.hotline.flags import Flag

if TYPE_CHECKING:
    from safeconduct.edges.desk.visit import Visit
    from safeconduct.rooms.hotline import Conversation
    from safeconduct.rooms.hotline.canned import Canned


def guided(visit: Visit, conversation: Conversation) -> dict[str, Any]:
    """Return that for one conversation; ready answers in the person's language come first."""
    return {
        "flags": tuple(Flag),
        "scripts": [(one, script(one.flag, visit.language)) for one in conversation.triage.flags],
        "canned": lambda: _offered(visit, conversation),
        "question": None,
    }


def _offered(visit: Visit, conversation: Conversation) -> list[Canned]:
    canned = visit.desk.vetting.offered(conversation)
    return sorted(canned, key=lambda one: one.language != conversation.language)
