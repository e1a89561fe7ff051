# SPDX-License-Identifier: AGPL-3.0-or-later
"""A second passphrase is set: what it opens, what it leaves alone, and what a cut leaves."""

import errno
import multiprocessing
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from safeconduct.edges.desk import keyslots, second, two_files
from safeconduct.edges.desk.second import Change, Second
from safeconduct.edges.desk.settling import settle
from safeconduct.edges.desk.store import KEYS, Store, StoreDamaged, StoreFull
from safeconduct.edges.desk.store_guard import holding
from safeconduct.edges.desk.two_files import FILE, PAIR
from safeconduct.edges.desk.wiring import SystemRng
from safeconduct.kernel.errors import WrongPassphrase
from safeconduct.kernel.seal.stretch import Cost
from tests.kit.folder_cut import FolderCut
from tests.kit.two_stores import KEY, PIECE, STEP, TEXT, looks, names, opened

FORK = multiprocessing.get_context("fork")
CHEAP = Cost(8, 1, 1)
RNG = SystemRng()
OLD, NEW, FORCED, BEFORE = "of the work", "of the work anew", "when forced", "when forced before"
WORDS = (OLD, NEW)
MOST_STEPS = 80
"""More file operations than setting a second passphrase has."""


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files grow by smaller steps."""
    monkeypatch.setattr(two_files, "STEP", STEP)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A settled desk with one sentence kept, and no second passphrase."""
    folder = tmp_path / "home"
    folder.mkdir()
    keyslots.create(folder / KEYS, OLD, KEY, RNG, CHEAP)
    with opened(folder) as store:
        store.put_setting("said", "Please help.")
    settle(folder, RNG)
    return folder


def made(folder: Path, said: str = "invented", passphrase: str = FORCED) -> Second:
    """Another store, in one closed file."""
    folder.mkdir()
    key = RNG.bytes(32)
    store = Store(folder, key)
    store.put_setting("said", said)
    store.put_setting("piece", PIECE)
    store.close()
    return Second(passphrase, key, folder / FILE)


def said(folder: Path, passphrase: str) -> str | None:
    """What stands in the store that a passphrase opens; None where it opens nothing."""
    try:
        store = Store(folder, keyslots.unlock(folder / KEYS, passphrase))
    except WrongPassphrase:
        return None
    try:
        assert store.rows("PRAGMA integrity_check") == [("ok",)]
        return store.setting("said", TEXT)
    finally:
        store.close()


def put(folder: Path, what: Second) -> None:
    """Set it, as the program does."""
    with holding(folder):
        second.put(folder, Change(OLD, KEY, NEW), what, RNG, CHEAP)


def test_each_passphrase_opens_its_own_store_and_both_look_alike(
    home: Path, tmp_path: Path
) -> None:
    places = {name: (home / name).stat().st_ino for name in PAIR}
    put(home, made(tmp_path / "made"))
    one, other = looks(home)
    assert one == other
    assert names(home) == {KEYS, *PAIR, "in-use"}
    assert {name: (home / name).stat().st_ino for name in PAIR} == places
    assert [said(home, word) for word in (OLD, NEW, FORCED)] == [None, "Please help.", "invented"]


def test_another_second_one_takes_its_place(home: Path, tmp_path: Path) -> None:
    put(home, made(tmp_path / "made", "before", BEFORE))
    with holding(home):
        second.put(home, Change(NEW, KEY, OLD), made(tmp_path / "again"), RNG, CHEAP)
    assert [said(home, word) for word in (BEFORE, OLD, FORCED)] == [
        None,
        "Please help.",
        "invented",
    ]


@pytest.mark.parametrize(("old", "new"), [(NEW, OLD), (FORCED, OLD)])
def test_changing_either_passphrase_leaves_the_other_and_both_stores(
    home: Path, tmp_path: Path, old: str, new: str
) -> None:
    put(home, made(tmp_path / "made"))
    opens, key = said(home, old), keyslots.unlock(home / KEYS, old)
    with holding(home):
        second.change(home, Change(old, key, new), RNG, CHEAP)
    assert said(home, old) is None
    assert said(home, new) == opens
    kept = FORCED if old == NEW else NEW
    assert said(home, kept) == ("invented" if kept == FORCED else "Please help.")


def test_typing_the_second_one_again_draws_both_slots_anew(home: Path, tmp_path: Path) -> None:
    put(home, made(tmp_path / "made"))
    before = (home / KEYS).read_bytes()
    with holding(home):
        assert not second.renew(home, Change(NEW, KEY, OLD), "opens nothing", RNG, CHEAP)
        assert (home / KEYS).read_bytes() == before
        assert second.renew(home, Change(NEW, KEY, OLD), FORCED, RNG, CHEAP)
    assert [said(home, word) for word in (NEW, OLD, FORCED)] == [None, "Please help.", "invented"]


def test_every_change_makes_the_key_file_anew_equally_often(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, seen = os.replace, list[int]()

    def counted(source: Path, target: Path) -> None:
        seen[-1] += Path(target).name == KEYS
        replace(source, target)

    monkeypatch.setattr(os, "replace", counted)
    what = made(tmp_path / "made")
    acts: tuple[Callable[[], object], ...] = (
        lambda: second.change(home, Change(OLD, KEY, NEW), RNG, CHEAP),
        lambda: second.put(home, Change(NEW, KEY, OLD), what, RNG, CHEAP),
        lambda: second.renew(home, Change(OLD, KEY, NEW), FORCED, RNG, CHEAP),
        lambda: second.change(home, Change(FORCED, what.key, BEFORE), RNG, CHEAP),
    )
    for act in acts:
        seen.append(0)
        with holding(home):
            act()
    assert seen == [2, 2, 2, 2]


def test_full_disk_changes_nothing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(home, made(tmp_path / "made", "before", BEFORE))
    monkeypatch.setattr(two_files, "STEP", 64 * STEP)
    before = (home / KEYS).read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch, holding(home):
        patch.setattr(os, "fsync", full)
        with pytest.raises(StoreFull):
            second.put(home, Change(NEW, KEY, OLD), made(tmp_path / "again"), RNG, CHEAP)
    assert (home / KEYS).read_bytes() == before
    assert said(home, NEW) == "Please help."
    assert said(home, BEFORE) == "before"


def test_desk_that_was_never_settled_is_left_as_it_is(tmp_path: Path) -> None:
    keyslots.create(tmp_path / KEYS, OLD, KEY, RNG, CHEAP)
    with opened(tmp_path) as store:
        store.put_setting("said", "Please help.")
    with pytest.raises(StoreFull):
        put(tmp_path, made(tmp_path / "made"))
    assert said(tmp_path, OLD) == "Please help."


def dying(folder: str, at: int, act: Callable[[], None]) -> None:
    """Act, and be killed before the `at`-th thing that is done to a file, or drawn for one."""
    left = [at]

    def step() -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        if event in {"open", "os.remove", "os.rename", "os.utime"} and folder in str(arguments[0]):
            step()

    class Counted(SystemRng):
        def bytes(self, count: int) -> bytes:
            step()
            return super().bytes(count)

    pytest.MonkeyPatch().setattr(two_files, "SystemRng", Counted)
    sys.addaudithook(hear)
    act()


def check(folder: Path) -> None:
    """One of the two passphrases opens the work; the second opens its store whole or nothing."""
    work = [said(folder, word) for word in WORDS]
    assert sorted(work, key=str) == [None, "Please help."] or work == ["Please help.", None]
    invented = [said(folder, word) for word in (BEFORE, FORCED)]
    assert invented in ([None, None], ["before", None], [None, "invented"])
    assert (invented[1] is not None) == (work[1] is not None)


def test_kill_9_leaves_a_desk_that_opens_with_its_passphrase(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(two_files, "PART", 64 << 10)
    with holding(home):
        second.put(
            home, Change(OLD, KEY, NEW), made(tmp_path / "first", "before", BEFORE), RNG, CHEAP
        )
        second.change(home, Change(NEW, KEY, OLD), RNG, CHEAP)
    what, deaths = made(tmp_path / "made"), 0
    for at in range(1, MOST_STEPS):
        folder = tmp_path / f"dies-{at}-"
        shutil.copytree(home, folder)
        arguments = (str(folder), at, lambda folder=folder: put(folder, what))
        process = FORK.Process(target=dying, args=arguments)
        process.start()
        process.join()
        settle(folder, RNG)
        check(folder)
        shutil.rmtree(folder)
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        deaths += 1
    assert process.exitcode == 0
    assert deaths > STEP // two_files.PART


def test_power_cut_leaves_a_desk_that_opens_with_its_passphrase(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(two_files, "STEP", 4 << 10)
    what, cut = made(tmp_path / "made"), FolderCut(home)
    with cut.watched(monkeypatch), holding(home):
        second.put(home, Change(OLD, KEY, NEW), what, RNG, CHEAP)
    left = tmp_path / "left"
    seen = set()
    for held in (*cut.after, *cut.now()):
        shutil.rmtree(left, ignore_errors=True)
        left.mkdir()
        for name, content in held.items():
            (left / name).write_bytes(content)
        work = [opened_or(left, word) for word in WORDS]
        seen.add(tuple(work))
        assert "Please help." in work
        assert opened_or(left, FORCED) in {None, "invented"}
    assert seen == {("Please help.", None), (None, "Please help.")}


def opened_or(folder: Path, passphrase: str) -> str | None:
    """What a passphrase opens, or None, also where the store is not whole."""
    try:
        return said(folder, passphrase)
    except StoreDamaged:
        return "damaged"
