# SPDX-License-Identifier: AGPL-3.0-or-later
"""The programs as a person runs them: real processes, what they say, what is typed into them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final, Self

from tests.kit.patience import PATIENCE

FOUNDING: Final = re.compile(r"--relay (\S+)\n.*\n  (\S+)\n")
LISTENS: Final = re.compile(r"(http://127\.0\.0\.1:\d+)\s")
LINK: Final = re.compile(r"(http://127\.0\.0\.1:\d+/open\S+)\s")


class Program:
    """One running program: what it says is read as it comes, what it asks is answered.

    As a context it is ended with its block.
    """

    def __init__(
        self,
        *command: str,
        tongue: str = "C.UTF-8",
        more: Mapping[str, str] = MappingProxyType({}),
        folder: Path | None = None,
    ) -> None:
        """Start a command, in a folder if one is given; `more` is added to its environment."""
        environment = {**os.environ, "LC_ALL": tongue, "PYTHONUNBUFFERED": "1", **more}
        environment.pop("LANGUAGE", None)
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=folder,
        )
        self._said = b""
        self._more = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self.stop(signal.SIGTERM)

    @property
    def said(self) -> str:
        """Everything that the program has said so far."""
        with self._more:
            return self._said.decode()

    def answer(self, *lines: str) -> None:
        """Type lines."""
        assert self.process.stdin is not None
        self.process.stdin.write("".join(f"{line}\n" for line in lines).encode())
        self.process.stdin.flush()

    def until(self, pattern: str | re.Pattern[str]) -> re.Match[str]:
        """Wait until the program has said something; fail with all it said when it does not."""
        end = time.monotonic() + PATIENCE
        with self._more:
            while True:
                found = re.search(pattern, self._said.decode(errors="ignore"))
                if found:
                    return found
                waits = self._reader.is_alive() and time.monotonic() < end
                assert waits, f"not said: {pattern}\n{self._said.decode()}"
                self._more.wait(0.2)

    def wait(self) -> int:
        """Return the exit code."""
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """Ask it to end; return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()
        return code

    def _read(self) -> None:
        assert self.process.stdout is not None
        while part := os.read(self.process.stdout.fileno(), 4096):
            with self._more:
                self._said += part
                self._more.notify_all()
        with self._more:
            self._more.notify_all()


def safeconduct(*arguments: str, tongue: str = "C.UTF-8", source: Path | None = None) -> Program:
    """Start `safeconduct`, of another source tree if one is given."""
    more = {"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"} if source else {}
    return Program(sys.executable, "-m", "safeconduct", *arguments, tongue=tongue, more=more)


def serve(folder: Path, listen: str = "127.0.0.1:0", *more: str) -> Program:
    """Start a server without counter."""
    return safeconduct("serve", str(folder), "--listen", listen, "--no-counter", *more)


def hold_keys(home: Path, source: Path | None = None) -> Program:
    """Start the process of `safeconduct desk` that holds the keys; it says its one-time link."""
    return safeconduct("desk", "--home", str(home), "--holds-keys", source=source)
