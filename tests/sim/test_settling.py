# SPDX-License-Identifier: AGPL-3.0-or-later
"""The two stores of a desk when a process is killed, or the power fails, while they are made."""

import multiprocessing
import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from safeconduct.edges.desk import two_files
from safeconduct.edges.desk.settling import settle
from safeconduct.edges.desk.store import Store
from safeconduct.edges.desk.store_guard import holding
from safeconduct.edges.desk.two_files import BESIDE, FILE, PAIR, is_finished
from safeconduct.edges.desk.wiring import SystemRng
from tests.kit.folder_cut import FolderCut
from tests.kit.two_stores import KEY, PIECE, STEP, TEXT, begin, looks, names, opened

FORK = multiprocessing.get_context("fork")
FILE_STEPS = 40
"""More file operations than settling for the first time has."""


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files grow by smaller steps."""
    monkeypatch.setattr(two_files, "STEP", STEP)


def write_and_die(folder: str, pieces: int) -> None:
    """Keep so many pieces, and be killed with the log beside the store."""
    store = Store(Path(folder), KEY)
    for number in range(pieces):
        store.put_setting(f"piece-{number}", PIECE)
    os.kill(os.getpid(), signal.SIGKILL)


def killed(folder: Path, pieces: int) -> None:
    """Let a process write and die."""
    process = FORK.Process(target=write_and_die, args=(str(folder), pieces))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL


def test_what_a_process_that_was_killed_left_is_written_back_without_the_key(
    tmp_path: Path,
) -> None:
    used = begin(tmp_path)
    killed(tmp_path, 60)
    assert not is_finished(used)
    settle(tmp_path, SystemRng())
    one, other = looks(tmp_path)
    assert one == other
    assert names(tmp_path) == {*PAIR, "in-use"}
    with opened(tmp_path) as store:
        assert all(store.setting(f"piece-{number}", TEXT) == PIECE for number in range(60))
        assert store.rows("PRAGMA integrity_check") == [("ok",)]


def settle_and_die(folder: str, at: int) -> None:
    """Settle, and be killed before the `at`-th thing that is done to a file of the folder."""
    left = [at]

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        if event in {"open", "os.remove", "os.rename"} and str(arguments[0]).startswith(folder):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hear)
    settle(Path(folder), SystemRng())


def test_settling_goes_on_where_kill_9_left_it(tmp_path: Path) -> None:
    deaths = 0
    with opened(tmp_path) as store:
        store.put_setting("said", "Please help.")
    for at in range(1, FILE_STEPS):
        folder = tmp_path / str(at)
        folder.mkdir()
        shutil.copy(tmp_path / FILE, folder / FILE)
        process = FORK.Process(target=settle_and_die, args=(str(folder), at))
        process.start()
        process.join()
        if process.exitcode == 0:
            break
        deaths += 1
        with opened(folder) as store:  # Whoever opens it first finds everything,
            assert store.setting("said", TEXT) == "Please help."
            store.put_setting("said", "And again.")
        settle(folder, SystemRng())  # and what they write is in what is made then.
        one, other = looks(folder)
        assert one == other
        assert names(folder) == {*PAIR, "in-use"}
        with opened(folder) as store:
            assert store.setting("said", TEXT) == "And again."
    assert process.exitcode == 0
    assert deaths > len(PAIR) + len(BESIDE)


def test_power_cut_while_the_two_are_made_loses_nothing(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(two_files, "STEP", 4 << 10)
    with opened(tmp_path) as store:
        store.put_setting("said", "Please help.")
    cut = FolderCut(tmp_path)
    with cut.watched(monkeypatch):
        settle(tmp_path, SystemRng())
    left = tmp_path_factory.mktemp("left")
    assert len(cut.after) > len(BESIDE)
    for held in (*cut.after, *cut.now()):
        for path in left.iterdir():
            path.unlink()
        for name, content in held.items():
            (left / name).write_bytes(content)
        with opened(left) as store:
            assert store.setting("said", TEXT) == "Please help."


def test_nobody_settles_while_another_holds_the_files(tmp_path: Path) -> None:
    used = begin(tmp_path)
    killed(tmp_path, 1)
    with holding(tmp_path):
        settle(tmp_path, SystemRng())
        assert not is_finished(used)
    settle(tmp_path, SystemRng())
    assert is_finished(used)
