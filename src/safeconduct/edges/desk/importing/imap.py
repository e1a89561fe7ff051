# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mailbox where it lies, read by IMAP over TLS and never changed.

Folders are opened with EXAMINE and mails fetched with BODY.PEEK (RFC 3501 6.3.2, 6.4.5): nothing is
marked as read, moved or deleted.  A certificate that no authority vouches for is taken only when
its whole fingerprint is the one that a person confirmed.  The password lives in this object alone.
"""

from __future__ import annotations

import hashlib
import imaplib
import re
import ssl
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from safeconduct.edges.desk.importing.found import Found
from safeconduct.edges.desk.importing.mails import MAIL_MOST, mail
from safeconduct.kernel.errors import Refused, Unreachable
from safeconduct.rooms.hotline.import_plan import Left

PORT: Final = 993
SECONDS: Final = 60.0
FOLDERS_MOST: Final = 500
_FOLDER: Final = re.compile(rb'\((?P<flags>[^)]*)\) (?:"(?:\\.|[^"])*"|NIL) (?P<name>.+)')
_SIZE: Final = re.compile(rb"UID (\d+).*RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+).*UID (\d+)")
_SENT: Final = b"\\sent"
_LEFT_OUT: Final = (b"\\noselect", b"\\trash", b"\\junk", b"\\drafts", b"\\all", b"\\nonexistent")


@dataclass(eq=False)
class UnknownCertificate(Refused):
    """No authority vouches for the server; a person may, by the fingerprint."""

    code = "unknown_certificate"
    fingerprint: str


class WrongLogin(Refused):
    """The server takes neither this name nor this password, or not both."""

    code = "wrong_login"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where a mailbox lies; its words are never shown by this object."""

    host: str
    user: str
    password: str = field(repr=False)
    port: int = PORT
    fingerprint: str = ""
    """SHA-256 of the certificate that a person confirmed, in hexadecimal digits."""


class _Pinned(imaplib.IMAP4_SSL):
    """A connection that begins only with the certificate that was confirmed."""

    def __init__(self, account: Account) -> None:
        self._account: Final = account
        super().__init__(account.host, account.port, timeout=SECONDS, ssl_context=_context(account))

    def open(self, host: str = "", port: int | None = PORT, timeout: float | None = None) -> None:
        """Connect; nothing is said before the certificate was compared."""
        super().open(host, port, timeout)
        if not self._account.fingerprint:
            return
        shown = self.socket()
        assert isinstance(shown, ssl.SSLSocket)
        told = fingerprint_of(shown.getpeercert(binary_form=True) or b"")
        if told != plain(self._account.fingerprint):
            self.shutdown()
            raise UnknownCertificate("")

    def read(self, size: int) -> bytes:
        """Read what the server says follows; no more than it may send at once."""
        if size > MAIL_MOST:
            raise self.abort("too large")
        return super().read(size)


class Mailbox:
    """The folders of an account, in their order, but for bin, spam, drafts and doubles."""

    def __init__(self, account: Account, ours: Collection[str]) -> None:
        """Read this account; its own name is the office's."""
        self._account: Final = account
        self._ours: Final = {one.casefold() for one in (*ours, account.user)}

    def read(self) -> Iterator[Found | Left]:
        """Yield its mails.

        Raises:
            Unreachable: it does not answer, or ended in between.
            UnknownCertificate, WrongLogin: see there.
        """
        number = 0
        with _connected(self._account) as server:
            for folder, sent in _folders(server):
                for raw in _mails(server, folder):
                    number += 1
                    if raw is None:
                        yield Left(number, "too_large")
                    else:
                        yield mail(raw, number, self._ours, sent=sent)


def plain(fingerprint: str) -> str:
    """Return a fingerprint as it is compared: without colons and spaces."""
    return "".join(char for char in fingerprint.casefold() if char.isalnum())


def fingerprint_of(certificate: bytes) -> str:
    """Return the fingerprint of a certificate."""
    return hashlib.sha256(certificate).hexdigest()


def shown_fingerprint(account: Account) -> str:
    """Return the fingerprint of what answers there, for a person to compare; nothing is sent.

    Raises:
        Unreachable: nothing answers.
    """
    try:
        where = (account.host, account.port)
        told = ssl.get_server_certificate(where, timeout=SECONDS)
        return fingerprint_of(ssl.PEM_cert_to_DER_cert(told))
    except (OSError, ValueError):
        raise Unreachable from None


def _context(account: Account) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if account.fingerprint:
        # What is compared instead is the whole certificate, before a word is said.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


@contextmanager
def _connected(account: Account) -> Iterator[imaplib.IMAP4_SSL]:
    try:
        server = _Pinned(account)
    except ssl.SSLCertVerificationError:
        raise UnknownCertificate(shown_fingerprint(account)) from None
    except UnknownCertificate:
        raise UnknownCertificate(shown_fingerprint(account)) from None
    except (OSError, imaplib.IMAP4.error, ValueError):
        raise Unreachable from None
    try:
        try:
            server.login(account.user, account.password)
        except (imaplib.IMAP4.abort, OSError):
            raise Unreachable from None
        except (imaplib.IMAP4.error, UnicodeError):
            raise WrongLogin from None
        yield server
    except (OSError, imaplib.IMAP4.error):
        raise Unreachable from None
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            server.logout()


def _folders(server: imaplib.IMAP4) -> list[tuple[bytes, bool]]:
    """Return the names of folders as the server wrote them, and which hold what was sent."""
    _, told = server.list()
    found: list[tuple[bytes, bool]] = []
    for one in told[:FOLDERS_MOST]:
        match = _FOLDER.match(one) if isinstance(one, bytes) else None
        if match and not any(flag in match["flags"].lower() for flag in _LEFT_OUT):
            found.append((match["name"].strip(), _SENT in match["flags"].lower().split()))
    return found


def _mails(server: imaplib.IMAP4, folder: bytes) -> Iterator[bytes | None]:
    """Yield the mails of a folder; None for one that is too large."""
    state, _ = server.select(folder.decode("ascii", "replace"), readonly=True)
    if state != "OK":
        return
    _, told = server.uid("SEARCH", "ALL")
    for uid in (told[0] or b"").split() if told else ():
        size = _size(server, uid)
        if size is None:
            continue
        yield _whole(server, uid) if size <= MAIL_MOST else None


def _size(server: imaplib.IMAP4, uid: bytes) -> int | None:
    _, told = server.uid("FETCH", uid.decode(), "(UID RFC822.SIZE)")
    found = _SIZE.search(told[0]) if told and isinstance(told[0], bytes) else None
    return int(found.group(2) or found.group(3)) if found else None


def _whole(server: imaplib.IMAP4, uid: bytes) -> bytes | None:
    _, told = server.uid("FETCH", uid.decode(), "(BODY.PEEK[])")
    for one in told:
        if isinstance(one, tuple) and isinstance(one[1], bytes):
            return one[1]
    return None
