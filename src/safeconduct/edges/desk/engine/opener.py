# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's side of `worker`: start it, feed it runs of frames, take what it opened.

Both pipes have a thread each, so that neither side ever waits for the other with a full pipe.
"""

from __future__ import annotations

import contextlib
import queue
import sys
import threading
from collections.abc import Mapping
from typing import Final

from safeconduct import host
from safeconduct.edges.desk.engine import child, worker
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.worker import Setup, Signers
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Defect, SafeconductError
from safeconduct.kernel.journal import Commit, open_frame
from safeconduct.kernel.seal.keys import VerifyKey
from safeconduct.kernel.seal.lock import SharedKey
from safeconduct.kernel.sync import Read
from safeconduct.kernel.wire.streams import write_frames
from safeconduct.kernel.words import DeviceId, OfficeId

BEHIND: Final = 2
"""From how many runs under way on the desk helps its worker."""
SWITCH_SECONDS: Final = 0.0005
"""The pipes' threads need the interpreter a hundred times a second; else each waits 5 ms for it."""
PIPE_BYTES: Final = 1 << 20
"""A run fits: a narrow pipe makes both processes change turns every 64 KiB, a sixth of the time."""
MODULE: Final = "safeconduct.edges.desk.engine.worker"


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
        tuple((device, *head) for device, head in heads),
    )


class Opener:
    """One worker process."""

    def __init__(self) -> None:
        """Start the process; its imports run while the desk does other things."""
        self._process: Final = child.start(MODULE)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            host.widen_pipe(pipe, PIPE_BYTES)
        self._answers: Final[queue.SimpleQueue[bytes]] = queue.SimpleQueue()
        self._interval: Final = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_SECONDS)
        self._owed = 0
        self._office: tuple[OfficeId, dict[int, SharedKey]] = (OfficeId(b""), {})
        self._outgoing: Final[queue.SimpleQueue[bytes]] = queue.SimpleQueue()
        for work, name in ((self._listen, "hear"), (self._talk, "talk")):
            threading.Thread(target=work, name=f"desk-opener-{name}", daemon=True).start()

    def set_up(self, setup: Setup) -> None:
        """Bring keys and state; may be done again."""
        keys = {epoch: SharedKey(key) for epoch, key in setup.office_keys}
        self._office = OfficeId(setup.office), keys
        self._send(worker.SETUP, encode(setup))

    def feed(self, start: int, frames: list[bytes]) -> None:
        """Let a run of frames be opened; where the worker is behind, do the first half here."""
        self._owed += 1
        if self._owed - self._answers.qsize() > BEHIND:
            commits = self._open_here(start, frames)
            if commits is not None:
                self._send(worker.FOLLOW, encode(commits))
                return
        self._send(worker.OPEN, worker.START.pack(start), write_frames(frames))

    def _open_here(self, start: int, frames: list[bytes]) -> list[tuple[int, Commit]] | None:
        """Open a run; None when a frame does not open, which the worker then says better."""
        office, keys = self._office
        try:
            return [(at, open_frame(frame, office, keys)) for at, frame in enumerate(frames, start)]
        except SafeconductError:
            return None

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
        self._outgoing.put(b"")
        self._process.wait()
        sys.setswitchinterval(self._interval)

    def kill(self) -> None:
        """End the process at once and wait for nothing: it holds keys."""
        self._process.kill()

    def _next(self) -> bytes:
        answer = self._answers.get()
        self._owed -= 1
        if not answer:
            raise Defect
        return answer

    def _send(self, *parts: bytes) -> None:
        if self._process.poll() is not None:
            raise Defect
        self._outgoing.put(b"".join(parts))

    def _talk(self) -> None:
        """Write to the pipe, so that the desk never waits for a worker that is busy."""
        pipe = self._process.stdin
        assert pipe is not None
        with contextlib.suppress(OSError):
            while message := self._outgoing.get():
                worker.write_message(pipe, message)  # type: ignore[arg-type]
            pipe.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        while message := worker.read_message(self._process.stdout):  # type: ignore[arg-type]
            self._answers.put(message)
        self._process.stdout.close()
        self._answers.put(b"")
