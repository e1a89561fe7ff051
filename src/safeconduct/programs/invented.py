# SPDX-License-Identifier: AGPL-3.0-or-later
"""An invented office for a second passphrase: founded at a real server, with weeks behind it.

It is the rehearsal of `safeconduct demo`, and says so; letters, answers and notes are dated over
the weeks before.  Nothing of whoever makes it goes in but the server's address.
Made in a folder in memory where the system has one, under a passphrase that nobody ever learns.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from safeconduct import host
from safeconduct.edges.desk import keyslots
from safeconduct.edges.desk.founding import World
from safeconduct.edges.desk.store import KEYS
from safeconduct.edges.desk.two_files import FILE
from safeconduct.edges.desk.wiring import SystemClock, SystemRng
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.seal.stretch import Cost
from safeconduct.kernel.wire.refusals import Conflict
from safeconduct.kernel.words import DAY, MINUTE, Instant
from safeconduct.programs.players import BETWEEN_ACTS, Players
from safeconduct.programs.rehearsal import Script, script_in

if TYPE_CHECKING:
    from safeconduct.kernel.ports import Rng

BEFORE: Final = 20 * DAY
"""How far back it begins: answers live for 30 days at the server."""
LAST: Final = 26 * 60 * MINUTE
"""How long ago the last letter came, at least: nearer than a day, its time is the server's."""
ACT_MINUTES: Final = 90
PREFIX: Final = "desk-"
NO_GUESSES: Final = Cost(mib=8, passes=1, lanes=1)
"""For a passphrase drawn by machine that nobody keeps: stretching would add nothing."""


class NoSpareCode(Refused):
    """The server waits for no office with this founding code."""

    code = "no_spare_code"


class Weeks:
    """A clock that begins weeks ago and is moved on by hand."""

    def __init__(self, rng: Rng) -> None:
        """Begin at some moment of that day."""
        self._rng: Final = rng
        self._now: Final = SystemClock()
        self._back = BEFORE + self._some(DAY)

    def now(self) -> Instant:
        """Return the time that it is there."""
        return Instant(self._now.now() - self._back)

    def act(self) -> None:
        """Let somebody take their time to answer."""
        self._back -= MINUTE + self._some(ACT_MINUTES * MINUTE)

    def go_on(self, steps: int) -> None:
        """Come nearer to `LAST`, in as many steps as are left, each half to one and a half long."""
        step = max(self._back - LAST, 0) // (steps + 1)
        self._back -= step // 2 + self._some(step)

    def arrive(self) -> None:
        """Be in the present."""
        self._back = 0

    def _some(self, most: int) -> int:
        return int.from_bytes(self._rng.bytes(8), "big") % max(most, 1)


class InventedOffice(Players):
    """The rehearsal, played over weeks."""

    def __init__(self, folder: Path, tongue: str, script: Script) -> None:
        """Prepare it in a folder of its own."""
        rng = SystemRng()
        self._weeks: Final = Weeks(rng)
        super().__init__(folder, tongue, script, World(self._weeks, rng, NO_GUESSES))
        self._left = sum(len(talk.letters) for talk in script.talks)

    def make(self, url: str, code: str) -> tuple[Path, bytes]:
        """Found it at a server and play; return its first desk's store, closed, and its key.

        Raises:
            NoSpareCode: the server takes no office with this founding code.
            Unreachable: it does not answer.
        """
        self.url = url
        try:
            self._make(code)
        except Conflict as error:
            raise NoSpareCode from error
        self._weeks.arrive()
        with self._founder() as (desk, _):
            desk.journal.store.forget_troubles(*(one.code for one in desk.status().troubles))
        home = self._homes[0]
        return home / FILE, keyslots.unlock(home / KEYS, self._passphrase)

    def _passes(self, between: str) -> None:
        if between == BETWEEN_ACTS:
            self._weeks.act()
            return
        self._weeks.go_on(self._left)
        self._left -= 1


@contextmanager
def invented_office(url: str, code: str, tongue: str) -> Iterator[tuple[Path, bytes]]:
    """Make an office as `InventedOffice.make` does; its folder is gone afterwards."""
    folder, _ = host.private_folder(PREFIX)
    try:
        yield InventedOffice(folder, tongue, script_in(tongue)).make(url, code)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
