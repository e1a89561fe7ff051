# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Delta Chat's core says of contacts, chats and messages, as types (docs/spec/lines.md 6).

Only what a line needs is read; the rest is passed over.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import msgspec

from safeconduct.edges.lines.channel import FileHere
from safeconduct.edges.lines.kinds.sizes import BYTES_MOST, lost, too_large
from safeconduct.kernel.errors import Malformed

LAST_SPECIAL: Final = 9
DELIVERED: Final = frozenset({26, 28})
_LEAVING: Final = 18
"""What the core counts from here on are its own messages."""
_FINGERPRINT: Final = re.compile(r"^(?:[0-9A-F]{4} ){4}[0-9A-F]{4}$")
_INVITE: Final = re.compile(r"#([0-9A-Fa-f]{40,64})&")


class Person(msgspec.Struct, frozen=True, rename="camel"):
    """Of a contact in the core what a line needs."""

    address: str
    is_key_contact: bool
    last_seen: int = 0


class Message(msgspec.Struct, frozen=True, rename="camel", tag_field="kind", tag="message"):
    """Of a message in the core what a line needs."""

    id: int
    chat_id: int
    from_id: int
    sender: Person
    state: int
    text: str
    is_info: bool
    download_state: str
    file: str | None = None
    file_bytes: int = 0
    file_mime: str | None = None
    file_name: str | None = None

    @property
    def came(self) -> bool:
        """Whether a person wrote it."""
        return self.from_id > LAST_SPECIAL and not self.is_info

    @property
    def leaves(self) -> bool:
        """Whether it is ours, and not yet known to have gone."""
        return self.state >= _LEAVING and self.state not in DELIVERED


class Broken(msgspec.Struct, frozen=True, tag_field="kind", tag="loadingError"):
    """A message that the core cannot read."""


class Chat(msgspec.Struct, frozen=True, rename="camel"):
    """Of a chat in the core what a line needs."""

    is_encrypted: bool


class State(msgspec.Struct, frozen=True):
    """How far a message of ours has come."""

    state: int


def read_invite(link: str) -> bytes:
    """Return the fingerprint of whoever invites by a link.

    Raises:
        Malformed: it is no such link.
    """
    found = _INVITE.search(link)
    if found is None:
        raise Malformed("invite")
    return bytes.fromhex(found[1])


def read_fingerprints(told: str) -> list[bytes]:
    """Return the fingerprints in what the core says of a contact's keys, in its order.

    They stand in two lines each, under a line with a name; a name has no second line.

    Raises:
        Malformed: a fingerprint is cut off.
    """
    halves = [line.replace(" ", "") for line in told.split("\n") if _FINGERPRINT.match(line)]
    if len(halves) % 2:
        raise Malformed("fingerprint")
    return [bytes.fromhex(a + b) for a, b in zip(halves[::2], halves[1::2], strict=True)]


def file_of(one: Message) -> tuple[tuple[FileHere, ...], tuple[str, ...]]:
    """Return the file of a message, or the line that names one that is too large or not there."""
    if one.file is None:
        return (), ()
    name = one.file_name or "file"
    if one.file_bytes > BYTES_MOST:
        return (), (too_large(name, one.file_bytes),)
    try:
        content = Path(one.file).read_bytes()
    except OSError:
        return (), (lost(name, one.file_bytes),)
    return (FileHere(name, one.file_mime or "application/octet-stream", content),), ()
