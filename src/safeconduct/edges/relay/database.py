# SPDX-License-Identifier: AGPL-3.0-or-later
"""One SQLite file: many readers, and one writer that commits groups (docs/spec/relay.md 8).

A call is answered only after the commit that holds it was synced.  Calls that arrive while a
commit is being synced share the next one.  When a group fails, each of its calls is tried alone,
so that one bad call cannot take others with it.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import apsw

from safeconduct.edges.relay import schema
from safeconduct.kernel.errors import Defect, SafeconductError, Untrusted
from safeconduct.kernel.wire.refusals import Busy

P = TypeVar("P")
R = TypeVar("R")
Job = Callable[[apsw.Connection], R]
BatchJob = Callable[[apsw.Connection, Sequence[P]], Sequence[R]]
Connect = Callable[[str], apsw.Connection]

LARGEST_GROUP: Final = 256
BUSY_SECONDS: Final = 5
# Small, since files pass through: the system's own cache holds what is asked for often.
WRITER_CACHE_KIB: Final = 8 << 10
READER_CACHE_KIB: Final = 1 << 10
JOURNAL_BYTES: Final = 64 << 20
LOCK_MILLISECONDS: Final = 10_000

# The disk is full, fails, or is held by a backup: nothing was stored, a later try may succeed.
PASSING: Final = (apsw.FullError, apsw.IOError, apsw.BusyError, apsw.LockedError, apsw.NoMemError)


def connect(path: str, vfs: str | None = None) -> apsw.Connection:
    """Open one connection with the settings that durability hangs on."""
    connection = apsw.Connection(path, vfs=vfs)
    connection.set_busy_timeout(LOCK_MILLISECONDS)
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", "full")
    connection.pragma("journal_size_limit", JOURNAL_BYTES)
    connection.pragma("secure_delete", "on")
    connection.pragma("trusted_schema", "off")
    connection.pragma("cache_size", -READER_CACHE_KIB)
    return connection


class RelayDamaged(Untrusted):
    """The file is no database, or pages of it were changed."""

    code = "relay_damaged"


def _open(path: str, connect: Connect) -> apsw.Connection:
    """Open the file for writing, its tables up to date."""
    connection: apsw.Connection | None = None
    try:
        connection = connect(path)
        schema.migrate(connection)
    except BaseException as error:
        if connection is not None:
            connection.close()
        if isinstance(error, apsw.NotADBError | apsw.CorruptError):
            raise RelayDamaged from error
        raise
    return connection


class Witness(Protocol):
    """Holds state in memory that must follow what was committed."""

    def committed(self) -> None:
        """What the last group did is durable."""

    def rolled_back(self) -> None:
        """What the last group did never happened."""


@dataclass(slots=True)
class _Ticket:
    """One call on its way through the writer."""

    run: BatchJob[Any, Any]
    payload: Any
    answer: Future[Any] | asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop | None = None
    result: Any = field(default=None)

    def settle(self) -> None:
        """Answer the caller, unless it went away."""
        if self.answer.done():
            return
        if isinstance(self.result, BaseException):
            self.answer.set_exception(self.result)
        else:
            self.answer.set_result(self.result)


def _each(connection: apsw.Connection, jobs: Sequence[Job[Any]]) -> Sequence[Any]:
    """Run plain jobs one after the other; a refusal is the result of its job alone."""
    results: list[Any] = []
    for job in jobs:
        before = connection.total_changes()
        try:
            results.append(job(connection))
        except SafeconductError as error:
            if connection.total_changes() != before:
                raise
            results.append(error)
    return results


class Database:
    """The file, its writer thread and its readers."""

    def __init__(self, path: Path, connect: Connect = connect) -> None:
        """Open or make the file and bring its tables up to date.

        Raises:
            MadeByNewer: a newer program used the file; nothing was changed.
            RelayDamaged: it is no database, or a damaged one.
        """
        self._path: Final = str(path)
        self._connect: Final = connect
        path.touch(mode=0o600)
        self._writer = _open(self._path, connect)
        self._writer.pragma("cache_size", -WRITER_CACHE_KIB)
        self._witnesses: list[Witness] = []
        self._readers: list[apsw.Connection] = []
        self._local: Final = threading.local()
        self._lock: Final = threading.Lock()
        self._queue: Final[queue.SimpleQueue[_Ticket | None]] = queue.SimpleQueue()
        self._thread: Final = threading.Thread(target=self._work, name="relay-writer", daemon=True)
        self._closed = False
        self._thread.start()

    def attend(self, witness: Witness) -> None:
        """Tell this witness of every commit and rollback from now on."""
        self._witnesses.append(witness)

    def close(self) -> None:
        """Finish what was asked, then close; later calls are answered `busy`."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._queue.put(None)
        self._thread.join()
        for connection in (*self._readers, self._writer):
            connection.close()

    def reader(self) -> apsw.Connection:
        """Return this thread's own connection for reading."""
        connection: apsw.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect(self._path)
            connection.pragma("query_only", "on")
            self._local.connection = connection
            with self._lock:
                self._readers.append(connection)
        return connection

    def write(self, job: Job[R]) -> R:
        """Run a job in the next group; return its result once it is durable."""
        result: R = self.write_batched(_each, job)
        return result

    def write_batched(self, run: BatchJob[P, Any], payload: P) -> Any:  # noqa: ANN401
        """Run one payload of a job that takes many at once; return its part of the results."""
        ticket = _Ticket(run, payload, Future())
        self._submit(ticket)
        assert isinstance(ticket.answer, Future)
        return ticket.answer.result()

    async def write_batched_async(self, run: BatchJob[P, Any], payload: P) -> Any:  # noqa: ANN401
        """Do the same without blocking the event loop."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        self._submit(_Ticket(run, payload, answer, loop))
        return await answer

    def _submit(self, ticket: _Ticket) -> None:
        with self._lock:
            if self._closed:
                raise Busy(BUSY_SECONDS)
            self._queue.put(ticket)

    def _work(self) -> None:
        """Take groups until closed.  A defect in here closes: nobody may wait for ever."""
        ended = False
        while not ended:
            group, ended = self._gather()
            try:
                self._serve(group)
            except Exception:  # noqa: BLE001  (told to each caller, whose edge records the code)
                with self._lock:
                    self._closed, ended = True, True
                    group += self._left_over()
                for ticket in group:
                    ticket.result = Defect()
                _settle(group)

    def _left_over(self) -> list[_Ticket]:
        """Return what nobody will serve."""
        left: list[_Ticket] = []
        while not self._queue.empty():
            ticket = self._queue.get_nowait()
            if ticket is not None:
                left.append(ticket)
        return left

    def _gather(self) -> tuple[list[_Ticket], bool]:
        """Wait for a call; return it with what waits behind it, and whether closing was asked."""
        group: list[_Ticket] = []
        while not group or (len(group) < LARGEST_GROUP and not self._queue.empty()):
            # The writer alone takes from the queue, so what is not empty gives at once.
            ticket = self._queue.get()
            if ticket is None:
                return group, True
            group.append(ticket)
        return group, False

    def _serve(self, group: list[_Ticket]) -> None:
        """Commit a group; when that fails, each of its tickets alone."""
        error = self._commit(group)
        if error is not None and len(group) > 1:
            for ticket in group:
                self._serve([ticket])
            return
        if error is not None:
            group[0].result = Busy(BUSY_SECONDS) if isinstance(error, PASSING) else error
        _settle(group)

    def _commit(self, group: list[_Ticket]) -> Exception | None:
        """Run and commit a group; return what went wrong, after taking it back."""
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            for run in dict.fromkeys(ticket.run for ticket in group):
                mine = [ticket for ticket in group if ticket.run == run]
                results = run(self._writer, [ticket.payload for ticket in mine])
                for ticket, result in zip(mine, results, strict=True):
                    ticket.result = result
            self._writer.execute("COMMIT")
        except Exception as error:  # noqa: BLE001  (each kind becomes its caller's answer)
            self._take_back()
            return error
        for witness in self._witnesses:
            witness.committed()
        return None

    def _take_back(self) -> None:
        if self._writer.in_transaction:
            self._writer.execute("ROLLBACK")
        for witness in self._witnesses:
            witness.rolled_back()


def _settle(group: list[_Ticket]) -> None:
    """Answer all callers; each event loop is woken once."""
    loops: dict[asyncio.AbstractEventLoop, list[_Ticket]] = {}
    for ticket in group:
        if ticket.loop is None:
            ticket.settle()
        else:
            loops.setdefault(ticket.loop, []).append(ticket)
    for loop, tickets in loops.items():
        try:
            loop.call_soon_threadsafe(_settle_here, tickets)
        except RuntimeError:  # The loop is closed, and its callers with it.
            continue


def _settle_here(tickets: list[_Ticket]) -> None:
    for ticket in tickets:
        ticket.settle()
