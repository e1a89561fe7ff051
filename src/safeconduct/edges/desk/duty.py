# SPDX-License-Identifier: AGPL-3.0-or-later
"""Duty at this desk: the plan from its facts, and what a helper changes in it.

duty = Duty(JournalBook(journal))
duty.take(datetime(2026, 12, 1, 22), 8, later=None, backup=False)
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, Protocol

from safeconduct.edges.desk.calls import Book as CallsBook
from safeconduct.edges.desk.calls import Calls
from safeconduct.edges.desk.duty_api import DAYS_COUNTED, Now, Times, Waits, ZoneUnknown
from safeconduct.edges.desk.pager import Pager
from safeconduct.edges.desk.zones import Zone, zone_of
from safeconduct.kernel.words import DAY, HOUR, DeviceId, FactId, Instant
from safeconduct.rooms import duty
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.decide import answers, need_steward
from safeconduct.rooms.duty import Day, Plan
from safeconduct.rooms.duty.answer_times import by_hour


class Book(CallsBook, Protocol):
    """Where facts of duty are read and written, and what stands around them."""

    def waits(self, since: Instant) -> Waits:
        """Return how long people waited since then."""


class Duty:
    """The plan, over a book."""

    def __init__(self, book: Book) -> None:
        """Act for the device of this book."""
        self._book: Final = book
        self.calls: Final = Calls(book, Pager())

    def plan(self) -> Plan:
        """Return all shifts and offers that stand."""
        return duty.fold(self._book.told())

    def zone(self) -> Zone:
        """Return the zone by whose clocks the office plans."""
        return zone_of(self.plan().hours.zone)

    def now_on(self) -> Now:
        """Return who is on duty now."""
        plan, now, present = self.plan(), self._book.now(), self._present()
        zone = zone_of(plan.hours.zone).clocks
        on, behind = (plan.on(now, present, backup=backup) for backup in (False, True))
        begun = bool(plan.hours.stood or plan.shifts)
        return Now(on, behind, duty.gap_at(plan, now, zone, present), begun)

    def days(self) -> Sequence[Day]:
        """Return the coming two weeks, with gaps."""
        plan = self.plan()
        zone = zone_of(plan.hours.zone).clocks
        return duty.days(plan, duty.day_of(self._book.now(), zone), zone, self._present())

    def may(self) -> bool:
        """Tell whether somebody here may take shifts."""
        book = self._book
        return book.writes() and book.device in book.roster.present() and self._answers(book.device)

    def may_set_hours(self) -> bool:
        """Tell whether somebody here may say when somebody has to be on duty."""
        return self.may() and Role.STEWARD in self._book.roster.roles(self._book.device)

    def colleagues(self) -> Collection[DeviceId]:
        """Return the devices to which a shift can be offered."""
        return {one for one in self._present() if self._answers(one)} - {self._book.device}

    def set_hours(self, zone: str, begins: int, ends: int) -> None:
        """Say when somebody has to be on duty, in minutes of the day."""
        need_steward(self._book.roster, self._book.device)
        if not zone_of(zone).known:
            raise ZoneUnknown
        self._book.write(duty.set_hours(self.plan(), zone, begins, ends))

    def take(self, begins: datetime, hours: int, *, later: bool | None, backup: bool) -> Instant:
        """Take a shift that begins when the office's clocks say so; return when it ends."""
        start = duty.moment(begins, self.zone().clocks, later=later)
        end = Instant(start + hours * HOUR)
        self._book.write(duty.take(self.plan(), self._own(), (start, end), backup=backup))
        return end

    def leave(self, holding: FactId) -> None:
        """Give up a shift."""
        self._book.write(duty.leave(self.plan(), self._own(), holding))

    def offer(self, holding: FactId, to: DeviceId, theirs: FactId | None) -> None:
        """Offer a shift."""
        wanted, among = duty.Wanted(to, theirs), self.colleagues()
        self._book.write(duty.offer(self.plan(), self._own(), holding, wanted, among))

    def accept(self, offer: FactId) -> None:
        """Take what was offered."""
        self._book.write(duty.accept(self.plan(), self._own(), offer))

    def drop(self, offer: FactId) -> None:
        """Take an offer back, or decline it."""
        self._book.write(duty.drop(self.plan(), self._own(), offer))

    def answer_times(self) -> Times:
        """Return how long people waited in the last four weeks."""
        now = self._book.now()
        waits = self._book.waits(Instant(max(0, now - DAYS_COUNTED * DAY)))
        zone = self.zone().clocks
        return Times(by_hour(waits.answers, waits.letters, now, zone), waits.cut)

    def _own(self) -> duty.Own:
        return duty.Own(self._book.device, self._book.now())

    def _present(self) -> Collection[DeviceId]:
        return self._book.roster.present()

    def _answers(self, device: DeviceId) -> bool:
        return answers(self._book.roster.roles(device))
