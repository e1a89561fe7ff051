# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line that only takes and counts, servers on free ports, and who waits for what."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from safeconduct.edges.lines.channel import Arrived, Channel
from safeconduct.edges.lines.store import SealedStore
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.seal.lock import BlobPlan
from safeconduct.rooms.hotline.sealed_files import SealedFile

PATIENCE = 30.0


@dataclass
class Taker:
    """A line whose relay is away for the first `away` messages."""

    away: int = 0
    took: list[Arrived] = field(default_factory=list)
    refused: list[Arrived] = field(default_factory=list)
    heard_times: int = 0
    outdated_times: int = 0
    slow: float = 0.0

    async def take(self, arrived: Arrived) -> None:
        await asyncio.sleep(self.slow)
        if self.away > 0:
            self.away -= 1
            self.refused.append(arrived)
            raise Unreachable
        self.took.append(arrived)

    async def write(self, arrived: Arrived, files: tuple[SealedFile, ...] = ()) -> None:  # noqa: ARG002
        raise AssertionError

    async def store(self, plan: BlobPlan, sealed: bytes, token: bytes) -> None:  # noqa: ARG002
        raise AssertionError

    def code(self, contact: bytes) -> str:  # noqa: ARG002
        return "00000000"

    def heard(self) -> None:
        self.heard_times += 1

    def outdated(self, so: bool = True) -> None:
        self.outdated_times += so


def store(folder: Path) -> SealedStore:
    """What a channel keeps, sealed as in a real line."""
    folder.mkdir(exist_ok=True)
    return SealedStore(folder, bytes(32))


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def listens(port: int) -> bool:
    """Tell whether somebody listens on a port of this machine."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@asynccontextmanager
async def serving(*routes: web.RouteDef, port: int = 0) -> AsyncIterator[str]:
    """A server of somebody else's, standing in; its address."""
    application = web.Application(client_max_size=64 << 20)
    application.add_routes(routes)
    port = port or free_port()
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def at_work(channel: Channel, line: Taker) -> AsyncIterator[None]:
    """Run a channel as the runner does: who raises `Unreachable` is started again."""

    async def again() -> None:
        while True:
            with suppress(Unreachable):
                await channel.run(line)
            await asyncio.sleep(0.05)

    running = asyncio.create_task(again())
    try:
        yield
        assert not running.done(), running.result()
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def until(there: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait for something to be so."""
    async with asyncio.timeout(seconds):
        while not there():  # noqa: ASYNC110  (it waits for what other tasks leave behind)
            await asyncio.sleep(0.02)


def forms(marker: str) -> set[bytes]:
    """How a text, or a number without its plus, may lie in a file."""
    return {
        marker.encode(),
        marker.encode("utf-16-le"),
        marker.encode("utf-16-be"),
        marker.encode().hex().encode(),
        marker.encode("utf-16-be").hex().encode(),
        marker.replace(" ", "+").encode(),
        marker.replace(" ", "%20").encode(),
    }


def places(marker: str, *folders: Path) -> list[Path]:
    """Files below some folders that hold a marker in any of its forms, or in their own name."""
    looked = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    ways = forms(marker)
    return [path for path in looked if marker in path.name or _holds(path, ways)]


def _holds(path: Path, ways: set[bytes]) -> bool:
    try:
        content = path.read_bytes()
    except OSError:
        return False
    return any(way in content for way in ways)
