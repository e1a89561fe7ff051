# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every request must pass before any view sees it, and what every answer carries.

Pages of other sites reach 127.0.0.1 too: by a name that they point at it (refused by Host), by a
form or a script (refused by Origin and Sec-Fetch-Site, and again by the form's token), by another
program's port on this machine (its cookies are shared, so it counts as another site).
Fails closed; the refusal says nothing about the desk.
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Final

from litestar.datastructures import Headers
from litestar.enums import ScopeType

from safeconduct.edges.desk.headers import HEADERS, headers_of

if TYPE_CHECKING:
    from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

    from safeconduct.edges.desk.session import Session

OPENING: Final = "/open"
STATIC: Final = "/static/"
LIVE: Final = "/live"
CONNECTS: Final = "connects"
"""Where a view leaves the address to which its page may connect beside our own."""
READING: Final = frozenset({"GET", "HEAD"})
OWN_SITE: Final = frozenset({"same-origin", "none", ""})
ADDRESSED_WRONGLY: Final = 421
FORBIDDEN: Final = 403


class Gate:
    """Stands around the whole application, so that errors and unknown paths pass it too."""

    def __init__(self, app: ASGIApp, session: Session, host: str) -> None:
        """Let only requests for `host` (address and port) through to `app`."""
        self._app = app
        self._session = session
        self._host = host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request or pass it on."""
        if scope["type"] != ScopeType.HTTP:
            return
        status = self._refusal(scope)
        if status:
            await _refuse(send, status)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                connects = scope["state"].get(CONNECTS, "")
                message["headers"] = [*message["headers"], *headers_of(scope["path"], connects)]
            await send(message)

        await self._app(scope, receive, send_guarded)

    def _refusal(self, scope: HTTPScope) -> int:
        headers = Headers.from_scope(scope)
        if headers.getall("host", []) != [self._host]:
            return ADDRESSED_WRONGLY
        reading, path = scope["method"] in READING, scope["path"]
        if reading and path == OPENING:
            return 0
        if headers.get("sec-fetch-site", "") not in OWN_SITE:
            return FORBIDDEN
        if not reading and headers.get("origin", "") != f"http://{self._host}":
            return FORBIDDEN
        if reading and path.startswith(STATIC):
            return 0
        known = self._session.knows(_cookie(headers, cookie_name(self._host)))
        scope["state"]["known"] = known
        return 0 if known or reading else FORBIDDEN


def cookie_name(host: str) -> str:
    """Name the cookie after the port, because browsers share cookies between ports."""
    return f"desk_{host.rpartition(':')[2]}"


def _cookie(headers: Headers, name: str) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


async def _refuse(send: Send, status: int) -> None:
    plain = (b"content-type", b"text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": [plain, *HEADERS]})
    await send({"type": "http.response.body", "body": b"Refused.\n", "more_body": False})
