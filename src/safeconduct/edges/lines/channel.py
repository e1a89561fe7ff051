# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one interface between a channel and the line that it belongs to (spec/lines.md 6).

A channel speaks to one outside program or server: it gives what came to the line, deletes it there
once the line has it, and sends what the line hands it.  It keeps nothing and decides nothing:
voices, sealing, rate limits, first answers and alarms are the line's (`runner`).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol, runtime_checkable

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.seal.lock import BlobPlan
from safeconduct.rooms.hotline.by_line import Kind
from safeconduct.rooms.hotline.sealed_files import SealedFile

CLEAR: Final = b"clear:"
"""Begins the contact of whom wrote in the clear by a channel that is locked for others."""
UNPROVEN: Final = b"unproven:"
"""Begins the contact of a mail's sender for whom no server vouches."""


class CannotSend(Refused):
    """The channel will never take this for this person: it is dropped, and the line goes on."""

    code = "cannot_send"


class DoorOnly(CannotSend):
    """What goes to this person can be read on the way: the line's own fixed text may, no other."""

    code = "door_only"


class FilesLeft(CannotSend):
    """The words went; a file of the answer did not, and the channel will never take it."""

    code = "files_left"


@dataclass(frozen=True, slots=True)
class FileHere:
    """A file that came, or that goes out: its name, media type and content, in memory alone."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message as a channel gives it.

    `contact` is what the channel must be given to write back, up to 254 bytes; `language` a code
    where the channel tells one, else empty.
    """

    contact: bytes
    text: str
    files: tuple[FileHere, ...] = ()
    language: str = ""
    said: str = ""
    """A return code that was typed or spoken apart from the text; of a text the line reads it."""
    extras: Mapping[str, Any] = field(default_factory=dict)
    """What stands beside the line's own mark in the letter's extras, as `call`."""
    reach: bytes = b""
    """What else the channel gets back with an answer; with the contact 254 bytes at most."""


@dataclass(frozen=True, slots=True)
class Departing:
    """What goes to a person: a text, and files where the channel's kind carries them."""

    text: str
    files: tuple[FileHere, ...] = ()
    extras: Mapping[str, Any] = field(default_factory=dict)
    """What stands in the answer's extras beside the handle; read by the telephone alone."""
    door: bool = False
    """The line's own fixed text: it may go where others can read it on the way."""


class Line(Protocol):
    """What a channel sees of the line."""

    async def take(self, arrived: Arrived) -> None:
        """Take a message; return once the relay has words and files, so that it can be deleted.

        Raises:
            Unreachable: the relay does not answer: the channel keeps the message, and asks again.
        """
        ...

    async def write(self, arrived: Arrived, files: tuple[SealedFile, ...] = ()) -> None:
        """Send a letter naming files that the channel seals itself; return once the relay has it.

        Raises:
            Unreachable: the relay does not answer.
        """
        ...

    async def store(self, plan: BlobPlan, sealed: bytes, token: bytes) -> None:
        """Store a file of one chunk that the channel sealed; return once the relay has all of it.

        Raises:
            Unreachable: the relay does not answer, or has no room now; it may be stored again.
        """
        ...

    def code(self, contact: bytes) -> str:
        """Return the return code of a contact: eight digits."""
        ...

    def heard(self) -> None:
        """Note that the channel's server or client just answered: it is not quiet."""
        ...

    def outdated(self, so: bool = True) -> None:
        """Note that the channel's client is too old to be trusted with more, or is no longer."""
        ...


@runtime_checkable
class Inviting(Protocol):
    """A channel to which people come by a link; the line shows it to its office."""

    async def invite(self) -> str:
        """Return the link, once there is one."""
        ...


@dataclass(frozen=True, slots=True)
class Ask:
    """A setting that a kind needs: its name, whether it is a secret, and what stands if empty.

    `form` is what it must look like, a name in `kinds/forms.py`.

    A kind's module lists these as `ASKS`; `safeconduct line new` asks for each, in words.
    """

    name: str
    secret: bool = False
    unless: str = ""
    form: str = ""


class Kept(Protocol):
    """What a line keeps on this machine for its channel: sealed with a key given at start."""

    def load(self, name: str) -> bytes | None:
        """Return what was kept under a name, or None."""
        ...

    def save(self, name: str, content: bytes) -> None:
        """Keep bytes under a name, in place of what was there; durable when this returns."""
        ...

    def folder(self, name: str) -> AbstractContextManager[KeptFolder]:
        """Give a folder in memory that holds what a client keeps for itself, as last kept."""
        ...


class KeptFolder(Protocol):
    """A folder in memory for a client of its own (signal-cli, Delta Chat's core)."""

    path: Path

    def keep(self) -> None:
        """Seal what stands in the folder now; durable when this returns."""
        ...


class Channel(Protocol):
    """One way by which people write; a kind's module in `kinds/` makes it of its settings."""

    @property
    def kind(self) -> Kind:
        """Which it is."""
        ...

    async def run(self, line: Line) -> None:
        """Bring what comes, until cancelled.

        Raises:
            Unreachable: the channel's server or client is gone; the line starts it again, later.
            Refused: the server refuses this account; the line says so to the office.
        """
        ...

    async def send(self, contact: bytes, out: Departing) -> None:
        """Hand a text and files to the channel for one person, and return once it took them.

        Raises:
            Unreachable: not now; the line tries again.
            CannotSend: never.
            FilesLeft: a file never; the rest went.
            DoorOnly: nothing that is not the line's own fixed text.
        """
        ...
