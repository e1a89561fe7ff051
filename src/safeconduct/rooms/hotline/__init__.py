# SPDX-License-Identifier: AGPL-3.0-or-later
"""A call for help becomes something we can act on, and is answered.

What it is: conversations with people in need, who holds them, and the letters both ways.
What it refuses to be: a case file; names, families and plans belong to other rooms.

    conversation = fold(id, code_name, told)
    fact = write_answer(conversation, answer_id, text, (), now)
"""

from __future__ import annotations

from safeconduct.rooms.hotline.decide import (
    claim,
    ends_after,
    hand_over,
    pass_on,
    read,
    release,
    write_answer,
    write_note,
)
from safeconduct.rooms.hotline.events import kind_of, knows, parse_fact, write_fact
from safeconduct.rooms.hotline.first_contact import FirstContact
from safeconduct.rooms.hotline.fold import fold
from safeconduct.rooms.hotline.told import Told
from safeconduct.rooms.hotline.words import (
    Answer,
    Attachment,
    Claim,
    Conversation,
    HandOver,
    Mailbox,
    Message,
    Note,
)

__all__ = [
    "Answer",
    "Attachment",
    "Claim",
    "Conversation",
    "FirstContact",
    "HandOver",
    "Mailbox",
    "Message",
    "Note",
    "Told",
    "claim",
    "ends_after",
    "fold",
    "hand_over",
    "kind_of",
    "knows",
    "parse_fact",
    "pass_on",
    "read",
    "release",
    "write_answer",
    "write_fact",
    "write_note",
]
