# SPDX-License-Identifier: AGPL-3.0-or-later
"""One window of a desk, as a person and as an attacker uses it."""

from __future__ import annotations

from datetime import tzinfo
from typing import Final

from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from safeconduct.edges.desk.api import DeskApi
from safeconduct.edges.desk.app import Settings, desk_app, link_of
from safeconduct.edges.desk.hands import Hands
from safeconduct.edges.desk.session import Session
from safeconduct.host import Swap
from safeconduct.kernel.errors import WrongPassphrase
from safeconduct.kernel.words import ConversationId
from tests.kit.desk_twin import TwinDesk
from tests.kit.pages import Page, PageClient

PORT: Final = 4321
ORIGIN: Final = f"http://127.0.0.1:{PORT}"
PASSPHRASE: Final = "seven quiet herons"


class Seconds:
    """A stopwatch that a test moves."""

    def __init__(self) -> None:
        """Begin at some moment."""
        self.now = 1000.0

    def __call__(self) -> float:
        """Read it."""
        return self.now


class Window:
    """The desk, its twin, and the client that checks every page."""

    def __init__(
        self,
        desk: TwinDesk,
        talks: dict[str, ConversationId],
        seconds: Seconds,
        zone: tzinfo | None,
        swap: Swap = Swap.NONE,
    ) -> None:
        """Set the application up; `use` gives it a client."""
        self.desk = desk
        self.talks = talks
        self.seconds = seconds
        self.tries: list[str] = []
        self.locked = 0
        self.hands = Hands(seconds, seconds)
        session = Session(seconds)
        self.settings = Settings(
            port=PORT,
            session=session,
            lock=self._lock,
            swap=swap,
            zone=zone,
            clock=seconds,
            hands=self.hands,
        )
        self.app: Litestar = desk_app(self._open, self.settings)
        self.client: TestClient[Litestar]
        self.pages: PageClient

    @property
    def link(self) -> str:
        """The one-time link, without its origin."""
        return link_of(self.settings).removeprefix(ORIGIN)

    def use(self, client: TestClient[Litestar]) -> None:
        """Open the link with a client."""
        self.client = client
        self.pages = PageClient(client, ORIGIN)
        self.pages.get(self.link)

    def unlock(self) -> Page:
        """Give the right passphrase."""
        page = self.pages.get("/unlock")
        return self.pages.send(page.form("/passphrase"), passphrase=PASSPHRASE)

    def path(self, name: str) -> str:
        """Where a conversation is."""
        return f"/hotline/{self.talks[name].hex()}"

    def post(self, path: str, fields: dict[str, str] | None = None, /, **headers: str) -> Response:
        """Post as our own page would, unless a header says otherwise."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        token = {"csrf": self.settings.session.form_token}
        return self.client.post(
            path,
            data=token | (fields or {}),
            headers={"Origin": ORIGIN} | named,
            follow_redirects=False,
        )

    def _open(self, passphrase: str) -> DeskApi:
        self.tries.append(passphrase)
        if passphrase != PASSPHRASE:
            raise WrongPassphrase
        return self.desk

    def _lock(self) -> None:
        self.locked += 1
