# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small stores that can be packed, for tests of where packing writes: they hold no office."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Final

from safeconduct.edges.desk import keyslots
from safeconduct.edges.desk.engine.keys import DeviceSecrets
from safeconduct.edges.desk.engine.own_keys import OwnKeys
from safeconduct.edges.desk.engine.travelling import PACKING, Packing
from safeconduct.edges.desk.store import KEYS, Store
from safeconduct.edges.desk.wiring import SystemRng
from safeconduct.rooms.crew import Clocks
from tests.kit.two_stores import PIECE, TEXT

RNG: Final = SystemRng()


def open_with(folder: Path, passphrase: str) -> Store:
    """The store that a passphrase opens."""
    return Store(folder, keyslots.unlock(folder / KEYS, passphrase))


def tell_to_pack(folder: Path, passphrase: str) -> None:
    """Let a store be packed when it is next opened; one sealed frame is to go along."""
    device, own = DeviceSecrets.fresh("desk", RNG), OwnKeys(1, 1, Clocks(0, 0, 0), ())
    with closing(open_with(folder, passphrase)) as store, store.transaction() as writer:
        store.put_setting("device", device)
        store.put_setting(PACKING, Packing((), RNG.bytes(32), 0, own))
        frame = (bytes(32), PIECE.encode())
        writer.execute("REPLACE INTO frames VALUES (0, ?, ?)", frame)


def packed_or_not(folder: Path, passphrase: str) -> str:
    """Whether a store that was told to be packed is full or light; it must be whole."""
    with closing(open_with(folder, passphrase)) as store:
        assert store.rows("PRAGMA integrity_check") == [("ok",)]
        assert store.value("SELECT frame FROM frames WHERE idx = 0") == PIECE.encode()
        waits = store.value("SELECT count(*) FROM settings WHERE name = ?", (PACKING,))
        assert waits == (store.setting("said", TEXT) is not None)
        return "full" if waits else "light"
