# SPDX-License-Identifier: AGPL-3.0-or-later
"""The telephone as a kind of line: its settings, its list of who is on duty, and its engine.

It is begun anew by the runner when Asterisk goes; letters that are on their way outlive that.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Mapping
from functools import partial
from typing import Final

from safeconduct.edges.lines.channel import CannotSend, Channel, Departing, Kept, Line
from safeconduct.edges.lines.phone.ari import Where, signed_in
from safeconduct.edges.lines.phone.back_calls import BackCall
from safeconduct.edges.lines.phone.backs import CONTACT_BYTES, Backs
from safeconduct.edges.lines.phone.call_letters import CallLetters
from safeconduct.edges.lines.phone.delivery import Deliveries
from safeconduct.edges.lines.phone.duty import KEPT_AS, Operator, parse_duty
from safeconduct.edges.lines.phone.engine import Engine
from safeconduct.edges.lines.phone.exchange import Exchange
from safeconduct.edges.lines.phone.settings import ASKS, exchange_of
from safeconduct.edges.lines.phone.setup import Setup
from safeconduct.edges.lines.phone.spoken import listen
from safeconduct.edges.lines.post import OsRng
from safeconduct.kernel.errors import CannotOpen, Malformed, Unreachable, Untrusted
from safeconduct.rooms.hotline.by_line import Kind
from safeconduct.rooms.hotline.calling_back import order_of

__all__ = ["ASKS", "Telephone", "channel", "on_duty"]

LOOPBACK: Final = "127.0.0.1"
LETTERS_SECONDS: Final = 10.0
"""How long a line that is stopped goes on delivering letters."""


def channel(settings: Mapping[str, str], kept: Kept) -> Channel:
    """Return the telephone; it connects to nothing before `run`.

    Raises:
        BadSetting: a setting cannot stand, or ARI has no password yet.
    """
    return Telephone(exchange_of(settings), kept)


def on_duty(exchange: Exchange, kept: Kept) -> tuple[Operator, ...]:
    """Return who answers; while no list was kept, every telephone is on duty for all languages.

    Raises:
        CannotOpen, Malformed, NotCanonical, UnknownVersion, TwoOfOneName: the list was changed.
    """
    listed = kept.load(KEPT_AS)
    if listed is not None:
        return parse_duty(listed)
    names = (one.name for one in exchange.operators)
    return tuple(
        Operator(name, exchange.languages, f"PJSIP/{name}", on_duty=True) for name in names
    )


def screens_of(exchange: Exchange) -> frozenset[str]:
    """Return the endpoints of those who answer in the desk's browser."""
    return frozenset(f"PJSIP/{one.name}" for one in exchange.operators if one.way == "browser")


class Telephone:
    """One Asterisk; what `channel.Channel` asks for."""

    def __init__(self, exchange: Exchange, kept: Kept) -> None:
        """Take calls of the Asterisk that is set up so."""
        self.kind: Kind = "phone"
        self._exchange: Final = exchange
        self._kept: Final = kept
        self._letters: Final = CallLetters()
        self._messages: Final = Deliveries()
        self._last: tuple[Operator, ...] = ()
        self._backs: Final = Backs(kept, OsRng(), time.time)
        self._called: Final[set[bytes]] = set()
        self._engine: Engine | None = None

    async def run(self, line: Line) -> None:
        """Take calls until cancelled.

        Raises:
            Unreachable: Asterisk is gone, or does not answer.
        """
        ari = self._exchange.ari
        where = Where(f"http://{LOOPBACK}:{ari.port}/ari", ari.user, ari.password)
        setup = Setup(
            prompts=self._exchange.folders.prompts,
            languages=self._exchange.languages,
            duty=self._duty,
            clock=time.monotonic,
            fresh=lambda: secrets.token_bytes(16),
            seal=self._backs.seal,
            identity=self._exchange.identity,
            screens=screens_of(self._exchange),
        )
        boxes = listen(LOOPBACK, 0, line, self._messages)
        try:
            async with boxes as spoken, signed_in(where) as asterisk:
                self._engine = Engine(line, spoken, self._letters, setup)
                await self._engine.run(asterisk)
        except asyncio.CancelledError:
            ending = (self._letters, self._messages)
            await asyncio.gather(*(each.end(LETTERS_SECONDS) for each in ending))
            raise
        finally:
            self._engine = None

    async def send(self, contact: bytes, out: Departing) -> None:
        """Call somebody back who asked for it: by telephone goes nothing else.

        Raises:
            Unreachable: Asterisk is away.
            CannotSend: nobody asked, it is too late, or they were called.
        """
        order = order_of(out.extras)
        if order is None or order.until < time.time() * 1000 or contact in self._called:
            raise CannotSend
        if self._engine is None:
            raise Unreachable
        try:
            whom, number = await asyncio.to_thread(self._backs.open, contact)
        except (CannotOpen, Malformed):
            raise CannotSend from None
        untried = partial(self._called.discard, contact)
        self._engine.call_back(BackCall(whom, number, contact[CONTACT_BYTES:], order, untried))
        self._called.add(contact)

    def _duty(self) -> tuple[Operator, ...]:
        """Read the list; one that was spoilt leaves those on duty who were."""
        self._backs.tidy()
        try:
            self._last = on_duty(self._exchange, self._kept)
        except Untrusted:
            if not self._last:
                raise
        return self._last
