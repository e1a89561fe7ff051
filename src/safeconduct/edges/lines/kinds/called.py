# SPDX-License-Identifier: AGPL-3.0-or-later
"""A kind that its server calls by HTTP: the calls in, ours out, and what the line has of them.

What the server calls with again brings nothing twice: that is known in memory alone.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterable
from contextlib import suppress
from typing import Final, Generic, TypeVar

from aiohttp import web

from safeconduct.edges.lines.web import Gate, Http, serving
from safeconduct.kernel.errors import Unreachable

Name = TypeVar("Name", bound=Hashable)
"""By what a message is known again."""
_HERE: Final = 0


class Called(Generic[Name]):
    """The two sides of HTTP, and the messages that came."""

    def __init__(self, *, remembers: int, body_most: int, seconds: float) -> None:
        """Know so many messages again; `seconds` is the patience with calls of ours."""
        self.http: Final = Http(seconds)
        self.gate: Final = Gate()
        self.turn: Final = asyncio.Lock()
        """Messages are taken one after another: two calls may bring the same."""
        self._seen: Final = OrderedDict[Name, int]()
        self._remembers: Final = remembers
        self._body_most: Final = body_most

    async def run(
        self,
        routes: Iterable[web.RouteDef],
        port: int,
        look: Callable[[], Awaitable[None]],
        every: float,
    ) -> None:
        """Let the server call, and look whether it is there: nobody may write for hours.

        Raises:
            Unreachable: another program has the port.
        """
        application = web.Application(client_max_size=self._body_most)
        application.add_routes(routes)
        async with self.http.opened(), serving(application, port):
            while True:
                with suppress(Unreachable):  # The line says so where it lasts.
                    await look()
                await asyncio.sleep(every)

    def has(self, name: Name) -> bool:
        """Tell whether the line has this message."""
        return self._seen.get(name) == _HERE

    def took(self, name: Name) -> None:
        """Note that the line has it."""
        self._note(name, _HERE)

    def failed(self, name: Name) -> int:
        """Note that it could not be had whole; return how often by now."""
        times = self._seen.get(name, 0) + 1
        self._note(name, times)
        return times

    def _note(self, name: Name, times: int) -> None:
        self._seen[name] = times
        self._seen.move_to_end(name)
        while len(self._seen) > self._remembers:
            self._seen.popitem(last=False)
