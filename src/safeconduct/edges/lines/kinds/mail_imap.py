# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mailbox over IMAP: what lies there, one mail of it, deleting one, and waiting for the next.

Small and of our own: aioimaplib descends once for each line that a server sends at once, so that a
full mailbox ends it, and it logs what a server says.
Every line and every mail is bounded before it is read; nothing that the server says is logged.
The connection is TLS always.  The server's certificate is one that an authority vouches for, or the
one whose fingerprint the administrator wrote down; no password goes before that is known.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from safeconduct.kernel.errors import Malformed, Refused, Unreachable

LINE_MOST: Final = 4 << 20
MAIL_MOST: Final = 48 << 20
"""25 MiB of files as base64, and words; of what is longer the beginning is read."""
ANSWER_SECONDS: Final = 120
IDLE_SECONDS: Final = 240
"""Then the server is asked anew: it shows that it lives, and no router forgets us."""
_LITERAL: Final = re.compile(rb"\{([0-9]{1,10})\}\r\n$")
_NUMBERS: Final = re.compile(rb"^\* SEARCH((?: [0-9]{1,10})*)\s*$", re.IGNORECASE)
_SIZE: Final = re.compile(rb"RFC822\.SIZE ([0-9]{1,18})", re.IGNORECASE)
_EPOCH: Final = re.compile(rb"UIDVALIDITY ([0-9]{1,18})", re.IGNORECASE)
_CAME: Final = re.compile(rb"^\* [0-9]+ EXISTS", re.IGNORECASE)


class NotLetIn(Refused):
    """The server does not know this account, or not by this password."""

    code = "not_let_in"


class WrongCertificate(Refused):
    """The server is not the one whose fingerprint was written down, or nobody vouches for it."""

    code = "wrong_certificate"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server listens, and the fingerprint of its certificate where one was written down."""

    host: str
    port: int
    fingerprint: str = ""

    def context(self) -> ssl.SSLContext:
        """Return how to connect: vouched for, or to be compared by `check`."""
        context = ssl.create_default_context()
        if self.fingerprint:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def check(self, certificate: bytes | None) -> None:
        """Compare what the server showed with what was written down.

        Raises:
            WrongCertificate: it is another.
        """
        if not self.fingerprint:
            return
        written = self.fingerprint.replace(":", "").replace(" ", "").lower()
        if hashlib.sha256(certificate or b"").hexdigest() != written:
            raise WrongCertificate


def read_numbers(line: bytes) -> list[int]:
    """Read which mails a server found.

    Raises:
        Malformed: the line does not say that.
    """
    found = _NUMBERS.match(line)
    if found is None:
        raise Malformed("imap")
    return [int(one) for one in found[1].split()]


class Mailbox:
    """One connection, and the INBOX behind it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader: Final = reader
        self._writer: Final = writer
        self.epoch = 0
        """Mails are numbered anew where this is another."""
        self._number = 0
        self._can: frozenset[bytes] = frozenset()
        self._came = False

    async def log_in(self, user: str, password: str) -> None:
        """Say who we are, and open the INBOX.

        Raises:
            NotLetIn: the server does not know us.
            Unreachable: it is gone.
        """
        await self._line()
        told = base64.b64encode(f"\0{user}\0{password}".encode())
        if not await self._does(b"AUTHENTICATE PLAIN", told):
            raise NotLetIn
        self._can = frozenset(b" ".join(await self._do(b"CAPABILITY")).upper().split())
        epoch = _EPOCH.search(b" ".join(await self._do(b"SELECT INBOX")))
        self.epoch = int(epoch[1]) if epoch else 0

    async def waiting(self) -> list[int]:
        """Return the numbers of all mails that lie there, oldest first.

        Raises:
            Unreachable: the server is gone.
        """
        numbers: list[int] = []
        self._came = False
        for line in await self._do(b"UID SEARCH UNDELETED"):
            with suppress(Malformed):
                numbers += read_numbers(line)
        return sorted(numbers)

    async def mail(self, number: int) -> tuple[bytes, int] | None:
        """Return a mail, or its beginning, and its whole size; None where it is not given out.

        Then nothing is known of it, and it is not to be deleted.

        Raises:
            Unreachable: the server is gone.
        """
        done, told = await self._until(self._send(b"UID FETCH %d (RFC822.SIZE)" % number))
        size = _SIZE.search(b" ".join(told)) if done else None
        if size is None:
            return None
        wanted = self._send(b"UID FETCH %d (BODY.PEEK[]<0.%d>)" % (number, MAIL_MOST))
        done, literals = await self._until(wanted, literals=True)
        content = max(literals, key=len, default=None) if done else None
        whole = int(size[1])
        # A mail that is said to have content has some; one that has none is given out as that.
        return None if content is None or (whole and not content) else (content, whole)

    async def delete(self, number: int) -> None:
        """Delete a mail for good.

        Raises:
            Unreachable: the server is gone.
        """
        await self._do(b"UID STORE %d +FLAGS.SILENT (\\Deleted)" % number)
        await self.expunge(number)

    async def expunge(self, number: int | None = None) -> None:
        """Remove what is marked as deleted; one mail alone where the server can do that.

        Raises:
            Unreachable: the server is gone.
        """
        if number is not None and b"UIDPLUS" in self._can:
            await self._do(b"UID EXPUNGE %d" % number)
        else:
            await self._do(b"EXPUNGE")

    async def wait(self, seconds: float) -> None:
        """Wait until a mail comes, or for so long.

        Raises:
            Unreachable: the server is gone.
        """
        if self._came:
            return  # The server said so beside something else, and will not say it twice.
        if b"IDLE" not in self._can:
            await asyncio.sleep(min(seconds, ANSWER_SECONDS / 4))
            await self._do(b"NOOP")
            return
        tag = self._send(b"IDLE")
        try:
            if (await self._line()).startswith(b"+"):
                with suppress(TimeoutError):
                    async with asyncio.timeout(seconds):
                        while not _CAME.match(await self._line(None)):
                            pass
        finally:
            self._writer.write(b"DONE\r\n")
        await self._until(tag)

    def _send(self, command: bytes) -> bytes:
        self._number += 1
        tag = b"a%d" % self._number
        self._writer.write(b"%s %s\r\n" % (tag, command))
        return tag

    async def _do(self, command: bytes, *, literals: bool = False) -> list[bytes]:
        """Do a command that the server has no reason to refuse; return what it says to it."""
        done, told = await self._until(self._send(command), literals=literals)
        if not done:
            raise Unreachable
        return told

    async def _does(self, command: bytes, then: bytes) -> bool:
        tag = self._send(command)
        if (await self._line()).startswith(b"+"):
            self._writer.write(then + b"\r\n")
            done, _ = await self._until(tag)
            return done
        return False

    async def _until(self, tag: bytes, *, literals: bool = False) -> tuple[bool, list[bytes]]:
        told: list[bytes] = []
        while True:
            line = await self._line()
            if line.startswith(tag + b" "):
                return line[len(tag) + 1 :].upper().startswith(b"OK"), told
            while (literal := _LITERAL.search(line)) is not None:
                content = await self._exactly(int(literal[1]))
                if literals:
                    told.append(content)
                line = await self._line()
            self._came = self._came or _CAME.match(line) is not None
            if not literals:
                told.append(line)

    async def _line(self, seconds: float | None = ANSWER_SECONDS) -> bytes:
        try:
            async with asyncio.timeout(seconds):
                await self._writer.drain()
                line = await self._reader.readline()
        except (OSError, ValueError):
            raise Unreachable from None  # TimeoutError is an OSError.
        if not line.endswith(b"\n"):
            raise Unreachable
        return line

    async def _exactly(self, size: int) -> bytes:
        if size > MAIL_MOST:
            raise Unreachable
        try:
            async with asyncio.timeout(10 * ANSWER_SECONDS):
                return await self._reader.readexactly(size)
        except (OSError, asyncio.IncompleteReadError):
            raise Unreachable from None


@asynccontextmanager
async def mailbox(place: Place, user: str, password: str) -> AsyncIterator[Mailbox]:
    """Open a mailbox.

    Raises:
        NotLetIn, WrongCertificate: the server does not know us, or is another.
        Unreachable: it is gone.
    """
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            reader, writer = await asyncio.open_connection(
                place.host, place.port, ssl=place.context(), limit=LINE_MOST
            )
    except ssl.SSLCertVerificationError:
        raise WrongCertificate from None
    except OSError:
        raise Unreachable from None
    try:
        place.check(writer.get_extra_info("ssl_object").getpeercert(binary_form=True))
        box = Mailbox(reader, writer)
        await box.log_in(user, password)
        yield box
    finally:
        writer.close()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(5):
                await writer.wait_closed()
