# SPDX-License-Identifier: AGPL-3.0-or-later
"""The file `keys`: from a passphrase to the store's key (spec/seal.md 8).

Two slots of one size; the second is random filler that nobody can tell from a slot in use.
A change of passphrase is written beside, synced and renamed: either the old or the new opens.
"""

from __future__ import annotations

import os
import struct
import unicodedata
from pathlib import Path
from typing import Final

from safeconduct import host
from safeconduct.kernel.errors import CannotOpen, Malformed, UnknownVersion, WrongPassphrase
from safeconduct.kernel.ports import Rng
from safeconduct.kernel.seal.lock import close_box
from safeconduct.kernel.seal.stretch import Cost, stretch_passphrase
from safeconduct.kernel.seal.unlock import open_box

MAGIC: Final = b"safeconduct/keys/"
VERSION: Final = 1
SLOTS: Final = 2
SALT_BYTES: Final = 16
KEY_BYTES: Final = 32
_BOX_BYTES: Final = 32 + KEY_BYTES + 16
_COST: Final = struct.Struct(">III")
_SLOT_BYTES: Final = SALT_BYTES + _COST.size + _BOX_BYTES
_FILE_BYTES: Final = len(MAGIC) + 1 + SLOTS * _SLOT_BYTES
MOST_MIB: Final = 4096


def create(
    path: Path, passphrase: str, store_key: bytes, rng: Rng, cost: Cost | None = None
) -> None:
    """Write a new file whose first slot opens with the passphrase; durable on return.

    Raises:
        FileExistsError: a file is there; it is not touched.
    """
    if path.exists():
        raise FileExistsError(path)
    cost = cost or Cost()
    filler = rng.bytes(SALT_BYTES) + _pack(cost) + rng.bytes(_BOX_BYTES)
    _replace(path, [_close(passphrase, store_key, rng, cost), filler])


def unlock(path: Path, passphrase: str) -> bytes:
    """Return the store's key.

    Raises:
        WrongPassphrase: no slot opens.
        Malformed, UnknownVersion: the file is damaged, or of a newer program.
    """
    return _find(_read(path), passphrase)[1]


def change(path: Path, old: str, new: str, rng: Rng, cost: Cost | None = None) -> None:
    """Make the slot that the old passphrase opens open with the new one alone; atomic.

    Raises:
        WrongPassphrase: the old one opens no slot; nothing was changed.
    """
    slots = _read(path)
    place, store_key = _find(slots, old)
    slots[place] = _close(new, store_key, rng, cost or Cost())
    _replace(path, slots)


def drop_unfinished(path: Path) -> None:
    """Remove what a change left that did not come to its end; nobody else may be changing it."""
    _beside(path).unlink(missing_ok=True)


def _close(passphrase: str, store_key: bytes, rng: Rng, cost: Cost) -> bytes:
    salt = rng.bytes(SALT_BYTES)
    head = salt + _pack(cost)
    return head + close_box(_stretch(passphrase, salt, cost), "slot", head, store_key)


def _find(slots: list[bytes], passphrase: str) -> tuple[int, bytes]:
    for place, slot in enumerate(slots):
        head, box = slot[: SALT_BYTES + _COST.size], slot[SALT_BYTES + _COST.size :]
        mib, passes, lanes = _COST.unpack(head[SALT_BYTES:])
        if not (8 <= mib <= MOST_MIB and 1 <= passes <= 64 and 1 <= lanes <= 64):  # noqa: PLR2004
            raise Malformed("keys")
        key = _stretch(passphrase, head[:SALT_BYTES], Cost(mib, passes, lanes))
        try:
            return place, open_box(key, "slot", head, box)
        except CannotOpen:
            continue
    raise WrongPassphrase


def _stretch(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    return stretch_passphrase(unicodedata.normalize("NFKC", passphrase), salt, cost)


def _pack(cost: Cost) -> bytes:
    return _COST.pack(cost.mib, cost.passes, cost.lanes)


def _read(path: Path) -> list[bytes]:
    raw = path.read_bytes()
    start = len(MAGIC) + 1
    if not raw.startswith(MAGIC) or len(raw) < start:
        raise Malformed("keys")
    if raw[len(MAGIC)] != VERSION:
        raise UnknownVersion("keys", raw[len(MAGIC)])
    if len(raw) != _FILE_BYTES:
        raise Malformed("keys")
    return [raw[i : i + _SLOT_BYTES] for i in range(start, len(raw), _SLOT_BYTES)]


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def _replace(path: Path, slots: list[bytes]) -> None:
    """Write beside, sync, rename, sync the folder."""
    beside = _beside(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    handle = os.open(beside, flags, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(MAGIC + bytes([VERSION]) + b"".join(slots))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    host.sync_folder(path.parent)
