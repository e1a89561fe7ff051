# SPDX-License-Identifier: AGPL-3.0-or-later
"""HTTP of the kinds: a server on loopback, a session, and bodies of no more than was asked.

Nothing is logged here, neither who called nor what a handler stumbled over: addresses hold tokens,
and bodies hold what people write.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import aiohttp
from aiohttp import web

from safeconduct.kernel.errors import Unreachable

LOOPBACK: Final = "127.0.0.1"
"""A reverse proxy stands before what the world must reach."""
ANSWER_MOST: Final = 1 << 20
CHUNK: Final = 64 << 10
AT_ONCE: Final = 32
"""So many callers wait for the relay at once; who comes then is asked to come again."""
_QUIET: Final = logging.Logger("quiet", level=logging.CRITICAL + 1)  # noqa: LOG001  (of no tree)


class PortTaken(Unreachable):
    """Another program listens on the port, or this account may not."""

    code = "port_taken"


class Gate:
    """How many callers are in at once, so that a flood holds no more than so many bodies."""

    def __init__(self, most: int = AT_ONCE) -> None:
        self._left = most

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Let one caller in.

        Raises:
            Unreachable: so many are in already.
        """
        if self._left < 1:
            raise Unreachable
        self._left -= 1
        try:
            yield
        finally:
            self._left += 1


class Http:
    """The session of a kind's own calls."""

    def __init__(self, seconds: float) -> None:
        """Wait for so long for an answer."""
        self._patience: Final = aiohttp.ClientTimeout(total=seconds)
        self._session: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Let the kind call for as long as the context lasts."""
        async with aiohttp.ClientSession(timeout=self._patience) as session:
            self._session = session
            try:
                yield
            finally:
                self._session = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """What it calls with.

        Raises:
            Unreachable: the kind does not run.
        """
        if self._session is None:
            raise Unreachable
        return self._session


@asynccontextmanager
async def serving(application: web.Application, port: int) -> AsyncIterator[None]:
    """Serve on loopback for as long as the context lasts.

    Raises:
        PortTaken: another program has the port.
    """
    runner = web.AppRunner(application, access_log=None, logger=_QUIET, shutdown_timeout=2.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, LOOPBACK, port).start()
        except OSError:
            raise PortTaken from None
        yield
    finally:
        await runner.cleanup()


async def body_of(response: aiohttp.ClientResponse, most: int = ANSWER_MOST) -> bytes | None:
    """Return a body that is not longer than asked, else None."""
    if (response.content_length or 0) > most:
        return None
    read = bytearray()
    async for part in response.content.iter_chunked(CHUNK):
        read += part
        if len(read) > most:
            return None
    return bytes(read)


@contextmanager
def calling(*others: type[Exception]) -> Iterator[None]:
    """Turn what a call may stumble over into one code: its own words hold addresses and tokens.

    `others` are what a client of the kind raises beside.

    Raises:
        Unreachable: no whole answer came.
    """
    caught: tuple[type[Exception], ...] = (aiohttp.ClientError, OSError, *others)
    try:
        yield
    except caught:  # TimeoutError is an OSError.
        raise Unreachable from None
