# SPDX-License-Identifier: AGPL-3.0-or-later
"""The encrypted store of one desk: one SQLite file of two, many readers, one writer.

Nothing is in clear on disk: the raw key encrypts every page, of the write-ahead log too, and
temporary tables stay in memory.  `transaction` returns when what it did would survive a power cut,
but for what a thread takes from the relay `unhurried`: that survives with what follows it.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

import apsw

from safeconduct.edges.desk.migrations import migrate
from safeconduct.edges.desk.store_guard import GUARD, GUARD_MILLISECONDS, guarded, holding
from safeconduct.edges.desk.two_files import beside, drop, even, finish, land, stores
from safeconduct.kernel.canon import Codec, encode
from safeconduct.kernel.errors import Refused, Untrusted

T = TypeVar("T")
Connect = Callable[[Path, bytes], apsw.Connection]

KEYS: Final = "keys"
WRITER_CACHE_KIB: Final = 64 << 10
READER_CACHE_KIB: Final = 8 << 10
JOURNAL_BYTES: Final = 64 << 20
LOCK_MILLISECONDS: Final = 10_000
CUT_MILLISECONDS: Final = 100
NAMES_AT_ONCE: Final = 500


class StoreDamaged(Untrusted):
    """The file does not open with its key, or a page of it was changed."""

    code = "store_damaged"


class StoreFull(Refused):
    """The disk is full: nothing was kept."""

    code = "store_full"


def connect(path: Path, key: bytes, vfs: str | None = None) -> apsw.Connection:
    """Open one connection with the settings that secrecy and durability hang on."""
    connection = apsw.Connection(str(path), vfs=vfs)
    connection.pragma("cipher", "chacha20")
    connection.pragma("key", "raw:" + key.hex())
    connection.set_busy_timeout(LOCK_MILLISECONDS)
    connection.pragma("temp_store", "memory")
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", "full")
    connection.pragma("journal_size_limit", JOURNAL_BYTES)
    connection.pragma("secure_delete", "on")
    connection.pragma("trusted_schema", "off")
    connection.pragma("cache_size", -READER_CACHE_KIB)
    return connection


def file_of(folder: Path, key: bytes) -> Path:
    """Return the file that a key opens; every one is tried, whichever it is.

    Where the store lies beside its file, since packing was cut, it is put into it first; and what
    lies beside a file that it opens is what such a cut left over.  Nothing of another key's is
    touched.  The caller holds the store closed to others.

    Raises:
        StoreDamaged: there are two, and it opens neither.
        StoreFull: the disk does not let a store be put into its file; it stays beside it.
    """
    paths = stores(folder)
    if len(paths) == 1:
        return paths[0]
    opened = [path for path in paths if _opens(path, key)]
    waiting = [path for path in paths if not opened and _opens(beside(path), key)]
    if not opened and not waiting:
        raise StoreDamaged
    try:
        for path in waiting:
            land(path)
        for path in opened:
            drop(beside(path))
    except OSError as error:
        raise StoreFull from error
    return (opened or waiting)[0]


def _opens(path: Path, key: bytes) -> bool:
    if not path.exists() or not path.stat().st_size:
        return False
    finish(path)
    try:
        connect(path, key).close()
    except (apsw.NotADBError, apsw.CorruptError, apsw.CantOpenError):
        return False
    return True


def step_to(folder: Path, key: bytes, version: int, connect: Connect = connect) -> None:
    """Take the tables of a store that is closed to a version, up or down; durable on return.

    Raises:
        StoreInUse, StoreDamaged: see there.
        MadeByNewer, NoSuchVersion: this program knows no way; nothing was changed.
    """
    with holding(folder):
        try:
            with contextlib.closing(connect(file_of(folder, key), key)) as connection:
                migrate(connection, version)
        except (apsw.NotADBError, apsw.CorruptError) as error:
            raise StoreDamaged from error


class Store:
    """The file, its writer and its readers.  Safe to use from threads."""

    def __init__(self, folder: Path, key: bytes, connect: Connect = connect) -> None:
        """Open the store in a folder, or make it, and bring its tables up to date.

        Raises:
            StoreInUse: another process has it open.
            StoreDamaged: another key, or a damaged file.
            MadeByNewer: a newer program used it; nothing was changed.
            StoreFull: the disk is full, and the tables are not up to date; nothing was changed.
        """
        self._key: Final = key
        self._connect: Final = connect
        self._local: Final = threading.local()
        self._readers: list[apsw.Connection] = []
        self.lock: Final = threading.RLock()
        # Transactions that kept nothing are counted: what was read meanwhile may not be there.
        self._depth, self.undone = 0, 0
        self.full = False
        """Whether the disk was full when something was last to be kept."""
        self._waits, self._settled, self._changes = True, True, 0
        self._guard: Final = guarded(folder / GUARD, GUARD_MILLISECONDS)
        try:
            self.path: Final = file_of(folder, key)
            self.path.touch(mode=0o600)
            self._writer = connect(self.path, key)
            self._writer.pragma("cache_size", -WRITER_CACHE_KIB)
            migrate(self._writer)
        except BaseException as error:
            self._guard.close()
            if isinstance(error, apsw.NotADBError | apsw.CorruptError):
                raise StoreDamaged from error
            if isinstance(error, apsw.FullError):
                raise StoreFull from error
            raise

    def close(self) -> None:
        """Close all connections; the keys stay in this process's memory until it ends."""
        with self.lock:
            for connection in (*self._readers, self._writer):
                connection.close()
            self._readers.clear()
            even(self.path.parent)
            self._guard.close()

    @property
    def reader(self) -> apsw.Connection:
        """This thread's own connection for reading what is committed."""
        connection: apsw.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect(self.path, self._key)
            connection.pragma("query_only", "on")
            self._local.connection = connection
            with self.lock:
                self._readers.append(connection)
        return connection

    @property
    def _unhurried(self) -> bool:
        return getattr(self._local, "unhurried", False)

    @contextlib.contextmanager
    def unhurried(self) -> Iterator[None]:
        """Let this thread's transactions within be durable no later than the next other one.

        They stay in their order: a power cut takes the last of them and none before.  For what can
        be taken from the relay again, and never for what somebody is told of: `settle` comes first.
        """
        before, self._local.unhurried = self._unhurried, True
        try:
            yield
        finally:
            self._local.unhurried = before

    def settle(self) -> None:
        """Make durable what was done unhurried."""
        if not self._settled:
            with self.transaction(at_once=True) as writer:
                writer.execute("REPLACE INTO settings VALUES ('settled', x'')")

    @contextlib.contextmanager
    def transaction(self, *, at_once: bool = False) -> Iterator[apsw.Connection]:
        """Do several things at once or not at all; durable when the outermost one ends.

        With `at_once` unhurried or not: then it is no part of one that is not.

        Raises:
            StoreFull: the disk is full; nothing was kept.
        """
        with self.lock:
            outermost = self._depth == 0
            self._depth += 1
            try:
                self._begin(outermost=outermost, at_once=at_once)
                yield self._writer
                if outermost:
                    self._commit()
            except BaseException as error:
                if outermost:
                    self.undone += 1
                    if self._writer.in_transaction:
                        self._writer.execute("ROLLBACK")
                if isinstance(error, apsw.FullError):
                    self.full = True
                    raise StoreFull from error
                raise
            finally:
                self._depth -= 1

    def cut_log(self) -> bool:
        """Bring the write-ahead log into the file and cut it: what was destroyed is not in it.

        False when somebody reads just now: to be done again later.
        """
        with self.lock:
            try:
                self._writer.set_busy_timeout(CUT_MILLISECONDS)
                self._writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
            except apsw.BusyError:
                return False
            finally:
                self._writer.set_busy_timeout(LOCK_MILLISECONDS)
        return True

    def rows(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Read rows: what is committed, or inside a transaction of this thread what it did."""
        with self._quiet():
            return list(self._reading().execute(query, values))

    def rows_of(self, query: str, names: Iterable[bytes]) -> list[tuple[Any, ...]]:
        """Read rows of many names in few statements; `{names}` stands for these in the query."""
        every, found = tuple(names), list[tuple[Any, ...]]()
        for start in range(0, len(every), NAMES_AT_ONCE):
            some = every[start : start + NAMES_AT_ONCE]
            marks = ", ".join(f"?{number}" for number in range(1, len(some) + 1))
            found += self.rows(query.format(names=marks), some)
        return found

    def value(self, query: str, values: tuple[Any, ...] = ()) -> Any:  # noqa: ANN401
        """Read one value, or None."""
        with self._quiet():
            return self._reading().execute(query, values).get

    def setting(self, name: str, codec: Codec[T]) -> T | None:
        """Return a setting, or None when it was never put."""
        raw = self.value("SELECT value FROM settings WHERE name = ?", (name,))
        return None if raw is None else codec.decode_own(raw)

    def forget_troubles(self, *codes: str) -> bool:
        """Take back what is wrong no more; tell whether something was kept of it."""
        known = "SELECT 1 FROM troubles WHERE code = ?"
        there = [(code,) for code in codes if self.value(known, (code,))]
        if there:
            with self.transaction() as writer:
                writer.executemany("DELETE FROM troubles WHERE code = ?", there)
        return bool(there)

    def put_setting(self, name: str, value: Any) -> None:  # noqa: ANN401
        """Keep a setting."""
        with self.transaction() as writer:
            writer.execute("REPLACE INTO settings VALUES (?, ?)", (name, encode(value)))

    def drop_settings(self, *names: str) -> None:
        """Keep some settings no more; what was never put stays so."""
        with self.transaction() as writer:
            gone = ((name,) for name in names)
            writer.executemany("DELETE FROM settings WHERE name = ?", gone)

    def _begin(self, *, outermost: bool, at_once: bool) -> None:
        """Begin what waits for the disk at its end, and so brings all before it there, or not."""
        if not outermost:
            if at_once and not self._waits:
                raise RuntimeError("what is to be durable is part of what is not")
            return
        waits = at_once or not self._unhurried
        if waits != self._waits:
            self._writer.pragma("synchronous", "full" if waits else "normal")
            self._waits = waits
        self._changes = self._writer.total_changes()
        self._writer.execute("BEGIN IMMEDIATE")

    def _commit(self) -> None:
        """End a transaction; one that changed nothing brings nothing to the disk."""
        changed = self._writer.total_changes() > self._changes
        self._writer.execute("COMMIT")
        self.full, self._settled = False, self._waits if changed else self._settled

    def _reading(self) -> apsw.Connection:
        if self._depth and self.lock.acquire(blocking=False):
            try:
                # The lock was free or is ours already: with depth it can only be ours.
                if self._depth:
                    return self._writer
            finally:
                self.lock.release()
        return self.reader

    @contextlib.contextmanager
    def _quiet(self) -> Iterator[None]:
        try:
            yield
        except (apsw.CorruptError, apsw.NotADBError) as error:
            raise StoreDamaged from error
