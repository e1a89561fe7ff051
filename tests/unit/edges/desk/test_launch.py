# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keyless parent: however it is asked to end, window, profile and keys go with it."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from safeconduct import host
from safeconduct.edges.desk.browser import Window

PARENT = """
import subprocess, sys, time
from safeconduct import host
from safeconduct.edges.desk.browser import Window
from safeconduct.edges.desk.launch import launch

KEYS = "import sys; print('http://127.0.0.1:1/', flush=True); sys.stdin.buffer.read()"

def browse(link):
    folder, in_memory = host.private_folder("desk-test-")
    (folder / "profile").mkdir()
    window = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    print(folder, flush=True)
    time.sleep(float(sys.argv[1]))
    return Window(window, folder, in_memory)

sys.exit(launch([sys.executable, "-c", KEYS], say=print, browse=browse))
"""


@dataclass
class Running:
    """A parent whose window stands."""

    process: subprocess.Popen[str]
    profile: Path
    family: list[psutil.Process]


@contextmanager
def running(opening: float) -> Iterator[Running]:
    """Start a parent whose window takes so many seconds to open."""
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(opening)], stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        profile = Path(process.stdout.readline().strip())
        family = psutil.Process(process.pid).children(recursive=True)
        try:
            yield Running(process, profile, family)
        finally:
            for child in family:
                if child.is_running():
                    child.kill()
            process.kill()


@pytest.mark.parametrize("asked", host.endings())
@pytest.mark.parametrize("opening", [0.0, 0.6])
def test_a_request_to_end_takes_window_profile_and_keys_along(
    asked: signal.Signals, opening: float
) -> None:
    with running(opening) as parent:
        assert parent.profile.is_dir()
        assert len(parent.family) == 2
        parent.process.send_signal(asked)
        assert parent.process.wait(20) == 128 + asked
        assert not parent.profile.exists()
        assert not any(child.is_running() for child in parent.family)


def test_asking_twice_does_not_cut_the_tidying_short() -> None:
    with running(0.6) as parent:
        for _ in range(3):
            parent.process.send_signal(signal.SIGTERM)
        parent.process.wait(20)
        assert not parent.profile.exists()


def test_closing_the_window_ends_the_process_with_the_keys() -> None:
    with running(0.0) as parent:
        window = next(child for child in parent.family if "sleep" in child.cmdline()[-1])
        window.kill()
        assert parent.process.wait(20) == 0
        assert not parent.profile.exists()
        assert not any(child.is_running() for child in parent.family)


def test_profile_is_gone_though_the_browser_still_writes(tmp_path: Path) -> None:
    """A browser's helpers outlive its first process for a moment."""
    folder = tmp_path / "profile"
    folder.mkdir()
    until = time.monotonic() + 1

    def write() -> None:
        number = 0
        with contextlib.suppress(FileNotFoundError):
            while time.monotonic() < until:
                (folder / str(number)).write_bytes(b"x")
                number += 1

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        Window(process, folder, in_memory=True).close()
    for writer in writers:
        writer.join()
    assert not folder.exists()


def test_profile_that_the_browser_makes_anew_is_removed_again(tmp_path: Path) -> None:
    """One of a browser's helpers may find its folder gone, and make it once more."""
    folder = tmp_path / "profile"
    (folder / "inner").mkdir(parents=True)

    def make() -> None:
        while folder.exists():
            time.sleep(0.001)
        time.sleep(0.15)
        (folder / "inner").mkdir(parents=True)

    helper = threading.Thread(target=make)
    helper.start()
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        Window(process, folder, in_memory=True).close()
    helper.join()
    assert not folder.exists()
