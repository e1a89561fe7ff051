# SPDX-License-Identifier: AGPL-3.0-or-later
"""The converter's real sandbox, with code in it that wants out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from safeconduct.edges.desk.cleaning import sandbox
from safeconduct.edges.desk.cleaning.copied import UNCONFINED
from safeconduct.edges.desk.cleaning.sandbox import (
    CODE,
    ConverterFailed,
    ConverterSlow,
    NoSandbox,
    convert,
    run,
)
from tests.kit.strangers_files import drawing

CONFINED = (
    "import sys; sys.path[:0] = ['/app', '/site']\n"
    "import os, socket, subprocess\n"
    "from safeconduct.edges.desk.cleaning.confine import confine\n"
    "confine()\n"
    "try:\n    {attempt}\nexcept {refusal}:\n    print('refused', flush=True)\n"
)
SLEEPS = "import sys; sys.stdout.flush(); import time; time.sleep(600)"
ASKS = 'from safeconduct.edges.desk.cleaning.sandbox import run; run(("' + SLEEPS + '",), b"")'
SOON = 60.0


def answer_of(code: str) -> str:
    """What code in the sandbox says."""
    return run((code,), b"").decode().strip()


def children() -> list[psutil.Process]:
    """Every process of a sandbox that this one started and that still runs."""
    own = psutil.Process().children(recursive=True)
    walls = [process for process in own if process.name() == "bwrap"]
    return [*walls, *(inner for wall in walls for inner in wall.children(recursive=True))]


def runs_inside(process: psutil.Process) -> bool:
    """Whether a process is the sandbox's Python, past all that sets the sandbox up."""
    with suppress(psutil.NoSuchProcess):
        parent = process.parent()
        named = process.name().startswith("python")
        return named and parent is not None and parent.name() == "bwrap"
    return False


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.socket()",
        "socket.socketpair()",
        "open('/usr/bin/env')",
        "open('/made', 'w')",
        "os.listdir('/')",
        "os.execv('/usr/bin/true', ['true'])",
        "os.fork()",
        "os.kill(1, 0)",
        "os.setuid(0)",
        "os.pipe()",
    ],
)
def test_a_confined_process_opens_starts_and_reaches_nothing(attempt: str) -> None:
    code = CONFINED.format(attempt=attempt, refusal="PermissionError")
    assert answer_of(code) == "refused"


def test_a_confined_process_has_an_end_of_memory() -> None:
    code = CONFINED.format(attempt="bytearray(2 << 30)", refusal="MemoryError")
    assert answer_of(code) == "refused"


def test_the_sandbox_holds_no_file_of_the_desk(tmp_path: Path) -> None:
    kept = tmp_path / "desk" / "store-1.db"
    kept.parent.mkdir()
    kept.write_bytes(b"sealed")
    places = [str(kept), str(tmp_path), str(Path.cwd()), "/etc", "/home", "/proc", "/dev", "/run"]
    code = f"import os; print([place for place in {places!r} if os.path.lexists(place)])"
    assert answer_of(code) == "[]"


def test_the_sandbox_takes_nothing_that_could_be_written_on() -> None:
    places = ["/x", "/app/x", "/site/x", "/usr/x", "/app/safeconduct/x", "/lib/x"]
    code = (
        "import os\n"
        f"for place in {places!r}:\n"
        "    try:\n        open(place, 'w'); print(place)\n"
        "    except OSError:\n        pass\n"
    )
    assert answer_of(code) == ""


def test_the_sandbox_inherits_no_variable_and_no_descriptor(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SAFECONDUCT_PASSPHRASE", "seven quiet herons")
    code = (
        "import os\nheld = []\n"
        "for number in range(3, 256):\n"
        "    try:\n        os.fstat(number); held.append(number)\n"
        "    except OSError:\n        pass\n"
        "print(sorted(set(os.environ) - {'PWD', 'LC_CTYPE'}), held)"
    )
    with (tmp_path / "open").open("wb") as kept:
        os.set_inheritable(kept.fileno(), True)
        assert answer_of(code) == "[] []"


def test_a_converter_that_hangs_is_ended() -> None:
    with pytest.raises(ConverterSlow):
        run(("while True: pass",), b"", seconds=1.0)
    assert not children()


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.kill(os.getpid(), 9)",
        "raise SystemExit(3)",
        "import os\nwhile True: os.write(1, bytes(1 << 20))",
        "import os; os.close(0); os.close(1); raise SystemExit(1)",
    ],
    ids=["killed", "failed", "writes without end", "hangs up"],
)
def test_a_converter_that_breaks_is_told_and_the_next_one_works(code: str) -> None:
    with pytest.raises(ConverterFailed):
        run((code,), bytes(1 << 20))
    assert not children()
    assert convert(drawing())


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_converter_ends_with_the_desk(number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", ASKS]) as desk:
        own = psutil.Process(desk.pid)
        inside: list[psutil.Process] = []
        try:
            while not any(runs_inside(process) for process in inside):
                inside = own.children(recursive=True)
            desk.send_signal(number)
            desk.wait(SOON)
        finally:
            desk.kill()
    _, alive = psutil.wait_procs(inside, SOON)
    assert not alive


def test_without_bubblewrap_nothing_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoSandbox):
        convert(drawing())
    sandbox.ready.cache_clear()
    assert not sandbox.ready()
    sandbox.ready.cache_clear()


def test_where_the_system_forbids_the_sandbox_nothing_is_decoded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # As bubblewrap ends where a system allows nobody a namespace.
    refusing = tmp_path / "bwrap"
    refusing.write_text("#!/bin/sh\necho 'No permissions to create new namespace' >&2; exit 1\n")
    refusing.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(NoSandbox):
        convert(drawing())


def test_outside_of_the_sandbox_the_converter_reads_nothing() -> None:
    code = CODE.replace("['/app', '/site']", repr(sys.path))
    done = subprocess.run(
        [sys.executable, "-c", code, "0"], input=drawing(), capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (UNCONFINED, b"")


def test_the_sandbox_can_be_had_here() -> None:
    sandbox.ready.cache_clear()
    assert sandbox.ready()
