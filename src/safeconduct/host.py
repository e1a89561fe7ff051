# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one module with calls that differ between operating systems.

Everything here degrades by saying so: a function that can do nothing on this system returns
False, or an honest "unknown", and the caller tells the person.  Only Linux has been run.
"""

from __future__ import annotations

import base64
import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from enum import Enum
from io import FileIO
from pathlib import Path
from types import FrameType
from typing import IO, BinaryIO, Final

PR_SET_DUMPABLE: Final = 4
MCL_CURRENT: Final = 1
MCL_FUTURE: Final = 2
SHELL_SAYS_SIGNAL: Final = 128
"""What shells add to the number of the signal that ended a program."""


class Swap(Enum):
    """Whether memory may reach a disk unsealed."""

    NONE = "none"
    SEALED = "sealed"
    UNSEALED = "unsealed"
    UNKNOWN = "unknown"


def no_core_dumps() -> bool:
    """Forbid core dumps and memory reads by other processes of this user; False if it cannot."""
    if sys.platform == "win32":
        return False
    import resource  # noqa: PLC0415  (does not exist on Windows)

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "linux":
        return True
    return bool(_libc().prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)


def room_for_files(wanted: int) -> int:
    """Return how many files and connections this process may open, after asking for this many."""
    if sys.platform == "win32":
        return wanted
    import resource  # noqa: PLC0415  (does not exist on Windows)

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(OSError, ValueError):  # It stays as it was.
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return wanted if soft == resource.RLIM_INFINITY else soft


def keep_memory_out_of_swap() -> bool:
    """Lock this process's memory, present and future; False where the system does not allow it."""
    if sys.platform != "linux":
        return False
    return bool(_libc().mlockall(MCL_CURRENT | MCL_FUTURE) == 0)


def swap() -> Swap:
    """Tell whether this machine swaps, and whether its swap is sealed."""
    if sys.platform != "linux":
        return Swap.UNKNOWN
    try:
        lines = Path("/proc/swaps").read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return Swap.UNKNOWN
    devices = [line.split()[0] for line in lines]
    if not devices:
        return Swap.NONE
    return Swap.SEALED if all(_sealed(device) for device in devices) else Swap.UNSEALED


def memory_folder() -> Path | None:
    """Return a folder that lives in memory only, or None where the system has none."""
    for candidate in (os.environ.get("XDG_RUNTIME_DIR"), "/dev/shm"):  # noqa: S108
        if candidate and os.access(candidate, os.W_OK) and _is_memory(Path(candidate)):
            return Path(candidate)
    return None


def private_folder(prefix: str) -> tuple[Path, bool]:
    """Make a new folder for this user only; True when it lives in memory."""
    parent = memory_folder()
    return Path(tempfile.mkdtemp(prefix=prefix, dir=parent)), parent is not None


def data_folder() -> Path:
    """Return where this user's programs keep what they keep, by the custom of the system."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def is_superuser() -> bool:
    """Tell whether this process may do everything; Chromium keeps its sandbox only if not."""
    return sys.platform != "win32" and os.geteuid() == 0


def endings() -> tuple[signal.Signals, ...]:
    """The ways in which this system asks a program to end: Ctrl-C, SIGTERM, a closed terminal."""
    known = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    return tuple(number for number in signal.Signals if number.name in known)


def unwind_when_asked_to_end() -> None:
    """Let every request to end unwind this process as Ctrl-C does, once; tidying up is finished."""

    def unwind(_number: int, _frame: FrameType | None) -> None:
        for number in endings():
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in endings():
        signal.signal(number, unwind)


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put_in_place(new: Path, path: Path) -> None:
    """Rename a file over another, durably; then overwrite what that held, where nobody else has it.

    On Windows it stays in what the disk keeps of removed files: a rename is not known to be durable
    there.
    """
    if sys.platform == "win32" or not path.exists():
        new.replace(path)
        sync_folder(path.parent)
        return
    with path.open("r+b", buffering=0) as old:
        new.replace(path)
        sync_folder(path.parent)
        _overwrite(old)


def put_away(path: Path) -> None:
    """Remove a file, durably; then overwrite what it held, where nobody else has it.

    Raises:
        FileNotFoundError: there is none.
    """
    if sys.platform == "win32":
        path.unlink()
        return
    with path.open("r+b", buffering=0) as old:
        path.unlink()
        sync_folder(path.parent)
        _overwrite(old)


def _overwrite(old: FileIO) -> None:
    """Overwrite a file that has no name any more; one that has another is somebody's backup."""
    left = os.fstat(old.fileno())
    if left.st_nlink == 0:
        with suppress(OSError):
            old.write(bytes(left.st_size))
            os.fsync(old.fileno())


def start_with_socket(
    command: Sequence[str], listener: socket.socket, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a process that inherits a listening socket and nothing else of ours.

    Its standard input and output are pipes to us and what it says to standard error is dropped.
    The first line of its input is for `take_socket`.  `environment` is added to ours.
    """
    pipe = subprocess.PIPE
    known = {**os.environ, **(environment or {})}
    if sys.platform == "win32":
        child = subprocess.Popen(  # noqa: S603  (our own program, by the interpreter that runs us)
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=known
        )
        token = base64.b64encode(listener.share(child.pid))
    else:
        child = subprocess.Popen(  # noqa: S603  (our own program, by the interpreter that runs us)
            command,
            stdin=pipe,
            stdout=pipe,
            stderr=subprocess.DEVNULL,
            env=known,
            pass_fds=(listener.fileno(),),
        )
        token = str(listener.fileno()).encode("ascii")
    assert child.stdin is not None
    with suppress(OSError):  # It may have ended already; its exit code says so.
        child.stdin.write(token + b"\n")
        child.stdin.flush()
    return child


def start_apart(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a program of this machine that is ours to end: Ctrl-C at the terminal is not for it.

    What it says is dropped, and what it writes is this user's alone.
    """
    nothing = subprocess.DEVNULL
    if sys.platform == "win32":
        return subprocess.Popen(  # noqa: S603  (the caller names the program, no shell)
            command,
            stdin=nothing,
            stdout=nothing,
            stderr=nothing,
            creationflags=subprocess.CREATE_NEW_PROCESS_GROUP,
        )
    return subprocess.Popen(  # noqa: S603  (the caller names the program, no shell)
        command,
        stdin=nothing,
        stdout=nothing,
        stderr=nothing,
        start_new_session=True,
        umask=0o077,
    )


@contextmanager
def held_still(process: int) -> Iterator[bool]:
    """Stop a child for as long as the block lasts, so that nobody writes what is copied.

    What its files say then is what a sudden end would have left; False where that cannot be done.
    """
    try:
        os.kill(process, signal.SIGSTOP)
        os.waitid(os.P_PID, process, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    except (AttributeError, ProcessLookupError, ChildProcessError):
        yield False
        return
    try:
        yield True
    finally:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGCONT)


def take_socket(pipe: BinaryIO) -> socket.socket:
    """Return the listening socket that `start_with_socket` lent to this process."""
    token = pipe.readline().strip()
    if sys.platform == "win32":
        return socket.fromshare(base64.b64decode(token))
    return socket.socket(fileno=int(token))


def wake_only_with_data(listener: socket.socket, seconds: int) -> bool:
    """Let connections wait in the kernel until they say something; False where it cannot."""
    if sys.platform != "linux":
        return False
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, seconds)
    return True


def widen_pipe(pipe: IO[bytes], size: int) -> bool:
    """Let a pipe hold more before its writer waits; False where the system does not allow it."""
    if sys.platform != "linux":
        return False
    import fcntl  # noqa: PLC0415  (does not exist on Windows)

    with suppress(OSError):
        return fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, size) >= size
    return False


def _is_memory(folder: Path) -> bool:
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    kinds = {fields[1]: fields[2] for fields in (line.split() for line in mounts)}
    for parent in (folder.resolve(), *folder.resolve().parents):
        if str(parent) in kinds:
            return kinds[str(parent)] in {"tmpfs", "ramfs"}
    return False


def _sealed(device: str) -> bool:
    """Tell whether a swap device is memory (zram) or behind dm-crypt."""
    name = Path(device).resolve().name
    if name.startswith("zram"):
        return True
    uuid = Path("/sys/class/block") / name / "dm" / "uuid"
    return uuid.exists() and uuid.read_text(encoding="ascii").startswith("CRYPT-")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
