# SPDX-License-Identifier: AGPL-3.0-or-later
"""The store: sealed on disk, one process, migrations there and back."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from safeconduct.edges.desk import migrations
from safeconduct.edges.desk.migrations import STEPS, migrate, version_of
from safeconduct.edges.desk.store import Store, StoreDamaged, connect, step_to
from safeconduct.edges.desk.store_guard import StoreInUse
from safeconduct.edges.desk.store_log import LogShelf
from safeconduct.edges.desk.two_files import FILE
from safeconduct.kernel.canon import Codec
from safeconduct.kernel.log.merkle import leaf_hash, root_at, root_of
from safeconduct.kernel.steps import MadeByNewer, NoSuchVersion, Step
from tests.kit.powercut import PowerCut

KEY = bytes(range(32))
TEXT: Codec[str] = Codec(str, "text")
MARKER = "unmistakable marker"
NEXT = (
    *STEPS,
    Step(
        "ALTER TABLE commits ADD COLUMN note TEXT; CREATE TABLE places (no INTEGER PRIMARY KEY);",
        "ALTER TABLE commits DROP COLUMN note; DROP TABLE places;",
    ),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path, KEY)
    yield opened
    opened.close()


def test_nothing_is_in_clear_in_any_file(store: Store, tmp_path: Path) -> None:
    store.put_setting("said", MARKER)
    store.rows("SELECT value FROM settings ORDER BY value || ?", (MARKER,))
    for path in tmp_path.iterdir():
        raw = path.read_bytes()
        assert MARKER.encode() not in raw
        assert b"CREATE TABLE" not in raw
        assert not raw.startswith(b"SQLite format 3")


def test_another_key_does_not_open(store: Store, tmp_path: Path) -> None:
    store.close()
    with pytest.raises(StoreDamaged):
        Store(tmp_path, bytes(32))
    again = Store(tmp_path, KEY)
    again.close()


def test_a_changed_page_is_noticed(store: Store, tmp_path: Path) -> None:
    store.put_setting("said", MARKER * 500)
    store.close()
    raw = bytearray((tmp_path / "store.db").read_bytes())
    for at in range(2048, len(raw), 4096):
        raw[at] ^= 1
    (tmp_path / "store.db").write_bytes(raw)
    with pytest.raises(StoreDamaged):
        Store(tmp_path, KEY).setting("said", TEXT)


def test_one_process_at_a_time(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreInUse):
        Store(tmp_path, KEY)


def test_failed_transaction_leaves_nothing(store: Store) -> None:
    def fail() -> None:
        with store.transaction():
            store.put_setting("said", MARKER)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert store.setting("said", TEXT) is None


def test_transaction_reads_what_it_did_and_others_do_not(store: Store) -> None:
    with store.transaction():
        store.put_setting("said", MARKER)
        assert store.setting("said", TEXT) == MARKER
        assert store.reader.execute("SELECT count(*) FROM settings").get == 0
    assert store.setting("said", TEXT) == MARKER


def test_up_down_and_up_again_keeps_all_facts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    connection = connect(tmp_path / "store.db", KEY)
    migrate(connection)
    connection.execute("INSERT INTO frames VALUES (0, x'00', x'aa')")
    connection.execute("INSERT INTO commits VALUES (1, x'01', x'02', 1, 5, 0, 1, 0, 0, x'')")
    connection.execute("INSERT INTO outbox VALUES (1, x'bb', NULL)")
    facts = ("frames", "commits", "outbox")

    def held() -> list[list[tuple[object, ...]]]:
        rows = [list(connection.execute(f"SELECT * FROM {table}")) for table in facts]
        return [[row[:10] for row in table] for table in rows]

    before = held()
    monkeypatch.setattr(migrations, "STEPS", NEXT)
    for _ in range(2):
        migrate(connection)
        assert version_of(connection) == len(NEXT)
        assert held() == before
        migrate(connection, 1)
        assert version_of(connection) == 1
        assert held() == before


def test_step_that_fails_leaves_the_version_before(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    connection = connect(tmp_path / "store.db", KEY)
    migrate(connection)
    broken = Step("CREATE TABLE one (a); CREATE TABLE one (a);", "")
    monkeypatch.setattr(migrations, "STEPS", (*STEPS, broken))
    with pytest.raises(apsw.SQLError):
        migrate(connection)
    assert version_of(connection) == len(STEPS)
    assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'one'").get == 0


def test_older_program_refuses_a_newer_store_until_it_is_brought_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(migrations, "STEPS", NEXT)
        store = Store(tmp_path, KEY)
        store.put_setting("said", MARKER)
        with pytest.raises(StoreInUse):
            step_to(tmp_path, KEY, 1)
        store.close()
    with pytest.raises(MadeByNewer) as met:
        Store(tmp_path, KEY)
    with monkeypatch.context() as newer:
        newer.setattr(migrations, "STEPS", NEXT)
        with pytest.raises(NoSuchVersion):
            step_to(tmp_path, KEY, 0)
        step_to(tmp_path, KEY, met.value.known)
    store = Store(tmp_path, KEY)
    assert store.setting("said", TEXT) == MARKER
    store.close()


def count(store: Store, acknowledged: list[int], cut: PowerCut) -> None:
    """Keep numbers, most of them unhurried; note the last that must outlast a power cut."""
    for number in range(24):
        at_once = number % 5 == 0
        with store.unhurried(), store.transaction(at_once=at_once) as writer:
            writer.execute("INSERT INTO troubles VALUES (?, 0)", (f"{number:02}",))
        if number % 7 == 0:
            with store.transaction() as writer:  # What changes nothing brings nothing to the disk.
                writer.execute("DELETE FROM troubles WHERE code = 'none'")
            store.settle()
        if not cut.dead.is_set() and (at_once or number % 7 == 0):
            acknowledged.append(number)


def test_what_is_unhurried_outlasts_a_power_cut_in_its_order_and_never_later_than_what_follows(
    tmp_path: Path,
) -> None:
    lost = 0
    for at in range(1, 400, 3):
        before, after = tmp_path / f"{at}-before", tmp_path / f"{at}-after"
        before.mkdir()
        after.mkdir()
        Store(before, KEY).close()
        shutil.copy(before / FILE, after / FILE)
        cut = PowerCut(f"unhurried-{at}", at, random.Random(at), base="unix")
        vfs = f"multipleciphers-{cut.name}"
        acknowledged = [-1]
        store = Store(before, KEY, lambda path, key, vfs=vfs: connect(path, key, vfs))  # type: ignore[misc]
        count(store, acknowledged, cut)
        store.close()
        cut.unregister()
        if not cut.dead.is_set():
            break
        cut.restore(after)
        store = Store(after, KEY)
        kept = [int(row[0]) for row in store.rows("SELECT code FROM troubles ORDER BY code")]
        store.close()
        assert kept == list(range(len(kept)))
        assert len(kept) > acknowledged[-1]
        lost += acknowledged[-1] + 1 < len(kept)
    assert at > 50
    assert lost


def test_what_is_to_be_durable_is_no_part_of_what_is_unhurried(store: Store) -> None:
    with (
        pytest.raises(RuntimeError),
        store.unhurried(),
        store.transaction(),
        store.transaction(at_once=True),
    ):
        pass
    with store.unhurried(), store.transaction(at_once=True), store.transaction():
        store.put_setting("said", MARKER)
    assert store.setting("said", TEXT) == MARKER


def test_a_power_cut_on_the_way_leaves_one_version_or_the_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(migrations, "STEPS", NEXT)
    store = Store(tmp_path, KEY)
    store.put_setting("said", MARKER)
    store.close()
    found, at = set(), 0
    while True:
        at += 1
        before, after = tmp_path / f"{at}-before", tmp_path / f"{at}-after"
        for folder in (before, after):
            folder.mkdir()
            shutil.copy(tmp_path / FILE, folder / FILE)
        cut = PowerCut(f"store-step-{at}", at, random.Random(at), base="unix")
        vfs = f"multipleciphers-{cut.name}"
        step_to(before, KEY, len(STEPS), lambda path, key, vfs=vfs: connect(path, key, vfs))  # type: ignore[misc]
        cut.unregister()
        if not cut.dead.is_set():
            break
        cut.restore(after)
        connection = connect(after / FILE, KEY)
        found.add(version_of(connection))
        connection.close()
        store = Store(after, KEY)
        assert store.setting("said", TEXT) == MARKER
        store.close()
    assert found == {len(STEPS), len(NEXT)}
    assert at > 5


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 700])
def test_root_of_every_size_can_be_computed(store: Store, size: int) -> None:
    shelf = LogShelf(store)
    frames = [bytes([number & 255, number >> 8]) for number in range(700)]
    for start in range(0, 700, 90):
        shelf.add(start, frames[start : start + 90])
    expected = root_of(leaf_hash(frame) for frame in frames[:size])
    assert root_at(size, shelf.subtree) == expected
    assert shelf.frontier(size).root() == expected


def test_cut_log_grows_again(store: Store) -> None:
    shelf = LogShelf(store)
    frames = [bytes([number & 255, number >> 8]) for number in range(700)]
    shelf.add(0, frames)
    shelf.cut(300)
    shelf.add(300, frames[300:600])
    assert shelf.size() == 600
    assert shelf.frontier(600).root() == root_of(leaf_hash(frame) for frame in frames[:600])


def test_what_was_put_over_is_in_no_page_of_the_file_and_not_in_its_log(tmp_path: Path) -> None:
    secret, other = b"an old half " * 4, b"a new half!!" * 4
    assert connect(tmp_path / "any", bytes(32)).pragma("secure_delete") == 1
    kept = Store(tmp_path, bytes(32), in_clear)
    kept.put_setting("half", secret)
    assert secret in in_files(tmp_path)
    kept.put_setting("half", other)
    assert secret in in_files(tmp_path)
    reading = kept.reader.execute("SELECT name FROM settings")
    assert not kept.cut_log()
    reading.close()
    assert kept.cut_log()
    assert secret not in in_files(tmp_path)
    assert other in in_files(tmp_path)
    kept.close()


def in_clear(path: Path, _: bytes) -> apsw.Connection:
    """Open a connection as the product does, but for the seal."""
    connection = apsw.Connection(str(path))
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", "full")
    connection.pragma("secure_delete", "on")
    return connection


def in_files(folder: Path) -> bytes:
    """Return all that lies in a folder."""
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
