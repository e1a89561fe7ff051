# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under which name a draft lies in a desk's settings: for who keeps it and who destroys it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safeconduct.kernel.words import ConversationId


def draft_name(conversation: ConversationId) -> str:
    """Return the name of what was begun in a conversation."""
    return f"draft:{conversation.hex()}"


def by_hand_name(conversation: ConversationId | None) -> str:
    """Return the name of what was typed into a form for a contact by another way."""
    return f"draft:by-hand:{conversation.hex()}" if conversation else "draft:by-hand"


def names_of(conversation: ConversationId) -> tuple[str, ...]:
    """Return every name under which something begun in a conversation may lie."""
    return draft_name(conversation), by_hand_name(conversation)
