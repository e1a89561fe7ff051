# SPDX-License-Identifier: AGPL-3.0-or-later
"""The file `keys` when a desk is opened: written anew each time, with one slot left or with two."""

import sys
from pathlib import Path

import pytest

from safeconduct.edges.desk import keyslots
from safeconduct.edges.desk.keyslots import Opens
from safeconduct.kernel.errors import WrongPassphrase
from tests.unit.edges.desk.test_keyslots import (
    BOTH,
    CHEAP,
    KEY,
    RNG,
    enter,
    opens_some,
    place_of,
    slots_of,
)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "keys"
    keyslots.create(path, BOTH[0], KEY, RNG, CHEAP)
    return path


def two(path: Path, *, alone: bool) -> None:
    """Let both passphrases open a key, the second for good or until it opened a desk."""
    first, second = Opens(BOTH[0], KEY), Opens(BOTH[1], KEY[::-1], alone)
    keyslots.draw(path, first, second, RNG, CHEAP)


def test_opening_a_desk_keeps_every_byte_where_nothing_is_to_be_destroyed(keys: Path) -> None:
    for passphrase in BOTH:
        two(keys, alone=passphrase == BOTH[0])
        before = keys.read_bytes()
        enter(keys, passphrase)
        assert keys.read_bytes() == before


def test_opening_a_desk_with_a_slot_that_stays_alone_leaves_it_and_filler(keys: Path) -> None:
    two(keys, alone=True)
    before, place = slots_of(keys), place_of(keys, BOTH[1])
    enter(keys, BOTH[1])
    after = slots_of(keys)
    head = slice(keyslots.SALT_BYTES + 12)
    assert after[place][head] == before[place][head]
    assert after[1 - place][:16] != before[1 - place][:16]
    assert after[1 - place][16:28] == before[1 - place][16:28]
    assert keyslots.unlock(keys, BOTH[1]) == KEY[::-1]
    assert not opens_some(keys, BOTH[0])


def test_file_that_was_changed_meanwhile_is_not_written(keys: Path) -> None:
    opened = keyslots.open_desk(keys, BOTH[0], RNG)
    keyslots.change(keys, *BOTH, RNG, CHEAP)
    before = keys.read_bytes()
    with pytest.raises(WrongPassphrase):
        opened.enter(keys)
    assert keys.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="a rename is not known to be durable there")
def test_what_the_key_file_held_is_overwritten_where_nobody_else_has_it(
    keys: Path, tmp_path: Path
) -> None:
    two(keys, alone=True)
    held, backup = keys.read_bytes(), tmp_path / "backup"
    with keys.open("rb") as old:
        enter(keys, BOTH[1])
        assert old.read() == bytes(len(held))
    backup.hardlink_to(keys)
    held = keys.read_bytes()
    enter(keys, BOTH[1])
    assert backup.read_bytes() == held
