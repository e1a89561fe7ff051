# SPDX-License-Identifier: AGPL-3.0-or-later
"""A process that takes one voice message, for a test that looks into its memory.

It says where it listens and the message's id, then the message's seconds, and stays until its
standard input closes.  With `keep` it does what must not be done: it keeps the sound.
"""

from __future__ import annotations

import asyncio
import sys

from safeconduct.edges.lines.phone import pieces
from safeconduct.edges.lines.phone.spoken import listen
from tests.lines.kit.line_in_memory import LineInMemory, SomeCall

KEPT: list[bytes] = []


async def run() -> None:
    """Take one message."""
    async with listen("127.0.0.1", 0, LineInMemory()) as boxes:
        box = boxes.expect(SomeCall())
        print(box.address, box.uuid, flush=True)
        await box.over()
        print(await box.finish(), flush=True)
        del box
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    if "keep" in sys.argv[1:]:
        add = pieces.Pieces.add

        def keep(self: pieces.Pieces, sound: memoryview) -> None:
            """Keep what was said."""
            KEPT.append(bytes(sound))
            add(self, sound)

        pieces.Pieces.add = keep  # type: ignore[method-assign]
    asyncio.run(run())
