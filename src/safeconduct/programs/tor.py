# SPDX-License-Identifier: AGPL-3.0-or-later
"""The program `tor` as a child of the server, for its onion services.

It is started anew when it ends, and ends with the server.  What it says is dropped: no line of it
reaches a log of ours.  A server goes on without it, because people come by its other addresses
too (docs/adr/0036-onion-service.md).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, Self

from safeconduct import host
from safeconduct.kernel.errors import Refused
from safeconduct.programs.onion import COUNTER, NoOnion, Onion, OnionFolder
from safeconduct.programs.wording import N_, say

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME: Final = "tor"
KNOWS_WORK: Final = b"pow: yes"
START_SECONDS: Final = 120
LOOK_SECONDS: Final = 0.1
STOP_SECONDS: Final = 5.0
FIRST_PAUSE_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 60.0
LONG_LIFE_SECONDS: Final = 60.0
"""A tor that lived so long had been well."""


class NoTor(Refused):
    """The program tor is not on this machine."""

    code = "no_tor"


@dataclass(eq=False)
class TorRefuses(Refused):
    """tor does not run with this configuration, or made no address."""

    code: ClassVar[str] = "tor_refuses"
    file: Path


class Tor:
    """tor, kept running until this is closed."""

    def __init__(self, folder: OnionFolder, targets: Mapping[str, tuple[str, int]]) -> None:
        """Write the configuration, start tor and wait for the addresses, not for the network.

        Raises:
            NoTor: it is not installed.
            TorRefuses: it does not take the configuration, or ends before there is an address.
            OnionDiffers: keys and addresses in the folder do not belong together.
        """
        program = shutil.which(NAME)
        if program is None:
            raise NoTor
        self._folder: Final = folder
        self._command: Final = (program, "--defaults-torrc", os.devnull, "-f", str(folder.torrc))
        # tor looks after it every 15 seconds, so that it ends also when we are killed.
        self._owner: Final = ("--__OwningControllerProcess", str(os.getpid()))
        self.asks_work: Final = KNOWS_WORK in _said([program, "--list-modules"])
        """Whether it makes callers work while many come."""
        folder.make(targets, work=self.asks_work)
        if not _takes([*self._command, "--verify-config"]):
            raise TorRefuses(folder.torrc)
        self._stopping: Final = threading.Event()
        self._lock: Final = threading.Lock()
        self._process = self._start()
        try:
            self.onion: Final = self._addresses(counter=COUNTER in targets)
            for service in targets:
                folder.keep(service)
        except BaseException:
            self._end()
            raise
        self._thread: Final = threading.Thread(target=self._keep, name="tor", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End tor."""
        self._stopping.set()
        with self._lock:
            self._end()
        self._thread.join()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End tor."""
        self.close()

    def _start(self) -> subprocess.Popen[bytes]:
        return host.start_apart([*self._command, *self._owner])

    def _addresses(self, *, counter: bool) -> Onion:
        """Wait until tor has made the keys that are missing."""
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                return self._folder.addresses(counter=counter)
            except NoOnion as error:
                ended = self._process.poll() is not None
                if ended or time.monotonic() > until:
                    raise TorRefuses(self._folder.torrc) from error
            time.sleep(LOOK_SECONDS)

    def _keep(self) -> None:
        """Start tor anew whenever it ends, each time later, and say so."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            began = time.monotonic()
            self._process.wait()
            if self._stopping.is_set():
                return
            if time.monotonic() - began > LONG_LIFE_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            print(say(_ENDED, file=self._folder.torrc), file=sys.stderr, flush=True)
            if self._stopping.wait(pause):
                return
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            with self._lock:
                if self._stopping.is_set():
                    return
                self._process = self._start()

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def show_onion(tor: Tor) -> None:
    """Say where the onion services are and what they lack."""
    print(say(_PAGE, url=tor.onion.page))
    if tor.onion.counter:
        print(say(_COUNTER, url=tor.onion.counter))
    print(say("It takes some minutes until Tor knows them."), flush=True)
    if not tor.asks_work:
        print(say(_NO_WORK), file=sys.stderr, flush=True)


def _said(command: list[str]) -> bytes:
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  (tor, no shell)
    return done.stdout


def _takes(command: list[str]) -> bool:
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  (tor, no shell)
    return done.returncode == 0


_PAGE: Final = N_("The onion service of relay and page: {url}")
_COUNTER: Final = N_("The onion service of the way without scripts: {url}")
_NO_WORK: Final = N_(
    "This tor was built without the module pow: it asks no work of who calls, and a flood reaches "
    "the server unhindered.  Debian's tor has it from version 0.4.8 on."
)
_ENDED: Final = N_(
    "tor has ended, and is started anew.  Until it runs nobody comes by the onion addresses; the "
    "other addresses go on.  If this is said again and again, stop the server and see what tor "
    "says:  tor -f {file}"
)
