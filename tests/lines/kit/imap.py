# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real Dovecot on loopback for any number of mailboxes: IMAP with and without TLS, and LMTP.

It runs as root alone, as its own processes give up rights; CI is root.  Everything of it lies in
the test's folder.  It can be stopped and started again, with its mails where they were.
"""

from __future__ import annotations

import hashlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.kit.patience import PATIENCE

PASSWORD: Final = "never-kept"
_CONFIG: Final = """
protocols = imap lmtp
base_dir = {at}/run
state_dir = {at}/state
log_path = {at}/log
listen = 127.0.0.1
default_internal_user = root
default_internal_group = root
default_login_user = nobody
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
ssl = yes
ssl_cert = <{at}/tls.crt
ssl_key = <{at}/tls.key
disable_plaintext_auth = no
auth_mechanisms = plain login
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home={at}/home/%u
}}
mail_location = maildir:{at}/home/%u/mail
namespace inbox {{
  inbox = yes
}}
first_valid_uid = 1
"""


def free_port() -> int:
    """A port of loopback that nobody has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@dataclass
class Imap:
    """Where it listens, what its certificate is, and where its mails lie."""

    at: Path
    plain: int = field(default_factory=free_port)
    tls: int = field(default_factory=free_port)
    lmtp: int = field(default_factory=free_port)
    fingerprint: str = ""
    _server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it listens."""
        config = self.at / "dovecot.conf"
        ports = {"plain": self.plain, "tls": self.tls, "lmtp": self.lmtp}
        config.write_text(_CONFIG.format(at=self.at, password=PASSWORD, **ports))
        self._server = subprocess.Popen(["dovecot", "-F", "-c", str(config)])
        for port in ports.values():
            _listens(port)
        pem = ssl.get_server_certificate(("127.0.0.1", self.tls), timeout=PATIENCE)
        self.fingerprint = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()

    def stop(self) -> None:
        """Stop it; its mails stay."""
        if self._server is not None:
            self._server.terminate()
            self._server.wait(PATIENCE)
            self._server = None

    def mails(self, user: str) -> dict[str, bytes]:
        """Every mail that lies for somebody, by its file's name, which says its flags."""
        found = [
            one
            for one in (self.at / "home" / user).rglob("*")
            if one.parent.name in {"cur", "new"} and one.is_file()
        ]
        mails = {}
        for one in found:
            with suppress(FileNotFoundError):  # Dovecot moves what it just showed.
                mails[one.name] = one.read_bytes()
        return mails


@contextmanager
def imap(folder: Path) -> Iterator[Imap]:
    """Run one; whoever logs in has a mailbox."""
    # Not below the test's folder: another run of pytest closes that to all users but its own, and
    # Dovecot delivers as nobody.
    at = Path(tempfile.mkdtemp(prefix=f"{folder.name[:20]}-"))
    at.chmod(0o711)
    for one in ("run", "state", "home"):
        (at / one).mkdir()
    shutil.chown(at / "home", 65534, 65534)
    certificate(at)
    server = Imap(at)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(at, ignore_errors=True)


def certificate(at: Path) -> None:
    """Draw a certificate that nobody vouches for, `tls.crt` and `tls.key` of a folder."""
    subject = ("-subj", "/CN=mail.example", "-keyout", str(at / "tls.key"))
    command = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject)
    subprocess.run([*command, "-out", str(at / "tls.crt")], check=True, capture_output=True)


def _listens(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=PATIENCE):
            return
        time.sleep(0.05)
    raise AssertionError("dovecot does not listen")
