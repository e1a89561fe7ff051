# SPDX-License-Identifier: AGPL-3.0-or-later
"""Return codes: how somebody comes from one channel to another and stays one (spec/lines.md).

A line tells each contact a code; who writes on the page, or by another line, may say it there.
What it is not: proof.  Codes may be read over a shoulder, out of a phone or under force, so two
conversations with one code are probably one person's, and a helper joins them or does not.
What came by a channel where anybody can write in another's name says no code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from safeconduct.rooms.hotline.by_line import FORGED, read_code

if TYPE_CHECKING:
    from safeconduct.rooms.hotline.words import Conversation


class Code(NamedTuple):
    """A code, and whether somebody said it here; else it is the one that her line told her."""

    code: str
    said: int


def codes_of(conversation: Conversation) -> frozenset[Code]:
    """Return the codes that a conversation has and says; what is no code is left out."""
    found = set[Code]()
    for message in conversation.messages:
        if message.line is not None:
            found.add(Code(message.line.code, 0))
            if message.line.kind not in FORGED:
                found.add(Code(message.line.said, 1))
        if message.contact is not None:
            found.add(Code(message.contact.return_code, 1))
    read = {Code(read_code(one.code), one.said) for one in found}
    own = {one.code for one in read if not one.said}
    return frozenset(one for one in read if one.code and not (one.said and one.code in own))


def in_order(one: Conversation, other: Conversation) -> tuple[Conversation, Conversation]:
    """Return two conversations as a joining names them: the later one, then the earlier."""
    if bool(one.mailboxes) != bool(other.mailboxes):
        return (one, other) if one.mailboxes else (other, one)
    return (one, other) if (one.began, one.id) > (other.began, other.id) else (other, one)
