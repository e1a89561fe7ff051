# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long after the panic key the process that holds the keys is gone; real processes.

A desk that founded an office is opened as its icon does, by the process that holds no key,
unlocked, and asked to say on its locked screen that something waits.  `lock_ms` is from the
request that the panic key sends until the kernel says that the process with the keys has ended:
the median of some rounds.  `lock_ratio` compares the tenth of a second in which open pages hear of
it with the best of them.  `lost` counts rounds after which the store does not open, or has not what
it had.
"""

from __future__ import annotations

import os
import re
import select
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import httpx
import psutil

from safeconduct.edges.desk.app import LAST_WORD
from safeconduct.edges.desk.office import Desk
from tests.bench.reseed import commits
from tests.sim.courier import PASSPHRASE, Rehearsal

ENOUGH: Final = 20.0
TOKEN: Final = re.compile(r'name="csrf" value="([^"]+)"')


def locking(folder: Path, rounds: int) -> tuple[dict[str, float], int]:
    """Lock a desk some times; return the figures, and after how many it had lost something."""
    folder.mkdir()
    with Rehearsal(folder) as stage:
        held = commits(stage.found())
    taken, lost = [], 0
    for _ in range(rounds):
        taken.append(lock_once(folder / "first"))
        lost += not held <= _still(folder / "first")
    return {
        "lock_ms": round(statistics.median(taken) * 1_000, 1),
        "lock_ratio": round(LAST_WORD / min(taken), 3),
    }, lost


def lock_once(home: Path) -> float:
    """Open a desk, unlock it, press the panic key; return the seconds until its keys are gone."""
    command = [sys.executable, "-m", "safeconduct", "desk", "--home", str(home), "--no-window"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        link = parent.stdout.readline().decode().strip()
        (keys,) = psutil.Process(parent.pid).children()
        with httpx.Client(base_url=link.partition("/open")[0], trust_env=False) as web:
            web.get(link)
            _post(web, "/passphrase", passphrase=PASSPHRASE)
            _post(web, "/waits", waits="on")
            token = _token(web)
            ended = os.pidfd_open(keys.pid)
            try:
                pressed = time.perf_counter()
                _post(web, "/lock", token)
                gone, _, _ = select.select([ended], [], [], ENOUGH)
                seconds = time.perf_counter() - pressed
            finally:
                os.close(ended)
        parent.terminate()
    assert gone, "the keys stay"
    return seconds


def _post(web: httpx.Client, path: str, token: str = "", **fields: str) -> None:
    told = {"csrf": token or _token(web), **fields}
    origin = {"Origin": str(web.base_url).rstrip("/")}
    assert web.post(path, data=told, headers=origin).status_code == httpx.codes.SEE_OTHER


def _token(web: httpx.Client) -> str:
    found = TOKEN.search(web.get("/unlock", follow_redirects=True).text)
    assert found
    return found[1]


def _still(home: Path) -> set[bytes]:
    desk = Desk.open(home, PASSPHRASE)
    try:
        return commits(desk)
    finally:
        desk.stop()
