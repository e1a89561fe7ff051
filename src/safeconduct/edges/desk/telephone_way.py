# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the page comes to the office's telephone: the desk's own window reaches this machine alone.

A port of this machine takes the page's WebSocket by a name that our page alone is given, and hands
it on to the address that was set: sealed, to a certificate that this computer trusts, else not at
all.  No cookie and nothing else that a browser says of itself goes along.
What is said passes unread; the sound does not pass here (docs/adr/0093).
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Coroutine
from contextlib import suppress
from threading import Thread
from typing import Final
from urllib.parse import SplitResult, urlsplit

from safeconduct.edges.desk.lent import LOOPBACK
from safeconduct.edges.desk.wiring import SystemRng

AWAY: Final = "away"
UNTRUSTED: Final = "untrusted"
OTHER: Final = "other"
REACHED_WITHIN: Final = 10.0
_OF_THE_CERTIFICATE: Final = {9: "outdated", 10: "outdated", 62: "misnamed", 64: "misnamed"}
"""OpenSSL's numbers, X509_V_ERR_*: what is wrong whoever signed it."""
_GOES_ALONG: Final = (b"sec-websocket-key", b"sec-websocket-version", b"sec-websocket-protocol")
_END: Final = b"\r\n\r\n"
_ENOUGH: Final = 1 << 16


class TelephoneWay:
    """One for a desk; it listens from when it is first asked for."""

    def __init__(self) -> None:
        """Draw the name by which our page comes."""
        self._name: Final = SystemRng().bytes(16).hex()
        self._door: socket.socket | None = None
        self._to = urlsplit("")
        self.trouble = ""
        """Why the telephone was not reached when it was last tried; empty where it was."""

    def leading_to(self, address: str) -> str:
        """Return where the page comes to an address; no other is reached from now on."""
        self._to = urlsplit(address)
        if self._door is None:
            self._door = socket.create_server((LOOPBACK, 0))
            Thread(target=asyncio.run, args=(self._serve(self._door),), daemon=True).start()
        return f"ws://{LOOPBACK}:{self._door.getsockname()[1]}/{self._name}"

    def end(self) -> None:
        """Lead nowhere any more."""
        self._to = urlsplit("")

    async def _serve(self, door: socket.socket) -> None:
        server = await asyncio.start_server(self._carry, sock=door)
        await server.serve_forever()

    async def _carry(self, page: asyncio.StreamReader, to_page: asyncio.StreamWriter) -> None:
        """Carry one connection until either side ends it."""
        with suppress(
            OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError
        ):
            async with asyncio.timeout(REACHED_WITHIN):
                asked = self._asked(await page.readuntil(_END))
            if asked:
                await self._between(asked, page, to_page)
        to_page.close()

    def _asked(self, head: bytes) -> bytes:
        """Return what the telephone is asked; nothing, where it is not our page that asks."""
        first, *lines = head.removesuffix(_END).split(b"\r\n")
        if first != f"GET /{self._name} HTTP/1.1".encode() or not self._to.hostname:
            return b""
        told = [line for line in lines if line.partition(b":")[0].lower() in _GOES_ALONG]
        to = f"GET {self._to.path} HTTP/1.1\r\nHost: {self._to.netloc}".encode()
        return b"\r\n".join((to, b"Upgrade: websocket", b"Connection: Upgrade", *told)) + _END

    async def _between(
        self, asked: bytes, page: asyncio.StreamReader, to_page: asyncio.StreamWriter
    ) -> None:
        try:
            async with asyncio.timeout(REACHED_WITHIN):
                there, to_there = await _reach(self._to)
        except (OSError, TimeoutError) as error:
            self.trouble = _why(error)
            return
        self.trouble = OTHER
        try:
            to_there.write(asked)
            async with asyncio.timeout(REACHED_WITHIN):
                answer = await there.readuntil(_END)
            if answer.startswith(b"HTTP/1.1 101 "):
                self.trouble = ""
            to_page.write(answer)
            await _until_one_ends(_pump(page, to_there), _pump(there, to_page))
        finally:
            to_there.close()


async def _reach(to: SplitResult) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    sealed = to.scheme == "wss"
    port = to.port or (443 if sealed else 80)
    # Made anew each time: what this computer trusts may be mended while the page is open.
    trusts = ssl.create_default_context() if sealed else None
    return await asyncio.open_connection(to.hostname, port, ssl=trusts)


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _OF_THE_CERTIFICATE.get(error.verify_code, UNTRUSTED)
    return OTHER if isinstance(error, ssl.SSLError) else AWAY


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while some := await source.read(_ENOUGH):
        sink.write(some)
        await sink.drain()


async def _until_one_ends(*ways: Coroutine[None, None, None]) -> None:
    tasks = [asyncio.create_task(way) for way in ways]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
