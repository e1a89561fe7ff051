# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a line reaches its office: letters and files that go, and its own box (spec/lines.md 3, 4).

Calls block and so run in threads; each has a connection of its own and asks the relays of the
licence in their order.  What goes wrong at a relay is `Unreachable` to a channel: it keeps what it
has, and asks again.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from safeconduct.edges.lines.came import in_words, together
from safeconduct.edges.lines.channel import CLEAR, Arrived, FileHere
from safeconduct.edges.lines.handles import (
    CONTACT_MOST,
    code_of,
    voice_of,
    write_handle,
)
from safeconduct.edges.lines.parts import LETTER_BYTES, clean, media_type_of, name_of, parts_of
from safeconduct.edges.lines.secret import LineKeys
from safeconduct.edges.person.device import (
    At,
    Device,
    Mailbox,
    Outgoing,
    Seen,
    Waiting,
    new_file,
)
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Defect, Refused, SafeconductError, Unreachable, Untrusted
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.seal.lock import BlobPlan
from safeconduct.kernel.wire.refusals import KeyClosed, WordsFirst
from safeconduct.kernel.words import OfficeId
from safeconduct.rooms.hotline.by_line import (
    FORGED,
    Alarm,
    Kind,
    LineMark,
    Sender,
    read_code,
    sign_mark,
    write_mark,
)
from safeconduct.rooms.hotline.letters import Box, Letter
from safeconduct.rooms.hotline.line_licence import LineLicence
from safeconduct.rooms.hotline.sealed_files import SealedFile

T = TypeVar("T")

THREADS: Final = 32
UNFINISHED_MOST: Final = 32
OF_ITSELF: Final = b""
"""In place of a contact, where the line speaks of itself."""
FORMAT: Final = 1


class OsRng:
    """The operating system's random bytes."""

    def bytes(self, count: int) -> bytes:
        """Return fresh random bytes."""
        return secrets.token_bytes(count)


@dataclass(slots=True)
class Unfinished:
    """A message of which the relay has not yet all letters and files.

    What its letters say of its files, how many of them the relay has, and which files are left, by
    their place; text and content stay with who sends it.
    """

    files: tuple[SealedFile, ...] = ()
    posted: int = 0
    left: list[tuple[Outgoing, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Told:
    """What one letter says: from whom, and what a line adds."""

    contact: bytes
    text: str
    language: str
    said: str = ""
    alarm: Alarm = ""
    extras: Mapping[str, Any] = field(default_factory=dict)
    reach: bytes = b""


class Post:
    """The way of one line to one office."""

    def __init__(self, keys: LineKeys, licence: LineLicence, seen: Seen) -> None:
        """Connect to nothing yet; `seen` outlives this process.

        Raises:
            BadKey: the licence's key is refused.
        """
        self.keys: Final = keys
        self.licence: Final = licence
        self._office: Final = OfficeId(licence.office)
        self._pin: Final = LongVerifyKey.parse(licence.intake_signing)
        self._seen: Final = seen
        self._unfinished: Final[OrderedDict[bytes, Unfinished]] = OrderedDict()
        self._threads: Final = ThreadPoolExecutor(THREADS, thread_name_prefix="post")
        box = Box(self._office, keys.address, keys.seal.public, keys.voice)
        self._mailbox: Final = Mailbox(box, keys.seal)

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def send(self, arrived: Arrived) -> None:
        """Send a message, words first, then its files; goes on where the same one stopped before.

        Raises:
            Unreachable: the relay has not all of it.
        """
        name = _name_of(arrived)
        unfinished = self._unfinished.get(name)
        if unfinished is None:
            unfinished = self._unfinished[name] = _begun(arrived)
            while len(self._unfinished) > UNFINISHED_MOST:
                self._unfinished.popitem(last=False)
        parts = parts_of(clean(arrived.text), unfinished.files)
        for place in range(unfinished.posted, len(parts)):
            text, files = parts[place]
            await self._letter(_told(arrived, text), files)
            unfinished.posted = max(unfinished.posted, place + 1)
        while unfinished.left:
            first = outgoing, place = unfinished.left[0]
            await self._stored(_carrying(outgoing, arrived.files[place]))
            if first in unfinished.left:  # Else the same message, taken twice, had it stored.
                unfinished.left.remove(first)
        self._unfinished.pop(name, None)

    async def write(self, arrived: Arrived, files: tuple[SealedFile, ...]) -> None:
        """Send a letter that names files which the channel seals itself.

        Raises:
            Unreachable: the relay has it not.
        """
        await self._letter(_told(arrived, arrived.text), files)

    async def store(self, plan: BlobPlan, sealed: bytes, token: bytes) -> None:
        """Store a file of one chunk that the channel sealed.

        Raises:
            Unreachable: the relay does not answer, or has no room now.
        """
        await self._stored(lambda device: device.store(plan, sealed, token))

    async def say(self, alarm: Alarm, language: str) -> None:
        """Say something of the line itself, in a conversation of its own; desks word the code.

        Raises:
            Unreachable: the relay has it not.
        """
        await self._letter(Told(OF_ITSELF, alarm, language, alarm=alarm), ())

    async def tell_of(self, contact: bytes, alarm: Alarm, language: str) -> None:
        """Say in a contact's conversation what became of an answer to it; desks word the code.

        Raises:
            Unreachable: the relay has it not.
        """
        await self._letter(Told(contact, "", language, alarm=alarm), ())

    async def look(self, after: int) -> tuple[bytes, list[Waiting]]:
        """Return at which relay the box lies, and what waits in it beyond a number.

        Raises:
            Unreachable: no relay answers.
        """
        return await self.call(
            lambda device: (device.terms.relay_key, device.look(self._mailbox, after))
        )

    async def fetch(self, file: SealedFile) -> bytes:
        """Return the whole of an answer's file.

        Raises:
            Unreachable, NotFound, CannotOpen: it is not there, or not what the office sent.
        """
        return await self.call(lambda device: b"".join(device.fetch(file)))

    async def call(self, act: Callable[[Device], T]) -> T:
        """Do something at the first relay that answers, in a thread.

        Raises:
            Unreachable: none does.
            Refused, Untrusted: the one that does declines, or what it says does not hold.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._first, act)

    def _first(self, act: Callable[[Device], T]) -> T:
        for relay in self.licence.relays:
            device = Device(At(self._office, self._pin, relay, self._seen))
            try:
                return act(device)
            except Unreachable:
                continue
            finally:
                device.close()
        raise Unreachable

    async def _letter(self, told: Told, files: tuple[SealedFile, ...]) -> None:
        letter = letter_of(self.keys, self.licence, told, files)
        if files and len(encode(letter)) > LETTER_BYTES:
            # However often it was tried, no relay would take it.
            told = replace(told, text=together(told.text, in_words("large")))
            letter = letter_of(self.keys, self.licence, told, ())
        try:
            await self.call(lambda device: device.post(letter))
        except (Unreachable, Defect):
            raise
        except SafeconductError as error:
            raise Unreachable from error

    async def _stored(self, act: Callable[[Device], None]) -> None:
        """Store a file; one that the relay will never take is let go: its letter names it."""
        try:
            await self.call(act)
        except (WordsFirst, KeyClosed, Untrusted) as error:
            raise Unreachable from error
        except Refused:
            return


def letter_of(
    keys: LineKeys, licence: LineLicence, told: Told, files: tuple[SealedFile, ...]
) -> Letter:
    """Return the letter of what came, with what the line signs beside it (spec/lines.md 3)."""
    voice = voice_of(keys, told.contact)
    sender = Sender(voice, keys.address, keys.seal.public.raw)
    handled = told.contact + told.reach if told.contact != OF_ITSELF else OF_ITSELF
    fits = 0 < len(handled) <= CONTACT_MOST
    mark = LineMark(
        kind=licence.kind,
        key=keys.sign.public.raw,
        voice=keys.voice,
        handle=write_handle(keys, handled, OsRng()) if fits else b"",
        code=code_of(keys, told.contact) if told.contact else "",
        said="" if _anybodys(licence.kind, told) else told.said or read_code(told.text),
        alarm=told.alarm,
        signature=bytes(64),
    )
    signed = sign_mark(mark, OfficeId(licence.office), sender, keys.sign)
    extras = {**told.extras, **write_mark(signed)}
    own = voice, keys.address, keys.seal.public.raw
    return Letter(FORMAT, *own, told.language, clean(told.text), files, extras)


def _anybodys(kind: Kind, told: Told) -> bool:
    """Tell whether anybody can write in this contact's name: what it says joins nobody to it."""
    return kind in FORGED or told.contact.startswith(CLEAR)


def _carrying(outgoing: Outgoing, file: FileHere) -> Callable[[Device], None]:
    """Return the act of storing a file; each try has the whole content before it."""
    return lambda device: device.carry(outgoing, bytearray(file.content))


def _told(arrived: Arrived, text: str) -> Told:
    said, beside = arrived.said, arrived.extras
    return Told(arrived.contact, text, arrived.language, said, extras=beside, reach=arrived.reach)


def _begun(arrived: Arrived) -> Unfinished:
    """Return a message of which the relay has nothing yet, its files under fresh keys."""
    made = [
        new_file(name_of(file.name), len(file.content), media_type_of(file.media_type))
        for file in arrived.files
    ]
    files = tuple(sealed for sealed, _ in made)
    return Unfinished(files, 0, [(outgoing, place) for place, (_, outgoing) in enumerate(made)])


def _name_of(arrived: Arrived) -> bytes:
    """Return what tells one message from another while it is on its way."""
    name = hashlib.sha256()
    for part in (arrived.contact, clean(arrived.text).encode()):
        name.update(len(part).to_bytes(8, "big") + part)
    for file in arrived.files:
        name.update(hashlib.sha256(file.content).digest() + clean(file.name).encode() + b"\0")
    return name.digest()
