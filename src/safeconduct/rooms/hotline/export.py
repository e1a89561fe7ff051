# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conversations as a file that another program reads (spec/export.md 2).

Plain JSON in UTF-8 that explains itself by its names.  No key, no address of a box and no name of a
colleague is in it: colleagues are numbered anew in each file.  Nothing of ours reads it back.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from safeconduct.rooms.hotline.first_contact import write_contact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from safeconduct.kernel.words import DeviceId, Instant
    from safeconduct.rooms.hotline.by_hand import ByHand
    from safeconduct.rooms.hotline.first_contact import FirstContact
    from safeconduct.rooms.hotline.imported import Imported
    from safeconduct.rooms.hotline.words import Attachment, Conversation, Message

FORMAT: Final = "safeconduct-export"
VERSION: Final = 1
LAST_INSTANT: Final = 253_402_214_400_000
"""The last day of the year 9999: calendars end there, and what strangers say of time does not."""


def write_export(conversations: Iterable[Conversation], made: Instant) -> bytes:
    """Return the file of these conversations, in the order in which they come."""
    told = told_of(conversations)
    content = {"format": FORMAT, "version": VERSION, "made": _time(made), "conversations": told}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def told_of(conversations: Iterable[Conversation]) -> list[dict[str, Any]]:
    """Return these conversations as a file holds them, colleagues numbered by first appearance."""
    colleagues: dict[DeviceId, str] = {}
    return [_conversation(one, colleagues) for one in conversations]


def _conversation(talk: Conversation, colleagues: dict[DeviceId, str]) -> dict[str, Any]:
    def name(device: DeviceId) -> str:
        return colleagues.setdefault(device, f"colleague-{len(colleagues) + 1}")

    return {
        "id": talk.id.hex(),
        "code_name": talk.code_name,
        "language": talk.language,
        "messages": [_message(message, name) for message in talk.messages],
        "answers": [
            {
                "written": _time(answer.written),
                "by": name(answer.by),
                "text": answer.text,
                "sent": answer.sent and answer.noted is None,
                "files": _files(answer.attachments),
                **({"told_by_another_way": True} if answer.noted is not None else {}),
                **_imported(answer.imported, name),
            }
            for answer in talk.answers
        ],
        "notes": [
            {"written": _time(note.written), "by": name(note.by), "text": note.text}
            for note in talk.notes
        ],
        "hand_overs": [
            {
                "at": _time(passed.at),
                "by": name(passed.by),
                "to": name(passed.to),
                "text": passed.text,
            }
            for passed in talk.handovers
        ],
    }


def _message(message: Message, name: Callable[[DeviceId], str]) -> dict[str, Any]:
    return {
        "id": message.id.hex(),
        "arrived": _time(message.arrived),
        "language": message.language,
        "via": message.via,
        "text": message.text,
        "files": _files(message.attachments),
        **_beside(message.contact),
        **_by_hand(message.by_hand, name),
        **_imported(message.imported, name),
    }


def _by_hand(how: ByHand | None, name: Callable[[DeviceId], str]) -> dict[str, Any]:
    """Return how a contact came that a colleague typed in."""
    if how is None:
        return {}
    told = {"languages": how.languages, "speaker": how.speaker}
    return {"typed_in": {"by": name(how.by), "at": _time(how.noted), "way": how.way, **told}}


def _imported(where: Imported | None, name: Callable[[DeviceId], str]) -> dict[str, Any]:
    """Return of what file a colleague brought a piece in."""
    if where is None:
        return {}
    by, at = name(where.by), _time(where.noted)
    return {"imported": {"by": by, "at": at, "source": where.source, "sender": where.sender}}


def _beside(told: FirstContact | None) -> dict[str, Any]:
    """Return what was told beside a message, without the word for "I am not alone" and codes.

    Who gets hold of the file would know which word to keep her from writing, and could pass for
    her.
    """
    return write_contact(replace(told, not_alone_word="", return_code="")) if told else {}


def _files(attachments: Iterable[Attachment]) -> list[dict[str, Any]]:
    """Return what files there were; their content stays in the office."""
    return [{"name": one.name, "bytes": one.size} for one in attachments]


def _time(instant: Instant) -> str:
    moment = datetime.fromtimestamp(min(instant, LAST_INSTANT) / 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
