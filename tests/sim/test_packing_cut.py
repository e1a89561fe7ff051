# SPDX-License-Identifier: AGPL-3.0-or-later
"""Packing one of two stores: what a power cut and a full disk leave, and what lies there between.

Two passphrases open two stores, and either may be told to be packed (docs/adr/0019, 0025).
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from safeconduct.edges.desk import keyslots, packing, second, two_files
from safeconduct.edges.desk.second import Change
from safeconduct.edges.desk.settling import settle
from safeconduct.edges.desk.store import KEYS, StoreFull
from safeconduct.edges.desk.store_guard import holding
from safeconduct.edges.desk.two_files import BESIDE, PAIR, beside
from tests.kit.folder_cut import FolderCut
from tests.kit.packable import open_with, packed_or_not, tell_to_pack
from tests.kit.small_disk import small_disk
from tests.kit.two_stores import KEY, STEP, names
from tests.sim.test_second_passphrase import CHEAP, FORCED, NEW, OLD, RNG, made, said

SECTOR = 512
DISK = 16 << 20
NONE, ENOUGH = (64 << 10, 100 << 10, 150 << 10), 2 << 20


class Stop(BaseException):
    """The process ends here."""


class InPlaceCut(FolderCut):
    """What a disk may hold, also of a file that is written over: each sector old or new."""

    def _may_be(self, number: int) -> list[bytes]:
        new, old = self._seen[number], self._synced.get(number, b"")
        if len(new) != len(old) or new == old:
            return super()._may_be(number)
        ends = [slice(at, at + SECTOR) for at in range(0, len(new), SECTOR)]
        mixed = [
            b"".join((old, new)[which(at)][end] for at, end in enumerate(ends))
            for which in (lambda at: at % 2, lambda at: 1 - at % 2, lambda at: int(at == 0))
        ]
        return [old, new, *mixed]


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files grow by smaller steps."""
    monkeypatch.setattr(two_files, "STEP", STEP)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A desk with two passphrases; what the first one opens was told to be packed."""
    folder = tmp_path / "home"
    folder.mkdir()
    keyslots.create(folder / KEYS, OLD, KEY, RNG, CHEAP)
    store = open_with(folder, OLD)
    store.put_setting("said", "Please help.")
    store.close()
    settle(folder, RNG)
    what = made(tmp_path / "made")
    with holding(folder):
        second.put(folder, Change(OLD, KEY, OLD), what, RNG, CHEAP)
    tell_to_pack(folder, OLD)
    settle(folder, RNG)
    return folder


def cut(folder: Path, passphrase: str, patch: pytest.MonkeyPatch) -> None:
    """Pack, and end as soon as the key file was changed."""

    def stop(_: object) -> None:
        raise Stop

    with patch.context() as patched:
        patched.setattr("safeconduct.edges.desk.store.land", stop)
        with pytest.raises(Stop):
            packing.open_store(folder, passphrase)


def check_other(folder: Path) -> None:
    assert said(folder, FORCED) == "invented"


def test_power_cut_leaves_the_full_store_or_the_light_one_and_the_other_whole(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cutting, left, seen = InPlaceCut(home), tmp_path / "left", set()
    with cutting.watched(monkeypatch):
        packing.open_store(home, OLD).close()
    states = {tuple(sorted(held.items())) for held in (*cutting.after, *cutting.now())}
    for held in states:
        shutil.rmtree(left, ignore_errors=True)
        left.mkdir()
        for name, content in held:
            (left / name).write_bytes(content)
        check_other(left)
        seen.add(packed_or_not(left, OLD))
        packing.open_store(left, OLD).close()
        assert packed_or_not(left, OLD) == "light"
        check_other(left)
    assert seen == {"full", "light"}


def test_full_disk_changes_nothing_and_with_room_it_goes_on(home: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", DISK) as disk:
        for room in (*NONE, ENOUGH):
            folder = disk.folder / f"home-{room}"
            shutil.copytree(home, folder)
            keys = (folder / KEYS).read_bytes()
            disk.fill(but=room)
            if room in NONE:
                with pytest.raises(StoreFull):
                    packing.open_store(folder, OLD)
                assert (folder / KEYS).read_bytes() == keys
                assert names(folder) == {KEYS, *PAIR, "in-use"}
                assert packed_or_not(folder, OLD) == "full"
                check_other(folder)
                disk.empty()
            packing.open_store(folder, OLD).close()
            assert packed_or_not(folder, OLD) == "light"
            check_other(folder)
            shutil.rmtree(folder)


def test_disk_that_lets_no_file_be_overwritten_loses_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr(two_files, "overwrite", full)
        for _ in range(2):
            with pytest.raises(StoreFull):
                packing.open_store(home, OLD)
        check_other(home)
    assert packed_or_not(home, OLD) == "light"


def test_both_packed_and_both_cut_come_to_their_end(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_to_pack(home, FORCED)
    cut(home, OLD, monkeypatch)
    cut(home, FORCED, monkeypatch)
    assert names(home) >= {*BESIDE}
    assert [packed_or_not(home, word) for word in (OLD, FORCED)] == ["light", "light"]
    assert names(home) == {KEYS, *PAIR, "in-use"}


def change(folder: Path) -> None:
    key = keyslots.unlock(folder / KEYS, OLD)
    with holding(folder):
        second.change(folder, Change(OLD, key, NEW), RNG, CHEAP)


def renew(folder: Path) -> None:
    key = keyslots.unlock(folder / KEYS, OLD)
    with holding(folder):
        assert second.renew(folder, Change(NEW, key, NEW), FORCED, RNG, CHEAP)


@pytest.mark.parametrize("act", [change, renew])
def test_change_of_passphrases_while_packing_was_cut_loses_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch, act: Callable[[Path], None]
) -> None:
    cut(home, OLD, monkeypatch)
    act(home)
    check_other(home)
    assert packed_or_not(home, NEW) == "light"


@pytest.mark.parametrize("packed", [OLD, FORCED])
def test_another_second_passphrase_while_packing_was_cut_takes_the_place_of_the_other_alone(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: str
) -> None:
    tell_to_pack(home, packed)
    cut(home, packed, monkeypatch)
    key, what = keyslots.unlock(home / KEYS, OLD), made(tmp_path / "again", passphrase=NEW)
    with holding(home):
        second.put(home, Change(OLD, key, OLD), what, RNG, CHEAP)
    assert names(home) == {KEYS, *PAIR, "in-use"}
    assert [said(home, word) for word in (FORCED, NEW)] == [None, "invented"]
    assert packed_or_not(home, OLD) == ("light" if packed == OLD else "full")


def test_log_of_the_full_store_is_not_taken_for_the_light_ones(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut(home, OLD, monkeypatch)
    (path,) = (home / name for name in PAIR if beside(home / name).exists())
    log = path.with_name(path.name + "-wal")
    log.write_bytes(os.urandom(STEP))
    assert packed_or_not(home, OLD) == "light"
    assert not log.exists()
