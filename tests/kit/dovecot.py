# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real Dovecot on loopback, with one mailbox and a certificate that nobody vouches for.

It runs as root alone, as its own processes give up rights; CI is root.  Everything of it lies in
the test's folder.
"""

from __future__ import annotations

import hashlib
import mailbox
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.kit.patience import PATIENCE

USER: Final = "help@example.net"
PASSWORD: Final = "never-kept"
_CONFIG: Final = """
protocols = imap
base_dir = {at}/run
state_dir = {at}/state
log_path = {at}/log
default_internal_user = root
default_internal_group = root
default_login_user = nobody
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
ssl = required
ssl_cert = <{at}/tls.crt
ssl_key = <{at}/tls.key
auth_mechanisms = plain
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home={at}/home
}}
mail_location = maildir:{at}/home/mail
namespace inbox {{
  inbox = yes
  mailbox Trash {{
    special_use = \\Trash
  }}
}}
first_valid_uid = 1
"""


@dataclass(frozen=True)
class Dovecot:
    """Where it listens, what its certificate is, and where its mails lie."""

    port: int
    fingerprint: str
    mails: Path

    def state(self) -> dict[str, bytes]:
        """Every mail by its name, which says its flags."""
        found = (one for one in self.mails.rglob("*") if one.parent.name in {"cur", "new"})
        return {f"{one.parent.parent.name}/{one.name}": one.read_bytes() for one in found}


@contextmanager
def dovecot(folder: Path, inbox: Iterable[bytes], trash: Iterable[bytes] = ()) -> Iterator[Dovecot]:
    """Run one with these mails in it."""
    at = folder / "dovecot"
    for one in ("run", "state", "home"):
        (at / one).mkdir(parents=True)
    for parent in (at, *at.parents):
        if parent.is_relative_to("/tmp") and parent != Path("/tmp"):
            parent.chmod(0o711)
    box = mailbox.Maildir(at / "home" / "mail")
    bin_ = box.add_folder("Trash")
    for into, mails in ((box, inbox), (bin_, trash)):
        for raw in mails:
            into.add(raw)
    for place in (at / "home", *(at / "home").rglob("*")):
        shutil.chown(place, 65534, 65534)
    _certificate(at)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = at / "dovecot.conf"
    config.write_text(_CONFIG.format(at=at, port=port, password=PASSWORD))
    server = subprocess.Popen(["dovecot", "-F", "-c", str(config)])
    try:
        pem = _listens(port)
        digest = ssl.PEM_cert_to_DER_cert(pem)

        yield Dovecot(port, hashlib.sha256(digest).hexdigest(), at / "home" / "mail")
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _certificate(at: Path) -> None:
    subject = ("-subj", "/CN=mail.example", "-keyout", str(at / "tls.key"))
    command = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject)
    subprocess.run([*command, "-out", str(at / "tls.crt")], check=True, capture_output=True)


def _listens(port: int) -> str:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            return ssl.get_server_certificate(("127.0.0.1", port), timeout=PATIENCE)
        except OSError:
            time.sleep(0.1)
    raise AssertionError("dovecot does not listen")
