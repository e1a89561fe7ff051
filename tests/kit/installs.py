# SPDX-License-Identifier: AGPL-3.0-or-later
"""Installs with and without a second passphrase, and all that a hunter with one of them measures.

Content is alike in both kinds: what is asked is whether anything around it tells.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from safeconduct import host
from safeconduct.edges.desk import keyslots, packing
from safeconduct.edges.desk.keyslots import Opens
from safeconduct.edges.desk.second import Change, Second, change, put
from safeconduct.edges.desk.settling import settle
from safeconduct.edges.desk.store import KEYS, Store, connect, file_of
from safeconduct.edges.desk.store_guard import GUARD, holding
from safeconduct.edges.desk.two_files import FILE, PAIR
from safeconduct.edges.desk.wiring import SystemRng
from safeconduct.kernel.errors import WrongPassphrase
from safeconduct.kernel.seal.stretch import Cost
from tests.kit.packable import tell_to_pack

CHEAP: Final = Cost(8, 1, 1)
OLD: Final = "the first passphrase of this desk"
NEW: Final = "the passphrase of its work"
FORCED: Final = "the passphrase for the hunter"
RNG: Final = SystemRng()
FORK: Final = multiprocessing.get_context("fork")
END: Final = 4096
PLAIN: Final = slice(16, 24)
"""The bytes of a store that its cipher leaves in clear."""
DAYS: Final = (2, 3)
"""How often a desk is used since; every opening makes the key file anew."""
TRIES: Final = 3
HALF: Final = 0.5
Install = Callable[[Path, random.Random], str]
"""Makes an install in a folder, and returns the passphrase that its person says when forced."""


def use(folder: Path, passphrase: str, pieces: int) -> None:
    """Work at a desk and lock it: its process ends at once, and what it left is settled."""
    process = FORK.Process(target=_work, args=(folder, passphrase, pieces))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    settle(folder, RNG)


def _work(folder: Path, passphrase: str, pieces: int) -> None:
    store = packing.open_store(folder, passphrase)
    with store.transaction():
        for number in range(pieces):
            store.put_setting(f"piece-{number}", "what she said " * 300)
    os.kill(os.getpid(), signal.SIGKILL)


def founded(folder: Path, rng: random.Random) -> bytes:
    """A desk that was founded, settled and used; return its store's key."""
    folder.mkdir()
    key = RNG.bytes(32)
    keyslots.create(folder / KEYS, OLD, key, RNG, CHEAP)
    Store(folder, key).close()
    settle(folder, RNG)
    use(folder, OLD, rng.randrange(5, 40))
    return key


def packed(folder: Path, passphrase: str, rng: random.Random) -> None:
    """Pack a desk for a trip, or do not, and work at it."""
    if rng.random() < HALF:
        tell_to_pack(folder, passphrase)
        packing.open_store(folder, passphrase).close()
        settle(folder, RNG)
    use(folder, passphrase, rng.randrange(5, 40))


def packed_without_second(folder: Path, rng: random.Random) -> str:
    """A desk with one passphrase, packed or not."""
    passphrase = without_second(folder, rng)
    packed(folder, passphrase, rng)
    return passphrase


def packed_with_second(folder: Path, rng: random.Random) -> str:
    """A desk with two passphrases; either of its offices, or both, or none was packed."""
    passphrase = with_second(folder, rng)
    for one in rng.sample((NEW, FORCED), 2):
        packed(folder, one, rng)
    return passphrase


def without_second(folder: Path, rng: random.Random) -> str:
    """A desk whose passphrase was changed, and that has no other."""
    key = founded(folder, rng)
    with holding(folder):
        change(folder, Change(OLD, key, NEW), RNG, CHEAP)
    for _ in range(rng.choice(DAYS)):
        use(folder, NEW, rng.randrange(5, 40))
    return NEW


def with_second(folder: Path, rng: random.Random) -> str:
    """A desk with a second passphrase; both its stores were used since."""
    _set(folder, rng)
    days = [NEW, FORCED, *rng.choices((NEW, FORCED), k=rng.choice(DAYS) - 2)]
    for passphrase in rng.sample(days, len(days)):
        use(folder, passphrase, rng.randrange(5, 40))
    return FORCED


def that_would_destroy(folder: Path, rng: random.Random) -> str:
    """A desk whose second passphrase is to destroy, and was not used yet."""
    days = rng.choice(DAYS)
    _set(folder, rng, unused=days, gives_way=True)
    for _ in range(days):
        use(folder, NEW, rng.randrange(5, 40))
    return FORCED


def that_destroyed(folder: Path, rng: random.Random) -> str:
    """A desk whose second passphrase destroyed what the other one opened."""
    days, last = rng.choice(DAYS), rng.choice((1, 2))
    _set(folder, rng, unused=days - last, gives_way=True)
    for passphrase in (NEW,) * (days - last) + (FORCED,) * last:
        use(folder, passphrase, rng.randrange(5, 40))
    return FORCED


def _set(folder: Path, rng: random.Random, *, unused: int = 0, gives_way: bool = False) -> None:
    """Set one; its store holds as much as some days would write on which it stays unused."""
    key = founded(folder, rng)
    with _another(rng, unused) as second, holding(folder):
        put(folder, Change(OLD, key, NEW, gives_way), second, RNG, CHEAP)


def just_changed(folder: Path, rng: random.Random) -> str:
    """A desk that is seized as soon as its passphrase was changed."""
    key = founded(folder, rng)
    with holding(folder):
        change(folder, Change(OLD, key, NEW), RNG, CHEAP)
    return NEW


def just_set(folder: Path, rng: random.Random) -> str:
    """A desk that is seized as soon as a second passphrase was set."""
    _set(folder, rng)
    return FORCED


def set_carelessly(folder: Path, rng: random.Random) -> str:
    """A desk whose second store was put there by a program that takes no care."""
    key = founded(folder, rng)
    ours = file_of(folder, key)
    other = next(folder / name for name in PAIR if folder / name != ours)
    with _another(rng) as second:
        shutil.copyfile(second.store, other)
    words = Opens(NEW, key), Opens(second.passphrase, second.key)
    keyslots.draw(folder / KEYS, *words, RNG, CHEAP)
    return FORCED


@contextmanager
def _another(rng: random.Random, unused: int = 0) -> Iterator[Second]:
    """A store of the same kind in one closed file, made where `invented_office` makes it."""
    elsewhere, key = host.private_folder("made-")[0], RNG.bytes(32)
    try:
        pieces = max(rng.randrange(5, 40) for _ in range(1 + unused))
        with closing(Store(elsewhere, key)) as store, store.transaction():
            for number in range(pieces):
                store.put_setting(f"piece-{number}", "what she said " * 300)
        yield Second(FORCED, key, elsewhere / FILE)
    finally:
        shutil.rmtree(elsewhere)


def measured(folder: Path, passphrase: str) -> dict[str, float]:
    """All that who copied a locked desk's files and was told one passphrase measures."""
    keys = folder / KEYS
    told = _of_keys(keys) | _of_listing(folder)
    told["place of the slot"] = _place_of(keys, passphrase)
    key = keyslots.unlock(keys, passphrase)
    told |= _times(folder, passphrase, key)
    opened = _find(folder, key)
    other = next(folder / name for name in PAIR if folder / name != opened)
    told["place of the store"] = PAIR.index(opened.name)
    ours, theirs = _of_file(opened), _of_file(other)
    told |= {f"{name}, opened": value for name, value in ours.items()}
    told |= {f"{name}, other": value for name, value in theirs.items()}
    told |= {f"{name}, which is more": _sign(ours[name], theirs[name]) for name in ours}
    with closing(connect(opened, key)) as store:
        pages = store.execute("PRAGMA page_count").get
        told |= {"pages": pages, "free pages": store.execute("PRAGMA freelist_count").get}
        told["beyond the pages"] = opened.stat().st_size - pages * END
    return told


def _times(folder: Path, passphrase: str, key: bytes) -> dict[str, float]:
    """How long this program takes to open a copy, which remembers no last writer."""
    copies = [folder.with_name(f"{folder.name}-copied-{at}") for at in range(TRIES)]
    for copied in copies:
        shutil.copytree(folder, copied)
    one, keys, left = copies[0], copies[0] / KEYS, iter(copies)
    try:
        return {
            "time of unlocking": _fastest(lambda: keyslots.unlock(keys, passphrase)),
            "time of a wrong passphrase": _fastest(lambda: _miss(keys)),
            "time of finding the store": _fastest(lambda: _find(one, key)),
            "time of opening": _fastest(lambda: packing.open_store(next(left), passphrase).close()),
        }
    finally:
        for copied in copies:
            shutil.rmtree(copied)


def _of_keys(path: Path) -> dict[str, float]:
    raw = path.read_bytes()
    slots = raw[len(keyslots.MAGIC) + 1 :]
    half = len(slots) // 2
    one, other = slots[:half], slots[half:]
    return {
        "bytes of keys": len(raw),
        "version of keys": raw[len(keyslots.MAGIC)],
        "ones in slot 1": int.from_bytes(one, "big").bit_count(),
        "ones in slot 2": int.from_bytes(other, "big").bit_count(),
        "costs differ": one[16:28] != other[16:28],
        "first byte of slot 1": one[0],
        "first byte of slot 2": other[0],
    }


def _place_of(keys: Path, passphrase: str) -> int:
    raw, alone = keys.read_bytes(), keys.with_name("alone")
    head = len(keyslots.MAGIC) + 1
    slot = (len(raw) - head) // 2
    alone.write_bytes(raw[: head + slot] + raw[head : head + slot])
    try:
        keyslots.unlock(alone, passphrase)
    except WrongPassphrase:
        return 1
    finally:
        alone.unlink()
    return 0


def _of_listing(folder: Path) -> dict[str, float]:
    seen = {path.name: path.stat() for path in folder.iterdir()}
    keys, newest = seen[KEYS], max(seen[name].st_mtime_ns for name in PAIR)
    listed = [name for name in seen if name not in PAIR]
    return {
        "files": len(seen),
        "bytes": sum(one.st_size for one in seen.values()),
        "blocks": sum(one.st_blocks for one in seen.values()),
        "mode of keys": keys.st_mode,
        "from keys to stores": _sign(newest, keys.st_mtime_ns),
        "place of keys": sum(keys.st_ino > seen[name].st_ino for name in PAIR),
        "place of keys and guard": _sign(keys.st_ino, seen[GUARD].st_ino),
        "place of guard": sum(seen[GUARD].st_ino > seen[name].st_ino for name in PAIR),
        "keys and guard in the list": listed.index(KEYS),
        "keys in the list": list(seen).index(KEYS),
        "from renaming keys to stores": _sign(
            max(seen[name].st_ctime_ns for name in PAIR), keys.st_ctime_ns
        ),
    }


def _of_file(path: Path) -> dict[str, float]:
    seen, raw = path.stat(), path.read_bytes()
    middle = len(raw) // 2
    return {
        "bytes": len(raw),
        "blocks": seen.st_blocks,
        "mode": seen.st_mode,
        "links": seen.st_nlink,
        "changed": seen.st_mtime_ns,
        "read": seen.st_atime_ns,
        "renamed": seen.st_ctime_ns,
        "place": seen.st_ino,
        "ones at the end": int.from_bytes(raw[-END:], "big").bit_count(),
        "ones in the middle": int.from_bytes(raw[middle : middle + END], "big").bit_count(),
        "packed": len(zlib.compress(raw, 1)) / len(raw),
        "plain bytes": int.from_bytes(raw[PLAIN], "big"),
    }


def _sign(one: float, other: float) -> int:
    return (one > other) - (one < other)


def _fastest(act: Callable[[], object]) -> float:
    taken = []
    for _ in range(TRIES):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return min(taken)


def _miss(keys: Path) -> None:
    with suppress(WrongPassphrase):
        keyslots.unlock(keys, "no passphrase of this desk")


def _find(folder: Path, key: bytes) -> Path:
    with holding(folder):
        return file_of(folder, key)
