# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calls to phones at this desk: what is set, what calls now, and the thread that makes calls.

Order of effects: that a call begins is on the disk before anything is sent, and that it was made
only once it was; a desk that dies in between leaves a call that it or another makes once more.
Fail-open: whatever the server of the calls does, the desk goes on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from safeconduct.edges.desk.alarms import RINGING, alarms, telephoning
from safeconduct.edges.desk.calls_api import Calling
from safeconduct.edges.desk.locked_plan import Book as LockedBook
from safeconduct.edges.desk.locked_plan import plan_of
from safeconduct.edges.desk.pager import Pager
from safeconduct.edges.desk.sign_board import OpenSigns
from safeconduct.kernel.errors import SafeconductError, Unreachable
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.wire.refusals import UnknownCapability
from safeconduct.kernel.words import DeviceId, FactId, Instant
from safeconduct.rooms import duty
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.decide import need_steward, stewards
from safeconduct.rooms.duty import DutyFact
from safeconduct.rooms.duty.escalation import (
    QUIET,
    Alarm,
    Due,
    Pages,
    begins,
    called,
    due,
    fold_pages,
    open_alarms,
    sees_to,
)
from safeconduct.rooms.duty.locked import LockedCalls
from safeconduct.rooms.duty.pager_decide import TOPIC_BYTES, acknowledge, set_place, set_topic
from safeconduct.rooms.duty.pager_facts import PageBegun, PageSent

if TYPE_CHECKING:
    from safeconduct.edges.desk.engine.loops import Loops

LOOK_SECONDS: Final = 15.0
LISTEN_SECONDS: Final = 2.0
"""So often a desk looks whether somebody telephones, who waits at this moment (spec/duty.md 5)."""
BREATH: Final = 0.005


class Book(LockedBook, Protocol):
    """Where facts of duty are read and written, and what stands around them."""

    def writes(self) -> bool:
        """Tell whether this desk can write such facts at all."""

    def write(self, fact: DutyFact) -> FactId:
        """Append a fact; durable on return."""

    def telephones(self) -> Collection[bytes]:
        """Return the keys of the telephone lines that the office admitted."""

    def there(self) -> Collection[DeviceId]:
        """Return the devices whose desks said that they are on duty."""

    def secret(self, length: int) -> bytes:
        """Return bytes drawn by chance."""


class Calls:
    """What is set and what calls, over a book."""

    def __init__(self, book: Book, pager: Pager) -> None:
        """Act for the device of this book, and call through this pager."""
        self._book: Final = book
        self.pager = pager
        self.posting = False
        self.signs = OpenSigns()
        self.handed: tuple[int, LockedCalls] | None = None
        self.watched: Callable[[], Sequence[tuple[Alarm, tuple[DeviceId, ...]]]] = tuple
        """Alarms of check-ins, each with whom it calls by name."""
        self._noticed: dict[tuple[bytes, int], Instant] = {}
        self._rang: frozenset[bytes] = frozenset()
        self._reached: Instant | None = None

    def calling(self) -> Calling:
        """Return what the pages show."""
        pages, now, own = self.pages(), self._book.now(), self._book.device
        found = self._alarms() if pages.address else []
        topic = pages.topics.get(own, "")
        seen = (sees_to(one.id, pages, now) for one in found)
        return Calling(
            address=pages.address,
            own=f"{pages.address}/{topic}" if topic and pages.address else "",
            open=len(open_alarms(found, pages, now)),
            last=max((one for one in pages.calls), key=lambda one: one.at, default=None),
            by=min((one for one in seen if one), key=lambda one: one.at, default=None),
            nobody=bool(pages.address) and not called(0, self._rings_now(pages)),
        )

    def pages(self) -> Pages:
        """Return what stands of calls."""
        return fold_pages(self._book.told(), self._book.now())

    def topics(self) -> Mapping[DeviceId, str]:
        """Return where each device's person is called, of the office's own server alone."""
        pages = self.pages()
        return pages.topics if pages.address else {}

    def may_set_place(self) -> bool:
        """Tell whether somebody here may say through which server the office calls."""
        book = self._book
        return book.writes() and Role.STEWARD in book.roster.roles(book.device)

    def set_place(self, typed: str) -> None:
        """Say through which server the office calls."""
        need_steward(self._book.roster, self._book.device)
        self._book.write(set_place(self.pages(), typed))

    def set_own(self, *, on: bool) -> None:
        """Let the person at this desk be called, under a new secret topic, or no more."""
        secret = self._book.secret(TOPIC_BYTES) if on else None
        self._book.write(set_topic(self.pages(), secret))

    def try_own(self) -> bool:
        """Call the person at this desk now; tell whether the server took it."""
        pages = self.pages()
        topic = pages.topics.get(self._book.device, "")
        return bool(topic and pages.address) and self.pager.call(pages.address, topic)

    def acknowledge(self) -> None:
        """Say that somebody here sees to all that calls: nobody is called any more for an hour."""
        self._book.write(acknowledge(self._alarms(), self.pages(), self._book.now()))

    def look(self) -> bool:
        """Make the call that it is this desk's turn to make; tell whether one was made."""
        book, pages = self._book, self.pages()
        if not pages.address or not book.writes() or book.device not in book.roster.present():
            return False
        if self._reached is not None and self._reached <= book.now() < self._reached + QUIET:
            return False  # Clocks that were led astray may hide our own calls from us.
        call = due(self._alarms(), pages, book.now())
        topics = called(call.step, self._rings_now(pages)) if call else set()
        if call is None or not topics or book.now() < self._turn(call, pages):
            return False
        begun = book.write(PageBegun(call.alarms, call.step))
        self.posting = True
        try:
            taken = sum(self.pager.call(pages.address, topic) for topic in sorted(topics))
        finally:
            self.posting = False
        book.write(PageSent(begun, taken))
        self._reached = book.now() if taken else None
        return True

    def rings(self) -> bool:
        """Tell whether somebody telephones of whom the last look did not know."""
        book = self._book
        ours = book.telephones() if book.inbox(RINGING, 1) else ()
        found = frozenset(one.id for one in telephoning(book.inbox, ours)) if ours else frozenset()
        news, self._rang = found - self._rang, found
        return bool(news)

    def show_sign(self) -> None:
        """Show locked desks that this one is open and calls, where it does; raises Unreachable."""
        book, secret = self._book, self._book.signs()
        if self.pages().address and secret is not None and book.device in book.roster.present():
            self.posting = True
            try:
                self.signs.show(secret, book.now())
            finally:
                self.posting = False

    def prepare(self, letters: int) -> None:
        """Keep ready what is handed over at locking, by what is known after so many letters."""
        pages = self.pages()
        plan = plan_of(self._book, pages, self._alarms(), self._rings) if pages.address else None
        self.handed = (letters, plan) if plan is not None else None

    @property
    def hands_over(self) -> bool:
        """Whether phones would be called from here if this desk were locked now."""
        return self.handed is not None

    def _turn(self, call: Due, pages: Pages) -> Instant:
        """Return when it is our turn; reckoned from when this desk noticed, or from the facts."""
        key, now = (call.first.id, call.step), self._book.now()
        if key not in self._noticed:
            self._noticed = {key: now}
        since = max(call.first.since, self._noticed[key])
        noticed = call._replace(first=Alarm(call.first.id, Instant(since)))
        return begins(noticed, pages, (self._book.device, self._book.there()))

    def _alarms(self) -> list[Alarm]:
        of_check_ins = [alarm for alarm, _ in self.watched()]
        book = self._book
        return [*alarms(book.inbox, book.now(), book.telephones()), *of_check_ins]

    def _rings_now(self, pages: Pages) -> list[set[str]]:
        """Return the topics of each step now; an alarm of a check-in adds who it names."""
        rings = self._rings(duty.fold(self._book.told()), pages, self._book.now())
        for _, named in self.watched():
            for step, device in enumerate(named[: len(rings)]):
                rings[step] |= self._topics(pages, [device])
        return rings

    def _rings(self, plan: duty.Plan, pages: Pages, now: Instant) -> list[set[str]]:
        """Return the topics of those on duty at a time, of the backup, and of the stewards."""
        book, present = self._book, self._book.roster.present()
        on, behind = (
            {one.holder for one in plan.on(now, present, backup=backup)} for backup in (False, True)
        )
        return [self._topics(pages, some) for some in (on, behind, set(stewards(book.roster)))]

    def _topics(self, pages: Pages, devices: Collection[DeviceId]) -> set[str]:
        """Return the topics of the people behind some devices, whichever device they set it on."""
        members = self._book.roster.members
        people = {members[one].person for one in devices if one in members}
        return {
            topic
            for device, topic in pages.topics.items()
            if topic and device in self._book.roster.present() and members[device].person in people
        }


class Caller:
    """The thread that looks now and then."""

    def __init__(
        self,
        calls: Calls,
        keep: Callable[[Courier], object],
        loops: Loops,
        trouble: Callable[[str], None],
    ) -> None:
        """Prepare; `keep` writes timers at the relay, `trouble` hears the code of what went wrong.

        Until those have `heard` nobody is called: a desk that has not heard of its colleagues since
        yesterday would call for what they answered.
        """
        self._calls: Final = calls
        self._keep: Final = keep
        self._loops: Final = loops
        self._trouble: Final = trouble
        self._stop: Final = threading.Event()
        self._thread: Final = threading.Thread(target=self._run, name="desk-calls", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End, without waiting for a server: a call that is not told of is made once more."""
        self._stop.set()
        while self._thread.is_alive() and not self._calls.posting:
            self._thread.join(BREATH)

    def _run(self) -> None:
        passed = LOOK_SECONDS
        while not self._stop.wait(LISTEN_SECONDS):
            passed += LISTEN_SECONDS
            try:
                if self._loops.heard() and (self._calls.rings() or passed >= LOOK_SECONDS):
                    passed = 0.0
                    self._look()
            except SafeconductError as error:
                self._trouble(error.code)
            except Exception:  # noqa: BLE001  (as in engine/loops; while stopping, the store is shut)
                if not self._stop.is_set():
                    self._trouble("defect")

    def _look(self) -> None:
        letters = self._loops.puller.read_to
        self._calls.look()
        self._calls.prepare(letters)
        with suppress(Unreachable):
            self._calls.show_sign()
        with suppress(Unreachable, UnknownCapability):
            self._keep(self._loops.courier)
