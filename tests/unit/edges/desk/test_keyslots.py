# SPDX-License-Identifier: AGPL-3.0-or-later
"""The file `keys`: what opens it, what does not, and what a power cut leaves."""

import errno
import os
from pathlib import Path

import pytest

from safeconduct.edges.desk import keyslots
from safeconduct.edges.desk.keyslots import Opens
from safeconduct.edges.desk.wiring import SystemRng
from safeconduct.kernel.errors import Malformed, UnknownVersion, WrongPassphrase
from safeconduct.kernel.seal.stretch import Cost, stretch_passphrase
from tests.kit.folder_cut import FolderCut, Held

CHEAP = Cost(8, 1, 1)
KEY = bytes(range(32))
RNG = SystemRng()
BOTH = ("quiet gården", "loud road")


class Lot(SystemRng):
    """Randomness of which every single byte, and so every lot, is as told."""

    def __init__(self, byte: int) -> None:
        self._byte = byte

    def bytes(self, count: int) -> bytes:
        return bytes([self._byte]) if count == 1 else super().bytes(count)


def slots_of(path: Path) -> list[bytes]:
    """The two slots as they lie in the file."""
    raw = path.read_bytes()[len(keyslots.MAGIC) + 1 :]
    return [raw[: len(raw) // 2], raw[len(raw) // 2 :]]


def place_of(path: Path, passphrase: str = "quiet gården") -> int:
    """The place of the slot that a passphrase opens."""
    head = path.read_bytes()[: len(keyslots.MAGIC) + 1]
    alone = path.with_name("alone")
    for place, slot in enumerate(slots_of(path)):
        alone.write_bytes(head + slot + slot)
        opened = opens_some(alone, passphrase)
        alone.unlink()
        if opened:
            return place
    raise AssertionError


def opens_some(path: Path, phrase: str) -> bool:
    """Tell whether a passphrase gives some key."""
    try:
        return bool(keyslots.unlock(path, phrase))
    except WrongPassphrase:
        return False


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


@pytest.mark.parametrize("opened", BOTH)
def test_key_of_another_store_changes_the_slot_that_opens_and_no_other(
    keys: Path, opened: str
) -> None:
    stays, fresh = next(phrase for phrase in BOTH if phrase != opened), RNG.bytes(32)
    keyslots.draw(keys, Opens(opened, KEY), Opens(stays, KEY[::-1]), RNG, CHEAP)
    before = slots_of(keys)[place_of(keys, stays)]
    keyslots.replace(keys, opened, fresh, RNG)
    assert keyslots.unlock(keys, opened) == fresh
    assert keyslots.unlock(keys, stays) == KEY[::-1]
    assert before in slots_of(keys)
    assert {slot[16:28] for slot in slots_of(keys)} == {before[16:28]}
    held = keys.read_bytes()
    with pytest.raises(WrongPassphrase):
        keyslots.replace(keys, "no", fresh, RNG)
    assert keys.read_bytes() == held


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
    slot = (len(raw) - start) // keyslots.SLOTS
    used = start + slot * place_of(keys)
    for at in (used, used + 30, used + 100):
        keys.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        with pytest.raises((WrongPassphrase, Malformed)):
            keyslots.unlock(keys, "quiet gården")


def test_newer_and_damaged_files_are_told_apart(keys: Path) -> None:
    raw = keys.read_bytes()
    at = len(keyslots.MAGIC)
    keys.write_bytes(raw[:at] + b"\x03" + raw[at + 1 :])
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


@pytest.mark.parametrize("byte", [0, 1])
def test_order_of_the_slots_is_drawn_by_lot(tmp_path: Path, byte: int) -> None:
    path = tmp_path / "keys"
    keyslots.create(path, "quiet gården", KEY, Lot(byte), CHEAP)
    assert place_of(path) == byte
    keyslots.change(path, *BOTH, Lot(1 - byte), CHEAP)
    assert place_of(path, BOTH[1]) == 1 - byte


def test_change_leaves_no_byte_of_its_slot_and_every_byte_of_the_other(keys: Path) -> None:
    before, ours = slots_of(keys), place_of(keys)
    keyslots.change(keys, *BOTH, RNG, CHEAP)
    after, place = slots_of(keys), place_of(keys, BOTH[1])
    assert after[1 - place] == before[1 - ours]
    salts = {slot[: keyslots.SALT_BYTES] for slot in (*before, after[place])}
    assert len(salts) == keyslots.SLOTS + 1


def test_second_passphrase_opens_its_own_key_before_and_after_changes(keys: Path) -> None:
    second, other = "wide river", bytes(32)
    before, size = slots_of(keys), keys.stat().st_size
    keyslots.draw(keys, Opens(BOTH[1], KEY), Opens(second, other), RNG, CHEAP)
    assert not set(slots_of(keys)) & set(before)
    assert keys.stat().st_size == size
    for old, new in ((BOTH[1], "third road"), (second, "deep river")):
        keyslots.change(keys, old, new, RNG, CHEAP)
        assert not opens(keys, old)
    assert keyslots.unlock(keys, "third road") == KEY
    assert keyslots.unlock(keys, "deep river") == other
    keyslots.draw(keys, Opens("third road", KEY), None, RNG, CHEAP)
    assert keyslots.unlock(keys, "third road") == KEY
    with pytest.raises(WrongPassphrase):
        keyslots.unlock(keys, "deep river")


@pytest.mark.parametrize("byte", [0, 1])
@pytest.mark.parametrize("passphrase", ["quiet gården", "another"])
def test_every_unlocking_stretches_for_both_slots(
    tmp_path: Path, byte: int, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, salts = tmp_path / "keys", []
    keyslots.create(path, "quiet gården", KEY, Lot(byte), CHEAP)
    stretch = stretch_passphrase

    def counted(typed: str, salt: bytes, cost: Cost) -> bytes:
        salts.append(salt)
        return stretch(typed, salt, cost)

    monkeypatch.setattr(keyslots, "stretch_passphrase", counted)
    assert opens(path, passphrase) == (passphrase == "quiet gården")
    assert salts == [slot[: keyslots.SALT_BYTES] for slot in slots_of(path)]


def enter(path: Path, passphrase: str, rng: SystemRng = RNG) -> None:
    """Open a desk, as far as its key file knows of it."""
    keyslots.open_desk(path, passphrase, rng).enter(path)


def in_order(path: Path) -> None:
    """Write the file as the program before did: the slot in use first, and so it says."""
    keyslots.create(path, "quiet gården", KEY, Lot(0), CHEAP)
    path.write_bytes(keyslots.MAGIC + b"\x01" + b"".join(slots_of(path)))


@pytest.mark.parametrize("byte", [0, 1])
def test_file_of_an_earlier_program_opens_and_gets_its_order_drawn_once(
    tmp_path: Path, byte: int
) -> None:
    path = tmp_path / "keys"
    in_order(path)
    before = slots_of(path)
    assert keyslots.unlock(path, "quiet gården") == KEY
    enter(path, BOTH[0], Lot(byte))
    assert slots_of(path) == (before[::-1] if byte else before)
    assert keyslots.unlock(path, "quiet gården") == KEY
    mixed = path.read_bytes()
    enter(path, BOTH[0], Lot(1))
    assert path.read_bytes() == mixed


def test_power_cut_while_the_order_is_drawn_leaves_a_file_that_opens(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keys"
    in_order(path)
    cut = FolderCut(tmp_path)
    with cut.watched(monkeypatch):
        enter(path, BOTH[0], Lot(1))
    left = tmp_path_factory.mktemp("left")
    assert all(opening(left, held) == {BOTH[0]} for held in (*cut.after, *cut.now()))


def test_full_disk_keeps_nobody_from_a_file_whose_order_is_not_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keys"
    in_order(path)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    enter(path, BOTH[0], Lot(1))
    assert path.read_bytes() == before
    assert keyslots.unlock(path, "quiet gården") == KEY
