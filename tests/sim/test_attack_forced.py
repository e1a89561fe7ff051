# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody sits at a desk that a forced passphrase opened, and uses what the program offers."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest

from safeconduct.edges.desk import keyslots, packing, two_files
from safeconduct.edges.desk.keyslots import Opens
from safeconduct.edges.desk.second import Change, Second, put
from safeconduct.edges.desk.settling import settle
from safeconduct.edges.desk.store import KEYS, Store
from safeconduct.edges.desk.store_guard import holding
from safeconduct.edges.desk.two_files import FILE
from safeconduct.edges.desk.wiring import SystemRng
from safeconduct.kernel.errors import WrongPassphrase
from safeconduct.kernel.seal.stretch import Cost, stretch_passphrase
from tests.kit.clocks import SeededRng
from tests.kit.packable import tell_to_pack
from tests.kit.two_stores import STEP

P = ParamSpec("P")
T = TypeVar("T")
QUICK = Cost(mib=8, passes=1, lanes=1)
WORK, FORCED, HIS = "of the work", "of the invented office", "of the hunter"


def opens(path: Path, passphrase: str) -> bytes | None:
    """The key that a passphrase opens."""
    try:
        return keyslots.unlock(path, passphrase)
    except WrongPassphrase:
        return None


@pytest.mark.attack
def test_who_changes_the_passphrase_that_was_forced_destroys_nothing_else(tmp_path: Path) -> None:
    path, ours, invented = tmp_path / "keys", b"s" * 32, b"i" * 32
    keyslots.create(path, WORK, ours, SeededRng(), QUICK)
    keyslots.draw(path, Opens(WORK, ours), Opens(FORCED, invented), SeededRng(), QUICK)
    keyslots.change(path, FORCED, HIS, SeededRng(), QUICK)
    assert opens(path, HIS) in {ours, invented}
    if opens(path, FORCED) is None:  # Whether the old one still opens hangs on another defence.
        assert opens(path, WORK) == ours


def begin(folder: Path, passphrase: str, key: bytes) -> Path:
    """A desk with one store, and where that lies."""
    folder.mkdir()
    keyslots.create(folder / KEYS, passphrase, key, SeededRng(), QUICK)
    Store(folder, key).close()
    return folder / FILE


@pytest.mark.attack
def test_who_packs_the_office_that_was_forced_destroys_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(two_files, "STEP", STEP)
    home, ours, invented = tmp_path / "home", b"s" * 32, b"i" * 32
    begin(home, WORK, ours)
    settle(home, SeededRng())
    second = Second(FORCED, invented, begin(tmp_path / "invented", FORCED, invented))
    with holding(home):
        put(home, Change(WORK, ours, WORK), second, SeededRng(), QUICK)
    tell_to_pack(home, FORCED)
    packing.open_store(home, FORCED).close()
    key = opens(home / KEYS, WORK)
    assert key is not None
    Store(home, key).close()


def two_slots(path: Path, *, alone: bool) -> None:
    """Let `WORK` open one store and `FORCED` another, for good or until it opened a desk."""
    first, second = Opens(WORK, b"s" * 32), Opens(FORCED, b"i" * 32, alone)
    keyslots.draw(path, first, second, SeededRng(), QUICK)


def steps(path: Path, passphrase: str, patch: pytest.MonkeyPatch) -> list[str]:
    """Open a desk, as far as its key file knows of it; return what was done to files meanwhile."""
    seen: list[str] = []

    def noted(name: str, act: Callable[P, T]) -> Callable[P, T]:
        def noting(*arguments: P.args, **named: P.kwargs) -> T:
            seen.append(name)
            return act(*arguments, **named)

        return noting

    with patch.context() as watched:
        for name in ("open", "fsync", "replace", "fstat"):
            watched.setattr(os, name, noted(name, getattr(os, name)))
        watched.setattr(keyslots, "stretch_passphrase", noted("stretch", stretch_passphrase))
        keyslots.open_desk(path, passphrase, SeededRng()).enter(path)
    return seen


@pytest.mark.attack
def test_who_watches_the_files_at_an_unlocking_sees_no_choice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, done = tmp_path / "keys", []
    keyslots.create(path, WORK, b"s" * 32, SeededRng(), QUICK)
    done.append(steps(path, WORK, monkeypatch))
    for alone, passphrase in ((False, WORK), (False, FORCED), (True, WORK), (True, FORCED)):
        two_slots(path, alone=alone)
        done.append(steps(path, passphrase, monkeypatch))
    assert done == [done[0]] * 5
    assert "replace" in done[0]


@pytest.mark.attack
def test_who_is_told_the_second_passphrase_after_it_destroyed_reads_no_choice(
    tmp_path: Path,
) -> None:
    path = tmp_path / "keys"
    keyslots.draw(path, Opens(FORCED, b"i" * 32, alone=True), None, SeededRng(), QUICK)
    keyslots.open_desk(path, FORCED, SeededRng()).enter(path)
    before = path.read_bytes()
    keyslots.open_desk(path, FORCED, SystemRng()).enter(path)
    assert path.read_bytes() == before
