# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Meta's Cloud API says when it calls, read; unknown things are kept as words.

One message that cannot be read hides no other, and is told of.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

import msgspec

from safeconduct.edges.lines.came import in_words
from safeconduct.kernel.errors import BadSignature, Malformed

FILES: Final = ("image", "video", "audio", "voice", "document", "sticker")
SIGNED: Final = "sha256="


class Media(msgspec.Struct):
    """A file as a message names it."""

    id: str = ""
    mime_type: str = "application/octet-stream"
    filename: str = ""
    caption: str = ""


class Body(msgspec.Struct):
    """The words of a message."""

    body: str = ""


class Message(msgspec.Struct):
    """What the line reads of a message.

    Who goes by a username has no number here, but an id of theirs.
    """

    id: str
    type: str = ""
    number: str = msgspec.field(name="from", default="")
    from_user_id: str = ""
    text: Body | None = None
    image: Media | None = None
    video: Media | None = None
    audio: Media | None = None
    voice: Media | None = None
    document: Media | None = None
    sticker: Media | None = None


class Least(msgspec.Struct):
    """What is needed to say that a message came which could not be read."""

    id: str
    number: str = msgspec.field(name="from", default="")
    from_user_id: str = ""


class Incoming(msgspec.Struct):
    """A message as the line takes it, and what it brings beside text and files, in words."""

    message: Message
    words: str = ""


class _Ours(msgspec.Struct):
    phone_number_id: str = ""


class _Value(msgspec.Struct):
    metadata: _Ours = msgspec.field(default_factory=_Ours)
    messages: list[msgspec.Raw] = []


class _Change(msgspec.Struct):
    value: _Value = msgspec.field(default_factory=_Value)


class _Entry(msgspec.Struct):
    changes: list[_Change] = []


class _Call(msgspec.Struct):
    entry: list[_Entry] = []


def parse_call(data: bytes, number_id: str) -> tuple[Incoming, ...]:
    """Return the messages to our number in a call of Meta's; receipts are none.

    Raises:
        Malformed: it is no call of the Cloud API.
    """
    try:
        call = msgspec.json.decode(data, type=_Call)
    except ValueError:
        raise Malformed("whatsapp call") from None
    values = [change.value for entry in call.entry for change in entry.changes]
    raws = [
        raw
        for value in values
        if value.metadata.phone_number_id == number_id
        for raw in value.messages
    ]
    return tuple(one for raw in raws if (one := _incoming(raw)) is not None)


def _incoming(raw: msgspec.Raw) -> Incoming | None:
    try:
        message = msgspec.json.decode(raw, type=Message)
        return Incoming(message, _things(raw, message))
    except ValueError:
        pass
    try:
        least = msgspec.json.decode(raw, type=Least)
    except ValueError:
        return None
    known = Message(least.id, number=least.number, from_user_id=least.from_user_id)
    return Incoming(known, in_words("unknown"))


def _things(raw: msgspec.Raw, message: Message) -> str:
    """Say in words what is neither text nor a file, with what Meta tells of it."""
    kind = message.type
    if kind in {"audio", "voice"}:
        return in_words("voice")
    if kind == "sticker":
        return in_words("sticker")
    if kind == "text" or kind in FILES:
        return ""
    parts = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    told = bytes(parts.get(kind, msgspec.Raw(b""))).decode("utf-8", "replace")
    return in_words({"contacts": "contact", "interactive": "button"}.get(kind, kind), told)


def check_signature(body: bytes, signature: str, secret: str) -> None:
    """Check that Meta signed a body, in a time that says nothing of how near a guess is.

    Raises:
        BadSignature: somebody else called, or the body was changed.
    """
    right = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    given = signature.removeprefix(SIGNED)
    if not (signature.startswith(SIGNED) and given.isascii()):
        raise BadSignature("whatsapp")
    if not hmac.compare_digest(right, given):
        raise BadSignature("whatsapp")


def media_of(message: Message) -> list[Media]:
    """Return the files of a message; a sticker is told in words alone."""
    found = (getattr(message, name) for name in FILES if name != "sticker")
    return [media for media in found if media is not None]
