# SPDX-License-Identifier: AGPL-3.0-or-later
"""Passphrases of a desk, and a second one that opens a second store (docs/adr/0019).

Both files of stores get one new time with every change, whichever slot it was, and the key file is
written twice: where a file system puts a file tells how often it was made anew, and to `put` a
second passphrase takes two.
What is put there takes the place of whatever was there: nobody can tell from here whether that
opened with anything.  Killed at any step it leaves a desk that opens with the old passphrase or
the new one, with all that was acknowledged, and a second store that opens whole or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from safeconduct.edges.desk import keyslots
from safeconduct.edges.desk.keyslots import Opens
from safeconduct.edges.desk.store import KEYS, StoreFull, file_of
from safeconduct.edges.desk.two_files import (
    PAIR,
    beside,
    drop,
    even,
    is_finished,
    make_room,
    overwrite,
    stores,
)
from safeconduct.kernel.errors import WrongPassphrase
from safeconduct.kernel.ports import Rng
from safeconduct.kernel.seal.stretch import Cost


@dataclass(frozen=True, slots=True)
class Change:
    """The passphrase of now, the key that it opened, and the passphrase that is to open it.

    And whether what it opens is destroyed when a second one opens the desk (docs/adr/0029).
    """

    old: str
    key: bytes
    new: str
    gives_way: bool = False


@dataclass(frozen=True, slots=True)
class Second:
    """What a second passphrase is to open: a store in one closed file, and its key."""

    passphrase: str
    key: bytes
    store: Path


def change(folder: Path, first: Change, rng: Rng, cost: Cost | None = None) -> None:
    """Change the passphrase; what a second one opens, if there is one, it opens as before.

    The caller holds the folder closed to others.

    Raises:
        WrongPassphrase: the old one opens nothing; nothing was changed.
    """
    keyslots.write_again(folder / KEYS)
    keyslots.change(folder / KEYS, first.old, first.new, rng, cost)
    even(folder)


def renew(folder: Path, first: Change, typed: str, rng: Rng, cost: Cost | None = None) -> bool:
    """Change the passphrase, and draw anew what a second one opens already.

    False where the second opens nothing; nothing was changed.  The caller holds the folder closed
    to others.
    """
    keys = folder / KEYS
    try:
        other = keyslots.unlock(keys, typed)
    except WrongPassphrase:
        return False
    keyslots.write_again(keys)
    ours, theirs = Opens(first.new, first.key), Opens(typed, other, first.gives_way)
    keyslots.draw(keys, ours, theirs, rng, cost)
    even(folder)
    return True


def put(folder: Path, first: Change, second: Second, rng: Rng, cost: Cost | None = None) -> None:
    """Change the passphrase, and let a second one open a second store.

    The caller holds the folder closed to others, and has settled it.

    Raises:
        StoreFull: there is no room for two stores; nothing was changed.
        StoreDamaged: the first opens neither store; nothing was changed.
    """
    keys, ours, pair = folder / KEYS, file_of(folder, first.key), stores(folder)
    if len(pair) != len(PAIR) or not all(path.exists() and is_finished(path) for path in pair):
        raise StoreFull
    try:
        make_room(folder, second.store.stat().st_size)
    except OSError as error:
        raise StoreFull from error
    keyslots.draw(keys, Opens(first.old, first.key), None, rng, cost)
    other = next(path for path in pair if path != ours)
    overwrite(other, second.store)
    drop(beside(other))
    theirs = Opens(second.passphrase, second.key, first.gives_way)
    keyslots.draw(keys, Opens(first.new, first.key), theirs, rng, cost)
    even(folder)
