# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real Kannel with its fake carrier, and a phone on it."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import unquote_to_bytes
from urllib.request import urlopen

from tests.lines.kit.standing_in import PATIENCE, free_port

FAKESMSC: Final = "/usr/lib/kannel/test/fakesmsc"
HEARD: Final = re.compile(r"Got message \d+: <(\S+) (\S+) (\S+) (.*)>$", re.MULTILINE)
CONFIG: Final = """\
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = for-loopback-tests-only
status-password = for-loopback-tests-only
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"
log-file = "{folder}/core.log"
log-level = 4

group = smsc
smsc = fake
smsc-id = sim
host = 127.0.0.1
port = {carrier}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {out}
sendsms-interface = 127.0.0.1
log-file = "{folder}/box.log"
log-level = 4
http-request-retry = 1000000
http-queue-delay = 1

group = sendsms-user
username = hotline
password = for-loopback-tests-only
user-allow-ip = "127.0.0.1"
user-deny-ip = "*.*.*.*"
max-messages = 3
concatenation = true

group = sms-service
keyword = default
max-messages = 0
catch-all = yes
get-url = "http://127.0.0.1:{us}/sms?called_by=word&from=%p&coding=%c&time=%t&key=%I&text=%b"
"""

TOOK: Final = re.compile(rb"<sms>\s*<received>\s*<total>([0-9]+)")


class Kannel:
    """The gateway's two processes, in a folder that nothing else is in."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.ports = {one: free_port() for one in ("admin", "boxes", "carrier", "out", "us")}
        self._running: list[subprocess.Popen[bytes]] = []
        text = CONFIG.format(folder=folder, **self.ports)
        (folder / "kannel.conf").write_text(text)

    def start(self, program: str) -> subprocess.Popen[bytes]:
        """Start `bearerbox` or `smsbox`."""
        command = [f"/usr/sbin/{program}", str(self.folder / "kannel.conf")]
        return self._start(command)

    def up(self) -> None:
        """Start both, and return once the carrier's side is open and they know each other."""
        self.start("bearerbox")
        time.sleep(0.3)
        self.start("smsbox")
        end = time.monotonic() + PATIENCE
        while b"on-line" not in self._status():
            assert time.monotonic() < end, "Kannel does not come up"
            time.sleep(0.1)

    def took(self) -> int:
        """Return how many messages came from the carrier."""
        found = TOOK.search(self._status())
        return int(found[1]) if found else 0

    def _status(self) -> bytes:
        query = "password=for-loopback-tests-only"
        try:
            with urlopen(f"http://127.0.0.1:{self.ports['admin']}/status.xml?{query}") as answer:
                return bytes(answer.read())
        except OSError:
            return b""

    def phone(self, *messages: str, most: int | None = None) -> Path:
        """A phone that sends messages, then listens; the file in which it writes what it heard."""
        heard = self.folder.parent / f"phone-{time.monotonic_ns()}"
        number = str(len(messages) if most is None else most)
        port = str(self.ports["carrier"])
        command = [FAKESMSC, "-H", "127.0.0.1", "-r", port, "-i", "0.05", "-m", number, *messages]
        with heard.open("wb") as file:
            self._start(command, file.fileno())
        return heard

    @property
    def settings(self) -> dict[str, str]:
        """What a line is told of this gateway."""
        return {
            "number": "22333",
            "port": str(self.ports["us"]),
            "called_by": "word",
            "sendsms_url": f"http://127.0.0.1:{self.ports['out']}/cgi-bin/sendsms",
            "username": "hotline",
            "password": "for-loopback-tests-only",
            "status_url": f"http://127.0.0.1:{self.ports['admin']}/status.xml",
            "status_password": "for-loopback-tests-only",
        }

    def stop(self) -> None:
        for one in reversed(self._running):
            one.terminate()
        gone, self._running = self._running, []
        for one in gone:
            try:
                one.wait(5)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()

    def _start(
        self, command: Sequence[str], out: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=self.folder
        )
        self._running.append(process)
        return process


@contextmanager
def kannel(folder: Path) -> Iterator[Kannel]:
    """A gateway that is up for as long as the context lasts."""
    gateway = Kannel(folder)
    try:
        gateway.up()
        yield gateway
    finally:
        gateway.stop()


def heard_by(phone: Path) -> list[tuple[str, str]]:
    """To whom the carrier brought which texts, as the phone says."""
    found = HEARD.findall(phone.read_text("utf-8", "replace"))
    return [(to, _read(coding, text)) for _, to, coding, text in found]


def _read(coding: str, text: str) -> str:
    if coding == "text":
        return text
    return unquote_to_bytes(text.replace("+", " ")).decode("utf-16-be")
