# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct serve` as its own process, and a real desk of the office that it keeps.

Desk and browsers reach the server over lines of their own, which a test may cut.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from safeconduct.edges.desk.api import NewFile
from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.founding import Names, Relay, found_office
from safeconduct.edges.desk.office import Desk
from safeconduct.rooms.hotline import Conversation
from tests.kit.offices import quick_world
from tests.kit.patience import PATIENCE
from tests.kit.programs import FOUNDING, serve
from tests.kit.proxy import BadLine, bad_line

PASSPHRASE: Final = "six plain words for the rehearsal"
FREE_FOR_FILES: Final = 0.2
"""The server takes no files where less of the disk is free (docs/spec/relay.md)."""


@dataclass(frozen=True)
class Served:
    """One office: its server's process id and folder, the desk, the lines of desk and browsers."""

    process: int
    desk: Desk
    desk_line: BadLine
    line: BadLine
    folder: Path

    @property
    def url(self) -> str:
        """The page's address, over the browsers' line."""
        return f"http://127.0.0.1:{self.line.port}/"

    def letter(self, text: str) -> Conversation:
        """Wait until a message of exactly this text is at the desk; return its conversation."""
        until, seen = time.monotonic() + PATIENCE, -1
        while time.monotonic() < until:
            seen = self.desk.wait_for_change(seen, 1.0)
            for row in self.desk.inbox(show="all", start=0, most=100)[0]:
                found = self.desk.conversation(row.conversation)
                if found is not None and found.messages[0].text == text:
                    return found
        message = "no such message reached the desk"
        raise AssertionError(message)

    def save(self, conversation: Conversation, folder: Path) -> list[Path]:
        """Save the files of a conversation's first message, as a helper does; return them."""
        return [
            self._save(conversation, number, folder)
            for number in range(len(conversation.messages[0].attachments))
        ]

    def answer(self, conversation: Conversation, text: str, name: str, content: bytes) -> None:
        """Answer with one file."""
        file = NewFile(name, "application/octet-stream", content)
        self.desk.answer(conversation.id, text, [file])

    def _save(self, conversation: Conversation, number: int, folder: Path) -> Path:
        file = conversation.messages[0].attachments[number]
        path = folder / file.name
        with path.open("xb") as saved:
            for part in self.desk.file_bytes(conversation.id, file.blob):
                saved.write(part)
        return path


@contextmanager
def served_office() -> Iterator[Served]:
    """Start a server, found an office on it over HTTP, and open the founder's desk."""
    with ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="served-"))
        disk = shutil.disk_usage(name)
        assert disk.free > FREE_FOR_FILES * disk.total, "too little disk is free for files"
        server = stack.enter_context(serve(Path(name) / "server"))
        url, code = server.until(FOUNDING).groups()
        home, port = Path(name) / "desk", urlsplit(url).port
        assert port is not None
        names = Names("Night line", "ru", "Sana", "Sana's laptop")
        found_office(home, PASSPHRASE, names, Relay.over_http(url, code), quick_world())
        desk_line, line = (stack.enter_context(bad_line(port)) for _ in range(2))
        desk = Desk.open(home, PASSPHRASE)
        stack.callback(desk.stop)
        way = Line(f"http://127.0.0.1:{desk_line.port}", desk.journal.office)
        desk.start(HttpCourier(way, desk.journal.place.capability))
        yield Served(server.process.pid, desk, desk_line, line, Path(name) / "server")
