# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real tor, started by the real server, in a Tor network that is nowhere but on this machine.

A program named `tor`, first on the server's path, starts the real one with one authority more
than it was told of: a port of this machine at which nobody listens.  With an authority of one's
own tor leaves out those that are built in, so that it asks nobody beyond loopback.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.kit.programs import Program

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY: Final = (
    "nobody orport=1 no-v2 v3ident=14C131DFC5C6F93646BE72FA1401C02A8DF2E8B4 "
    "127.0.0.1:1 86D0EF9C24DAEF1D7A2C8CC0B9FE2A1A5B5A0D2C"
)
WRAPPER: Final = """#!/bin/sh
{before}
exec {tor} "$@" --TestingTorNetwork 1 --AssumeReachable 1 --DirAuthority '{authority}'
"""
LISTENING: Final = "0A"
"""The state of a TCP socket that listens, in /proc/net/tcp."""


def path_with_tor(folder: Path, before: str = "") -> dict[str, str]:
    """Return an environment in which `tor` is ours; `before` is run in it first."""
    real = shutil.which("tor")
    assert real is not None, "tor is not installed"
    folder.mkdir()
    wrapper = folder / "tor"
    wrapper.write_text(WRAPPER.format(before=before, tor=real, authority=NOBODY))
    wrapper.chmod(0o700)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


@contextmanager
def onion_server(
    folder: Path, environment: dict[str, str], *more: str, tongue: str = "C.UTF-8"
) -> Iterator[Program]:
    """Start a server with onion services."""
    arguments = ("serve", str(folder), "--listen", "127.0.0.1:0", "--onion", *more)
    command = (sys.executable, "-m", "safeconduct", *arguments)
    with Program(*command, tongue=tongue, more=environment) as server:
        yield server


def tors(folder: Path) -> list[int]:
    """Return the processes of tor that run for a server's folder."""
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdecimal():
            continue
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:  # It has ended.
            continue
        ours = str(folder / "onion" / "torrc").encode()
        if ours in command and b"--__OwningControllerProcess" in command:
            found.append(int(process.name))
    return found


def listening(process: int) -> list[str]:
    """Return the local addresses at which a process listens, in the kernel's hex."""
    inodes = set()
    for file in Path(f"/proc/{process}/fd").iterdir():
        try:
            target = str(file.readlink())
        except FileNotFoundError:  # It was closed meanwhile.
            continue
        if target.startswith("socket:["):
            inodes.add(target[len("socket:[") : -1])
    found = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{process}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[9] in inodes and (table.startswith("udp") or fields[3] == LISTENING):
                found.append(fields[1])
    return found
