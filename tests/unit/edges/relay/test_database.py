# SPDX-License-Identifier: AGPL-3.0-or-later
"""Groups: answered after the commit, and no call can take another with it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import apsw
import pytest

from safeconduct.edges.relay import database as database_module
from safeconduct.edges.relay.database import Database, Job
from safeconduct.kernel.errors import Defect
from safeconduct.kernel.wire.refusals import Busy, Conflict


class Recorder:
    """Counts commits and rollbacks."""

    def __init__(self) -> None:
        self.committed_groups = 0
        self.rolled_back_groups = 0

    def committed(self) -> None:
        """Count."""
        self.committed_groups += 1

    def rolled_back(self) -> None:
        """Count."""
        self.rolled_back_groups += 1


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "relay.db")
    database.write(lambda connection: connection.execute("CREATE TABLE t (x)").fetchall())
    yield database
    database.close()


def insert(x: Any, error: Exception | None = None) -> Job[Any]:  # noqa: ANN401
    def job(connection: apsw.Connection) -> Any:  # noqa: ANN401
        connection.execute("INSERT INTO t VALUES (?)", (x,))
        if error:
            raise error
        return x

    return job


def stored(database: Database) -> list[object]:
    return [row[0] for row in database.reader().execute("SELECT x FROM t ORDER BY x")]


def all_at_once(database: Database, jobs: Sequence[Job[Any]]) -> list[object]:
    """Let jobs arrive while the writer is busy, so that they share one group."""
    gate, inside = threading.Event(), threading.Event()

    def hold(_: apsw.Connection) -> None:
        inside.set()
        gate.wait(10)

    results: list[object] = [None] * len(jobs)

    def one(place: int) -> None:
        try:
            results[place] = database.write(jobs[place])
        except Exception as error:  # noqa: BLE001  (the result of this test)
            results[place] = error

    def hold_on() -> None:
        with contextlib.suppress(Defect):
            database.write(hold)

    holder = threading.Thread(target=hold_on)
    holder.start()
    inside.wait(10)
    callers = [threading.Thread(target=one, args=(place,)) for place in range(len(jobs))]
    for caller in callers:
        caller.start()
    while database._queue.qsize() < len(jobs):
        pass
    gate.set()
    for caller in (holder, *callers):
        caller.join()
    return results


def test_durability_settings_hold_on_every_connection(database: Database) -> None:
    for connection in (database._writer, database.reader()):
        assert connection.pragma("journal_mode") == "wal"
        assert connection.pragma("synchronous") == 2


def test_what_is_written_is_seen_by_readers(database: Database) -> None:
    assert database.write(insert(1)) == 1
    assert stored(database) == [1]


def test_readers_cannot_write(database: Database) -> None:
    with pytest.raises(apsw.ReadOnlyError):
        database.reader().execute("INSERT INTO t VALUES (1)")


def test_calls_that_wait_share_one_commit(database: Database) -> None:
    recorder = Recorder()
    database.attend(recorder)
    assert all_at_once(database, [insert(x) for x in range(9)]) == list(range(9))
    assert recorder.committed_groups == 2


def test_a_refusal_is_its_own_calls_result_alone(database: Database) -> None:
    def refuse(_: apsw.Connection) -> None:
        raise Conflict

    results = all_at_once(database, [insert(1), refuse, insert(2)])
    assert results[0] == 1
    assert isinstance(results[1], Conflict)
    assert stored(database) == [1, 2]


@pytest.mark.parametrize("error", [Conflict(), ValueError()])
def test_a_call_that_fails_after_writing_takes_back_its_own_alone(
    database: Database, error: Exception
) -> None:
    recorder = Recorder()
    database.attend(recorder)
    results = all_at_once(database, [insert(1), insert(2, error), insert(3)])
    assert results == [1, error, 3]
    assert stored(database) == [1, 3]
    assert recorder.rolled_back_groups >= 2


def test_a_full_disk_is_answered_busy_and_stores_nothing(database: Database) -> None:
    database.write(lambda connection: connection.pragma("max_page_count", 40))
    with pytest.raises(Busy):
        database.write(insert(bytes(1 << 20)))
    assert stored(database) == []
    assert database.write(insert(1)) == 1


def test_a_closed_database_is_busy(database: Database) -> None:
    database.close()
    database.close()
    with pytest.raises(Busy):
        database.write(insert(1))


def test_closing_answers_what_was_asked_before(tmp_path: Path) -> None:
    database = Database(tmp_path / "other.db")
    gate = threading.Event()
    results: list[object] = []
    waiting = threading.Thread(target=lambda: results.append(database.write(_after(gate))))
    waiting.start()
    closing = threading.Thread(target=database.close)
    gate.set()
    waiting.join()
    closing.start()
    closing.join()
    assert results == ["done"]


def _after(gate: threading.Event) -> Job[str]:
    def job(_: apsw.Connection) -> str:
        gate.wait(10)
        return "done"

    return job


def batch(connection: apsw.Connection, payloads: Sequence[int]) -> list[int | Exception]:
    return [Conflict() if x < 0 else x * 2 for x in payloads]


def test_the_event_loop_is_answered_too(database: Database) -> None:
    async def both() -> tuple[object, ...]:
        calls = (database.write_batched_async(batch, x) for x in (1, 2, -1))
        return tuple(await asyncio.gather(*calls, return_exceptions=True))

    one, two, refused = asyncio.run(both())
    assert (one, two) == (2, 4)
    assert isinstance(refused, Conflict)


def test_a_caller_that_went_away_harms_nobody(database: Database) -> None:
    async def leave() -> object:
        task = asyncio.create_task(database.write_batched_async(batch, 1))
        await asyncio.sleep(0)
        task.cancel()
        return await database.write_batched_async(batch, 5)

    assert asyncio.run(leave()) == 10


def test_a_loop_that_was_closed_harms_nobody(database: Database) -> None:
    gate = threading.Event()
    holder = threading.Thread(target=database.write, args=(_after(gate),))
    holder.start()

    async def ask_and_leave() -> None:
        task = asyncio.create_task(database.write_batched_async(batch, 1))
        await asyncio.sleep(0)
        task.cancel()

    asyncio.run(ask_and_leave())
    gate.set()
    holder.join()
    assert database.write_batched(batch, 4) == 8


class Broken(Recorder):
    """A witness with a bug."""

    def committed(self) -> None:
        """Fail."""
        raise ZeroDivisionError


def test_a_bug_in_the_writer_keeps_nobody_waiting(database: Database) -> None:
    database.attend(Broken())
    results = all_at_once(database, [insert(1), insert(2)])
    assert [type(result) for result in results] == [Defect, Defect]
    with pytest.raises(Busy):
        database.write(insert(3))


def test_a_large_crowd_is_served_in_groups(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "LARGEST_GROUP", 2)
    recorder = Recorder()
    database.attend(recorder)
    assert all_at_once(database, [insert(x) for x in range(5)]) == list(range(5))
    assert recorder.committed_groups == 4
