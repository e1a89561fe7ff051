# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search the memory of other processes, and swap, where Linux shows them.

Linux alone: whoever asks for it on another system is refused by it.
What cannot be read is an error, never a pass.
"""

from __future__ import annotations

import errno
import os
import re
import signal
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from safeconduct.programs.seizures.search import (
    CHUNK_BYTES,
    OVERLAP_BYTES,
    CannotLookError,
    Find,
    Search,
    scan_file,
)

# The kernel lends these to every process; nothing that a process wrote stands in them.
_LENT: Final = frozenset({"[vvar]", "[vvar_vclock]", "[vsyscall]", "[vdso]"})
_REGION: Final = re.compile(r"^(?=[0-9a-f]+-[0-9a-f]+ )", re.MULTILINE)
_COUNT: Final = re.compile(r"^(Rss|Swap|Anonymous): +(\d+) kB$", re.MULTILINE)
_NAMED: Final = 6
"""Fields of a region that has a name, in the first line of its part of `smaps`."""


def scan_process(search: Search, process: int) -> set[Find]:
    """Search the memory, environment and nameless files of a process.

    Raises:
        CannotLookError: it may not be read, or is not there.
    """
    name = f"memory of process {process}"
    finds: set[Find] = set()
    try:
        with open(f"/proc/{process}/mem", "rb", buffering=0) as memory:  # noqa: PTH123
            for start, end in _regions(process):
                for piece in _read_region(memory.fileno(), process, start, end):
                    finds |= search.scan(piece, name)
        for part in ("environ", "cmdline"):
            finds |= search.scan(Path(f"/proc/{process}/{part}").read_bytes(), name)
        finds |= _scan_nameless(search, process)
    except OSError as error:
        raise CannotLookError(name) from error
    return finds


def children_of(process: int) -> list[int]:
    """Return the processes below a process, and theirs; empty for one that has ended."""
    found: list[int] = []
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{process}/task").iterdir():
            found += map(int, (task / "children").read_text(encoding="ascii").split())
    return found + [below for child in found for below in children_of(child)]


def hold_still(process: int) -> None:
    """Stop a process where it is; it can still be killed."""
    os.kill(process, signal.SIGSTOP)


def scan_swap(search: Search) -> tuple[set[Find], list[str]]:
    """Search whatever this machine swaps to; return the finds and what was searched.

    Raises:
        CannotLookError: there is swap, and it may not be read.
    """
    lines = Path("/proc/swaps").read_text(encoding="utf-8").splitlines()[1:]
    devices = [line.split()[0].encode().decode("unicode_escape") for line in lines]
    finds: set[Find] = set()
    for device in devices:
        finds |= scan_file(search, Path(device), f"swap on {device}")
    return finds, devices


def _regions(process: int) -> Iterator[tuple[int, int]]:
    """Return the ranges of a process's memory that hold anything, in memory or in swap.

    A file that is mapped to be read only, with no page of the process's own in it, is that file,
    as the program's libraries are; a file that lost its name is searched here.
    """
    text = Path(f"/proc/{process}/smaps").read_text(encoding="utf-8")
    for block in _REGION.split(text)[1:]:
        head = block.partition("\n")[0].split(maxsplit=5)
        counts = dict(_COUNT.findall(block))
        name = head[-1].strip() if len(head) == _NAMED else ""
        mapped = name.startswith("/") and not name.endswith(" (deleted)")
        as_it_is = mapped and head[1][1::2] == "-p" and counts["Anonymous"] == "0"
        if name in _LENT or as_it_is or counts["Rss"] == counts["Swap"] == "0":
            continue
        start, end = (int(number, 16) for number in head[0].split("-"))
        yield start, end


def _read_region(memory: int, process: int, start: int, end: int) -> Iterator[bytes]:
    """Read a region in pieces that overlap; what is given back meanwhile holds nothing any more."""
    for at in range(start, end, CHUNK_BYTES):
        stop = min(end, at + CHUNK_BYTES + OVERLAP_BYTES)
        try:
            yield _read(memory, at, stop - at)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            # Once more with what is there now; what is there and cannot be read is an error.
            for low, high in _regions(process):
                if low < stop and at < high:
                    yield _read(memory, max(low, at), min(high, stop) - max(low, at))


def _read(memory: int, at: int, count: int) -> bytes:
    parts = []
    while count:
        part = os.pread(memory, count, at)
        if not part:
            break
        parts.append(part)
        at, count = at + len(part), count - len(part)
    return b"".join(parts)


def _scan_nameless(search: Search, process: int) -> set[Find]:
    """Search files that a process holds open and that no folder names any more."""
    finds: set[Find] = set()
    for handle in Path(f"/proc/{process}/fd").iterdir():
        try:
            target = str(handle.readlink())
            nameless = target.endswith(" (deleted)") and stat.S_ISREG(handle.stat().st_mode)
        except FileNotFoundError:
            # Closed since it was listed, so it holds nothing; a process that ended is an error.
            os.stat(f"/proc/{process}/mem")  # noqa: PTH116
            continue
        if nameless:
            finds |= scan_file(search, handle, f"{target} of process {process}")
    return finds
