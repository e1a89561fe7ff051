# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Telegram's Bot API answers, read; unknown things are kept as words.

One update that cannot be read hides no other, and is told of where it says by whom it is.
"""

from __future__ import annotations

from typing import Final

import msgspec

from safeconduct.edges.lines.came import in_words, together
from safeconduct.kernel.errors import Malformed

FILES: Final = ("document", "voice", "audio", "video", "video_note", "animation")
SAID: Final = ("voice", "video_note")
THINGS: Final = ("sticker", "location", "venue", "contact", "poll", "dice", "story", "game")
NAMED: Final = {"venue": "location"}
BESIDE: Final = frozenset(
    {
        "message_id", "from", "chat", "date", "edit_date", "text", "caption", "entities",
        "caption_entities", "reply_to_message", "photo", "link_preview_options", "media_group_id",
        "has_protected_content", "forward_origin", "quote", "sender_chat", "via_bot",
        "is_from_offline", "effect_id", *FILES,
    }
)  # fmt: skip
"""These are no message of their own."""


NULL: Final = b"null"
NOTHING: Final = msgspec.Raw(NULL)


class Chat(msgspec.Struct):
    """Where something was written."""

    id: int
    type: str = ""


class Author(msgspec.Struct):
    """Of who wrote, the language alone is read."""

    language_code: str = ""


class Sent(msgspec.Struct):
    """A file as Telegram names it."""

    file_id: str
    file_size: int = 0
    file_name: str = ""
    mime_type: str = "application/octet-stream"


class Written(msgspec.Struct):
    """What the line reads of a message."""

    message_id: int
    chat: Chat
    author: Author = msgspec.field(name="from", default_factory=Author)
    text: str = ""
    caption: str = ""
    photo: list[Sent] = []
    document: Sent | None = None
    voice: Sent | None = None
    audio: Sent | None = None
    video: Sent | None = None
    video_note: Sent | None = None
    animation: Sent | None = None


class Least(msgspec.Struct):
    """What is needed to say that a message came which could not be read."""

    message_id: int
    chat: Chat


class Update(msgspec.Struct):
    """One update; everything else that Telegram may tell in it is not asked for."""

    update_id: int
    message: msgspec.Raw = NOTHING
    edited_message: msgspec.Raw = NOTHING


class Incoming(msgspec.Struct):
    """An update as the line takes it: None of a message where there is nothing to take."""

    number: int
    message: Written | None
    words: str = ""


class Answer(msgspec.Struct):
    """What the Bot API answers to anything."""

    ok: bool = False
    result: msgspec.Raw = msgspec.Raw(b"null")


def parse_updates(data: bytes) -> tuple[Incoming, ...]:
    """Return what a poll brought.

    Raises:
        Malformed: it is no answer of the Bot API.
    """
    try:
        answer = msgspec.json.decode(data, type=Answer)
        updates = msgspec.json.decode(answer.result, type=list[Update])
        return tuple(_incoming(update) for update in updates)
    except ValueError:
        raise Malformed("telegram updates") from None


def _incoming(update: Update) -> Incoming:
    changed = bytes(update.message) == NULL
    raw = update.edited_message if changed else update.message
    if bytes(raw) == NULL:
        return Incoming(update.update_id, None)
    words = in_words("edited") if changed else ""
    try:
        message = msgspec.json.decode(raw, type=Written)
        return Incoming(update.update_id, message, together(words, _things(raw, message)))
    except ValueError:
        least = _least(raw)
        return Incoming(update.update_id, least, together(words, in_words("unknown")))


def _least(raw: msgspec.Raw) -> Written | None:
    try:
        least = msgspec.json.decode(raw, type=Least)
    except ValueError:
        return None
    return Written(least.message_id, least.chat)


def _things(raw: msgspec.Raw, message: Written) -> str:
    """Say in words what came beside text and files, with what Telegram tells of it."""
    parts = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    said = [in_words("voice") for name in SAID if name in parts]
    for name in THINGS:
        if name in parts:
            told = bytes(parts[name]).decode("utf-8", "replace") if name != "sticker" else ""
            said.append(in_words(NAMED.get(name, name), told))
    empty = not (said or message.text or message.caption or message.photo)
    if empty and not any(name in parts for name in FILES):
        said += [in_words(name) for name in sorted(parts.keys() - BESIDE)][:3] or [
            in_words("unknown")
        ]
    return together(*said)
