# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two stores that look alike: made, kept even without a key, and never at the cost of the work."""

import resource
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from safeconduct.edges.desk import store as desk_store
from safeconduct.edges.desk import two_files
from safeconduct.edges.desk.settling import settle
from safeconduct.edges.desk.store import Store, StoreDamaged, step_to
from safeconduct.edges.desk.store_guard import holding
from safeconduct.edges.desk.two_files import FILE, PAIR, make_room
from safeconduct.edges.desk.wiring import SystemRng
from safeconduct.kernel.steps import NoSuchVersion
from tests.kit.two_stores import KEY, PIECE, STEP, TEXT, begin, looks, names, opened


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files grow by smaller steps."""
    monkeypatch.setattr(two_files, "STEP", STEP)


@pytest.mark.parametrize("lot", [0, 1])
def test_two_files_look_alike_and_the_one_by_lot_is_in_use(tmp_path: Path, lot: int) -> None:
    used = begin(tmp_path, lot)
    one, other = looks(tmp_path)
    assert one == other
    assert one[0] == STEP
    assert stat.S_IMODE(one[3]) == 0o600
    assert names(tmp_path) == {*PAIR, "in-use"}
    begins = [(tmp_path / name).read_bytes()[16:24] for name in PAIR]
    assert begins[0] == begins[1]
    with opened(tmp_path) as store:
        assert store.path == used
        assert store.setting("said", TEXT) == "Please help."


def test_tables_are_stepped_in_the_file_that_the_key_opens(tmp_path: Path) -> None:
    begin(tmp_path, 1)
    with pytest.raises(NoSuchVersion):
        step_to(tmp_path, KEY, 1000)
    with pytest.raises(StoreDamaged):
        step_to(tmp_path, bytes(32), 1)
    step_to(tmp_path, KEY, 1)
    assert names(tmp_path) == {*PAIR, "in-use"}


def test_other_store_opens_with_no_key_of_ours(tmp_path: Path) -> None:
    used = begin(tmp_path)
    used.unlink()
    with pytest.raises(StoreDamaged):
        Store(tmp_path, KEY)
    assert names(tmp_path) >= {PAIR[1]}
    assert not used.exists()


def test_both_files_grow_by_the_same_steps(tmp_path: Path) -> None:
    begin(tmp_path, 1)
    pieces = 2 * STEP // len(PIECE)
    with opened(tmp_path) as store:
        for number in range(pieces):
            store.put_setting(f"piece-{number}", PIECE)
    one, other = looks(tmp_path)
    assert one == other
    assert one[0] == 3 * STEP
    with opened(tmp_path) as store:
        assert store.setting(f"piece-{pieces - 1}", TEXT) == PIECE
        assert store.rows("PRAGMA integrity_check") == [("ok",)]


def keep_and_undo(store: Store) -> None:
    """Keep much, and fail before it counts."""
    with store.transaction():
        store.put_setting("undone", PIECE * 20)
        raise KeyError


def test_random_bytes_beyond_the_store_do_not_disturb_what_is_undone(tmp_path: Path) -> None:
    begin(tmp_path)
    with opened(tmp_path) as store:
        for number in range(20):
            with pytest.raises(KeyError):
                keep_and_undo(store)
            with store.transaction() as writer:
                writer.execute("SAVEPOINT half")
                store.put_setting("undone", PIECE * 20)
                writer.execute("ROLLBACK TO half")
                store.put_setting(f"piece-{number}", PIECE)
        assert store.setting("undone", TEXT) is None
        assert store.rows("PRAGMA integrity_check") == [("ok",)]
    with opened(tmp_path) as store:
        assert store.setting("piece-19", TEXT) == PIECE


def test_store_that_is_open_is_left_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        settle(tmp_path, SystemRng())
        store.put_setting("said", "Please help.")
    assert names(tmp_path) == {FILE, "in-use"}


def test_empty_folder_is_left_alone(tmp_path: Path) -> None:
    settle(tmp_path, SystemRng())
    assert list(tmp_path.iterdir()) == []


def test_full_disk_leaves_the_one_store(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.put_setting("said", PIECE)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 10, before[1]))
    try:
        settle(tmp_path, SystemRng())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert names(tmp_path) == {FILE, "in-use"}
    with opened(tmp_path) as store:
        assert store.setting("said", TEXT) == PIECE


def test_disk_that_is_too_small_is_not_filled(tmp_path: Path) -> None:
    begin(tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3 * STEP // 2, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            make_room(tmp_path, 2 * STEP)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert {(tmp_path / name).stat().st_size for name in PAIR} == {STEP}
    with opened(tmp_path) as store:
        assert store.setting("said", TEXT) == "Please help."


def test_who_opens_waits_for_who_settles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(tmp_path)
    monkeypatch.setattr(desk_store, "GUARD_MILLISECONDS", 60_000)  # However busy the machine is.
    with ThreadPoolExecutor() as pool:
        with holding(tmp_path):
            opening = pool.submit(Store, tmp_path, KEY)
            with pytest.raises(TimeoutError):
                opening.result(0.05)
        store = opening.result()
    assert store.setting("said", TEXT) == "Please help."
    store.close()
