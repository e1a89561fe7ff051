# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line at work: a real relay on loopback with a founded office, and the line in a thread.

    with at_work(tmp_path, "matrix", lambda settings, kept: my_channel, settings) as work:
        [letter] = work.until(1)
        work.answer(letter, "We read you.", ("map.png", b"..."))

The office's side is played by the intake key alone (`tests/kit/stage.py`), so that what a line did
can be judged byte by byte.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from safeconduct.edges.lines.channel import Channel, Kept
from safeconduct.edges.lines.folder import Making, Opened, new_line
from safeconduct.edges.lines.runner import Runner
from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.lock import SealingPublicKey
from safeconduct.kernel.seal.stretch import Cost
from safeconduct.kernel.wire.bodies import Letter as Posting
from safeconduct.kernel.words import DAY, Address, Instant
from safeconduct.rooms.hotline.by_line import RISKY, Kind, LineMark, Sender, parse_mark
from safeconduct.rooms.hotline.letters import Box, Letter, Reply, seal_reply
from safeconduct.rooms.hotline.line_licence import LineLicence, write_licence
from tests.kit.stage import CAPABILITY, INTAKE_SIGNING, OFFICE, Stage, stage

PASSPHRASE: Final = "five grey herons waiting"
SECONDS: Final = 30.0
QUICK: Final = Cost(8, 1, 1)
"""The passphrase's price is no part of these tests."""
Make = Callable[[Mapping[str, str], Kept], Channel]


class Chance:
    """The operating system's random bytes."""

    def bytes(self, count: int) -> bytes:
        """Return fresh random bytes."""
        return os.urandom(count)


@dataclass
class AtWork:
    """A line that runs, and the office behind it."""

    office: Stage
    line: Opened
    runner: Runner
    codes: list[str] = field(default_factory=list)
    """Codes of what failed, as a line tells them."""

    @property
    def folder(self) -> Path:
        """The line's folder."""
        return self.line.folder

    def letters(self) -> list[Letter]:
        """Open all that the office has, with its intake key; what a line says of itself too."""
        return [letter for _, letter in self.office.letters()]

    def until(self, count: int, seconds: float = SECONDS) -> list[Letter]:
        """Wait for so many letters of people, files and all, and return those that are there."""
        end = time.monotonic() + seconds
        while True:
            found = [letter for letter in self.letters() if not mark_of(letter).alarm]
            whole = all(self.office.has(file) for letter in found for file in letter.files)
            if len(found) >= count and whole:
                return found
            assert time.monotonic() < end, f"{len(found)} letters; the line told {self.codes}"
            time.sleep(0.05)

    def files(self, letter: Letter) -> list[tuple[str, bytes]]:
        """Open the files of a letter as they lie on the relay."""
        return [(file.name, b"".join(self.office.file(file))) for file in letter.files]

    def answer(
        self,
        letter: Letter,
        text: str,
        *files: tuple[str, bytes],
        extras: Mapping[str, Any] | None = None,
    ) -> None:
        """Answer a letter of this line as a desk does, with files."""
        mark = mark_of(letter)
        sealed = tuple(self.office._store(name, content) for name, content in files)
        beside = {**(extras or {}), "line": mark.handle}
        self.post(letter, Reply(1, "answer", _now(), text, sealed, b"", beside))

    def have(self, letter: Letter) -> None:
        """Say that the office has a letter."""
        self.post(letter, Reply(1, "have", _now(), "", (), bytes(32), {}))

    def post(self, letter: Letter, reply: Reply) -> None:
        """Seal a reply with the line's own voice, and put it into the line's box."""
        key = SealingPublicKey.parse(letter.key)
        box = Box(OFFICE, Address(letter.address), key, mark_of(letter).voice)
        desk = self.office.store.desk(OFFICE, CAPABILITY)
        desk.post([Posting(letter.address, _now() + 30 * DAY, seal_reply(reply, box))])


@contextmanager
def at_work(
    folder: Path, kind: Kind, make: Make, settings: Mapping[str, str] | None = None
) -> Iterator[AtWork]:
    """Run a line of a kind until the test is done with it."""
    with stage() as office:
        line = admitted_line(folder / "line", kind, office.url, settings)
        with running(office, line, make) as work:
            yield work


@contextmanager
def running(office: Stage, line: Opened, make: Make) -> Iterator[AtWork]:
    """Run a line that an office admitted, in a thread; one folder may be run again and again."""
    codes: list[str] = []
    channel = make(line.store.settings(), line.store)
    runner = Runner(line.admitted(), channel, tell=codes.append)
    loop = asyncio.new_event_loop()
    task = loop.create_task(runner.run())
    thread = threading.Thread(target=_run, args=(loop, task), name="line", daemon=True)
    thread.start()
    try:
        yield AtWork(office, line, runner, codes)
    finally:
        with suppress(RuntimeError):  # It ended by itself.
            loop.call_soon_threadsafe(task.cancel)
        thread.join(SECONDS)
        assert not thread.is_alive(), "the line does not end"


def _run(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    asyncio.set_event_loop(loop)
    with suppress(asyncio.CancelledError):
        loop.run_until_complete(task)
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


def admitted_line(
    folder: Path, kind: Kind, relay: str, settings: Mapping[str, str] | None = None
) -> Opened:
    """Make a line as `safeconduct line new` does, and let the office of the stage admit it."""
    line = new_line(folder, Making(kind, PASSPHRASE, settings or {}, QUICK), Chance())
    line.admit(licence_of(line, relay))
    return line


def licence_of(line: Opened, *relays: str) -> bytes:
    """Return what a steward's desk of the stage's office makes for a line."""
    note = "1" if line.kind in RISKY else ""
    licence = LineLicence(
        *(1, OFFICE, line.kind, line.keys.sign.public.raw, _now()),
        *(relays, INTAKE_SIGNING.public.raw, note),
    )
    return write_licence(licence, INTAKE_SIGNING)


def mark_of(letter: Letter) -> LineMark:
    """Return what a letter tells of its line; it must hold."""
    sender = Sender(letter.voice, letter.address, letter.key)
    mark = parse_mark(encode(letter.extras), OFFICE, sender)
    assert mark is not None, "the line's signature does not hold"
    return mark


def _now() -> Instant:
    return Instant(time.time_ns() // 1_000_000)
