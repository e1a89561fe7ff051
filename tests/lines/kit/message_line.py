# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line of kind `phone` that takes voice messages and nothing else, in a process that can die.

Usage: python -m tests.lines.kit.message_line FOLDER, a line's folder that an office admitted.
It says where it listens and a message's id, and ends only when it is killed.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from safeconduct.edges.lines.channel import Departing, Line
from safeconduct.edges.lines.folder import open_line
from safeconduct.edges.lines.phone.spoken import Box, Spoken, listen
from safeconduct.edges.lines.runner import Runner
from safeconduct.rooms.hotline.by_line import Kind
from tests.lines.kit.at_work import PASSPHRASE
from tests.lines.kit.line_in_memory import SomeCall


class Messages:
    """A telephone that nobody answers."""

    def __init__(self) -> None:
        self.kind: Kind = "phone"
        self.boxes: asyncio.Future[Spoken] | None = None
        self.loop: asyncio.AbstractEventLoop | None = None

    async def run(self, line: Line) -> None:
        self.loop = asyncio.get_running_loop()
        async with listen("127.0.0.1", 0, line) as boxes:
            self.boxes = self.loop.create_future()
            self.boxes.set_result(boxes)
            await asyncio.Event().wait()

    async def send(self, contact: bytes, out: Departing) -> None:
        """Nothing is sent."""

    async def expect(self, call: SomeCall) -> Box:
        """Return a box for a message."""
        while self.boxes is None:  # noqa: ASYNC110  (it is there at once)
            await asyncio.sleep(0.01)
        return (await self.boxes).expect(call)


async def _run(folder: Path) -> None:
    channel = Messages()
    runner = Runner(open_line(folder, PASSPHRASE).admitted(), channel, tell=print)
    running = asyncio.create_task(runner.run())
    box = await channel.expect(SomeCall())
    print(box.address, box.uuid, flush=True)
    await running


if __name__ == "__main__":
    asyncio.run(_run(Path(sys.argv[1])))
