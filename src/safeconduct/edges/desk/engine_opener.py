# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's side of `engine_worker`: start it, feed it runs of frames, take what it opened.

Answers are read by a thread, so that neither side ever waits for the other with a full pipe.
"""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Final

from safeconduct.edges.desk import engine_worker as worker
from safeconduct.edges.desk.engine_journal import Journal
from safeconduct.edges.desk.engine_worker import Setup, Signers
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Defect
from safeconduct.kernel.seal.keys import VerifyKey
from safeconduct.kernel.sync import Read
from safeconduct.kernel.wire.streams import write_frames
from safeconduct.kernel.words import DeviceId

MODULE: Final = "safeconduct.edges.desk.engine_worker"


def setup_of(journal: Journal) -> Setup:
    """Return what a worker must know to go on reading where the journal stands."""
    counts = journal.facts.counts()
    chains = journal.facts.chains()
    heads = ((device, chains.head(device)) for device in chains.devices())
    return Setup(
        journal.office,
        tuple(journal.keychain.office.items()),
        tuple(
            (where.vault, where.epoch, key, tuple(counts.get(where, {}).items()))
            for where, key in journal.keychain.vaults.items()
        ),
        tuple((device, head.sequence, head.commit) for device, head in heads),
    )


class Opener:
    """One worker process."""

    def __init__(self) -> None:
        """Start the process; its imports run while the desk does other things."""
        self._process: Final = subprocess.Popen(  # noqa: S603  (our own module, no input)
            [sys.executable, "-m", MODULE], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._answers: Final[queue.SimpleQueue[bytes]] = queue.SimpleQueue()
        self._owed = 0
        threading.Thread(target=self._listen, name="desk-opener", daemon=True).start()

    def set_up(self, setup: Setup) -> None:
        """Bring keys and state; may be done again."""
        self._send(worker.SETUP, encode(setup))

    def feed(self, start: int, frames: list[bytes]) -> None:
        """Let a run of frames be opened."""
        self._owed += 1
        self._send(worker.OPEN, worker.START.pack(start), write_frames(frames))

    def ready(self) -> bool:
        """Tell whether `take` would return at once."""
        return not self._answers.empty()

    def owed(self) -> int:
        """Return how many answers are still to come."""
        return self._owed

    def take(self) -> list[Read]:
        """Return what became of the oldest run; blocks.

        Raises:
            Defect: the process ended.
        """
        return worker.READS.decode_own(self._next())

    def verify(self, keys: Mapping[DeviceId, VerifyKey], frames: list[bytes]) -> list[int]:
        """Return the places in a run whose signature does not hold; blocks."""
        raw = tuple((device, key.raw) for device, key in keys.items())
        self._owed += 1
        self._send(worker.VERIFY, encode(Signers(raw, write_frames(frames))))
        return worker.PLACES.decode_own(self._next())

    def close(self) -> None:
        """End the process and wait for it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()

    def _next(self) -> bytes:
        answer = self._answers.get()
        self._owed -= 1
        if not answer:
            raise Defect
        return answer

    def _send(self, *parts: bytes) -> None:
        assert self._process.stdin is not None
        try:
            worker.write_message(self._process.stdin, *parts)  # type: ignore[arg-type]
        except OSError as error:
            raise Defect from error

    def _listen(self) -> None:
        assert self._process.stdout is not None
        while message := worker.read_message(self._process.stdout):  # type: ignore[arg-type]
            self._answers.put(message)
        self._process.stdout.close()
        self._answers.put(b"")
