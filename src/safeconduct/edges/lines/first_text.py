# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one safe text that who writes gets at once, once in a day (spec/lines.md 6).

Whom it went to is kept as voices, in memory alone: a line that was started anew says it again.
A text that did not leave is no reason to keep what came: it is tried a few times, and counts as
not said.  In an hour it goes to so many new voices and no more: a number or an address is easily
invented, each text to one goes to a stranger, and some cost money.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from safeconduct.edges.lines.channel import CannotSend, Channel, Departing, DoorOnly
from safeconduct.kernel.errors import Unreachable

DAY_SECONDS: Final = 24 * 3600.0
HOUR_SECONDS: Final = 3600.0
PAUSES: Final = (1.0, 5.0, 30.0, 120.0)
HOUR_MOST: Final = 300
"""To so many new voices it goes in an hour."""
HOUR_MOST_PAID: Final = 60
"""And by text message, of which each costs money, to so many."""
AT_ONCE: Final = 8


class FirstTexts:
    """Who was told already, and the telling."""

    def __init__(
        self, channel: Channel, failed: Callable[[Exception], None] = lambda _: None
    ) -> None:
        """Tell by this channel; `failed` hears of what went wrong otherwise than a channel says."""
        self._channel: Final = channel
        self._failed: Final = failed
        self._most: Final = HOUR_MOST_PAID if channel.kind == "sms" else HOUR_MOST
        self._hour: Final[deque[float]] = deque()
        self._places: Final = asyncio.Semaphore(AT_ONCE)
        self._told: Final[dict[bytes, float]] = {}
        self._telling: Final[set[asyncio.Task[None]]] = set()

    def tell(self, voice: bytes, contact: bytes, texts: tuple[str, str], now: float) -> bool:
        """Send a text to a contact unless it went to that voice within a day; waits for nothing.

        The second of the texts is for whom the channel cannot lock what goes to them.
        False where it went to too many others within the hour: it counts as not said.
        """
        self._forget(now)
        if voice in self._told:
            return True
        if len(self._hour) >= self._most:
            return False
        self._told[voice] = now
        self._hour.append(now)
        task = asyncio.create_task(self._send(voice, contact, texts, now))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)
        return True

    async def end(self) -> None:
        """Stop telling."""
        for task in list(self._telling):
            task.cancel()
        await asyncio.gather(*self._telling, return_exceptions=True)

    async def _send(self, voice: bytes, contact: bytes, texts: tuple[str, str], now: float) -> None:
        for pause in PAUSES:
            try:
                async with self._places:
                    await self._say(contact, texts)
            except Unreachable:
                await asyncio.sleep(pause)
            except CannotSend:
                # To whom nothing goes takes nobody's place: such senders are invented for nothing.
                with suppress(ValueError):
                    self._hour.remove(now)
                return
            except Exception as error:  # noqa: BLE001  (the edge of the world: its code is told)
                self._failed(error)
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
        while self._hour and self._hour[0] <= now - HOUR_SECONDS:
            self._hour.popleft()
        for voice, when in list(self._told.items()):
            if when <= now - DAY_SECONDS:
                del self._told[voice]
