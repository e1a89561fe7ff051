# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real nginx before Asterisk, as docs/run/lines/phone.md has it, and an office's authority."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.kit.patience import PATIENCE
from tests.lines.kit.asterisk import Asterisk, listens, needed
from tests.lines.kit.telephone import until

NGINX: Final = Path("/usr/sbin/nginx")
GUIDE: Final = Path(__file__).parents[3] / "docs/run/lines/phone.md"
_AROUND: Final = """
daemon off; master_process off; pid {at}/pid; error_log stderr; events {{}}
http {{ access_log off; client_body_temp_path {at}; proxy_temp_path {at}; fastcgi_temp_path {at};
uwsgi_temp_path {at}; scgi_temp_path {at};
{server} }}
"""


@contextmanager
def web_server(folder: Path, before: Asterisk, *, named: str = "localhost") -> Iterator[str]:
    """Run it with a certificate for a name; give the address that an operator types."""
    needed(NGINX)
    signed(folder, named)
    port = before.slot.web_port
    server = GUIDE.read_text().split("```nginx\n")[1].split("```")[0]
    for guide, here in (
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("127.0.0.1:8088", f"127.0.0.1:{before.slot.http_port}"),
        ("/etc/asterisk", str(folder)),
    ):
        assert guide in server
        server = server.replace(guide, here)
    (folder / "nginx.conf").write_text(_AROUND.format(at=folder, server=server))
    command = [str(NGINX), "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(command)
    try:
        until(lambda: listens(port))
        yield f"wss://localhost:{port}/ws"
    finally:
        process.terminate()
        process.wait(PATIENCE)


def signed(folder: Path, named: str) -> None:
    """Make an authority, `office.crt`, and by it a certificate for a name."""
    make = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "60")
    office = ("-subj", "/CN=office", "-keyout", "office.key", "-out", "office.crt")
    by_it = ("-CA", "office.crt", "-CAkey", "office.key", "-addext", f"subjectAltName=DNS:{named}")
    leaf = ("-addext", "basicConstraints=critical,CA:FALSE", "-subj", f"/CN={named}")
    files = ("-keyout", "tls.key", "-out", "tls.crt")
    for words in ((*make, *office), (*make, *by_it, *leaf, *files)):
        subprocess.run(words, check=True, capture_output=True, cwd=folder)
