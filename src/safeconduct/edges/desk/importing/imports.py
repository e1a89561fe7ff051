# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looking at what is to be brought in, the report, and bringing it in, at one desk.

First a look that writes nothing; then, by a second press, the same plan is written.  Both run on a
thread of their own; writing can be stopped.  The report is kept sealed at this desk alone; the file
is read where it lies, and no copy of it is made.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from safeconduct.edges.desk.importing.bringing import Book, bring
from safeconduct.edges.desk.importing.columns import Columns, Field, guess, kept_as
from safeconduct.edges.desk.importing.found import Found, Source
from safeconduct.edges.desk.importing.sheets import Sheets
from safeconduct.kernel.errors import Defect, Refused, SafeconductError
from safeconduct.kernel.words import ConversationId, Instant
from safeconduct.rooms.hotline.import_plan import Fate, Item, Left, Plan, plan

REPORT: Final = "report"
OURS: Final = "ours"
PATIENCE: Final = 3.0
"""Seconds."""
LINES_KEPT: Final = 20_000
_ROWS: Final = "columns:"


class NothingLookedAt(Refused):
    """There is nothing that was looked at, or it is being brought in already."""

    code = "nothing_looked_at"


class MayNotImport(Refused):
    """This desk holds no key to write conversations with."""

    code = "may_not_import"


class FileGone(Refused):
    """The file cannot be opened: it is not there, or this user may not read it."""

    code = "file_gone"


class Stopped(Refused):
    """A person stopped it."""

    code = "stopped"


class Kept(msgspec.Struct, frozen=True):
    """One line of a report, as it is kept."""

    where: int
    fate: str
    sender: str
    happened: int
    begins: str
    talk: str
    remarks: tuple[str, ...]


class Report(msgspec.Struct, frozen=True):
    """What becomes, or became, of each item of a file."""

    made: int
    name: str
    lines: tuple[Kept, ...]
    counts: dict[str, int]
    waiting: tuple[str, ...] = ()
    pressing: tuple[str, ...] = ()
    done: bool = False
    written: int = 0
    why: str = ""
    """Why it stopped before its end, as a code."""

    @property
    def new(self) -> int:
        """How many items become something."""
        return sum(self.counts.get(fate.value, 0) for fate in NEW)


NEW: Final = (Fate.BEGINS, Fate.JOINS, Fate.ANSWER)
_REPORT: Final = msgspec.json.Decoder(Report)
_COLUMNS: Final = msgspec.json.Decoder(Columns)


@dataclass(slots=True)
class _Looked:
    """What was looked at last, and where it stands."""

    name: str
    source: Source
    plan: Plan
    report: Report


class Imports:
    """What a helper here brings in."""

    def __init__(self, book: Book, changed: Callable[[], None]) -> None:
        """Write into this book; tell when something is to be shown anew."""
        self._book: Final = book
        self._changed: Final = changed
        self._lock: Final = threading.Lock()
        self._looked: _Looked | None = None
        self._thread: threading.Thread | None = None
        self._stop = False
        self._progress = 0
        self._failed: SafeconductError | None = None
        self.doing = ""

    def may(self) -> bool:
        """Tell whether somebody here may bring something in."""
        return self._book.writes()

    def begin_look(self, name: str, opened: Callable[[], Source]) -> None:
        """Look on a thread of its own, and wait for it as long as a person waits for a page.

        Raises:
            MayNotImport, NothingLookedAt: see `look`.
            SafeconductError: what it came to, if it came to it by then.
        """
        if not self._book.writes():
            raise MayNotImport
        with self._lock:
            if self.running:
                raise NothingLookedAt
            self._looked, self._failed, self._progress, self._stop = None, None, 0, False
            self._start(lambda: self._look(name, opened), "looking")
        if self._thread is not None:
            self._thread.join(PATIENCE)
        if (failed := self.failed()) is not None:
            raise failed

    def look(self, name: str, source: Source) -> Report:
        """Say what would become of each item; writes nothing but the report.

        Raises:
            MayNotImport: it may not.
            NotReadable, TooMuch, NoSandbox, Unreachable: see the source.
        """
        if not self._book.writes():
            raise MayNotImport
        book = self._book
        made = plan(self._items(source), book.known(), book.fresh, book.now(), book.gone())
        report = _report(name, made, book)
        with self._lock:
            self._looked = _Looked(name, source, made, report)
        return report

    @property
    def looked(self) -> Report | None:
        """The report of what was looked at and not brought in."""
        return self._looked.report if self._looked else None

    @property
    def tables(self) -> Sheets | None:
        """The sheets that were looked at, whose columns can be set."""
        source = self._looked.source if self._looked else None
        return source if isinstance(source, Sheets) else None

    @property
    def running(self) -> bool:
        """Whether something is being brought in."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def progress(self) -> int:
        """How many items of it are written."""
        return self._progress

    def last(self) -> Report | None:
        """Return the report of what was brought in last."""
        kept = self._book.kept(REPORT)
        try:
            return _REPORT.decode(kept) if kept else None
        except msgspec.MsgspecError:
            return None

    def failed(self) -> SafeconductError | None:
        """Return, once, why a look came to nothing after its page was gone."""
        found, self._failed = self._failed, None
        return None if self.running else found

    def drop(self) -> None:
        """Forget what was looked at, or the last report."""
        with self._lock:
            if self._looked is not None:
                self._looked = None
            else:
                self._book.keep(REPORT, "")

    def begin(self) -> None:
        """Bring in what was looked at, on a thread of its own.

        Raises:
            NothingLookedAt: there is none.
        """
        with self._lock:
            looked = self._looked
            if looked is None or self.running:
                raise NothingLookedAt
            self._stop, self._progress, self._looked = False, 0, None
            self._start(lambda: self._run(looked), "importing")

    def stop(self, seconds: float = 30.0) -> None:
        """End it after the batch that it is at; what is written stands."""
        self._stop = True
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(seconds)

    def bring(self, tell: Callable[[int], bool]) -> Report:
        """Bring in what was looked at, and return when it is done.

        Raises:
            NothingLookedAt: there is none.
            StoreFull, StoreIsBehind: what was written stands.
        """
        looked, self._looked = self._looked, None
        if looked is None:
            raise NothingLookedAt
        written = bring(self._book, looked.source, looked.plan.places, tell)
        return self._keep(looked.report, written, "" if written >= looked.report.new else "stopped")

    def ours(self) -> str:
        """Return the office's own addresses as they were typed last."""
        return self._book.kept(OURS)

    def keep_ours(self, typed: str) -> None:
        """Keep them for next time."""
        self._book.keep(OURS, typed[:2_000])

    def columns(self, tables: Sheets) -> Mapping[int, Columns]:
        """Return the columns of each sheet: as they were set before, or as its headers say."""
        found: dict[int, Columns] = {}
        for at, sheet in enumerate(tables.tables.sheets):
            kept = self._book.kept(_ROWS + kept_as(sheet))
            try:
                found[at] = _COLUMNS.decode(kept) if kept else guess(sheet)
            except msgspec.MsgspecError:
                found[at] = guess(sheet)
        return found

    def keep_columns(self, tables: Sheets, columns: Mapping[int, Columns]) -> None:
        """Keep how a person set them."""
        for at, chosen in columns.items():
            name = _ROWS + kept_as(tables.tables.sheets[at])
            self._book.keep(name, msgspec.json.encode(chosen).decode())

    def code_name(self, conversation: str) -> str:
        """Return the name of a conversation of a report."""
        return self._book.code_name(ConversationId(bytes.fromhex(conversation)))

    def _start(self, work: Callable[[], None], doing: str) -> None:
        self.doing = doing
        self._thread = threading.Thread(target=work, name=doing, daemon=True)
        self._thread.start()

    def _look(self, name: str, opened: Callable[[], Source]) -> None:
        try:
            self.look(name, opened())
        except SafeconductError as error:
            self._failed = error
        except OSError:
            self._failed = FileGone()
        except Exception:  # noqa: BLE001  (the thread has nobody above it; the page says so)
            self._failed = Defect()
        self._changed()

    def _items(self, source: Source) -> Iterator[Item | Left]:
        for found in source.read():
            self._progress += 1
            if self._stop:
                raise Stopped
            yield found.item if isinstance(found, Found) else found

    def _run(self, looked: _Looked) -> None:
        """Write a plan; the report says how far it came, and why no farther."""
        why = ""
        try:
            bring(self._book, looked.source, looked.plan.places, self._tell)
        except SafeconductError as error:
            why = error.code
        except OSError:
            why = FileGone.code
        except Exception:  # noqa: BLE001  (the thread has nobody above it; the report says so)
            why = Defect.code
        if not why and self._progress < looked.report.new:
            why = Stopped.code if self._stop else "file_changed"
        self._keep(looked.report, self._progress, why)
        self._changed()

    def _tell(self, written: int) -> bool:
        self._progress = written
        self._changed()
        return not self._stop

    def _keep(self, report: Report, written: int, why: str) -> Report:
        told = msgspec.structs.replace(report, done=not why, written=written, why=why)
        self._book.keep(REPORT, msgspec.json.encode(told).decode())
        return told


def _report(name: str, made: Plan, book: Book) -> Report:
    counts: dict[str, int] = {}
    for one in made.lines:
        counts[one.fate.value] = counts.get(one.fate.value, 0) + 1
    lines = tuple(
        Kept(
            *(one.where, one.fate.value, one.sender, one.happened or 0, one.begins),
            *(one.talk.hex() if one.talk else "", one.remarks),
        )
        for one in made.lines[:LINES_KEPT]
    )
    waiting, pressing = _hex(made.waiting), _hex(made.pressing)
    return Report(book.now(), name, lines, counts, waiting[:LINES_KEPT], pressing[:LINES_KEPT])


def _hex(talks: Collection[ConversationId]) -> tuple[str, ...]:
    return tuple(talk.hex() for talk in talks)


__all__ = ["Field", "Imports", "Instant", "Kept", "MayNotImport", "NothingLookedAt", "Report"]
