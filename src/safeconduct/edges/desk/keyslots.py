# SPDX-License-Identifier: AGPL-3.0-or-later
"""The file `keys`: from a passphrase to the store's key (spec/seal.md 8.1).

Two slots of one size in an order drawn by lot.  One opens with the passphrase; the other with a
second one, or it is random filler, and nobody without that passphrase can tell which, this program
no more than others.  Both are tried whichever opens (docs/adr/0019).
A change of passphrase is written beside, synced and renamed: either the old or the new opens.
A slot may be closed as one that stays alone: whoever opens a desk with it destroys the other slot
(docs/adr/0029).  So every opening of a desk writes the file anew, in the same steps.
"""

from __future__ import annotations

import os
import struct
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from safeconduct import host
from safeconduct.kernel.errors import CannotOpen, Malformed, UnknownVersion, WrongPassphrase
from safeconduct.kernel.ports import Rng
from safeconduct.kernel.seal.labels import BoxPurpose
from safeconduct.kernel.seal.lock import close_box
from safeconduct.kernel.seal.stretch import Cost, stretch_passphrase
from safeconduct.kernel.seal.unlock import open_box

MAGIC: Final = b"safeconduct/keys/"
VERSION: Final = 2
IN_ORDER: Final = 1
"""Files of this version have the slot in use first: `open_desk` draws their order."""
SLOTS: Final = 2
SALT_BYTES: Final = 16
KEY_BYTES: Final = 32
_BOX_BYTES: Final = 32 + KEY_BYTES + 16
_COST: Final = struct.Struct(">III")
_SLOT_BYTES: Final = SALT_BYTES + _COST.size + _BOX_BYTES
_FILE_BYTES: Final = len(MAGIC) + 1 + SLOTS * _SLOT_BYTES
MOST_MIB: Final = 4096
STAYS: Final[BoxPurpose] = "slot"
ALONE: Final[BoxPurpose] = "alone"
"""What a slot is closed for: beside the other one, or to stay alone once it opened a desk."""


class Opens(NamedTuple):
    """A passphrase, the store's key that it opens, and whether that then stays alone."""

    passphrase: str
    key: bytes
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """The store's key, and what the file is to hold once its desk is open."""

    key: bytes = field(repr=False)
    _before: bytes = field(repr=False)
    _after: list[bytes] = field(repr=False)

    def enter(self, path: Path) -> None:
        """Write the file anew, and with a slot that stays alone destroy the other; atomic.

        The caller holds the desk.  Fails open: a full disk keeps nobody from opening a desk, and
        destroys nothing; it is tried again next time.

        Raises:
            WrongPassphrase: somebody changed the file meanwhile; nothing was changed.
        """
        if path.read_bytes() != self._before:
            raise WrongPassphrase
        with suppress(OSError):
            _replace(path, self._after)


@dataclass(frozen=True, slots=True)
class _Taken:
    """The slot that opened, and beside it what it would be as one that does not stay alone."""

    slot: bytes = field(repr=False)
    beside: bytes = field(repr=False)
    key: bytes = field(repr=False)
    purpose: BoxPurpose

    @property
    def alone(self) -> bool:
        """Whether it stays alone once it opened a desk."""
        return self.purpose == ALONE


def create(
    path: Path, passphrase: str, store_key: bytes, rng: Rng, cost: Cost | None = None
) -> None:
    """Write a new file of which one slot opens with the passphrase; durable on return.

    Raises:
        FileExistsError: a file is there; it is not touched.
    """
    if path.exists():
        raise FileExistsError(path)
    draw(path, Opens(passphrase, store_key), None, rng, cost)


def unlock(path: Path, passphrase: str) -> bytes:
    """Return the store's key.

    Raises:
        WrongPassphrase: no slot opens.
        Malformed, UnknownVersion: the file is damaged, or of a newer program.
    """
    return _taken(_read(path)[1], passphrase)[0].key


def open_desk(path: Path, passphrase: str, rng: Rng) -> Opened:
    """Return the store's key as `unlock` does; `Opened.enter` does the rest.

    The steps and the bytes written are as many whether or not the slot stays alone, also where the
    other holds filler.  The order of slots of version 1 is drawn by lot.

    Raises:
        WrongPassphrase: no slot opens.
        Malformed, UnknownVersion: the file is damaged, or of a newer program.
    """
    raw = path.read_bytes()
    version, slots = _parse(raw)
    taken, other = _taken(slots, passphrase)
    filler = _filler(rng, _cost_of(taken.slot))
    after = [taken.beside, filler if taken.alone else other]
    if slots[0] != taken.slot:
        after.reverse()
    return Opened(taken.key, raw, _mixed(after, rng) if version == IN_ORDER else after)


def change(path: Path, old: str, new: str, rng: Rng, cost: Cost | None = None) -> None:
    """Let the new passphrase open what the old one did, which opens nothing any more; atomic.

    The other slot stays as it is: nobody can tell from here whether anything opens it.  What the
    slot is to destroy once it opens a desk it destroys then, and not by a change.

    Raises:
        WrongPassphrase: the old one opens no slot; nothing was changed.
    """
    taken, other = _taken(_read(path)[1], old)
    ours = _close(Opens(new, taken.key, taken.alone), rng, cost or Cost())
    _replace(path, _mixed([ours, other], rng))


def draw(
    path: Path, first: Opens, second: Opens | None, rng: Rng, cost: Cost | None = None
) -> None:
    """Draw both slots anew, for two passphrases or for one and filler; atomic.

    Whatever another passphrase opened is lost.
    """
    cost = cost or Cost()
    other = _close(second, rng, cost) if second else _filler(rng, cost)
    _replace(path, _mixed([_close(first, rng, cost), other], rng))


def replace(path: Path, passphrase: str, store_key: bytes, rng: Rng) -> None:
    """Let a passphrase open another store's key than before, at the same cost; atomic.

    The other slot stays as it is: nobody can tell from here whether anything opens it.

    Raises:
        WrongPassphrase: it opens no slot; nothing was changed.
        Malformed, UnknownVersion: the file is damaged, or of a newer program.
    """
    taken, other = _taken(_read(path)[1], passphrase)
    ours = Opens(passphrase, store_key, taken.alone)
    kept = _close(ours, rng, _cost_of(taken.slot))
    _replace(path, _mixed([kept, other], rng))


def write_again(path: Path) -> None:
    """Write the file once more with the same two slots; atomic.

    Raises:
        Malformed, UnknownVersion: the file is damaged, or of a newer program.
    """
    _replace(path, _read(path)[1])


def drop_unfinished(path: Path) -> None:
    """Remove what a change left that did not come to its end; nobody else may be changing it."""
    _beside(path).unlink(missing_ok=True)


def _filler(rng: Rng, cost: Cost) -> bytes:
    return rng.bytes(SALT_BYTES) + _pack(cost) + rng.bytes(_BOX_BYTES)


def _mixed(slots: list[bytes], rng: Rng) -> list[bytes]:
    return slots[::-1] if rng.bytes(1)[0] & 1 else slots


def _close(opens: Opens, rng: Rng, cost: Cost) -> bytes:
    salt = rng.bytes(SALT_BYTES)
    head = salt + _pack(cost)
    key = _stretch(opens.passphrase, salt, cost)
    return head + close_box(key, ALONE if opens.alone else STAYS, head, opens.key)


def _taken(slots: list[bytes], passphrase: str) -> tuple[_Taken, bytes]:
    """Return what opens, and the other slot.

    Every slot is tried, also after one opened: the time taken does not say which it was.
    """
    opened = [_open(slot, passphrase) for slot in slots]
    for taken, other in zip(opened, reversed(slots), strict=True):
        if taken is not None:
            return taken, other
    raise WrongPassphrase


def _open(slot: bytes, passphrase: str) -> _Taken | None:
    head, box = slot[: SALT_BYTES + _COST.size], slot[SALT_BYTES + _COST.size :]
    mib, passes, lanes = _COST.unpack(head[SALT_BYTES:])
    if not (8 <= mib <= MOST_MIB and 1 <= passes <= 64 and 1 <= lanes <= 64):  # noqa: PLR2004
        raise Malformed("keys")
    key = _stretch(passphrase, head[:SALT_BYTES], Cost(mib, passes, lanes))
    found = None
    for purpose in (STAYS, ALONE):  # Both, also after one opened.
        with suppress(CannotOpen):
            store_key = open_box(key, purpose, head, box)
            beside = head + close_box(key, STAYS, head, store_key)
            found = _Taken(slot, beside, store_key, purpose)
    return found


def _stretch(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    return stretch_passphrase(unicodedata.normalize("NFKC", passphrase), salt, cost)


def _pack(cost: Cost) -> bytes:
    return _COST.pack(cost.mib, cost.passes, cost.lanes)


def _cost_of(slot: bytes) -> Cost:
    return Cost(*_COST.unpack_from(slot, SALT_BYTES))


def _read(path: Path) -> tuple[int, list[bytes]]:
    return _parse(path.read_bytes())


def _parse(raw: bytes) -> tuple[int, list[bytes]]:
    start = len(MAGIC) + 1
    if not raw.startswith(MAGIC) or len(raw) < start:
        raise Malformed("keys")
    version = raw[len(MAGIC)]
    if version not in {IN_ORDER, VERSION}:
        raise UnknownVersion("keys", version)
    if len(raw) != _FILE_BYTES:
        raise Malformed("keys")
    return version, [raw[i : i + _SLOT_BYTES] for i in range(start, len(raw), _SLOT_BYTES)]


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def _replace(path: Path, slots: list[bytes]) -> None:
    """Write beside, sync, rename, sync the folder, overwrite what was there."""
    beside = _beside(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    handle = os.open(beside, flags, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(MAGIC + bytes([VERSION]) + b"".join(slots))
        file.flush()
        os.fsync(file.fileno())
    host.put_in_place(beside, path)
