# SPDX-License-Identifier: AGPL-3.0-or-later
"""Drafts are kept in the order in which they came, and before the page that shows them is made.

A page that somebody leaves sends what was just typed, and the next page is asked for in the same
moment on another connection.  Without this it could show, and then keep, an older draft.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from litestar.types import ASGIApp, Receive, Scope, Send

SETTLES: Final = 0.02
"""Seconds in which what a page sent on leaving is heard of on its own connection."""
WAITS: Final = 1.0
"""Seconds after which a page is shown without it, come what may."""
_NAVIGATES: Final = (b"sec-fetch-mode", b"navigate")


class InTurn:
    """The application, with drafts one after the other and pages of conversations behind them."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application."""
        self._app: Final = app
        self._turn: Final = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on when it is its turn."""
        if scope["path"].endswith("/draft"):
            async with self._turn:
                await self._app(scope, receive, send)
            return
        if _opens_conversation(scope):
            await asyncio.sleep(SETTLES)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(WAITS), self._turn:
                    pass
        await self._app(scope, receive, send)


def _opens_conversation(scope: Scope) -> bool:
    return scope["path"].startswith("/hotline/") and _NAVIGATES in scope["headers"]
