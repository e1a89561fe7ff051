# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's engine behind its pages: implements `DeskApi` over store, journal and courier.

    desk = Desk.open(folder, passphrase)
    desk.start(HttpCourier(...))
    desk.stop()

All reading and writing works without a relay; sending and receiving follow by themselves.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from safeconduct.edges.desk import (
    answering,
    attachments,
    compared,
    drafts,
    handed,
    handing_over,
    packing,
    preferences,
    shown_rows,
    standing,
)
from safeconduct.edges.desk.api import (
    Compared,
    Drafts,
    FileState,
    Hit,
    NewFile,
    Preferences,
    Row,
    Status,
    Today,
)
from safeconduct.edges.desk.audit import Audit
from safeconduct.edges.desk.burn_book import JournalBurns
from safeconduct.edges.desk.burned import Burned
from safeconduct.edges.desk.calls import Caller
from safeconduct.edges.desk.casework import CaseWork
from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.held import read_from_disk
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.loops import Loops
from safeconduct.edges.desk.exports import Exports
from safeconduct.edges.desk.going_along import Moves
from safeconduct.edges.desk.hits import Finder
from safeconduct.edges.desk.meeting import HttpMeeting
from safeconduct.edges.desk.pager import Pager
from safeconduct.edges.desk.queue_rows import EVERYTHING, Sieve
from safeconduct.edges.desk.removals import Removals
from safeconduct.edges.desk.sign_board import OpenSigns
from safeconduct.edges.desk.slip_book import JournalSlips
from safeconduct.edges.desk.slips import Slips
from safeconduct.edges.desk.store import StoreFull
from safeconduct.edges.desk.teams import Teams
from safeconduct.edges.desk.tracing import TracingEpochs
from safeconduct.edges.desk.travel import Travel
from safeconduct.edges.desk.ways import Ways
from safeconduct.edges.desk.wiring import SystemClock, SystemRng
from safeconduct.edges.desk.work import Work
from safeconduct.kernel.errors import Refused, Unreachable
from safeconduct.kernel.ports import Clock, Courier, Rng
from safeconduct.kernel.words import BlobId, ConversationId, DeviceId, Instant
from safeconduct.rooms import hotline
from safeconduct.rooms.crew import Roster
from safeconduct.rooms.hotline import Conversation, HandOver
from safeconduct.rooms.hotline.events import AttachmentSaved, HotlineFact


class NoSuchConversation(Refused):
    """This desk has no conversation of that id."""

    code = "no_such_conversation"


class Desk(Work):
    """One unlocked desk."""

    def __init__(self, journal: Journal) -> None:
        """Serve pages from an open journal; `start` adds the relay."""
        super().__init__(journal, self._need, self._changed)
        self._journal: Final = journal
        self._store: Final = journal.store
        self._lists: Final = journal.lists
        self.removals: Final = Removals(journal)
        self.moves: Final = Moves(journal)
        self.travel: Final = Travel(journal, self._online)
        self.cases: Final = CaseWork(journal, self.removals, self._online)
        self.audit: Final = Audit(journal, self.removals, self.cases.held)
        self.finder: Final = Finder(self._store, self._lists, self.cases.held)
        self.exports: Final = Exports(journal, self.cases)
        self.tracing: Final = TracingEpochs(journal, self.removals, self._online)
        self.teams: Final = Teams(journal, self._online)
        self.ways: Final = Ways(journal, self.removals, self._online)
        self.slips: Final = Slips(JournalSlips(journal, self.ways), self.check_ins)
        self.burned: Final = Burned(JournalBurns(journal, self.removals), self.ways, self.slips)
        self._loops: Loops | None = None
        self._caller: Caller | None = None
        self._full_at: Instant | None = None
        self._change, self._changes = threading.Condition(), 0
        journal.changed, journal.trouble = self._changed, self._trouble
        journal.written = self._written
        read_from_disk(journal)

    @classmethod
    def open(
        cls, folder: Path, passphrase: str, *, clock: Clock | None = None, rng: Rng | None = None
    ) -> Desk:
        """Unlock the store in a folder.

        Raises:
            WrongPassphrase: no slot opens with it.
            StoreDamaged, MadeByNewer, NoOfficeHere: see there.
        """
        store = packing.open_store(folder, passphrase)
        try:
            return cls(Journal(store, clock or SystemClock(), rng or SystemRng()))
        except BaseException:
            store.close()
            raise

    def start(self, courier: Courier | None = None, *, proxy: str | None = None) -> None:
        """Begin to sync, over HTTP with the office's relay unless a courier is given."""
        board = None
        if courier is None:
            line = Line(self._journal.place.relay_url, self._journal.office, proxy=proxy)
            courier, board = HttpCourier(line, self._journal.place.capability), HttpMeeting(line)
        self._loops = Loops(self._journal, courier)
        self._courier = self._loops.courier
        self._loops.start()
        self.cases.begin()
        self.duty.calls.pager = Pager(proxy=proxy)
        self.duty.calls.signs = OpenSigns(board, partial(post.by_chance, self._journal))
        self._caller = Caller(self.duty.calls, self.slips.keep, self._loops, self._trouble)
        self._caller.start()

    def stop(self) -> None:
        """End all threads and close the store."""
        parts = self.imports, self.ways, self.cases, self.cases.tables, self._caller, self._loops
        for one in parts:
            if one:
                one.stop()
        self._changed()
        self._store.close()

    def farewell(self, seconds: float) -> None:
        """Tell colleagues that this desk goes, in so many seconds at most."""
        if self._loops is not None:
            self._loops.heartbeats.farewell(seconds)

    def errand(self, *, shows: bool, calls: bool) -> str:
        """Return what goes to the process without keys; nothing when this desk knows no relay."""
        handed = self.duty.calls.handed if calls else None
        return handing_over.errand(self._journal, self._loops, handed, shows=shows)

    def abandon(self) -> None:
        """End what else holds keys or a plan, and wait for nothing: this process ends now."""
        self.ways.stop()
        if self._loops is not None:
            self._loops.abandon()

    @property
    def journal(self) -> Journal:
        """The journal, for programs."""
        return self._journal

    @property
    def device(self) -> DeviceId:
        """This device."""
        return self._journal.device

    def now(self) -> Instant:
        """The desk's clock."""
        return self._journal.clock.now()

    def today(self) -> Today:
        """Who waits and how long, what is mine, and how we stand with the relay."""
        return shown_rows.today(self._journal, self.status())

    def inbox(
        self,
        *,
        show: str,
        start: int,
        most: int,
        of: DeviceId | None = None,
        sieve: Sieve = EVERYTHING,
    ) -> tuple[Sequence[Row], int]:
        """Rows of a list in the order of the queue, and how many there are; see `DeskApi`."""
        page, whose = self._lists.page, of or self.device
        rows, total = page(show, whose, start=max(0, start), most=most, sieve=sieve)
        return shown_rows.marked(self._journal, rows), total

    def handed(self, conversation: Conversation) -> HandOver | None:
        """Return the hand-over to this desk that the person here has not seen; None without one."""
        return handed.unseen(self._store, self.device, conversation)

    def conversation(self, conversation: ConversationId) -> Conversation | None:
        """Return a conversation with all that are joined with it; None when there is none."""
        return self._lists.whole(conversation)

    def search(self, words: str, *, most: int = 50) -> Sequence[Hit]:
        """Find what was written by words or beginnings of words."""
        return self.finder.found(words, most).hits

    def roster(self) -> Roster:
        """Who belongs to the office."""
        return self._journal.roster

    def status(self) -> Status:
        """How this desk stands with the relay."""
        full = (self._full_at or self.now()) if self._store.full else None
        return standing.status(self._store, self._loops, full)

    def compared(self, size: int | None = None) -> Compared:
        """What two people compare who want to know that they see the same log."""
        return compared.compare(self._journal, size)

    # --- writing

    def mark_read(self, conversation: ConversationId) -> None:
        """Record that this helper saw the messages and a hand-over; nothing when it had."""
        folded = self._need(conversation)
        if handed.saw(self._store, self.device, folded):
            self._changed()
        if (event := hotline.read(folded, self.device)) is not None:
            self._write(event)

    def answer(
        self,
        conversation: ConversationId,
        text: str,
        files: Sequence[NewFile] = (),
        next_contact: Instant | None = None,
    ) -> None:
        """Answer the person, hold what nobody holds, and say by when the next word is due.

        Raises the hotline's refusals, and nothing is lost then.
        """
        draft, folded = answering.Written(text, files, next_contact), self._need(conversation)
        self.vetting.check(folded, draft.texts)
        answering.answer(self._journal, folded, draft)

    def note(self, conversation: ConversationId, text: str) -> None:
        """Write for colleagues."""
        fact = hotline.write_note(self._need(conversation), text)
        self._write(fact, also=lambda _: self.keep_draft(conversation, "note", ""))

    def claim(self, conversation: ConversationId) -> None:
        """Hold the conversation."""
        self._write(hotline.claim(self._need(conversation)))

    def release(self, conversation: ConversationId) -> None:
        """Let it go."""
        self._write(hotline.release(self._need(conversation)))

    def hand_over(self, conversation: ConversationId, to: DeviceId, note: str) -> None:
        """Pass it to a colleague."""
        members = self._journal.roster.present()
        fact = hotline.hand_over(self._need(conversation), to, note, members)
        self._write(fact, also=lambda _: self.keep_draft(conversation, "hand_over", ""))

    def file_state(self, blob: BlobId) -> FileState:
        """Ask the relay how much of a file is there; raises Unreachable when offline."""
        return FileState(*post.file_state(self._online(), blob))

    def file_bytes(
        self, conversation: ConversationId, blob: BlobId, *, leaves: bool = True
    ) -> Iterator[bytes]:
        """Yield a file's opened bytes, and record that it left the store if it does.

        Raises:
            Unreachable, FileElsewhere, FileIncomplete, Untrusted: see `attachments.chunks_of`.
        """
        file = attachments.find(self._need(conversation), blob)
        courier = self._courier if self._loops is not None else None
        chunks = attachments.chunks_of(self._store, courier, file)
        if leaves:
            self._write(AttachmentSaved(conversation, blob))
        return chunks

    # --- this desk alone

    def preferences(self) -> Preferences:
        """How the person at this desk likes it."""
        return preferences.read(self._store)

    def prefer(self, chosen: Preferences) -> None:
        """Remember that, sealed like everything else."""
        preferences.keep(self._store, chosen)

    def drafts(self, conversation: ConversationId) -> Drafts:
        """Return what was begun in a conversation and not sent."""
        return drafts.read(self._store, conversation)

    def keep_draft(self, conversation: ConversationId, kind: str, text: str) -> None:
        """Keep a draft (a field of `Drafts`) sealed on this device alone; no text drops it."""
        if drafts.keep(self._store, conversation, kind, text):
            self._changed()

    def changes(self) -> int:
        """Return a number that grows with each change that a page could show."""
        return self._changes

    def wait_for_change(self, since: int, seconds: float) -> int:
        """Block until `changes` is greater than `since`, or `seconds` pass; return it."""
        with self._change:
            self._change.wait_for(lambda: self._changes > since, seconds)
            return self._changes

    def _changed(self) -> None:
        with self._change:
            self._changes += 1
            self._change.notify_all()

    def _written(self) -> None:
        if self._loops:
            self._loops.wake()

    def _trouble(self, code: str) -> None:
        """Keep what is wrong; a full disk, which keeps nothing, is shown for as long as it is full.

        Never raises StoreFull: the loops that call this must go on.
        """
        if code == StoreFull.code:
            self._full_at = self.now()
        elif not standing.keep_trouble(self._store, code, self.now()):
            return
        self._changed()

    def _write(self, *events: HotlineFact, also: Callable[[int], None] | None = None) -> None:
        self._journal.write([post.fact(self._journal, event) for event in events], also)

    def _need(self, conversation: ConversationId) -> Conversation:
        if (folded := self.conversation(conversation)) is None:
            raise NoSuchConversation
        return folded

    def _online(self) -> Courier:
        if self._loops is None:
            raise Unreachable
        return self._courier
