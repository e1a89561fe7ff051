# SPDX-License-Identifier: AGPL-3.0-or-later
"""The converter's sandbox: bubblewrap, two pipes, and limits (docs/adr/0038).

    answer = convert(content, first=0)

No network, no files but Python's own and this program's code, no variable of this process, no
descriptor but the pipes, one process; and an end, whatever happens in it: of time, of memory, of
output, and with this process.  There is no way around it: where bubblewrap is missing or the
system forbids what it needs, `convert` raises and no file is decoded anywhere.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock, Thread, Timer
from typing import IO, Final

import safeconduct
from safeconduct.edges.desk.cleaning.copied import OUTPUT_MOST, UNCONFINED
from safeconduct.kernel.errors import Refused

BUBBLEWRAP: Final = "bwrap"
WALL: Final = (
    *("--unshare-user", "--uid", "65534", "--gid", "65534"),
    *("--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"),
)
LIBRARIES: Final = ("lib", "lib32", "lib64")
CODE: Final = (
    "import sys; sys.path[:0] = ['/app', '/site']; "
    "from safeconduct.edges.desk.cleaning.convert import main; main()"
)
SECONDS: Final = 30.0
"""After which a converter is ended, whatever it is doing."""
ONE_AT_A_TIME: Final = Lock()
"""A conversation full of pictures shall not take the memory of the whole desk."""


class NoSandbox(Refused):
    """This computer has no bubblewrap, or does not let it work: no copy can be made."""

    code = "no_sandbox"


class ConverterFailed(Refused):
    """The converter ended before it was done: the file may be made to break it."""

    code = "converter_failed"


class ConverterSlow(Refused):
    """The converter was not done in time and was ended."""

    code = "converter_slow"


def convert(content: bytes, *, first: int = 0) -> bytes:
    """Return what the converter writes of a file, unread (`copied.parse_copy` reads it).

    Raises:
        NoSandbox, ConverterFailed, ConverterSlow: there is no copy.
    """
    with ONE_AT_A_TIME:
        return run((CODE, str(first)), content)


@cache
def ready() -> bool:
    """Tell whether a sandbox can be had here, by converting nothing in one; tried once.

    Every conversion stands on its own feet: what is remembered here is for the settings page.
    """
    try:
        convert(b"")
    except Refused:
        return False
    return True


def run(program: tuple[str, ...], content: bytes, *, seconds: float = SECONDS) -> bytes:
    """Run Python code with its arguments in the sandbox, and return what it writes.

    Raises:
        NoSandbox, ConverterFailed, ConverterSlow: see `convert`.
    """
    with _started(program) as process, _ended(process, seconds) as late:
        assert process.stdin is not None
        assert process.stdout is not None
        feeder = Thread(target=_feed, args=(process.stdin, content), daemon=True)
        feeder.start()
        answer = process.stdout.read(OUTPUT_MOST + 1)
        if len(answer) > OUTPUT_MOST:
            process.kill()
        code = process.wait()
        feeder.join()
    if late:
        raise ConverterSlow
    if code == UNCONFINED or (code and not _stands()):
        raise NoSandbox
    if code:
        raise ConverterFailed
    return answer


def command(program: tuple[str, ...]) -> list[str]:
    """Return the command that runs Python code in the sandbox.

    Raises:
        NoSandbox: there is no bubblewrap.
    """
    bubblewrap = shutil.which(BUBBLEWRAP)
    if bubblewrap is None or sys.platform != "linux":
        raise NoSandbox
    apart = ("--unshare-all",)
    return [bubblewrap, *apart, *WALL, *_seen(), "--chdir", "/", "--", *_python(), *program]


def _python() -> tuple[str, ...]:
    # Isolated, without site's own search, and writing no bytecode.
    return (_interpreter(), "-I", "-S", "-B", "-c")


def _interpreter() -> str:
    own = Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return str(own if own.exists() else Path(sys.executable).resolve())


def _seen() -> Iterator[str]:
    """Give what the sandbox holds, all of it for reading alone: Python, decoders, our own code."""
    yield from ("--ro-bind", "/usr", "/usr")
    for name in LIBRARIES:
        place = Path("/") / name
        if place.is_symlink():
            yield from ("--symlink", str(place.readlink()), str(place))
        elif place.exists():
            yield from ("--ro-bind", str(place), str(place))
    if not Path(sys.base_prefix).is_relative_to("/usr"):
        yield from ("--ro-bind", sys.base_prefix, sys.base_prefix)
    decoder = find_spec("PIL")
    if decoder is None or decoder.origin is None:
        raise NoSandbox
    yield from ("--ro-bind", str(Path(decoder.origin).parents[1]), "/site")
    yield from ("--ro-bind", str(Path(safeconduct.__file__).parent), "/app/safeconduct")
    yield from ("--remount-ro", "/")


def _started(program: tuple[str, ...]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603  (our own command, no shell)
            command(program),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
        )
    except OSError:
        raise NoSandbox from None


@contextmanager
def _ended(process: subprocess.Popen[bytes], seconds: float) -> Iterator[list[bool]]:
    """See that it ends, in time and however we leave; what is given fills when it was late."""
    late: list[bool] = []

    def end() -> None:
        late.append(True)
        process.kill()

    timer = Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
        process.kill()


def _feed(pipe: IO[bytes], content: bytes) -> None:
    with suppress(OSError):  # It may have ended, or need no more.
        pipe.write(content)
    with suppress(OSError):
        pipe.close()


def _stands() -> bool:
    """Tell whether the sandbox itself can be had, with nothing of a stranger's in it."""
    try:
        done = subprocess.run(  # noqa: S603  (our own command, no shell)
            command(("pass",)), capture_output=True, check=False, env={}, timeout=SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
