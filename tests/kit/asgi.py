# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ask an ASGI application without a server, with any bytes in any place."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

App = Callable[[Any, Any, Any], Awaitable[None]]


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes


@dataclass(frozen=True)
class Request:
    """What is asked; `parts` are the pieces in which the body arrives, None for a cut.

    `port` is the server's own, at which it came in.
    """

    method: str
    path: str
    query: bytes = b""
    headers: Sequence[tuple[bytes, bytes]] = ()
    parts: Sequence[bytes | None] = (b"",)
    port: int = 2

    @property
    def scope(self) -> dict[str, Any]:
        """The ASGI scope."""
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": self.path,
            "raw_path": self.path.encode("latin-1"),
            "query_string": self.query,
            "root_path": "",
            "headers": list(self.headers),
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", self.port),
            "state": {},
        }


async def ask_async(app: App, request: Request) -> Reply | None:
    """Return the reply, or None when the application answered nothing."""
    waiting = list(request.parts)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not waiting or waiting[0] is None:
            return {"type": "http.disconnect"}
        part = waiting.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(waiting)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(request.scope, receive, send)
    if not sent:
        return None
    start, *rest = sent
    body = b"".join(message["body"] for message in rest)
    return Reply(start["status"], dict(start["headers"]), body)


def ask(app: App, request: Request) -> Reply:
    """Return the reply that must come."""
    reply = asyncio.run(ask_async(app, request))
    assert reply is not None
    return reply
