# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk's pages on a port of their own, for a browser that a test drives.

The pages and their server are the real ones; behind them stands the engine's honest twin, so that
a test can let a colleague, a stranger or the network do what it needs at the right moment.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from typing import Final

import uvicorn
from playwright.sync_api import ConsoleMessage, Page

from safeconduct.edges.desk.app import LAST_PAGE, Settings, desk_app, link_of
from safeconduct.edges.desk.browser import Window
from safeconduct.edges.desk.visit import Front
from safeconduct.kernel.words import ConversationId
from tests.kit.desk_twin import TwinDesk
from tests.kit.patience import PATIENCE
from tests.kit.rehearsal import rehearsal_desk

REPLACED: Final = ("htmx:sendAbort", "htmx:afterRequest")
FETCHED: Final = (
    "performance.getEntriesByType('resource').some(entry => entry.name.includes('/head?'))"
)
FOCUSED: Final = "document.activeElement.id"


@dataclass
class Served:
    """One desk on a port of its own, and what its browser complained about."""

    desk: TwinDesk
    talks: dict[str, ConversationId]
    settings: Settings
    front: Front
    complaints: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The desk's origin."""
        return f"http://127.0.0.1:{self.settings.port}"

    def path(self, name: str) -> str:
        """The address of a conversation."""
        return f"{self.url}/hotline/{self.talks[name].hex()}"

    def watch(self, page: Page) -> Page:
        """Note every error of a page: a refused style or script is one."""
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        # htmx calls it an error that a newer fetch of the same part replaced an older one.
        if message.type == "error" and not message.text.startswith(REPLACED):
            self.complaints.append(message.text)


@contextmanager
def served_desk(
    night: Callable[[], tuple[TwinDesk, dict[str, ConversationId]]] = rehearsal_desk,
) -> Iterator[Served]:
    """Serve the rehearsal desk, or another night's, until the test is done with it."""
    desk, talks = night()
    with socket.create_server(("127.0.0.1", 0)) as door:
        server: uvicorn.Server

        def leave() -> None:
            app.state.front.live.end()
            threading.Timer(LAST_PAGE, stop).start()

        def stop() -> None:
            server.should_exit = True

        settings = Settings(port=door.getsockname()[1], lock=leave, zone=UTC)
        app = desk_app(lambda _: desk, settings)
        server = uvicorn.Server(
            uvicorn.Config(
                app, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=1
            )
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        try:
            yield Served(desk, talks, settings, app.state.front)
        finally:
            app.state.front.live.end()
            stop()
            thread.join(10)


def enter(page: Page, served: Served) -> None:
    """Open the link and unlock."""
    page.goto(link_of(served.settings))
    page.wait_for_url("**/unlock")
    page.fill("#passphrase", "any")
    page.click(".door .main")
    page.wait_for_url("**/today")


def unlock(page: Page, link: str, passphrase: str) -> None:
    """Open a desk by its one-time link."""
    page.goto(link)
    page.wait_for_url("**/unlock")
    page.fill("#passphrase", passphrase)
    page.press("#passphrase", "Enter")
    page.wait_for_url("**/today")


def escape_twice(page: Page) -> None:
    """Press Escape twice at one time of the browser's clock, which no slow machine stretches."""
    keys, now = page.context.new_cdp_session(page), time.time()
    escape = {"key": "Escape", "code": "Escape", "windowsVirtualKeyCode": 27, "timestamp": now}
    for kind in ("rawKeyDown", "keyUp", "rawKeyDown", "keyUp"):
        keys.send("Input.dispatchKeyEvent", {"type": kind, **escape})


def listening(page: Page) -> None:
    """Wait until the page hears of changes: it fetches its parts once when it begins to."""
    until = time.monotonic() + PATIENCE
    while not page.evaluate(FETCHED):
        assert time.monotonic() < until, "the page never listened"
        page.wait_for_timeout(50)


def port_of(window: Window) -> int:
    """Where a window that was opened for it listens to a test."""
    said = window.folder / "profile" / "DevToolsActivePort"
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        lines = said.read_text(encoding="ascii").split() if said.exists() else []
        if lines:
            return int(lines[0])
        time.sleep(0.05)
    message = "the window never opened"
    raise AssertionError(message)
