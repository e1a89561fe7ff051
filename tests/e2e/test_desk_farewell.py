# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk tells colleagues that it goes, and never stays for that; a process whose telling hangs."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from safeconduct.edges.desk.app import FAREWELL, LAST_PAGE
from safeconduct.edges.desk.hands import USUAL
from tests.kit.pages import PageClient
from tests.kit.patience import PATIENCE

HANGS = 60.0
SOON = 30.0
"""Seconds that a busy machine may add; still far from what hangs."""
ALONE = 3.0
DESK = """
import pathlib, sys, time
from safeconduct.edges.desk import hands
from safeconduct.edges.desk.app import run_desk
from tests.kit.rehearsal import rehearsal_desk

told = pathlib.Path(sys.argv[1])
hands.MINUTE = float(sys.argv[2])
desk, _ = rehearsal_desk()

def farewell(seconds):
    told.write_text(str(seconds))
    time.sleep(float(sys.argv[3]))

desk.farewell = farewell
run_desk(lambda _: desk, say=lambda link: print(link, flush=True), with_parent=True)
"""


@contextmanager
def running(told: Path, minute: float) -> Iterator[tuple[subprocess.Popen[bytes], PageClient]]:
    """Run a desk whose farewell hangs, and unlock it."""
    command = [sys.executable, "-c", DESK, str(told), str(minute), str(HANGS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        link = process.stdout.readline().decode().strip()
        origin, _, path = link.partition("/open")
        with httpx.Client(
            base_url=origin, follow_redirects=True, trust_env=False, timeout=PATIENCE
        ) as client:
            pages = PageClient(client, origin)
            pages.get(f"/open{path}")
            door = pages.get("/unlock").form("/passphrase")
            with suppress(httpx.TransportError):  # Left alone, it may lock before it has answered.
                pages.send(door, passphrase="any")
            try:
                yield process, pages
            finally:
                process.kill()


def ends(process: subprocess.Popen[bytes]) -> float:
    """Seconds until the process with the keys has gone."""
    began = time.monotonic()
    process.wait(PATIENCE)
    return time.monotonic() - began


def test_whoever_locks_waits_for_no_farewell(tmp_path: Path) -> None:
    with running(tmp_path / "told", 60.0) as (process, pages):
        pages.send(pages.get("/today").form("/lock"))
        assert ends(process) < LAST_PAGE + SOON
    assert (tmp_path / "told").exists()


def test_a_closed_window_waits_a_second_for_it(tmp_path: Path) -> None:
    with running(tmp_path / "told", 60.0) as (process, _):
        assert process.stdin is not None
        process.stdin.close()
        assert ends(process) < FAREWELL + SOON
    assert (tmp_path / "told").exists()


def test_a_desk_that_is_left_alone_locks_a_second_later_at_the_most(tmp_path: Path) -> None:
    with running(tmp_path / "told", ALONE / USUAL) as (process, _):
        assert ends(process) < ALONE + FAREWELL + LAST_PAGE + SOON
    assert (tmp_path / "told").exists()
