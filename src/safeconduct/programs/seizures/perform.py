# SPDX-License-Identifier: AGPL-3.0-or-later
"""Perform each seizure that needs no browser, and search what was taken.

Each gives a row; what cannot be done on this computer gives one that says what it needs.
"""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.errors import Defect
from safeconduct.programs.seizures import admitted as told
from safeconduct.programs.seizures.copied import read_with, times_in
from safeconduct.programs.seizures.markers import joined
from safeconduct.programs.seizures.memory import children_of, scan_process
from safeconduct.programs.seizures.office import DrilledOffice
from safeconduct.programs.seizures.search import CannotLookError, Find, Search, scan_files
from safeconduct.programs.seizures.table import Row
from safeconduct.rooms.crew import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

MEMORY_NEEDS: Final = "Linux, and the right to read its processes' memory (root)"
BROWSERS_NEED: Final = "browsers that a program drives: make drill, in the source"
TAKEN: Final = Role.OPERATOR
"""Whose laptop is taken together with the server."""
HOLDER: Final = "import sys, time; k = sys.stdin.buffer.read(); print(flush=True); time.sleep(600)"
"""A process that holds what it is told, and nothing else."""
UNKNOWN: Final = "parts of words"
READS_MEMORY: Final = sys.platform == "linux"


def perform(
    folder: Path,
    stack: ExitStack,
    about: Callable[[str], None],
    wanted: Collection[str] = told.SEIZURES,
) -> list[Row]:
    """Make an office below a folder, seize all of it, and return a row for each that is wanted.

    `about` is told what is being done; `stack` ends whatever still runs.

    Raises:
        Defect: the search does not find what was planted for it.
        Unreachable: the office did not come to work within a minute.
    """
    roles = [role for role, taken in told.OPEN_AS.items() if taken in wanted or role is TAKEN]
    office = DrilledOffice(folder, stack, roles)
    about("An office is made, with words of this drill in every field...")
    office.work()
    office.write_at_counter()
    about("The search is tried on what was planted for it...")
    drill = _Drill(office, wanted)
    about("Memory and open desks are searched...")
    drill.running()
    about("A laptop is taken, its device is cut off, and everything is seized...")
    drill.taken()
    ordered = [taken for taken in told.SEIZURES if taken in wanted]
    return [drill.rows.get(taken) or Row(taken, needs=BROWSERS_NEED) for taken in ordered]


class _Drill:
    """The seizures of one office, and what was found."""

    def __init__(self, office: DrilledOffice, wanted: Collection[str]) -> None:
        self._wanted: Final = wanted
        self.rows: dict[str, Row] = {}
        self._office: Final = office
        self._laptop: Final = office.folder / "taken"
        self._look()

    def _look(self) -> None:
        """Look for all that the office has noted so far."""
        office = self._office
        phrases = [phrase for words in office.phrases for phrase in joined(words)]
        self._labels = office.labels | dict.fromkeys(phrases, told.WORDS)
        self._search = Search(
            office.markers.all, plain=[*office.texts, *phrases], keys=dict(office.keys)
        )
        self._plant()

    def _plant(self) -> None:
        """Hold the search to this: it finds what was planted in files and in memory.

        Raises:
            Defect: it is blind, and nothing that it says can be believed.
        """
        folder = self._office.folder / "planted"
        folder.mkdir()
        texts = "\n".join(name for name in self._labels if name not in self._office.keys)
        kept = b"\n".join((texts.encode(), *self._office.keys.values()))
        (folder / "kept").write_bytes(kept)
        (folder / "kept.gz").write_bytes(gzip.compress(kept))
        found = [scan_files(self._search, folder / name) for name in ("kept", "kept.gz")]
        if READS_MEMORY:
            with suppress(CannotLookError):  # Then the rows of memory say what they need.
                found.append(self._held(kept))
        wanted = {*self._labels}
        if not all({find.marker for find in finds} >= wanted for finds in found):
            raise Defect
        shutil.rmtree(folder)

    def running(self) -> None:
        """Seize what runs: memory, and open desks of each role."""
        office = self._office
        self._memory(told.SERVERS_MEMORY, [office.server])
        self._memory(told.COUNTERS_MEMORY, children_of(office.server))
        if told.DESK_LOCKED in self._wanted:
            with ExitStack() as stack:
                left = stack.enter_context(office.locked()) if READS_MEMORY else []
                self._memory(told.DESK_LOCKED, left)
        for role in office.roles:
            self._bytes(told.OPEN_AS[role], office.read_as(role))

    def taken(self) -> None:
        """Take a laptop, cut its device off, and seize the line and all files."""
        office = self._office
        office.take(TAKEN, self._laptop)
        office.cut(TAKEN)
        self._look()
        self._bytes(told.LINE_OF_PAGE, office.line.seen())
        self._bytes(told.LINE_OF_COUNTER, office.counter_line.seen())
        office.end()
        server, times = office.server_folder, times_in(office.server_folder)
        self._files(told.SERVERS_FILES, [server], times)
        self._files(told.DESK_OFF, office.desk_folders)
        self._files(told.BOTH, [server, self._laptop], times)
        desk = office.open_taken(self._laptop)
        try:
            self._bytes(told.BOTH_FORCED, read_with(desk, server), times)
        finally:
            desk.stop()

    def _memory(self, taken: str, processes: Iterable[int]) -> None:
        if taken not in self._wanted:
            return
        if not READS_MEMORY:
            self.rows[taken] = Row(taken, needs=MEMORY_NEEDS)
            return
        before, finds = self._search.looked_at, set[Find]()
        try:
            for process in processes:
                finds |= scan_process(self._search, process)
        except CannotLookError:
            self.rows[taken] = Row(taken, needs=MEMORY_NEEDS)
            return
        self._keep(taken, before, finds)

    def _files(self, taken: str, roots: Iterable[Path], also: Collection[str] = ()) -> None:
        before = self._search.looked_at
        self._keep(taken, before, scan_files(self._search, *roots), also)

    def _bytes(self, taken: str, data: bytes, also: Collection[str] = ()) -> None:
        before = self._search.looked_at
        self._keep(taken, before, self._search.scan(data, taken), also)

    def _keep(
        self, taken: str, before: int, finds: Iterable[Find], also: Collection[str] = ()
    ) -> None:
        if not told.SEIZURES[taken].looked_for <= {*self._labels.values(), *told.TIMES_READ}:
            raise Defect  # Something is said to be looked for that nobody noted.
        labels = {self._labels.get(find.marker, UNKNOWN) for find in finds}
        self.rows[taken] = Row(taken, frozenset({*labels, *also}), self._search.looked_at - before)

    def _held(self, kept: bytes) -> set[Find]:
        """Search a process that holds what was planted."""
        with subprocess.Popen(  # noqa: S603  (this Python, no shell)
            [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as holder:
            assert holder.stdin is not None
            assert holder.stdout is not None
            try:
                holder.stdin.write(kept)
                holder.stdin.close()
                holder.stdout.readline()
                return scan_process(self._search, holder.pid)
            finally:
                holder.kill()
