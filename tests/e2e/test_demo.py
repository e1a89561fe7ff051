# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct demo` as a person meets it: links that open, windows on a screen, and no trace.

The product decides about windows and opens them; what stands in for a browser there writes down
how it was called and stays open, as a browser does.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.kit.offices import wait
from tests.kit.patience import PATIENCE
from tests.kit.programs import LINK, Program
from tests.kit.small_disk import small_disk
from tests.kit.visiting import visit

pytestmark = [pytest.mark.slow, pytest.mark.browser]
PUBLIC = re.compile(r"Public page: +(\S+)\n")
COUNTER = re.compile(r"The way without scripts: +(\S+)\n")
PASSPHRASE = re.compile(r"Passphrase of both desks: +(.+)\n")
DOORSTEP = re.compile(r"file://(\S+/open\.html)")
LEADS_TO = re.compile(r"url=([^\"]+)\"")
BROWSER = """#!/bin/sh
printf '%s ' "$@" >> "$RECORD"
echo >> "$RECORD"
exec sleep 600
"""
NAMES = ("firefox", "chromium")
WINDOWS = 4
SPACE = 64 << 20


@contextmanager
def demo(folder: Path, display: str) -> Iterator[tuple[Program, list[psutil.Process]]]:
    """Run the demo, and hold it to this: nothing of it is left, however it ended."""
    programs, memory = folder / "bin", folder / "memory"
    programs.mkdir()
    for name in NAMES:
        (programs / name).write_text(BROWSER, encoding="ascii")
        (programs / name).chmod(0o700)
    more = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "RECORD": str(folder / "called"),
        "DISPLAY": display,
        "WAYLAND_DISPLAY": "",
        # Where everything goes that it makes, office and windows.
        "XDG_RUNTIME_DIR": str(memory),
    }
    command = (sys.executable, "-m", "safeconduct", "demo", "--language", "en")
    with small_disk(memory, SPACE), Program(*command, more=more) as running:
        running.until("Stop with Ctrl-C")
        if display:
            wait(lambda: len(called(folder)) == WINDOWS)
        family = psutil.Process(running.process.pid).children(recursive=True)
        assert len(list(memory.iterdir())) == 1 + len(called(folder))
        yield running, family
        running.wait()
        assert "Traceback" not in running.said
        assert not list(memory.iterdir())
        _, alive = psutil.wait_procs(family, timeout=PATIENCE)
        assert not alive


def called(folder: Path) -> list[str]:
    """How the browser was called, a line for each window."""
    record = folder / "called"
    return record.read_text(encoding="utf-8").splitlines() if record.exists() else []


def child(family: list[psutil.Process], what: str) -> psutil.Process:
    """The first process of the demo that was started as this."""
    return next(process for process in family if what in process.cmdline())


def links(running: Program) -> list[str]:
    """Every one-time link that was said so far."""
    return LINK.findall(running.said)


def test_on_a_screen_a_window_opens_at_each_address(tmp_path: Path) -> None:
    with demo(tmp_path, ":99") as (running, family):
        opened = []
        for line in called(tmp_path):
            doorstep = DOORSTEP.search(line)
            assert doorstep
            # Other accounts of the machine may read how a program was called.
            assert "once=" not in line
            leads = LEADS_TO.search(Path(doorstep[1]).read_text(encoding="utf-8"))
            assert leads
            opened.append(leads[1])
        said = [running.until(PUBLIC)[1], running.until(COUNTER)[1], *links(running)]
        assert sorted(opened) == sorted(said)
        # A desk and a window that die leave no trace either.
        for victim in [child(family, "--holds-keys"), child(family, "600")]:
            victim.kill()
        assert running.stop() == 0


def test_without_a_screen_both_desks_open_and_no_window(tmp_path: Path) -> None:
    with demo(tmp_path, "") as (running, _):
        public, counter = running.until(PUBLIC)[1], running.until(COUNTER)[1]
        with urllib.request.urlopen(public, timeout=PATIENCE) as page:
            assert f'href="{counter}"' in page.read().decode()
        with urllib.request.urlopen(counter, timeout=PATIENCE) as page:
            assert page.status == 200
        first = links(running)
        running.answer("")
        wait(lambda: len(links(running)) == 2 * len(first))
        fresh = links(running)[len(first) :]
        assert not set(first) & set(fresh)
        for link in fresh:
            with visit("chromium") as desk:
                desk.goto(link)
                desk.wait_visible("#passphrase")
                desk.fill("#passphrase", running.until(PASSPHRASE)[1])
                desk.press("Enter")
                desk.wait_text("#queue", "Is somebody there?")
        assert not called(tmp_path)
        assert running.stop(signal.SIGTERM) == 0


def test_a_server_that_dies_ends_the_demo(tmp_path: Path) -> None:
    with demo(tmp_path, "") as (running, family):
        child(family, "serve").kill()
        assert running.wait() == 0
