# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody finds a laptop that is switched off, or a copy of its disk."""

from pathlib import Path

import pytest

from safeconduct.edges.desk import keyslots
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.errors import WrongPassphrase
from safeconduct.kernel.seal.stretch import Cost
from tests.kit.clocks import SeededRng

pytestmark = pytest.mark.attack

QUICK = Cost(mib=8, passes=1, lanes=1)
MARKER = "unmistakable words"


def test_store_on_disk_holds_no_words(tmp_path: Path) -> None:
    store = Store(tmp_path, b"k" * 32)
    store.put_setting("words", MARKER * 1000)
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    store.close()
    written += b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert len(written) > len(MARKER) * 1000
    assert MARKER.encode() not in written


def test_wrong_passphrase_opens_no_slot(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keyslots.create(path, "the right one", b"s" * 32, SeededRng(), QUICK)
    assert keyslots.unlock(path, "the right one") == b"s" * 32
    with pytest.raises(WrongPassphrase):
        keyslots.unlock(path, "a wrong one")


def test_old_passphrase_opens_nothing_after_a_change(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keyslots.create(path, "the old one", b"s" * 32, SeededRng(), QUICK)
    keyslots.change(path, "the old one", "the new one", SeededRng(), QUICK)
    assert keyslots.unlock(path, "the new one") == b"s" * 32
    with pytest.raises(WrongPassphrase):
        keyslots.unlock(path, "the old one")
    assert [kept.name for kept in tmp_path.iterdir()] == ["keys"]
