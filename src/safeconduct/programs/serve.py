# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct serve`: relay and public page in one process, the counter in short-lived ones.

Everything is in one folder: `relay.db` and its key.  The page and the counter open as soon as an
office is founded, without a restart.  This process can open nothing: the counter's parent reads
no connection, and its children, which may open, are other processes.
"""

from __future__ import annotations

import argparse
import logging
import socket
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final, Self, cast

import uvicorn
from litestar import Litestar, asgi
from msgspec import structs

from safeconduct import host
from safeconduct.edges.counter.config import CounterConfig
from safeconduct.edges.counter.parent import CounterHandle, serve_counter
from safeconduct.edges.portal import portal_routes, portal_site
from safeconduct.edges.relay.store import RelayStore
from safeconduct.edges.relay.web import RelayWeb, relay_routes
from safeconduct.programs.doorway import MOST_FILES, Doorway, places, places_to_wait
from safeconduct.programs.settings import (
    ServeSettings,
    add_server,
    counter_url,
    portal_config,
    read_server,
)
from safeconduct.programs.wording import N_, say

if TYPE_CHECKING:
    from litestar.handlers import ASGIRouteHandler
    from litestar.types import Receive, Scope, Send

    from safeconduct.kernel.wire.bodies import OfficeCard

LOOK_SECONDS: Final = 0.25
RELAY_PATH: Final = b"/v1/"
KEEP_ALIVE_SECONDS: Final = 20
TICKS_A_LOOK: Final = 10  # uvicorn ticks ten times a second.
WIND_DOWN_SECONDS: Final = 5


def run(arguments: list[str]) -> int:
    """Serve until the process is asked to stop."""
    parser = argparse.ArgumentParser(prog="safeconduct serve", description=say(_PURPOSE))
    add_server(parser)
    settings = read_server(parser.parse_args(arguments))
    _log_only_codes()
    host.no_core_dumps()
    with Server(settings) as server:
        print(say("The server listens at {url}", url=server.url), flush=True)
        if server.store.first_office() is None:
            code = server.store.founding_code()
            print(say("No office is kept here yet.  To found one, type on a desk:"))
            print(f"  safeconduct init --relay {server.url}")
            print(say("It asks for this founding code, which founds one office:"))
            print(f"  {code}", flush=True)
            print(say("If the office stands and its old server is gone, type on a steward's desk:"))
            print(f"  safeconduct move found --relay {server.url}", flush=True)
        server.serve()
    return 0


class Server:
    """One server that is open; `serve` blocks until it is told to stop."""

    def __init__(self, settings: ServeSettings) -> None:
        """Open the store and the socket.

        Raises:
            OSError: the address cannot be bound.
            KeyIsMissing, MadeByNewer: the folder holds another server's or a newer file.
        """
        self._settings: Final = settings
        self._stack: Final = ExitStack()
        settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        most = places(host.room_for_files(MOST_FILES))
        doorway = Doorway(most)
        self._listener: Final = socket.create_server(settings.listen, backlog=most)
        self._stack.callback(self._listener.close)
        self.store: Final = self._stack.enter_context(RelayStore(settings.database))
        self.store.parts.bell.most = places_to_wait(most)
        self.counter: CounterHandle | None = None
        self._stopping: Final = threading.Event()
        config = uvicorn.Config(
            self._app(),
            http=cast("Any", doorway.protocol),
            ws="none",
            backlog=most,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=WIND_DOWN_SECONDS,
        )
        self._uvicorn: Final = _Uvicorn(config, self.store, doorway)

    @property
    def url(self) -> str:
        """Where the server listens."""
        name, port = self._listener.getsockname()[:2]
        return f"http://{name}:{port}"

    def serve(self) -> None:
        """Serve until a signal asks for the end, or `stop` does."""
        opening = threading.Thread(target=self._open_counter, name="counter-opening", daemon=True)
        opening.start()
        self._uvicorn.run(sockets=[self._listener])
        self._stopping.set()
        opening.join()

    def stop(self) -> None:
        """End `serve` from another thread."""
        self._uvicorn.should_exit = True

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close everything."""
        self._stopping.set()
        self._stack.close()

    def _app(self) -> Litestar:
        _, web = relay_routes(self.store)
        return Litestar(
            [self._door(web)],
            openapi_config=None,
            on_shutdown=[web.wind_down],
            logging_config=None,
        )

    def _door(self, relay: RelayWeb) -> ASGIRouteHandler:
        """Return the one mount: the relay's calls, and the page once an office is founded.

        One, because Litestar gives every path to a mount at the root before it looks at others.
        """
        opened: list[Litestar] = []

        @asgi("/", is_mount=True, copy_scope=True)
        async def door(scope: Scope, receive: Receive, send: Send) -> None:
            if scope.get("raw_path", b"").startswith(RELAY_PATH):
                await relay(scope, receive, send)
                return
            card = None if opened else self.store.first_office()
            if card is not None:
                opened.append(self._portal(card))
            if opened:
                await opened[0](scope, receive, send)
            else:
                await _not_open_yet(send)

        return door

    def _portal(self, card: OfficeCard) -> Litestar:
        config = portal_config(self._settings, card, counter_url(self._settings))
        return Litestar(
            portal_routes(portal_site(config)), openapi_config=None, logging_config=None
        )

    def _open_counter(self) -> None:
        """Open the counter as soon as an office is kept, unless it is switched off."""
        while self._settings.counter is not None and not self._stopping.is_set():
            card = self.store.first_office()
            if card is not None:
                self.counter = serve_counter(self._counter_config(card, self._settings.counter))
                self._stack.callback(self.counter.stop)
                return
            self._stopping.wait(LOOK_SECONDS)

    def _counter_config(self, card: OfficeCard, where: tuple[str, int]) -> CounterConfig:
        config = CounterConfig(
            office=card.office,
            intake_signing=card.intake_signing,
            relay=self.url,
            host=where[0],
            port=where[1],
            language=self._settings.language,
            portal_url=self._settings.page_url or self.url,
        )
        exit_url = self._settings.exit_url
        return structs.replace(config, exit_url=exit_url) if exit_url else config


class _Uvicorn(uvicorn.Server):
    """Answers the long polls first when it ends; else it would wait for them, then break them.

    And looks after the door while it runs.
    """

    def __init__(self, config: uvicorn.Config, store: RelayStore, doorway: Doorway) -> None:
        super().__init__(config)
        self._store: Final = store
        self._doorway: Final = doorway

    async def on_tick(self, counter: int) -> bool:
        if counter % TICKS_A_LOOK == 0:
            self._doorway.look()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._store.stop_waiting()
        await super().shutdown(sockets)


class _OnlyCodes(logging.Formatter):
    """Words a record by who wrote it and the kind of error; what others say may hold content."""

    def format(self, record: logging.LogRecord) -> str:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        said = record.getMessage() if record.name.startswith("safeconduct.") else ""
        return " ".join(filter(None, (record.name, said, kind)))


def _log_only_codes() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_OnlyCodes())
    logging.basicConfig(level=logging.ERROR, handlers=[handler])


async def _not_open_yet(send: Send) -> None:
    """Answer while no office is founded; says nothing about what this server is."""
    headers = [(b"retry-after", b"5"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


_PURPOSE: Final = N_(
    "Run the office's server: it keeps sealed bytes, shows the public page, and lets people "
    "without scripts write.  Put a web server with a certificate, or an onion service, before it."
)
