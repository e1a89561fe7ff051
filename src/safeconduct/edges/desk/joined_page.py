# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page of a conversation shows of those that are joined with it, or may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from safeconduct.edges.desk.visit import Visit
    from safeconduct.kernel.words import ConversationId
    from safeconduct.rooms.hotline import Conversation


def joined(visit: Visit, conversation: Conversation) -> dict[str, Any]:
    """Return that for one conversation; what was begun for an earlier one is kept and shown."""
    return {
        "joinings": conversation.standing_joinings,
        "disputed_joinings": [one for one in conversation.joinings if one.disputed],
        "unasked": visit.desk.joining.unasked(conversation),
        "begun_earlier": [
            (part, begun)
            for part in conversation.earlier
            if any(begun := visit.desk.drafts(part.id))
        ],
        "others": lambda: _others(visit, conversation),
        "code_names": {part.id: part.code_name for part in conversation.parts},
    }


def _others(visit: Visit, conversation: Conversation) -> list[tuple[ConversationId, str]]:
    own = {conversation.id, *(part.id for part in conversation.parts)}
    return [one for one in visit.desk.joining.newest() if one[0] not in own]
