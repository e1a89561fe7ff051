# SPDX-License-Identifier: AGPL-3.0-or-later
"""The letters of calls on their way to the relay; each is tried until the relay has it.

They hold a random contact and marks, no number and no sound, and wait in memory alone.
"""

from __future__ import annotations

import asyncio
from typing import Final

from safeconduct.edges.lines.channel import Arrived, Line
from safeconduct.kernel.errors import Refused, Unreachable, Untrusted

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0


class CallLetters:
    """All letters that are on their way."""

    def __init__(self) -> None:
        """Begin with none."""
        self._on_the_way: Final[set[asyncio.Task[None]]] = set()

    def send(self, line: Line, arrived: Arrived) -> None:
        """Hand a letter to the line; return at once."""
        task = asyncio.get_running_loop().create_task(_until_there(line, arrived))
        self._on_the_way.add(task)
        task.add_done_callback(self._on_the_way.discard)

    async def end(self, seconds: float) -> None:
        """Wait so long for what is on the way, and let the rest go."""
        if left := set(self._on_the_way):
            await asyncio.wait(left, timeout=seconds)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


async def _until_there(line: Line, arrived: Arrived) -> None:
    pause = FIRST_PAUSE
    while True:
        try:
            return await line.take(arrived)
        except (Unreachable, Untrusted, Refused):
            # A relay that refuses now may take it later: a call that nobody hears of is worse.
            await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
