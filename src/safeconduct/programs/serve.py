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
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, Final, Self, cast

import uvicorn
from litestar import Litestar, asgi
from msgspec import structs

from safeconduct import host
from safeconduct.edges.counter.config import CounterConfig
from safeconduct.edges.counter.parent import CounterHandle, serve_counter
from safeconduct.edges.portal import portal_routes, portal_site
from safeconduct.edges.relay.calling import Pager
from safeconduct.edges.relay.entrances import FIRST
from safeconduct.edges.relay.store import RelayStore
from safeconduct.edges.relay.web import RelayWeb
from safeconduct.programs.doorway import MOST_FILES, Doorway, places, places_to_wait
from safeconduct.programs.onion import COUNTER, PAGE
from safeconduct.programs.settings import (
    ServeSettings,
    add_server,
    counter_url,
    met_at,
    onion_hint,
    page_url,
    portal_config,
    read_server,
    shown_at,
)
from safeconduct.programs.tor import Tor, show_onion
from safeconduct.programs.wording import N_, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from litestar.handlers import ASGIRouteHandler
    from litestar.types import Receive, Scope, Send

    from safeconduct.kernel.wire.bodies import OfficeCard

LOOK_SECONDS: Final = 0.25
FOR_TOR: Final = ("127.0.0.1", 0)
RELAY_PATH: Final = b"/v1/"
KEEP_ALIVE_SECONDS: Final = 20
TICKS_A_LOOK: Final = 10  # uvicorn ticks ten times a second.
WIND_DOWN_SECONDS: Final = 5


def run(arguments: list[str]) -> int:
    """Serve until the process is asked to stop."""
    parser = argparse.ArgumentParser(
        prog="safeconduct serve", description=say(_PURPOSE), epilog=say(_OFFICE_THAT_STANDS)
    )
    add_server(parser)
    if any(argument.partition("=")[0] == "--from-desk" for argument in arguments):
        parser.error(say(_NOT_FROM_A_DESK))  # Whatever else is wrong: this is what was meant.
    settings = read_server(parser.parse_args(arguments))
    if settings.partner and settings.partner[1] == settings.listen[1]:
        parser.error(say("The partner's office needs a port of its own."))
    _log_only_codes()
    host.no_core_dumps()
    if not settings.onion:
        return _serve(settings)
    host.unwind_when_asked_to_end()  # Else SIGTERM would leave tor behind for a while.
    with suppress(KeyboardInterrupt):
        _serve(settings)
    return 0


def _serve(settings: ServeSettings) -> int:
    with Server(settings) as server:
        if server.tor is not None:
            show_onion(server.tor)
        for entrance, url in enumerate(server.urls):
            print(say(_AT_PARTNERS if entrance else _AT, url=url), flush=True)
            if server.store.first_office(entrance) is None:
                _show_code(url, server.store.founding_code(entrance))
        server.serve()
    return 0


def _show_code(url: str, code: str | None) -> None:
    """Say how an office is founded at an entrance that has none yet."""
    print(say("No office is kept here yet.  To found one, type on a desk:"))
    print(f"  safeconduct init --relay {url}")
    print(say("It asks for this founding code, which founds one office:"))
    print(f"  {code}", flush=True)
    print(say("If the office stands and its old server is gone, type on a steward's desk:"))
    print(f"  safeconduct move found --relay {url}", flush=True)


class Server:
    """One server that is open; `serve` blocks until it is told to stop."""

    def __init__(self, settings: ServeSettings) -> None:
        """Open the store and the socket.

        Raises:
            OSError: the address cannot be bound.
            NoTor, TorRefuses, OnionDiffers: there is no onion service with this tor or folder.
            KeyIsMissing, MadeByNewer: the folder holds another server's or a newer file.
        """
        self._stack: Final = ExitStack()
        settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        most = places(host.room_for_files(MOST_FILES))
        doorway = Doorway(most)
        self._listeners: Final[list[socket.socket]] = []
        # The last is for tor alone, which is told its port.
        for where in settings.entrances + [FOR_TOR] * settings.onion:
            listener = socket.create_server(where, backlog=most)
            self._stack.callback(listener.close)
            self._listeners.append(listener)
        self.store: Final = self._stack.enter_context(RelayStore(settings.database))
        if settings.pager:
            self.store.call_by(Pager(settings.pager))
        self.tor: Final = self._tor(settings) if settings.onion else None
        self._settings: Final = met_at(settings, self.tor.onion) if self.tor else settings
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
        """Where the server listens, at its first entrance."""
        return self.urls[0]

    @property
    def urls(self) -> list[str]:
        """Where the server listens, entrance by entrance."""
        listeners = self._listeners[: len(self._settings.entrances)]
        names = [listener.getsockname()[:2] for listener in listeners]
        return [f"http://{name}:{port}" for name, port in names]

    def serve(self) -> None:
        """Serve until a signal asks for the end, or `stop` does."""
        opening = threading.Thread(target=self._open_counter, name="counter-opening", daemon=True)
        opening.start()
        self._uvicorn.run(sockets=self._listeners)
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

    def _tor(self, settings: ServeSettings) -> Tor:
        """Start tor for the page's socket and, unless it is switched off, the counter's."""
        targets = {PAGE: self._listeners[-1].getsockname()[:2]}
        if settings.counter is not None:
            targets[COUNTER] = settings.counter
        return self._stack.enter_context(Tor(settings.onion_folder, targets))

    def _app(self) -> Litestar:
        ports = [listener.getsockname()[1] for listener in self._listeners]

        def socket_of(scope: Scope) -> int:
            """Return by which of our sockets a request came; a port is a socket's own."""
            here = scope.get("server")
            return ports.index(here[1]) if here and here[1] in ports else FIRST

        web = RelayWeb(self.store, lambda scope: self._entrance(socket_of(scope)))
        return Litestar(
            [self._door(web, socket_of)],
            openapi_config=None,
            on_shutdown=[web.wind_down],
            logging_config=None,
        )

    def _entrance(self, place: int) -> int:
        """Return the entrance that a socket is; by tor people come to the first office."""
        return place if place < len(self._settings.entrances) else FIRST

    def _door(self, relay: RelayWeb, socket_of: Callable[[Scope], int]) -> ASGIRouteHandler:
        """Return the one mount: the relay's calls, and each socket's page once it has an office.

        One, because Litestar gives every path to a mount at the root before it looks at others.
        """
        opened: dict[int, Litestar] = {}

        @asgi("/", is_mount=True, copy_scope=True)
        async def door(scope: Scope, receive: Receive, send: Send) -> None:
            if scope.get("raw_path", b"").startswith(RELAY_PATH):
                await relay(scope, receive, send)
                return
            here = socket_of(scope)
            card = None if here in opened else self.store.first_office(self._entrance(here))
            if card is not None:
                opened[here] = self._portal(card, here)
            if here in opened:
                await opened[here](scope, receive, send)
            else:
                await _not_open_yet(send)

        return door

    def _portal(self, card: OfficeCard, place: int) -> Litestar:
        entrance = self._entrance(place)
        settings, by_tor = shown_at(self._settings, entrance), place != entrance
        counter = counter_url(settings, entrance, over_onion=by_tor)
        site = portal_site(portal_config(settings, card, counter))
        routes = portal_routes(site, None if by_tor else onion_hint(settings))
        return Litestar(routes, openapi_config=None, logging_config=None)

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
            languages=self._settings.languages,
            portal_url=page_url(self._settings) or self.url,
            onion_portal_url=self._settings.onions.page if self._settings.onions else "",
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


_AT: Final = N_("The server listens at {url}")
_AT_PARTNERS: Final = N_("The partner's office is reached at {url}")
_PURPOSE: Final = N_(
    "Run the office's server: it keeps sealed bytes, shows the public page, and lets people "
    "without scripts write.  Put a web server with a certificate, or an onion service, before it."
)
_OFFICE_THAT_STANDS: Final = N_(
    "If an office's server is gone: start an empty one with this program, and then type on a "
    "closed steward's desk `safeconduct move found`.  A desk's keys never go to a server."
)
_NOT_FROM_A_DESK: Final = N_(
    "A server is never started from a desk: the desk's keys would lie on it.  Start an empty "
    "server here, without this option; it prints a founding code.  Then close a steward's desk "
    "and type there:  safeconduct move found --relay ADDRESS  (the whole way stands in "
    "docs/guide/server-gone.md).  Nothing was started or changed."
)
