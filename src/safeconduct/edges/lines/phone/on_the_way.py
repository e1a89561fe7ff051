# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is on its way to the relay, in memory alone: sent again until the relay has it.

It outlives Asterisk, and what listened to it.  What fails in a way that no new try mends is told to
the loop, which says its code (`runner.Runner.run`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

from safeconduct.kernel.errors import SafeconductError

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0


class OnTheWay:
    """All of one kind that is on its way."""

    def __init__(self) -> None:
        """Begin with none."""
        self._going: Final[set[asyncio.Task[None]]] = set()

    def go(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Let something go its way; return at once."""
        task = asyncio.get_running_loop().create_task(work)
        self._going.add(task)
        task.add_done_callback(self._going.discard)
        task.add_done_callback(told)
        return task

    async def end(self, seconds: float) -> None:
        """Wait so long for what is on its way, and let the rest go."""
        if left := set(self._going):
            await asyncio.wait(left, timeout=seconds)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


async def until_there(send: Callable[[], Awaitable[None]]) -> None:
    """Send again with growing pauses, until the relay has it.

    A relay that refuses now may take it later: a call that nobody hears of is worse.
    """
    pause = FIRST_PAUSE
    while True:
        try:
            return await send()
        except SafeconductError:
            await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def told(task: asyncio.Task[None]) -> None:
    """Tell the loop at once how a task failed, if it did."""
    if not task.cancelled() and (error := task.exception()) is not None:
        task.get_loop().call_exception_handler({"message": "a task failed", "exception": error})
