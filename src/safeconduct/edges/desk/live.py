# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telling open pages at once that something changed: one waiting thread, any number of pages.

Only the fact of a change travels; a page then fetches its own parts again.
"""

from __future__ import annotations

import asyncio
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from safeconduct.edges.desk.api import DeskApi

CHANGE: Final = b"event: change\ndata: 1\n\n"
NOTICE: Final = b"event: notice\ndata: 1\n\n"
LOCKED: Final = b"event: locked\ndata: 1\n\n"
HELLO: Final = b"retry: 1000\n\n"
STILL_HERE: Final = b": .\n\n"
WAIT: Final = 5.0
GATHER: Final = 0.25
"""Seconds after a change in which others are gathered: catching up must not flood a page."""
KEEP_ALIVE: Final = 15.0


class Live:
    """The open pages of a desk."""

    def __init__(self) -> None:
        """Begin with no page and no engine."""
        self._pages: dict[asyncio.Queue[bytes], asyncio.AbstractEventLoop] = {}
        self._lock = Lock()
        self._over = False

    def follow(self, desk: DeskApi) -> None:
        """Tell pages of every change of this engine, until `end`."""
        Thread(target=self._follow, args=(desk,), name="live", daemon=True).start()

    def tell(self, event: bytes) -> None:
        """Send an event to every open page; from any thread."""
        with self._lock:
            for page, loop in self._pages.items():
                # A page whose loop has ended is a page that is gone.
                if not loop.is_closed():
                    loop.call_soon_threadsafe(page.put_nowait, event)

    def end(self) -> None:
        """Tell every page that the desk is locked, and end their streams."""
        self._over = True
        self.tell(LOCKED)

    async def events(self) -> AsyncIterator[bytes]:
        """Yield what one page is told, for as long as it listens."""
        page: asyncio.Queue[bytes] = asyncio.Queue()
        with self._lock:
            self._pages[page] = asyncio.get_running_loop()
        try:
            yield HELLO
            while not self._over or not page.empty():
                event = await _next(page)
                yield event
                if event == CHANGE:
                    await _gather(page)
        finally:
            with self._lock:
                del self._pages[page]

    def _follow(self, desk: DeskApi) -> None:
        seen = desk.changes()
        while not self._over:
            now = desk.wait_for_change(seen, WAIT)
            if now != seen:
                seen = now
                self.tell(CHANGE)


async def _next(page: asyncio.Queue[bytes]) -> bytes:
    try:
        return await asyncio.wait_for(page.get(), KEEP_ALIVE)
    except TimeoutError:
        return STILL_HERE


async def _gather(page: asyncio.Queue[bytes]) -> None:
    """Rest after a change, and keep of what came meanwhile each kind once."""
    await asyncio.sleep(GATHER)
    came = dict.fromkeys(page.get_nowait() for _ in range(page.qsize()))
    for event in came:
        page.put_nowait(event)
