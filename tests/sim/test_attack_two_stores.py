# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody copies the disks of many locked desks, and wants to know which store each one uses.

He knows the answer for all but one, and looks for the sign that tells best: sizes, times, places
on the disk, bytes.  For a desk in use the same search finds the answer, so it can find one.
"""

import multiprocessing
import os
import signal
from collections import Counter
from pathlib import Path

import pytest

from safeconduct.edges.desk import two_files
from safeconduct.edges.desk.settling import settle
from safeconduct.edges.desk.store import Store
from safeconduct.edges.desk.two_files import PAIR
from safeconduct.edges.desk.wiring import SystemRng

KEY = bytes(range(32))
DESKS = 24
MOST = 21
"""Right answers by chance: more than these once in some 56,000 times."""
FORK = multiprocessing.get_context("fork")
END = 4096
Signs = tuple[int, ...]


def work(folder: str) -> None:
    """Use a desk, and lock it in the middle of that: its process ends at once."""
    store = Store(Path(folder), KEY)
    with store.transaction():
        for number in range(30):
            store.put_setting(f"piece-{number}", "what she said " * 300)
    os.kill(os.getpid(), signal.SIGKILL)


def used(folder: Path) -> int:
    """A desk is founded, settled and used; return which of its two stores it is that was."""
    Store(folder, KEY).close()
    settle(folder, SystemRng())
    process = FORK.Process(target=work, args=(str(folder),))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    return int((folder / (PAIR[1] + "-wal")).exists())


def signs(folder: Path) -> Signs:
    """In what the first file is more than, less than or equal to the second.

    What stands in the pages is sealed, which test_attack_finder holds; here the ends are looked at.
    """
    told = []
    for name in PAIR:
        path = folder / name
        seen, raw = path.stat(), path.read_bytes()
        beside = sum(near.name.startswith(name) for near in folder.iterdir())
        times = (seen.st_mtime_ns, seen.st_atime_ns, seen.st_ctime_ns, seen.st_ino)
        ones = int.from_bytes(raw[-END:], "big").bit_count()
        zeros = raw[-END:].count(bytes(16))
        sizes = (seen.st_size, seen.st_mode, seen.st_nlink, beside, zeros, ones)
        told.append((*times, *sizes, *raw[16:24]))
    return tuple((one > other) - (one < other) for one, other in zip(*told, strict=True))


def guess(known: list[tuple[Signs, int]], looked: Signs) -> int:
    """Answer by the one sign that answers best where the answer is known."""
    best, answer = -1, 0
    for place, sign in enumerate(looked):
        seen = [(told[place], which) for told, which in known]
        by_sign = {value: Counter(w for v, w in seen if v == value) for value in (-1, 0, 1)}
        right = sum(max(counted.values(), default=0) for counted in by_sign.values())
        if right > best and by_sign[sign]:
            best, answer = right, by_sign[sign].most_common(1)[0][0]
    return answer


def right(desks: list[tuple[Signs, int]]) -> int:
    """How many of the desks are answered rightly, each by what the others teach."""
    left_out = [[*desks[:at], *desks[at + 1 :]] for at in range(len(desks))]
    pairs = zip(left_out, desks, strict=True)
    return sum(guess(known, told) == which for known, (told, which) in pairs)


@pytest.mark.attack
def test_nobody_tells_the_store_in_use_by_what_lies_on_a_locked_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(two_files, "STEP", 128 << 10)
    in_use, locked = [], []
    for number in range(DESKS):
        folder = tmp_path / str(number)
        folder.mkdir()
        which = used(folder)
        in_use.append((signs(folder), which))
        settle(folder, SystemRng())
        locked.append((signs(folder), which))
    assert right(in_use) == DESKS
    assert right(locked) <= MOST
