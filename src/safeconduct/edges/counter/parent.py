# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps a fixed number of children waiting on the counter's socket, and reads no connection.

Each lane is one thread that starts a child, hears from it how far it is, and starts the next.
When all are busy, people wait in the socket's queue, nobody is refused, and the slowest is asked
to make way (`lanes`).  One more thread looks into the queue and ends what outlives its time.
Nothing that a person typed ever reaches this process, only how much of it there was.
"""

from __future__ import annotations

import selectors
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from safeconduct import host
from safeconduct.edges.counter.config import CounterConfig, parse_config, write_config
from safeconduct.edges.counter.lanes import GIVE_WAY, READY, TAKEN, Lane, first_to_go

if TYPE_CHECKING:
    from types import TracebackType

BACKLOG: Final = 128
SILENT_SECONDS: Final = 10
STOP_SECONDS: Final = 5.0
KILL_AFTER_SECONDS: Final = 5.0
FIRST_PAUSE_SECONDS: Final = 0.5
LONGEST_PAUSE_SECONDS: Final = 30.0
LOOK_SECONDS: Final = 0.25
CHILD: Final = "safeconduct.edges.counter.child"


def serve_counter(config: CounterConfig) -> CounterHandle:
    """Open the counter's socket and start its children; returns at once.

    Raises:
        Malformed: the configuration is not one that a child would take.
        OSError: the address cannot be bound.
    """
    # A record checks nothing when it is made; its parser does.
    return CounterHandle(parse_config(write_config(config)))


class CounterHandle:
    """A counter that is open.  `stop` closes it; the children that are idle end with it."""

    def __init__(self, config: CounterConfig) -> None:
        """Bind and start."""
        self._config: Final = config
        self._listener: Final = _listen(config)
        name = self._listener.getsockname()
        self.address: Final[tuple[str, int]] = (name[0], name[1])
        self.outcomes: Final[Counter[int]] = Counter()
        """How children ended, by exit code; see `child.Outcome`.  Negative is a signal."""
        self._stopping: Final = threading.Event()
        self._warm: Final = threading.Semaphore(0)
        self._lock: Final = threading.Lock()
        self._children: Final[dict[int, subprocess.Popen[bytes]]] = {}
        self._busy: Final[dict[Lane, subprocess.Popen[bytes]]] = {}
        self._threads: Final = [
            threading.Thread(target=self._keep, args=(lane,), name=f"counter-{lane}", daemon=True)
            for lane in range(config.lanes)
        ]
        self._threads.append(threading.Thread(target=self._watch, name="counter", daemon=True))
        for thread in self._threads:
            thread.start()

    @property
    def url(self) -> str:
        """Where the counter's one page is."""
        shown = f"[{self.address[0]}]" if ":" in self.address[0] else self.address[0]
        return f"http://{shown}:{self.address[1]}/"

    def children(self) -> list[int]:
        """Return the process ids of the children that are there now."""
        with self._lock:
            return [child.pid for child in self._children.values()]

    def wait_until_warm(self, seconds: float) -> bool:
        """Wait until a child is ready to answer without delay; False when none was in time."""
        return self._warm.acquire(timeout=seconds)

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Take no more connections, let busy children finish for a moment, and end the rest."""
        self._stopping.set()
        with self._lock:
            children = [*self._children.values()]
        for child in children:
            assert child.stdin is not None
            with suppress(OSError):
                child.stdin.close()
        for thread in self._threads:
            thread.join(seconds / len(self._threads))
        for child in children:
            child.kill()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    def _keep(self, lane: int) -> None:
        """Keep one child on this lane until the counter stops."""
        pause = FIRST_PAUSE_SECONDS
        while not self._stopping.is_set():
            code, served = self._one(lane)
            self.outcomes[code] += 1
            if served:
                pause = FIRST_PAUSE_SECONDS
            elif not self._stopping.wait(pause):
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def _one(self, lane: int) -> tuple[int, bool]:
        """Run one child to its end; return its exit code and whether it took a connection."""
        child = host.start_with_socket([sys.executable, "-P", "-m", CHILD], self._listener)
        with self._lock:
            self._children[lane] = child
        with child:
            served = self._attend(child)
            if served:
                self._accompany(child)
            try:
                child.wait(KILL_AFTER_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
        with self._lock:
            self._children.pop(lane, None)
        return child.wait(), served

    def _attend(self, child: subprocess.Popen[bytes]) -> bool:
        """Tell a child what it must know; return True once it has taken a connection."""
        assert child.stdin is not None
        assert child.stdout is not None
        raw = write_config(self._config)
        with suppress(OSError, ValueError):
            child.stdin.write(len(raw).to_bytes(4, "big") + raw)
            child.stdin.flush()
            if self._stopping.is_set():
                child.stdin.close()
        if child.stdout.read(1) != READY:
            return False
        self._warm.release()
        return child.stdout.read(1) == TAKEN

    def _accompany(self, child: subprocess.Popen[bytes]) -> None:
        """Hear how far a child is until it ends; the one who watches ends it if it does not."""
        assert child.stdout is not None
        lane = Lane(time.monotonic())
        with self._lock:
            self._busy[lane] = child
        while mark := child.stdout.read(1):
            lane.hear(mark, time.monotonic())
        with self._lock:
            del self._busy[lane]

    def _watch(self) -> None:
        """End what outlives its time, and make way for who waits."""
        waited = False
        life = self._config.limits.life_seconds + KILL_AFTER_SECONDS
        with selectors.DefaultSelector() as queue:
            queue.register(self._listener, selectors.EVENT_READ)
            while not self._stopping.wait(LOOK_SECONDS):
                now = time.monotonic()
                with self._lock:
                    for lane, child in self._busy.items():
                        if lane.overdue(now, life):
                            child.kill()
                    waits = len(self._busy) == self._config.lanes and bool(queue.select(0))
                    if waits and waited:  # Not only for the moment until a free lane takes it.
                        self._make_way(now)
                waited = waits

    def _make_way(self, now: float) -> None:
        lane = first_to_go(self._busy, now, self._config.limits.spared_seconds)
        if lane is None:
            return
        lane.ask(now)
        pipe = self._busy[lane].stdin
        assert pipe is not None
        with suppress(OSError, ValueError):
            pipe.write(GIVE_WAY)
            pipe.flush()


def _listen(config: CounterConfig) -> socket.socket:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    listener = socket.create_server(
        (config.host, config.port), family=family, backlog=BACKLOG, dualstack_ipv6=False
    )
    host.wake_only_with_data(listener, SILENT_SECONDS)
    return listener
