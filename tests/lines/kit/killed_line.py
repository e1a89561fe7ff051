# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line as a process of its own, to be killed: its channel is two folders.

`python -m tests.lines.kit.killed_line FOLDER CHANNEL POINT`: messages are files in `CHANNEL/in`,
deleted once the line took them; what goes out is appended to `CHANNEL/out`.  At POINT the process
ends itself as `kill -9` would: `taken` after the relay's receipt and before the deletion, `words`
between a letter and its files, `handed` between the channel's yes to an answer and its being noted,
`noting` while it is, `numbering` once it is and its number is not yet, `joined` between a joined
letter and the deletion of its parts; `never` leaves that to others.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from safeconduct import host
from safeconduct.edges.lines import limits
from safeconduct.edges.lines.channel import Arrived, Departing, FileHere, Line
from safeconduct.edges.lines.folder import open_line
from safeconduct.edges.lines.post import Post
from safeconduct.edges.lines.runner import Runner
from safeconduct.edges.person.device import Device
from safeconduct.rooms.hotline.by_line import Kind
from tests.lines.kit.at_work import PASSPHRASE

ANSWER: Final = b"answer"


def end() -> None:
    """End as `kill -9` would."""
    os.kill(os.getpid(), signal.SIGKILL)


class Folders:
    """A channel of two folders."""

    kind: Kind = "matrix"

    def __init__(self, folder: Path, point: str) -> None:
        """Read there, and end at a point."""
        self._folder: Final = folder
        self._point: Final = point

    async def run(self, line: Line) -> None:
        """Take file after file."""
        while True:
            for path in sorted((self._folder / "in").glob("*.txt")):
                text = path.read_text()
                sound = path.with_suffix(".bin")
                files = (FileHere("f", "x/y", sound.read_bytes()),) if sound.exists() else ()
                await line.take(Arrived(b"she", text, files))
                if self._point == "taken":
                    end()
                path.unlink()
            line.heard()
            await asyncio.sleep(0.02)

    async def send(self, contact: bytes, out: Departing) -> None:
        """Append what goes out."""
        with (self._folder / "out").open("ab") as file:
            file.write(contact + b" " + out.text.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        if self._point == "handed" and out.text.encode().startswith(ANSWER):
            end()


def ends_at(point: str) -> None:
    """Put an end where it cannot be put from outside."""
    if point == "words":
        stored = Post._stored

        async def before_files(self: Post, act: Callable[[Device], None]) -> None:
            end()
            await stored(self, act)

        Post._stored = before_files  # type: ignore[method-assign]
    if noted := {"noting": "kept-went", "numbering": "kept-handed"}.get(point):
        put = host.put_in_place

        def while_noted(new: Path, path: Path) -> None:
            if path.name == noted:
                end()
            put(new, path)

        host.put_in_place = while_noted
    if point in {"joined", "never"}:
        limits.AT_ONCE, limits.WINDOW_SECONDS = 2, 1.0  # type: ignore[misc]
    if point == "joined":
        limits.Held.let_go = lambda *_: end()  # type: ignore[method-assign]


def main() -> None:
    """Run the line of a folder until killed."""
    folder, channel, point = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    ends_at(point)
    line = open_line(folder, PASSPHRASE)
    asyncio.run(Runner(line.admitted(), Folders(channel, point)).run())


if __name__ == "__main__":
    main()
