# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real submission server on loopback (aiosmtpd), which hands everything to Dovecot's LMTP.

It asks for a password, speaks TLS on one port and none on another, and remembers every mail as
the people who run a mail server see it.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.kit.patience import PATIENCE
from tests.lines.kit.imap import PASSWORD, Imap, free_port


@dataclass
class Seen:
    """One mail as the server saw it."""

    sender: str
    to: tuple[str, ...]
    content: bytes


@dataclass
class Smtp:
    """Where it listens, and what went through it."""

    imap: Imap
    plain: int = field(default_factory=free_port)
    tls: int = field(default_factory=free_port)
    seen: list[Seen] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    """Nobody can write to these."""
    _running: list[Any] = field(default_factory=list)

    async def handle_RCPT(self, *args: Any) -> str:  # noqa: ANN401, N802  (aiosmtpd)
        """Refuse who is not there, else note the recipient."""
        session, envelope, address = args[1], args[2], args[3]
        if not session.authenticated:
            return "530 say who you are"
        if address in self.refuses:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, *args: Any) -> str:  # noqa: ANN401, N802  (aiosmtpd)
        """Remember it, and hand it on."""
        envelope = args[2]
        sender, to = envelope.mail_from or "", tuple(envelope.rcpt_tos)
        self.seen.append(Seen(sender, to, bytes(envelope.content)))
        await asyncio.to_thread(self.deliver, sender, to, bytes(envelope.content))
        return "250 OK"

    def deliver(self, sender: str, to: tuple[str, ...], content: bytes) -> None:
        """Lay a mail into mailboxes, as one that came from another server."""
        for one in to:  # Python's client loses count of the answers to several.
            self._lay(sender, one, content)

    def _lay(self, sender: str, to: str, content: bytes) -> None:
        """Lay one mail into a mailbox, as often as it takes: Dovecot may be starting."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                with smtplib.LMTP("127.0.0.1", self.imap.lmtp) as lmtp:
                    lmtp.sendmail(sender, to, content)
            except (OSError, smtplib.SMTPException):
                assert time.monotonic() < end, "dovecot takes no mail"
                time.sleep(0.2)
            else:
                return

    def start(self) -> None:
        """Start it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.imap.at / "tls.crt", self.imap.at / "tls.key")
        common: dict[str, Any] = {
            "hostname": "127.0.0.1",
            "authenticator": _authenticate,
            "auth_require_tls": False,
            "data_size_limit": 200_000_000,
        }
        self._running = [
            Controller(self, port=self.plain, **common),
            Controller(self, port=self.tls, ssl_context=context, **common),
        ]
        for one in self._running:
            one.start()

    def stop(self) -> None:
        """Stop it; what it saw stays."""
        for one in self._running:
            one.stop()
        self._running = []


@contextmanager
def smtp(imap: Imap) -> Iterator[Smtp]:
    """Run one in front of a Dovecot."""
    server = Smtp(imap)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _authenticate(*args: Any) -> AuthResult:  # noqa: ANN401  (aiosmtpd)
    return AuthResult(success=args[4].password == PASSWORD.encode())
