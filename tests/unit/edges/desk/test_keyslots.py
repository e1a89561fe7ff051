# SPDX-License-Identifier: AGPL-3.0-or-later
"""The file `keys`: what opens it, what does not, and what a power cut leaves."""

from pathlib import Path

import pytest

from safeconduct.edges.desk import keyslots
from safeconduct.edges.desk.wiring import SystemRng
from safeconduct.kernel.errors import Malformed, UnknownVersion, WrongPassphrase
from safeconduct.kernel.seal.stretch import Cost
from tests.kit.folder_cut import FolderCut, Held

CHEAP = Cost(8, 1, 1)
KEY = bytes(range(32))
RNG = SystemRng()
BOTH = ("quiet gården", "loud road")


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "keys"
    keyslots.create(path, "quiet gården", KEY, RNG, CHEAP)
    return path


def test_passphrase_opens_however_it_was_typed(keys: Path) -> None:
    assert keyslots.unlock(keys, "quiet ga\u030arden") == KEY


def test_another_passphrase_opens_nothing(keys: Path) -> None:
    with pytest.raises(WrongPassphrase):
        keyslots.unlock(keys, "quiet garden")


def test_new_passphrase_opens_and_the_old_one_no_more(keys: Path) -> None:
    size = keys.stat().st_size
    keyslots.change(keys, "quiet gården", "loud road", RNG, CHEAP)
    assert keyslots.unlock(keys, "loud road") == KEY
    assert keys.stat().st_size == size
    with pytest.raises(WrongPassphrase):
        keyslots.unlock(keys, "quiet gården")


def test_cut_before_the_rename_leaves_the_old_passphrase(keys: Path) -> None:
    keys.with_name("keys.new").write_bytes(b"half")
    assert keyslots.unlock(keys, "quiet gården") == KEY
    keyslots.change(keys, "quiet gården", "loud road", RNG, CHEAP)
    assert keyslots.unlock(keys, "loud road") == KEY


def test_wrong_old_passphrase_changes_nothing(keys: Path) -> None:
    before = keys.read_bytes()
    with pytest.raises(WrongPassphrase):
        keyslots.change(keys, "no", "loud road", RNG, CHEAP)
    assert keys.read_bytes() == before


def test_second_slot_looks_like_the_first(keys: Path) -> None:
    raw = keys.read_bytes()[len(keyslots.MAGIC) + 1 :]
    half = len(raw) // 2
    cost = slice(16, 28)
    assert raw[:half][cost] == raw[half:][cost]
    assert KEY not in raw


def test_any_flipped_bit_of_the_slot_in_use_is_noticed(keys: Path) -> None:
    raw = keys.read_bytes()
    start = len(keyslots.MAGIC) + 1
    for at in (start, start + 30, start + 100):
        keys.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        with pytest.raises((WrongPassphrase, Malformed)):
            keyslots.unlock(keys, "quiet gården")


def test_newer_and_damaged_files_are_told_apart(keys: Path) -> None:
    raw = keys.read_bytes()
    at = len(keyslots.MAGIC)
    keys.write_bytes(raw[:at] + b"\x02" + raw[at + 1 :])
    with pytest.raises(UnknownVersion):
        keyslots.unlock(keys, "quiet gården")
    keys.write_bytes(raw[:-1])
    with pytest.raises(Malformed):
        keyslots.unlock(keys, "quiet gården")


def test_a_desk_is_never_overwritten(keys: Path) -> None:
    with pytest.raises(FileExistsError):
        keyslots.create(keys, "other", KEY, RNG, CHEAP)


def opening(folder: Path, held: Held) -> set[str]:
    """Which of the two passphrases opens what a cut left."""
    for path in folder.iterdir():
        path.unlink()
    for name, content in held.items():
        (folder / name).write_bytes(content)
    return {phrase for phrase in BOTH if opens(folder / "keys", phrase)}


def opens(path: Path, phrase: str) -> bool:
    """Tell whether a passphrase gives the key; a file that is torn or gone gives none."""
    try:
        return keyslots.unlock(path, phrase) == KEY
    except (WrongPassphrase, Malformed, FileNotFoundError):
        return False


def test_power_cut_at_any_moment_of_a_change_leaves_one_passphrase(
    keys: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = FolderCut(keys.parent)
    with cut.watched(monkeypatch):
        keyslots.change(keys, *BOTH, RNG, CHEAP)
    left = tmp_path_factory.mktemp("left")
    found = [opening(left, held) for held in cut.after]
    assert {BOTH[0]} in found
    assert all(len(one) == 1 for one in found)
    # What was acknowledged stays, wherever the next cut comes.
    assert [opening(left, held) for held in cut.now()] == [{BOTH[1]}, {BOTH[1]}]


def test_power_cut_finds_a_change_that_does_not_sync(
    keys: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = FolderCut(keys.parent)
    with cut.watched(monkeypatch, syncs=False):
        keyslots.change(keys, *BOTH, RNG, CHEAP)
    left = tmp_path_factory.mktemp("left")
    assert set() in [opening(left, held) for held in cut.after]


def test_what_an_unfinished_change_left_is_removed(keys: Path) -> None:
    before = keys.read_bytes()
    keys.with_name("keys.new").write_bytes(before)
    keyslots.drop_unfinished(keys)
    assert [path.name for path in keys.parent.iterdir()] == ["keys"]
    assert keys.read_bytes() == before
    keyslots.drop_unfinished(keys)
