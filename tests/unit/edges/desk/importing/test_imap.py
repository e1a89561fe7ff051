# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who answers instead of the mail server that a person confirmed hears no password.

How a real server is read is in `tests/e2e/test_imap.py`.
"""

import contextlib
import imaplib
import socket
import ssl
import subprocess
import threading
from pathlib import Path

import pytest

from safeconduct.edges.desk.importing.imap import Account, Mailbox, UnknownCertificate, _Pinned
from safeconduct.edges.desk.importing.mails import MAIL_MOST

PASSWORD = "never-kept"


class Listener(threading.Thread):
    """A mail server of nobody's, that takes any login and keeps what it hears."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        pem = folder / "both.pem"
        subject = ("-subj", "/CN=mail.example", "-keyout", str(pem), "-out", str(folder / "crt"))
        command = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2")
        subprocess.run([*command, *subject], check=True, capture_output=True)
        pem.write_text(pem.read_text() + (folder / "crt").read_text())
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(pem)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.heard = b""

    def run(self) -> None:
        """Answer until the door is closed."""
        with contextlib.suppress(OSError):
            while True:
                one, _ = self._door.accept()
                with contextlib.suppress(OSError), self._context.wrap_socket(one, True) as line:
                    line.settimeout(5)
                    line.sendall(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
                    while raw := line.recv(4_096):
                        self.heard += raw
                        line.sendall(raw.split()[0] + b" OK done\r\n")

    def close(self) -> None:
        """Answer no more."""
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.join(10)


@pytest.mark.attack
def test_another_certificate_than_the_confirmed_one_hears_no_password(tmp_path: Path) -> None:
    listener = Listener(tmp_path)
    listener.start()
    account = Account(
        host="127.0.0.1",
        user="help@example.net",
        password=PASSWORD,
        port=listener.port,
        fingerprint="0" * 64,
    )
    with contextlib.suppress(UnknownCertificate):
        list(Mailbox(account, ()).read())
    listener.close()
    assert PASSWORD.encode() not in listener.heard


def test_server_that_says_that_too_much_follows_is_left() -> None:
    server = object.__new__(_Pinned)
    with pytest.raises(imaplib.IMAP4.abort):
        server.read(MAIL_MOST + 1)
