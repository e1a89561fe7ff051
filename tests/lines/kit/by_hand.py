# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line without a relay, for a channel alone: it takes what comes, or says that it cannot now."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from safeconduct.edges.lines.channel import Arrived, Channel, Line
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.seal.lock import BlobPlan
from safeconduct.rooms.hotline.sealed_files import SealedFile
from tests.kit.patience import PATIENCE


@dataclass
class LineByHand:
    """What a channel sees of a line, and what it told."""

    taken: list[Arrived] = field(default_factory=list)
    refuses: bool = False
    asked: int = 0
    heards: int = 0
    too_old: bool = False

    async def take(self, arrived: Arrived) -> None:
        """Take it, or not."""
        self.asked += 1
        if self.refuses:
            raise Unreachable
        self.taken.append(arrived)

    async def write(self, arrived: Arrived, files: tuple[SealedFile, ...] = ()) -> None:
        """No messenger asks for this."""
        raise AssertionError(arrived, files)

    async def store(self, plan: BlobPlan, sealed: bytes, token: bytes) -> None:
        """No messenger asks for this."""
        raise AssertionError(plan, sealed, token)

    def code(self, contact: bytes) -> str:
        """Any eight digits."""
        return f"{len(contact):08}"

    def heard(self) -> None:
        """Count it."""
        self.heards += 1

    def outdated(self, so: bool = True) -> None:
        """Note it."""
        self.too_old = so


@dataclass
class FolderByHand:
    """A folder in memory, and where its content goes."""

    path: Path
    kept: KeptByHand
    name: str

    def keep(self) -> None:
        """Keep it as it is."""
        into = BytesIO()
        with zipfile.ZipFile(into, "w") as packed:
            for one in sorted(self.path.rglob("*")):
                if one.is_file():
                    packed.writestr(str(one.relative_to(self.path)), one.read_bytes())
        self.kept.all[self.name] = into.getvalue()


@dataclass
class KeptByHand:
    """What a line keeps: here, not sealed, so that a test can look into it."""

    all: dict[str, bytes] = field(default_factory=dict)

    def load(self, name: str) -> bytes | None:
        """Return what was kept."""
        return self.all.get(name)

    def save(self, name: str, content: bytes) -> None:
        """Keep it."""
        self.all[name] = content

    @contextmanager
    def folder(self, name: str) -> Iterator[FolderByHand]:
        """Give a folder in memory, as last kept."""
        path = Path(tempfile.mkdtemp(dir="/dev/shm"))
        try:
            if name in self.all:
                zipfile.ZipFile(BytesIO(self.all[name])).extractall(path)
            yield FolderByHand(path, self, name)
        finally:
            shutil.rmtree(path)

    def names(self, word: bytes) -> list[str]:
        """Say what of it holds a word in the clear."""
        found = [name for name, content in self.all.items() if word in content]
        for name, content in self.all.items():
            with suppress(zipfile.BadZipFile), zipfile.ZipFile(BytesIO(content)) as packed:
                found += [f"{name}/{one}" for one in packed.namelist() if word in packed.read(one)]
        return found


@asynccontextmanager
async def running(channel: Channel, line: Line) -> AsyncIterator[asyncio.Task[None]]:
    """Let a channel run, and end it as a line ends it."""
    task = asyncio.create_task(channel.run(line))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, Unreachable):
            await task


async def until(what: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until something holds; `what` is called again and again."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + seconds
    while not what():
        assert loop.time() < ends, "in vain"
        await asyncio.sleep(0.05)
