# SPDX-License-Identifier: AGPL-3.0-or-later
"""The relay's doors on HTTP: one ASGI application under `/v1` (docs/spec/relay.md).

Bodies are cut off at their call's limit while they are read, capabilities are checked before
that, and whatever happens is answered by a code of the table.  Nothing of a request is logged.
Plain ASGI below one Litestar mount, because a call costs a fraction of a routed one that way.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, cast
from urllib.parse import parse_qsl

from litestar import Litestar, asgi
from litestar.enums import ScopeType
from litestar.handlers import ASGIRouteHandler
from litestar.types import HTTPScope, Receive, Scope, Send

from safeconduct.edges.relay.calls import Call
from safeconduct.edges.relay.database import BUSY_SECONDS, PASSING
from safeconduct.edges.relay.entrances import FIRST
from safeconduct.edges.relay.openapi import MSGPACK, RAW, describe
from safeconduct.edges.relay.routes import ROUTES, Handler, LoopHandler, Route
from safeconduct.edges.relay.store import RelayStore
from safeconduct.kernel.errors import Defect, Malformed, SafeconductError
from safeconduct.kernel.wire.refusals import (
    STATUS,
    Busy,
    NotFound,
    TooLarge,
    UnknownOffice,
    on_the_wire,
    write_refusal,
)
from safeconduct.kernel.words import HASH_BYTES, OFFICE_ID_BYTES

LOGGER: Final = logging.getLogger("safeconduct.relay")
IDLE_SECONDS: Final = 60
READING_THREADS: Final = 16
PREFLIGHT_STATUS: Final = 204
DESCRIPTION: Final = "/v1/openapi.json"

_PARTS_WITH_OFFICE: Final = 4
_PLACE: Final = re.compile(r"0|[1-9][0-9]{0,5}")
_NOBODY: Final = b""
"""The id of no office."""
Headers = list[tuple[bytes, bytes]]
Entrance = Callable[[HTTPScope], int]
"""At which entrance of the server a request came in."""
_PREFLIGHT: Final[Headers] = [
    (b"access-control-allow-methods", b"GET, POST, PUT"),
    (b"access-control-allow-headers", b"authorization, content-type"),
    (b"access-control-max-age", b"86400"),
]
_STANDING: Final[Headers] = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]


class _GoneError(Exception):
    """The client went away while it sent; there is nobody to answer."""


class RelayWeb:
    """One relay as an ASGI application; `wind_down` ends its long polls and threads."""

    def __init__(self, store: RelayStore, entrance: Entrance = lambda _: FIRST) -> None:
        self._store: Final = store
        self._entrance: Final = entrance
        self._threads: Final = ThreadPoolExecutor(READING_THREADS, "relay-call")
        self._routes: Final = {(route.method, shape_of(route.path)): route for route in ROUTES}
        public = {shape_of(route.path) for route in ROUTES if route.audience == "public"}
        self._open_to_all: Final = public | {DESCRIPTION}
        self._description: Final = describe()

    def wind_down(self) -> None:
        """Answer long polls now and take no further calls."""
        self._store.stop_waiting()
        self._threads.shutdown(wait=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever it is."""
        if scope["type"] == ScopeType.WEBSOCKET:
            return
        path = scope["raw_path"].decode("latin-1")
        shape = shape_of(path)
        headers = list(_STANDING)
        if shape in self._open_to_all:
            headers.append((b"access-control-allow-origin", b"*"))
        try:
            status, media, body = await self._answer((path, shape), scope, receive)
        except _GoneError:
            return
        except SafeconductError as error:
            status, media, body = _refuse(error)
        except PASSING:
            status, media, body = _refuse(Busy(BUSY_SECONDS))
        except Exception:  # noqa: BLE001  (the edge loop: the code is all that may be told)
            LOGGER.error(Defect.code)  # noqa: TRY400  (a traceback could hold content)
            status, media, body = _refuse(Defect())
        if status == PREFLIGHT_STATUS:
            headers += _PREFLIGHT
        await _send(send, status, headers, (media, body))

    async def _answer(
        self, place: tuple[str, str], scope: HTTPScope, receive: Receive
    ) -> tuple[int, bytes, bytes]:
        path, shape = place
        method = scope["method"]
        if method == "OPTIONS" and shape in self._open_to_all:
            return PREFLIGHT_STATUS, b"", b""
        if method == "GET" and shape == DESCRIPTION:
            return 200, b"application/json", self._description
        route = self._routes.get((method, shape))
        if route is None:
            raise NotFound
        return 200, _media(route), await self._run(route, read_path(path), (scope, receive))

    async def _run(
        self,
        route: Route,
        named: tuple[bytes, tuple[bytes, ...], int],
        request: tuple[HTTPScope, Receive],
    ) -> bytes:
        """Check who asks, read the body, and run the call's handler."""
        scope, receive = request
        bearer, entrance = _bearer(scope), self._entrance(scope)
        office, names, place = named
        if not self._store.is_met(office, entrance):
            office = _NOBODY
        if route.audience == "desk":
            self._store.desk(office, bearer)
        body = await _read_body(scope, receive, route.largest)
        called = (office, names, place, _query(route, scope))
        call = Call(self._store, entrance, *called, bearer, body)
        if route.in_loop:
            return await cast("LoopHandler", route.handler)(call)
        loop = asyncio.get_running_loop()
        handler = cast("Handler", route.handler)
        return await loop.run_in_executor(self._threads, handler, call)


def relay_routes(store: RelayStore) -> tuple[ASGIRouteHandler, RelayWeb]:
    """Return the mount for a Litestar application, and what to wind down when it ends."""
    web = RelayWeb(store)

    @asgi("/v1", is_mount=True, copy_scope=False)
    async def relay(scope: Scope, receive: Receive, send: Send) -> None:
        await web(scope, receive, send)

    return relay, web


def relay_app(store: RelayStore) -> Litestar:
    """Return an application that is the relay alone; it does not close the store."""
    mount, web = relay_routes(store)
    return Litestar([mount], openapi_config=None, on_shutdown=[web.wind_down], logging_config=None)


def shape_of(path: str) -> str:
    """Return the shape that a path is matched by: `/v1/*/blobs/*/*`, `/v1/health`."""
    parts = path.split("/")
    if len(parts) < _PARTS_WITH_OFFICE:
        return path
    return "/".join((parts[0], parts[1], "*", parts[3], *("*" for _ in parts[4:])))


def read_path(path: str) -> tuple[bytes, tuple[bytes, ...], int]:
    """Return the office, the hashes or ids and the number that a path names.

    Raises:
        UnknownOffice, NotFound: they are not written as the spec says.
    """
    _, _, *rest = path.split("/")
    if len(rest) == 1:
        return b"", (), 0
    office, _, *names = rest
    if not _is_hex(office, OFFICE_ID_BYTES):
        raise UnknownOffice
    if not names:
        return bytes.fromhex(office), (), 0
    name, *numbers = names
    place = numbers[0] if numbers else "0"
    if not _is_hex(name, HASH_BYTES) or not _PLACE.fullmatch(place):
        raise NotFound
    return bytes.fromhex(office), (bytes.fromhex(name),), int(place)


def _is_hex(text: str, count: int) -> bool:
    return len(text) == 2 * count and all(letter in "0123456789abcdef" for letter in text)


def _bearer(scope: HTTPScope) -> bytes | None:
    """Return the token that the request carries; one that is not hex is as good as none."""
    for name, value in scope["headers"]:
        if name == b"authorization" and value[:7].lower() == b"bearer ":
            try:
                return bytes.fromhex(value[7:].decode("ascii"))
            except ValueError:
                return None
    return None


def _query(route: Route, scope: HTTPScope) -> dict[str, str]:
    """Return the query; a name that the call does not know, or has twice, is refused."""
    raw = scope["query_string"]
    if not raw:
        return {}
    try:
        pairs = parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, strict_parsing=True, max_num_fields=8
        )
    except ValueError:
        raise Malformed("query") from None
    query = dict(pairs)
    if len(query) != len(pairs) or not query.keys() <= set(route.query):
        raise Malformed("query")
    return query


async def _read_body(scope: HTTPScope, receive: Receive, largest: int) -> bytes:
    """Return the whole body.

    Raises:
        TooLarge: it is beyond the limit, or says so.
        Busy: nothing came for a minute.
    """
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > largest:
            raise TooLarge(largest)
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        try:
            async with asyncio.timeout(IDLE_SECONDS):
                message = await receive()
        except TimeoutError:
            raise Busy(BUSY_SECONDS) from None
        if message["type"] != "http.request":
            raise _GoneError
        parts.append(message["body"])
        size += len(parts[-1])
        if size > largest:
            raise TooLarge(largest)
        more = message["more_body"]
    return b"".join(parts)


def _media(route: Route) -> bytes:
    return (RAW if route.answers is bytes else MSGPACK).encode()


def _refuse(error: SafeconductError) -> tuple[int, bytes, bytes]:
    return STATUS[on_the_wire(error).code], MSGPACK.encode(), write_refusal(error)


async def _send(send: Send, status: int, headers: Headers, answer: tuple[bytes, bytes]) -> None:
    media, body = answer
    if media:
        headers += [(b"content-type", media), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
