# SPDX-License-Identifier: AGPL-3.0-or-later
"""The telephone as a kind of line: its settings, its list of who is on duty, and its engine.

It is begun anew by the runner when Asterisk goes; letters that are on their way outlive that.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Mapping
from typing import Final

from safeconduct.edges.lines.channel import CannotSend, Channel, Departing, Kept, Line
from safeconduct.edges.lines.phone.ari import Where, signed_in
from safeconduct.edges.lines.phone.call_letters import CallLetters
from safeconduct.edges.lines.phone.delivery import Deliveries
from safeconduct.edges.lines.phone.duty import KEPT_AS, Operator, parse_duty
from safeconduct.edges.lines.phone.engine import Engine
from safeconduct.edges.lines.phone.exchange import Exchange
from safeconduct.edges.lines.phone.settings import ASKS, exchange_of
from safeconduct.edges.lines.phone.setup import Setup
from safeconduct.edges.lines.phone.spoken import listen
from safeconduct.kernel.errors import Untrusted
from safeconduct.rooms.hotline.by_line import Kind

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
            screens=screens_of(self._exchange),
        )
        boxes = listen(LOOPBACK, 0, line, self._messages)
        try:
            async with boxes as spoken, signed_in(where) as asterisk:
                await Engine(line, spoken, self._letters, setup).run(asterisk)
        except asyncio.CancelledError:
            ending = (self._letters, self._messages)
            await asyncio.gather(*(each.end(LETTERS_SECONDS) for each in ending))
            raise

    async def send(self, contact: bytes, out: Departing) -> None:
        """Send nothing: by telephone goes nothing but a call.

        Raises:
            CannotSend: always.
        """
        del contact, out
        raise CannotSend

    def _duty(self) -> tuple[Operator, ...]:
        """Read the list; one that was spoilt leaves those on duty who were."""
        try:
            self._last = on_duty(self._exchange, self._kept)
        except Untrusted:
            if not self._last:
                raise
        return self._last
