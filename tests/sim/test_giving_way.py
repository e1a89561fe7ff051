# SPDX-License-Identifier: AGPL-3.0-or-later
"""A second passphrase that destroys what the other one opens (docs/adr/0029), cut short anywhere.

Either both passphrases open their stores still, or the second one alone does.
"""

import errno
import os
import shutil
import signal
from pathlib import Path

import pytest

from safeconduct.edges.desk import keyslots, packing, second, two_files
from safeconduct.edges.desk.second import Change
from safeconduct.edges.desk.settling import settle
from safeconduct.edges.desk.store import KEYS
from safeconduct.edges.desk.store_guard import StoreInUse, holding
from safeconduct.kernel.errors import WrongPassphrase
from tests.kit.folder_cut import FolderCut
from tests.kit.two_stores import KEY, STEP, TEXT, opened
from tests.sim.test_second_passphrase import CHEAP, FORCED, FORK, NEW, OLD, RNG, dying, made, said

STEPS = 80
"""More than opening a desk has."""
BOTH, ALONE = ["Please help.", "invented"], [None, "invented"]


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files grow by smaller steps."""
    monkeypatch.setattr(two_files, "STEP", STEP)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A desk with a second passphrase that is to destroy what the first opens."""
    folder = tmp_path / "home"
    folder.mkdir()
    keyslots.create(folder / KEYS, OLD, KEY, RNG, CHEAP)
    with opened(folder) as store:
        store.put_setting("said", "Please help.")
    settle(folder, RNG)
    what = made(tmp_path / "made")
    with holding(folder):
        second.put(folder, Change(OLD, KEY, NEW, gives_way=True), what, RNG, CHEAP)
    return folder


def open_desk(folder: Path, passphrase: str) -> str | None:
    """Open a desk as the program does; return what its store says."""
    store = packing.open_store(folder, passphrase)
    try:
        return store.setting("said", TEXT)
    finally:
        store.close()


def left(folder: Path) -> list[str | None]:
    """What the two passphrases open, asked without the program's opening."""
    return [said(folder, passphrase) for passphrase in (NEW, FORCED)]


def test_opening_the_desk_with_the_second_one_destroys_what_the_first_opened(home: Path) -> None:
    assert open_desk(home, NEW) == "Please help."
    assert left(home) == BOTH
    assert open_desk(home, FORCED) == "invented"
    assert left(home) == ALONE
    with pytest.raises(WrongPassphrase):
        open_desk(home, NEW)
    assert open_desk(home, FORCED) == "invented"


def test_choice_goes_along_with_a_change_of_either_passphrase(home: Path) -> None:
    with holding(home):
        second.change(home, Change(NEW, KEY, OLD), RNG, CHEAP)
        key = keyslots.unlock(home / KEYS, FORCED)
        second.change(home, Change(FORCED, key, NEW), RNG, CHEAP)
    assert [said(home, word) for word in (OLD, NEW)] == BOTH
    assert open_desk(home, NEW) == "invented"
    assert [said(home, word) for word in (OLD, NEW)] == ALONE


@pytest.mark.parametrize("gives_way", [True, False])
def test_choice_is_made_and_taken_back_by_typing_the_second_one_again(
    home: Path, *, gives_way: bool
) -> None:
    for choice in (not gives_way, gives_way):
        with holding(home):
            assert second.renew(home, Change(NEW, KEY, NEW, choice), FORCED, RNG, CHEAP)
    assert open_desk(home, FORCED) == "invented"
    assert left(home) == (ALONE if gives_way else BOTH)


def test_kill_9_at_any_step_leaves_both_or_the_second_alone(home: Path, tmp_path: Path) -> None:
    seen = []
    for at in range(1, STEPS):
        folder = tmp_path / f"dies-{at}-"
        shutil.copytree(home, folder)
        arguments = (str(folder), at, lambda folder=folder: open_desk(folder, FORCED))
        process = FORK.Process(target=dying, args=arguments)
        process.start()
        process.join()
        settle(folder, RNG)
        seen.append(left(folder))
        assert open_desk(folder, FORCED) == "invented"
        assert left(folder) == ALONE
        shutil.rmtree(folder)
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
    assert process.exitcode == 0
    turned = seen.index(ALONE)
    assert turned
    assert seen == [BOTH] * turned + [ALONE] * (len(seen) - turned)


def test_power_cut_leaves_both_or_the_second_alone(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, cut = home / KEYS, FolderCut(home)
    with cut.watched(monkeypatch), holding(home):
        keyslots.open_desk(keys, FORCED, RNG).enter(keys)
    folder, seen = tmp_path / "left", set()
    for held in (*cut.after, *cut.now()):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, content in held.items():
            (folder / name).write_bytes(content)
        settle(folder, RNG)
        seen.add(tuple(left(folder)))
    assert seen == {tuple(BOTH), tuple(ALONE)}
    assert {held[KEYS] for held in cut.now()} == {keys.read_bytes()}


def test_full_disk_destroys_nothing_and_opens_and_with_room_it_is_done(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert open_desk(home, FORCED) == "invented"
    assert left(home) == BOTH
    assert open_desk(home, FORCED) == "invented"
    assert left(home) == ALONE


def test_desk_whose_store_is_open_elsewhere_destroys_nothing(home: Path) -> None:
    before = (home / KEYS).read_bytes()
    with holding(home), pytest.raises(StoreInUse):
        open_desk(home, FORCED)
    assert (home / KEYS).read_bytes() == before
