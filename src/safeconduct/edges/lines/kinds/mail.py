# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mail, a door: what comes is taken and deleted; what goes is one fixed text (docs/run/lines).

Mail hides nothing on the way, so no word of the office ever goes by it, and nothing of what came is
quoted: neither its subject nor its words.
A mail is deleted at the server, and expunged, only once the line has it.
"""

from __future__ import annotations

import asyncio
import secrets
import smtplib
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from typing import Final

from safeconduct.edges.lines.came import in_words, together
from safeconduct.edges.lines.channel import (
    UNPROVEN,
    Arrived,
    Ask,
    CannotSend,
    Departing,
    Kept,
    Line,
)
from safeconduct.edges.lines.kinds.mail_imap import (
    IDLE_SECONDS,
    Mailbox,
    Place,
    WrongCertificate,
    mailbox,
)
from safeconduct.edges.lines.kinds.mail_reading import read_mail
from safeconduct.edges.lines.kinds.mail_vouching import vouched
from safeconduct.edges.lines.kinds.servers import host_and_port
from safeconduct.edges.lines.kinds.sizes import within
from safeconduct.kernel.errors import Unreachable
from safeconduct.rooms.hotline.by_line import Kind

ASKS: Final = (
    Ask("address", form="mailbox"),
    Ask("password", secret=True),
    Ask("imap", form="server"),
    Ask("smtp", form="server"),
    Ask("fingerprint", unless="-", form="fingerprint"),
    Ask("subject", unless="..."),
    Ask("vouches", unless="-"),
)
"""`imap` and `smtp` are `host:port`, of TLS; the submission port 587 begins it by STARTTLS.
`fingerprint` is the SHA-256 of the servers' certificate, where no authority vouches for it.
`subject` stands over every answer: what an onlooker may read.
`vouches` is the name under which our own server says who sent a mail (RFC 8601); without it nobody
gets an answer before a person of the office decides so."""
NOBODY: Final = b"nobody:"
"""Begins the contact of whom nothing is ever written to."""
AGAIN_SECONDS: Final = 15
TRIES: Final = 5
"""So often a mail is asked for that the server does not give out; then a letter says so."""
SMTP_SECONDS: Final = 60
US: Final = "localhost"
"""What the mail server hears of the name of this machine."""
_STARTTLS: Final = 587
_NEVER: Final = 500
"""From this code on a server says that it will never take a mail."""


class MailDoor:
    """The channel of one mailbox."""

    kind: Kind = "mail"

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._address: Final = settings["address"]
        self._password: Final = settings["password"]
        self._us: Final = Us(self._address, settings.get("vouches", "").strip("-"))
        self._subject: Final = settings.get("subject", "") or "..."
        told = settings.get("fingerprint", "-")
        self._fingerprint: Final = "" if told == "-" else told
        self._imap: Final = Place(*host_and_port(settings["imap"]), self._fingerprint)
        self._smtp: Final = Place(*host_and_port(settings["smtp"]), self._fingerprint)
        self._tried: Final[dict[tuple[int, int], int]] = {}
        self._told: Final[set[tuple[int, int]]] = set()

    async def run(self, line: Line) -> None:
        """Bring what comes, until cancelled.

        Raises:
            NotLetIn, WrongCertificate: the server does not know us, or is another.
            Unreachable: it is gone.
        """
        async with mailbox(self._imap, self._address, self._password) as box:
            await box.expunge()  # What a line marked that was killed before it came to this.
            while True:
                line.heard()
                taken = await self._take_all(box, line)
                await box.wait(IDLE_SECONDS if taken else AGAIN_SECONDS)

    async def send(self, contact: bytes, out: Departing) -> None:
        """Send the fixed text; files do not go by mail.

        Raises:
            Unreachable: the server is gone, or does not take it now.
            CannotSend: a machine wrote, or the server will never take it, or nobody vouches for
                who wrote and no person decided that an answer goes.
        """
        if contact.startswith(NOBODY) or (contact.startswith(UNPROVEN) and not out.door):
            raise CannotSend
        to = contact.removeprefix(UNPROVEN).decode("utf-8", "replace")
        mail = write_mail(self._address, to, self._subject, out.text)
        await asyncio.to_thread(self._submit, mail)

    async def _take_all(self, box: Mailbox, line: Line) -> bool:
        """Take and delete every mail that lies there; False where one must be asked for again.

        What is not taken is not deleted.
        """
        passed = {number for number in self._told if number[0] == box.epoch}
        whole = True
        while numbers := [one for one in await box.waiting() if (box.epoch, one) not in passed]:
            for number in numbers:
                told = await self._given_out(box, number)
                if told is None:
                    passed.add((box.epoch, number))
                    whole = False
                try:
                    await self._hand((box.epoch, number), told, line)
                except Unreachable:
                    return False
                if told is not None:
                    await box.delete(number)
                    line.heard()
        return whole

    async def _given_out(self, box: Mailbox, number: int) -> Arrived | None:
        """Return a mail; None where the server does not give it out, or broke over it too often."""
        which = (box.epoch, number)
        if self._tried.get(which, 0) >= TRIES:
            return None
        self._tried[which] = self._tried.get(which, 0) + 1
        told = await box.mail(number)
        if told is None:
            return None
        del self._tried[which]
        return await asyncio.to_thread(arrived, *told, self._us)

    async def _hand(self, which: tuple[int, int], told: Arrived | None, line: Line) -> None:
        """Let the line take a mail, or take once that there is one which nobody gets."""
        if told is not None:
            await line.take(told)
        elif self._tried[which] >= TRIES:
            await line.take(Arrived(NOBODY, in_words("unread_there")))
            self._told.add(which)

    def _submit(self, mail: EmailMessage) -> None:
        try:
            with self._connected() as server:
                server.login(self._address, self._password)
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(code for code, _ in error.recipients.values()) from None
        except (smtplib.SMTPNotSupportedError, UnicodeError):
            raise CannotSend from None  # An address that this server cannot write to.
        except smtplib.SMTPResponseException as error:
            raise _refusal([error.smtp_code]) from None
        except (OSError, smtplib.SMTPException):
            raise Unreachable from None

    def _connected(self) -> smtplib.SMTP:
        place = self._smtp
        server: smtplib.SMTP
        if place.port == _STARTTLS:
            server = smtplib.SMTP(place.host, place.port, US, timeout=SMTP_SECONDS)
            server.starttls(context=place.context())
        else:
            server = smtplib.SMTP_SSL(
                place.host, place.port, US, timeout=SMTP_SECONDS, context=place.context()
            )
        shown = server.sock
        assert isinstance(shown, ssl.SSLSocket)
        try:
            place.check(shown.getpeercert(binary_form=True))
        except WrongCertificate:
            server.close()
            raise
        return server


@dataclass(frozen=True, slots=True)
class Us:
    """Our own address, and the name under which our server vouches for senders, or empty."""

    address: str
    vouches: str = ""


def arrived(raw: bytes, size: int, us: Us) -> Arrived:
    """Return a mail as a line takes it.

    A machine's has a contact to whom nothing is written, and that of a sender for whom our server
    does not vouch one to whom nothing goes by itself.
    """
    mail = read_mail(raw, size, us.address)
    proven = bool(us.vouches) and vouched(mail.vouched, us.vouches, mail.sender)
    said = "" if proven else in_words("unproven")
    text, files = within(together(said, mail.text), mail.files)
    before = NOBODY if mail.by_machine else b"" if proven else UNPROVEN
    return Arrived(before + mail.sender.encode(), text, files, mail.language)


def write_mail(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    """Return an answer: a fixed subject and the fixed text, and nothing of what it answers.

    Raises:
        CannotSend: that is no address.
    """
    mail = EmailMessage()
    try:
        mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    except ValueError:
        raise CannotSend from None
    mail["Auto-Submitted"] = "auto-replied"
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{secrets.token_hex(16)}@{sender.rpartition('@')[2]}>"
    mail.set_content(text)
    return mail


def channel(settings: Mapping[str, str], kept: Kept) -> MailDoor:  # noqa: ARG001  (keeps nothing)
    """Return the channel; it connects to nothing before `run`."""
    return MailDoor(settings)


def _refusal(codes: Iterable[int]) -> CannotSend | Unreachable:
    return CannotSend() if all(code >= _NEVER for code in codes) else Unreachable()
