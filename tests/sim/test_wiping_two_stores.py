# SPDX-License-Identifier: AGPL-3.0-or-later
"""A wipe order ends a desk with two passphrases as it ends one with one (docs/adr/0019)."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from safeconduct.edges.desk import keyslots, packing, second, two_files, wiping
from safeconduct.edges.desk.second import Change
from safeconduct.edges.desk.settling import settle
from safeconduct.edges.desk.store import KEYS
from safeconduct.edges.desk.store_guard import holding
from safeconduct.kernel.errors import Malformed
from tests.kit.two_stores import KEY, STEP, opened
from tests.sim.test_second_passphrase import CHEAP, FORCED, NEW, OLD, RNG, made

Held = dict[str, bytes]


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files grow by smaller steps."""
    monkeypatch.setattr(two_files, "STEP", STEP)


def desk(folder: Path) -> Path:
    """A settled desk with one passphrase."""
    folder.mkdir()
    keyslots.create(folder / KEYS, OLD, KEY, RNG, CHEAP)
    with opened(folder) as store:
        store.put_setting("said", "Please help.")
    settle(folder, RNG)
    return folder


def with_one(folder: Path) -> Path:
    """And its passphrase was changed."""
    desk(folder)
    with holding(folder):
        second.change(folder, Change(OLD, KEY, NEW), RNG, CHEAP)
    return folder


def with_two(folder: Path) -> Path:
    """And it has a second one."""
    what = made(folder.with_name("made"))
    desk(folder)
    with holding(folder):
        second.put(folder, Change(OLD, KEY, NEW), what, RNG, CHEAP)
    return folder


def steps(folder: Path, patch: pytest.MonkeyPatch) -> list[tuple[str, Held]]:
    """Wipe a desk; return what was removed when, and what lay beside the stores then."""
    unlink, seen = Path.unlink, list[tuple[str, Held]]()

    def noted(path: Path, *, missing_ok: bool = False) -> None:
        beside = {one.name: one.read_bytes() for one in folder.iterdir() if one.suffix != ".db"}
        seen.append((path.name, beside))
        unlink(path, missing_ok=missing_ok)

    with patch.context() as watched:
        watched.setattr(Path, "unlink", noted)
        wiping.destroy_keys(folder)
        assert wiping.resume(folder)
    return seen


def test_wipe_does_the_same_and_leaves_nothing_of_one_passphrase_or_of_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = with_one(tmp_path / "one"), with_two(tmp_path / "two")
    assert steps(one, monkeypatch) == steps(two, monkeypatch)
    assert list(one.iterdir()) == list(two.iterdir()) == []


@pytest.mark.parametrize("begin", [with_one, with_two])
def test_once_keys_are_destroyed_neither_passphrase_opens_and_a_cut_wipe_goes_on(
    tmp_path: Path, begin: Callable[[Path], Path]
) -> None:
    folder = begin(tmp_path / "home")
    overwritten = tmp_path / "cut"
    shutil.copytree(folder, overwritten)
    (overwritten / KEYS).write_bytes(bytes((overwritten / KEYS).stat().st_size))
    wiping.destroy_keys(folder)
    for passphrase in (NEW, FORCED):
        with pytest.raises(FileNotFoundError):
            packing.open_store(folder, passphrase)
        with pytest.raises(Malformed):
            packing.open_store(overwritten, passphrase)
    for left in (folder, overwritten):
        assert wiping.resume(left)
        assert list(left.iterdir()) == []
