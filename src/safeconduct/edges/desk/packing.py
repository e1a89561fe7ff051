# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pack a desk for a trip: a new store under a new key, that holds no more than what goes along.

The light store is made beside the full one's file and then put into it.  The key file is the hinge:
until it is replaced the full desk opens, from then on the light one, and the key of the full store
is nowhere.  What comes after, whoever opens the store next does where it was cut (`file_of`).
Of the other store and slot, which another passphrase may open, nothing is touched (docs/adr/0019).
What was opened is not copied: the light desk reads it anew from the sealed log, with the keys that
it has (spec/crew.md 12).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

import apsw
import msgspec

from safeconduct import host
from safeconduct.edges.desk import keyslots
from safeconduct.edges.desk.engine.keys import DEVICE, TOLD
from safeconduct.edges.desk.engine.left_behind import WITH_HOTLINE
from safeconduct.edges.desk.engine.own_keys import NAME
from safeconduct.edges.desk.engine.travelling import BEGUN, PACKING, Packing
from safeconduct.edges.desk.migrations import migrate
from safeconduct.edges.desk.settling import settle
from safeconduct.edges.desk.store import KEYS, Store, StoreFull, connect, file_of
from safeconduct.edges.desk.store_guard import holding
from safeconduct.edges.desk.two_files import PAIR, beside, drop, even, is_finished, make_room
from safeconduct.edges.desk.wiring import SystemRng
from safeconduct.kernel.canon import encode
from safeconduct.kernel.ports import Rng

KEY_BYTES: Final = 32
SETTINGS: Final = (
    *("place", "pen", "tree.log", "tree.intake", "intake_edge", "intake_asked"),
    *("preferences", "locks_after", "locked_screen_says"),
    *("went_over", "order_unsettled", "agreed_move", "followed", "cuts_heeded"),
)
"""What every desk keeps: its place, where its chain and the trees stand, how somebody likes it."""
TABLES: Final = ("frames", "nodes", "outbox", "taken")
"""The sealed log, sealed frames that are not read back, and numbers that the server is told."""
OF_HOTLINE: Final = (
    *("letters", "uploads", "upload_chunks", "dropped", "aside"),
    *("gone", "gone_to", "gone_messages", "files_gone", "files_to_drop"),
)
"""With people's words goes what was destroyed of them, so that reading anew brings none back."""
HOTLINE_SETTINGS: Final = (
    "name >= 'draft:' AND name < 'draft;' OR name >= 'intake_' AND name < 'intake`' "
    "OR name IN ('openings', 'searches', 'aside_bytes')"
)


def open_store(folder: Path, passphrase: str) -> Store:
    """Open the store in a folder; where a packing was begun, the light one that comes of it.

    Raises:
        WrongPassphrase: no slot opens with it.
        StoreInUse, StoreDamaged, MadeByNewer, StoreFull: see there.
    """
    rng = SystemRng()
    opened = keyslots.open_desk(folder / KEYS, passphrase, rng)
    store = Store(folder, opened.key)
    try:
        keyslots.drop_unfinished(folder / KEYS)
        opened.enter(folder / KEYS)
        if not waits(store):
            return store
    except BaseException:
        store.close()
        raise
    store.close()
    return Store(folder, go_on(folder, passphrase, rng))


def waits(store: Store) -> bool:
    """Tell whether a packing was begun in a store and is not done."""
    return bool(store.value("SELECT count(*) FROM settings WHERE name = ?", (PACKING,)))


def go_on(folder: Path, passphrase: str, rng: Rng) -> bytes:
    """Do what is left of a packing; return the key that opens the desk from then on.

    The store is closed.  Killed at any step, the next start goes on.

    Raises:
        WrongPassphrase, StoreInUse, StoreDamaged: see there; nothing was changed.
        StoreFull: there is no room to make the light store, and the full desk stays; or none to
            put it into its file, and it stays beside it.
    """
    key = keyslots.unlock(folder / KEYS, passphrase)
    settle(folder, rng)
    with holding(folder):
        used = file_of(folder, key)
        if used.name not in PAIR:
            raise StoreFull
        with closing(connect(used, key)) as full:
            packing = _begun(full)
        if packing is not None:
            fresh = rng.bytes(KEY_BYTES)
            _build(full=(used, key), light=(beside(used), fresh), packing=packing)
            try:
                keyslots.replace(folder / KEYS, passphrase, fresh, rng)
            except OSError as error:
                raise StoreFull from error
            key = fresh
            file_of(folder, key)  # Puts it into its file.
        even(folder)
    return key


def _begun(full: apsw.Connection) -> Packing | None:
    raw = full.execute("SELECT value FROM settings WHERE name = ?", (PACKING,)).get
    return None if raw is None else BEGUN.decode_own(raw)


def _build(*, full: tuple[Path, bytes], light: tuple[Path, bytes], packing: Packing) -> None:
    """Write the light store; durable on return, and opened by nobody until its key is kept.

    Raises:
        StoreFull: there is no room for it, or for as much in its file; nothing is left of it.
    """
    try:
        light[0].touch(mode=0o600)
        with closing(connect(*full)) as source, closing(connect(*light)) as target:
            migrate(target)
            with target:
                _fill(source, target, packing)
            target.pragma("wal_checkpoint(TRUNCATE)")
        _sync(light[0])
        make_room(light[0].parent, light[0].stat().st_size)
    except BaseException as error:
        drop(light[0])
        if isinstance(error, apsw.FullError | apsw.IOError | OSError):
            raise StoreFull from error
        raise


def _fill(source: apsw.Connection, target: apsw.Connection, packing: Packing) -> None:
    marks = ", ".join("?" * len(SETTINGS))
    _copy(source, target, "settings", f"name IN ({marks})", SETTINGS)
    raw = source.execute("SELECT value FROM settings WHERE name = 'device'").get
    device = msgspec.structs.replace(DEVICE.decode_own(raw), sealing=packing.sealing)
    rows = [("device", encode(device)), (NAME, encode(packing.own))]
    target.executemany("INSERT INTO settings VALUES (?, ?)", rows)
    for table in TABLES:
        _copy(source, target, table)
    left = tuple(packing.left)
    marks = ", ".join("?" * len(left))
    goes = f"kind IN ('office', 'vault', '{TOLD}') AND id NOT IN ({marks})"
    _copy(source, target, "held_keys", goes, left)
    if packing.hotline:
        _copy(source, target, "held_keys", "kind = ?", (WITH_HOTLINE,))
        _copy(source, target, "settings", HOTLINE_SETTINGS)
        for table in OF_HOTLINE:
            _copy(source, target, table)


def _copy(
    source: apsw.Connection,
    target: apsw.Connection,
    table: str,
    where: str = "1",
    values: Iterable[str | bytes] = (),
) -> None:
    """Copy rows of one table, piece by piece; both stores have the same columns."""
    width = target.execute("SELECT count(*) FROM pragma_table_info(?)", (table,)).get
    rows = source.execute(f"SELECT * FROM {table} WHERE {where}", tuple(values))  # noqa: S608
    marks = ", ".join("?" * width)
    target.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", rows)  # noqa: S608


def _sync(path: Path) -> None:
    """Let a closed store outlive a power cut.

    Raises:
        StoreFull: some of it is in the log beside it still.
    """
    if not is_finished(path):
        raise StoreFull
    with path.open("r+b") as file:
        os.fsync(file.fileno())
    host.sync_folder(path.parent)
