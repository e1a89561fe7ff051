# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one safe text that who writes gets at once, once in a day (spec/lines.md 6).

Whom it went to is kept as voices, in memory alone: a line that was started anew says it again.
A text that did not leave is no reason to keep what came: it is tried a few times, and counts as
not said.
"""

from __future__ import annotations

import asyncio
from typing import Final

from safeconduct.edges.lines.channel import CannotSend, Channel, Departing, DoorOnly
from safeconduct.kernel.errors import SafeconductError, Unreachable

DAY_SECONDS: Final = 24 * 3600.0
PAUSES: Final = (1.0, 5.0, 30.0, 120.0)


class FirstTexts:
    """Who was told already, and the telling."""

    def __init__(self, channel: Channel) -> None:
        """Tell by this channel."""
        self._channel: Final = channel
        self._told: Final[dict[bytes, float]] = {}
        self._telling: Final[set[asyncio.Task[None]]] = set()

    def tell(self, voice: bytes, contact: bytes, texts: tuple[str, str], now: float) -> None:
        """Send a text to a contact unless it went to that voice within a day; waits for nothing.

        The second of the texts is for whom the channel cannot lock what goes to them.
        """
        self._forget(now)
        if voice in self._told:
            return
        self._told[voice] = now
        task = asyncio.create_task(self._send(voice, contact, texts))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def end(self) -> None:
        """Stop telling."""
        for task in list(self._telling):
            task.cancel()
        await asyncio.gather(*self._telling, return_exceptions=True)

    async def _send(self, voice: bytes, contact: bytes, texts: tuple[str, str]) -> None:
        for pause in PAUSES:
            try:
                await self._say(contact, texts)
            except Unreachable:
                await asyncio.sleep(pause)
            except CannotSend:
                return
            except SafeconductError:
                break
            else:
                return
        self._told.pop(voice, None)

    async def _say(self, contact: bytes, texts: tuple[str, str]) -> None:
        try:
            await self._channel.send(contact, Departing(texts[0]))
        except DoorOnly:
            await self._channel.send(contact, Departing(texts[1], door=True))

    def _forget(self, now: float) -> None:
        for voice, when in list(self._told.items()):
            if when <= now - DAY_SECONDS:
                del self._told[voice]
