# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looking at an old table, saying what becomes of each row, and bringing it in, at one desk.

A look writes nothing.  What is then written is planned anew row by row, so that a desk that was
stopped or killed goes on by doing the same once more (spec/tables.md 5).  The file is read where
it lies; of its rows nothing is kept but what stands in cases.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from safeconduct.edges.desk.cases_api import Chosen
from safeconduct.edges.desk.importing.imports import FileGone, NothingLookedAt, Stopped
from safeconduct.edges.desk.importing.tables import Tables
from safeconduct.edges.desk.table_look import Book, Looked, look_at, look_at_sheet, plan
from safeconduct.edges.desk.table_report import Report, report_in, report_of, report_text
from safeconduct.kernel.errors import Defect, Refused, SafeconductError
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms.cases import Part
from safeconduct.rooms.cases.events import Facts
from safeconduct.rooms.cases.table import TableMap, kept
from safeconduct.rooms.cases.table_facts import TITLE_MOST, TableKept
from safeconduct.rooms.cases.table_plan import Fate, Line, facts_of, plan_row

PATIENCE: Final = 3.0
"""Seconds."""
WRITTEN: Final = (Fate.NEW, Fate.UPDATES)


class MayBringNoTable(Refused):
    """Each row can open a case file, and nobody here may open one."""

    code = "may_bring_no_table"


class TableUnnamed(Refused):
    """A table is kept under a name of 1 to 100 characters."""

    code = "table_unnamed"


@dataclass(eq=False)
class MapWrong(Refused):
    """Rows cannot be read so; `why` says what lacks."""

    code = "map_wrong"
    why: str


class RowCame(Refused):
    """Somebody wrote the same row a moment ago; it is looked at again."""

    code = "row_came"


class TableImport:
    """What somebody here brings in of an old table."""

    def __init__(self, book: Book) -> None:
        """Write into this book."""
        self.book: Final = book
        self._lock: Final = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop = False
        self._failed: SafeconductError | None = None
        self.looked: Looked | None = None
        self.progress = self.looks = 0

    @property
    def running(self) -> bool:
        """Whether something is looked at or brought in."""
        return self._thread is not None and self._thread.is_alive()

    def failed(self) -> SafeconductError | None:
        """Return, once, why something came to nothing after its page was gone."""
        found, self._failed = self._failed, None
        return None if self.running else found

    def last(self) -> Report | None:
        """Return the report of what was brought in last."""
        return report_in(self.book.report())

    def drop(self) -> None:
        """Forget what was looked at, or else the last report."""
        if self.looked is not None:
            self.looked = None
        else:
            self.book.keep_report("")

    def stop(self, seconds: float = 30.0) -> None:
        """End what runs after the row that it is at; what is written stands."""
        self._stop = True
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(seconds)

    # --- looking

    def begin_look(self, file: str, load: Callable[[], Tables]) -> None:
        """Read a file and guess what its columns are, waiting as long as people wait for a page.

        Raises:
            MayBringNoTable: nobody here may.
            SafeconductError: what it came to, if it came to it by then.
        """
        if not self.book.may():
            raise MayBringNoTable
        self.looked = None
        self._start(lambda: self._plan(look_at(self.book, file, load())))

    def choose(self, sheet: int, header: int | None, table: bytes | None) -> None:
        """Look at another sheet, below another row, or by another table that was kept.

        Raises:
            NothingLookedAt: there is none.
        """
        looked = self._need()
        if not 0 <= sheet < len(looked.tables.sheets):
            raise NothingLookedAt
        at = replace(looked, sheet=sheet)
        self._start(lambda: self._plan(look_at_sheet(self.book, at, header, table)))

    def map(self, columns: TableMap) -> None:
        """Look at each row by these columns.

        Raises:
            NothingLookedAt: there is none.
        """
        looked = self._need()
        self._start(lambda: self._plan(replace(looked, map=columns)))

    def _plan(self, looked: Looked) -> None:
        def goes_on() -> bool:
            self.progress += 1
            return not self._stop

        self.looked = plan(self.book, looked, goes_on)
        self.looks += 1

    # --- writing

    def begin(
        self, title: str, team: VaultId | None, readers: Mapping[Part, Chosen], *, held: bool
    ) -> None:
        """Keep how the table is read, and bring it in on a thread; `held` rows too if so.

        Raises:
            NothingLookedAt, TableUnnamed, MapWrong: nothing was written.
            Refused: what keeping it came to.
        """
        looked = self._keep(title, team)
        self.looked = None
        self._start(lambda: self._bring(looked, readers, held=held), waits=False)

    def bring(
        self, title: str, team: VaultId | None, readers: Mapping[Part, Chosen], *, held: bool
    ) -> Report:
        """Do the same, and return when it is done."""
        looked = self._keep(title, team)
        self.looked = None
        return self._bring(looked, readers, held=held)

    def _keep(self, title: str, team: VaultId | None) -> Looked:
        looked, name = self._need(), " ".join(title.split())
        if looked.wrong:
            raise MapWrong(looked.wrong)
        if not 0 < len(name) <= TITLE_MOST:
            raise TableUnnamed
        before = self.book.tables().get(looked.map.table)
        fact = kept(looked.map, name, before.facts if before else ())
        where = team or (before.vault if before else None)
        if before is None or before.vault != where or not _same(before.fact, fact):
            self.book.keep(fact, where)
        return replace(looked, title=name)

    def _bring(self, looked: Looked, readers: Mapping[Part, Chosen], *, held: bool) -> Report:
        self.progress, self._stop = 0, False
        done: list[Line] = []
        why = ""
        wanted = {*WRITTEN, Fate.HELD} if held else {*WRITTEN}
        try:
            for line in (one for one in looked.lines if one.fate in wanted):
                if self._stop:
                    why = Stopped.code
                    break
                done.append(self._row(line, looked.map.table, readers))
                self.progress += 1
        except SafeconductError as error:
            why = error.code
        except Exception:  # noqa: BLE001  (the thread has nobody above it; the report says so)
            why = Defect.code
        report = report_of(looked, done, wanted, why)
        self.book.keep_report(report_text(report))
        return report

    def _row(self, line: Line, table: bytes, readers: Mapping[Part, Chosen]) -> Line:
        """Write one row, planned anew; a case that it opens holds it from its first commit on."""
        key = table, line.taken.row
        known = self.book.known(key)
        again = plan_row(line.taken, known)
        if again.fate is Fate.UPDATES:
            case = known[0].case
            self.book.write(case, facts_of(again, case, table, self.book.fresh, known[0]))
        elif again.fate is Fate.NEW:

            def also(case: CaseId) -> Facts:
                if self.book.known(key):
                    raise RowCame
                return facts_of(again, case, table, self.book.fresh, None)

            again = replace(again, case=self.book.open(readers, also), remarks=line.remarks)
        return again

    def _need(self) -> Looked:
        if self.looked is None or self.running:
            raise NothingLookedAt
        return self.looked

    def _start(self, work: Callable[[], object], *, waits: bool = True) -> None:
        """Do something on a thread, and wait for it as long as a person waits for a page."""

        def run() -> None:
            try:
                work()
            except SafeconductError as error:
                self._failed = error
            except OSError:
                self._failed = FileGone()
            except Exception:  # noqa: BLE001  (the thread has nobody above it; the page says so)
                self._failed = Defect()

        with self._lock:
            if self.running:
                raise NothingLookedAt
            self._failed, self._stop, self.progress = None, False, 0
            self._thread = threading.Thread(target=run, name="table", daemon=True)
            self._thread.start()
        if waits:
            self._thread.join(PATIENCE)
            if (failed := self.failed()) is not None:
                raise failed


def _same(one: TableKept, other: TableKept) -> bool:
    """Tell whether two facts say the same of a table."""
    return (one.name, one.keys, one.columns) == (other.name, other.keys, other.columns)
