# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real Synapse on loopback, which knows no other server; it can be stopped and started again."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.kit.patience import PATIENCE
from tests.lines.kit.imap import free_port

NAME: Final = "hotline.example"
PASSWORD: Final = "ci-only-secret"
_SECRET: Final = "ci-only-registration"
_CONFIG: Final = """
server_name: {name}
pid_file: {at}/synapse.pid
listeners:
  - port: {port}
    tls: false
    type: http
    bind_addresses: [127.0.0.1]
    resources: [{{names: [client], compress: false}}]
database: {{name: sqlite3, args: {{database: {at}/homeserver.db}}}}
log_config: {at}/log.yaml
media_store_path: {at}/media
signing_key_path: {at}/signing.key
registration_shared_secret: {secret}
report_stats: false
trusted_key_servers: []
suppress_key_server_warning: true
macaroon_secret_key: {secret}
form_secret: {secret}
federation_domain_whitelist: []
max_upload_size: 30M
redaction_retention_period: 1s
rc_message: {{per_second: 1000, burst_count: 1000}}
rc_login:
  address: {{per_second: 1000, burst_count: 1000}}
  account: {{per_second: 1000, burst_count: 1000}}
rc_registration: {{per_second: 1000, burst_count: 1000}}
rc_invites:
  per_room: {{per_second: 1000, burst_count: 1000}}
  per_user: {{per_second: 1000, burst_count: 1000}}
  per_issuer: {{per_second: 1000, burst_count: 1000}}
"""
_LOG: Final = """
version: 1
formatters: {{plain: {{format: "%(message)s"}}}}
handlers: {{file: {{class: logging.FileHandler, filename: {at}/log, formatter: plain}}}}
root: {{level: WARNING, handlers: [file]}}
"""


@dataclass
class Synapse:
    """Where it listens, and where its database and files lie."""

    at: Path
    port: int = field(default_factory=free_port)
    _server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        config = self.at / "homeserver.yaml"
        ports = {"at": self.at, "port": self.port, "name": NAME, "secret": _SECRET}
        config.write_text(_CONFIG.format(**ports))
        (self.at / "log.yaml").write_text(_LOG.format(at=self.at))
        command = [sys.executable, "-m", "synapse.app.homeserver", "-c", str(config)]
        clean = {key: one for key, one in os.environ.items() if key != "PYTHONWARNINGS"}
        if not (self.at / "signing.key").exists():
            subprocess.run(
                [*command, "--generate-keys"], check=True, capture_output=True, env=clean
            )
        self._server = subprocess.Popen(command, env=clean)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(OSError), urllib.request.urlopen(f"{self.url}/health", timeout=5):
                return
            time.sleep(0.1)
        raise AssertionError("synapse does not listen")

    def stop(self) -> None:
        """Stop it; what it holds stays."""
        if self._server is not None:
            self._server.send_signal(signal.SIGTERM)
            self._server.wait(PATIENCE)
            self._server = None

    def register(self, user: str) -> str:
        """Make an account, and return its whole name."""
        at = f"{self.url}/_synapse/admin/v1/register"
        nonce = json.load(urllib.request.urlopen(at, timeout=PATIENCE))["nonce"]
        parts = (nonce, user, PASSWORD, "notadmin")
        mac = hmac.new(_SECRET.encode(), "\0".join(parts).encode(), hashlib.sha1).hexdigest()
        told = {"nonce": nonce, "username": user, "password": PASSWORD, "admin": False, "mac": mac}
        answer: dict[str, Any] = json.load(
            urllib.request.urlopen(
                urllib.request.Request(
                    at, json.dumps(told).encode(), {"Content-Type": "application/json"}
                ),
                timeout=PATIENCE,
            )
        )
        return str(answer["user_id"])


@contextmanager
def synapse(folder: Path) -> Iterator[Synapse]:
    """Run one with nobody in it."""
    at = folder / f"synapse-{secrets.token_hex(4)}"
    at.mkdir(parents=True)
    server = Synapse(at)
    server.start()
    try:
        yield server
    finally:
        server.stop()
