# SPDX-License-Identifier: AGPL-3.0-or-later
"""The watch at this desk: who is to be heard of, and the timers that the relay keeps meanwhile.

Once in each five minutes a desk writes a turn of timers, whatever happened and also when nothing
did (spec/check-ins.md 2); a colleague's that came first is as good.
Fail-open: whatever the relay does, desks watch by themselves, and say that it does not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, Protocol

from safeconduct.edges.desk.watch_api import RelayKeeps, Watched
from safeconduct.kernel.ports import Courier, Rng
from safeconduct.kernel.wire.bodies import write_body
from safeconduct.kernel.wire.refusals import Conflict, NotFound
from safeconduct.kernel.wire.timers import STEP, TimersKept, parse_timers_kept, turn_of
from safeconduct.kernel.words import HOUR, MINUTE, SECOND, DeviceId, FactId, Instant
from safeconduct.rooms.crew import Roster
from safeconduct.rooms.crew.decide import answers
from safeconduct.rooms.duty.escalation import Alarm as DutyAlarm
from safeconduct.rooms.duty.escalation import alarm_id
from safeconduct.rooms.passage.watch import check_in_decide as decide
from safeconduct.rooms.passage.watch.check_in_facts import CheckInFact, Danger, Verdict
from safeconduct.rooms.passage.watch.check_in_timers import (
    Wanted,
    missing,
    timer_of,
    token_of,
    turn,
    uncalled,
    wanted,
)
from safeconduct.rooms.passage.watch.check_ins import (
    CheckIn,
    Told,
    called_for,
    claimed_id,
    dangers_of,
    fold_check_ins,
    is_late,
    sees_to,
)

SPREAD: Final = 240
"""Seconds within which a turn is written, by chance."""
PATIENCE: Final = 15 * MINUTE
SAID_FOR: Final = HOUR
"""So long a desk says that a timer had gone."""
CHANCE_BYTES: Final = 8
ABSENT_MOST: Final = 8
"""In so many reads running a timer may be absent: until then all 28 are brought."""
_NEVER: Final = Instant(0)


class Book(Protocol):
    """Where facts of check-ins are read and written, and what stands around them."""

    @property
    def device(self) -> DeviceId:
        """The device of this desk."""

    @property
    def roster(self) -> Roster:
        """Who belongs to the office."""

    def now(self) -> Instant:
        """Return the time."""

    def writes(self) -> bool:
        """Tell whether this desk can write such facts at all."""

    def told(self) -> Sequence[Told]:
        """Return the facts that count."""

    def write(self, fact: CheckInFact) -> FactId:
        """Append a fact; durable on return."""

    @property
    def rng(self) -> Rng:
        """Chance."""

    def secrets(self) -> Sequence[bytes]:
        """Return what timers come from, the newest first; nothing where this desk lacks the key."""


class Watch:
    """Check-ins, over a book."""

    def __init__(self, book: Book, topics: Callable[[], Mapping[DeviceId, str]]) -> None:
        """Act for the device of this book; `topics` tells where whose phone is called."""
        self.book: Final = book
        self._topics: Final = topics
        self._began: Final = book.now()
        self._slot, self._done = -1, -1
        self._from = _NEVER
        self._read_at: Instant | None = None
        self._there: frozenset[bytes] = frozenset()
        self._suspect: frozenset[bytes] = frozenset()
        self._absent: dict[bytes, int] = {}
        self._counted = -1
        self._uncalled: frozenset[bytes] = frozenset()
        self._lost_at: Instant | None = None
        self._no_pager = self._mute = False

    def every(self) -> tuple[CheckIn, ...]:
        """Return all that anybody set."""
        return fold_check_ins(self.book.told())

    def watched(self) -> Sequence[Watched]:
        """Return those that have not ended, what is wrong first."""
        now, secrets, topics = self.book.now(), self.book.secrets(), self._reached()
        found = [self._watched(one, now, secrets, topics) for one in self.every()]
        shown = [one for one in found if one.alarms or one.check_in.waits]
        return sorted(shown, key=lambda one: -max((a.danger for a, _, _ in one.alarms), default=-1))

    def wrong(self) -> int:
        """Count those of which something is wrong; for the head of every page."""
        now = self.book.now()
        return sum(bool(dangers_of(one, now)) for one in self.every())

    def relay_keeps(self) -> RelayKeeps:
        """Tell whether the relay watches too."""
        now = self.book.now()
        if self._no_pager:
            return RelayKeeps.NO_PAGER
        if self._mute:
            return RelayKeeps.MUTE
        if self._lost_at is not None and now < self._lost_at + SAID_FOR:
            return RelayKeeps.LOST
        if now - (self._read_at or self._began) >= PATIENCE:
            return RelayKeeps.SILENT
        return RelayKeeps.NOT_YET if self._read_at is None else RelayKeeps.KEEPS

    def may(self) -> bool:
        """Tell whether somebody here may set check-ins and answer them."""
        book = self.book
        return book.writes() and answers(book.roster.roles(book.device))

    def callable(self) -> Collection[DeviceId]:
        """Return devices of people whose phones can be called."""
        return self._reached().keys()

    def set(self, typed: decide.Typed) -> None:
        """Expect somebody."""
        book = self.book
        check_in = claimed_id(book.device, book.rng.bytes(CHANCE_BYTES))
        book.write(decide.set_check_in(check_in, typed, book.now()))

    def move(self, check_in: bytes, due: Instant) -> None:
        """Expect them by another time."""
        self.book.write(decide.move(self._find(check_in), due, self.book.now()))

    def hear(self, check_in: bytes, word: str) -> Verdict:
        """Judge a word that was heard, and keep what it was."""
        fact = decide.hear(self._find(check_in), word)
        self.book.write(fact)
        return Verdict(fact.verdict)

    def see_to(self, check_in: bytes, danger: Danger) -> None:
        """Say that somebody here sees to an alarm."""
        self.book.write(decide.see_to(self._find(check_in), danger, self.book.now()))

    def end(self, check_in: bytes) -> None:
        """Expect nobody any more."""
        self.book.write(decide.end(self._find(check_in)))

    def pass_of(self, check_in: bytes) -> tuple[bytes, bytes] | None:
        """Return id and token of a check-in's timer, for who reports; None where it has none."""
        found, secrets, topics = self._find(check_in), self.book.secrets(), self._reached()
        if found is None or not found.waits or not secrets:
            return None
        reached = [topics[device] for device in found.called if topics.get(device)]
        if not reached:
            return None
        timer = timer_of(secrets[0], found, found.timer, reached[0])
        return timer.id, token_of(secrets[0], found, found.timer)

    def calls(self) -> Sequence[tuple[DutyAlarm, tuple[DeviceId, ...]]]:
        """Return the alarms that call phones, each with who is called by name, in order."""
        now = self.book.now()
        return [
            (DutyAlarm(alarm_id(f"check-in-{alarm.danger}", one.id, alarm.since), alarm.since),
             one.called)
            for one in self.every()
            for alarm in dangers_of(one, now)
            if alarm.seen is None
        ]  # fmt: skip

    def keep(self, courier: Courier) -> bool:
        """Write the turn of these five minutes once its moment has come; tell whether one was.

        Raises Unreachable and what the relay refuses with; then it is tried again.
        """
        book, now, secrets = self.book, self.book.now(), self.book.secrets()
        slot = turn_of(now)
        if not secrets or not book.writes() or slot == self._done:
            return False
        if slot != self._slot:
            spread = int.from_bytes(book.rng.bytes(4), "big") * SPREAD >> 32
            self._slot, self._from = slot, Instant(slot * STEP + spread * SECOND)
        if now < self._from:
            return False
        wrote = self._turn(courier, secrets)
        self._done = slot
        return wrote

    def _turn(self, courier: Courier, secrets: Sequence[bytes]) -> bool:
        try:
            kept = parse_timers_kept(courier.timers())
        except NotFound:
            self._no_pager = True
            return False
        self._no_pager = False
        want = wanted(secrets, self.every(), self._reached(), Instant(kept.now))
        self._note(kept, want)
        wrote = kept.turn < turn_of(kept.now) and self._write(courier, kept, want, secrets[0])
        self._read_at = self.book.now()
        return wrote

    def _write(self, courier: Courier, kept: TimersKept, want: Wanted, secret: bytes) -> bool:
        """Write a turn; tell whether it was not a colleague's desk that did."""
        made = turn(kept, want, secret, self.book.rng)
        try:
            courier.turn(write_body(made))
        except Conflict:
            return False
        self._there = self._there - set(made.gone) | {one.id for one in made.new}
        return True

    def _note(self, kept: TimersKept, want: Wanted) -> None:
        """See what stands, and whether something is gone that no desk takes away.

        A colleague may have ended it meanwhile: only what is wanted still in the next turn is lost.
        What is not let in for many turns is lost too, and one that should have called tells that
        none does: dummies fall due all the time.
        """
        absent, late = missing(kept, want), uncalled(kept)
        if turn_of(kept.now) != self._counted:
            self._counted = turn_of(kept.now)
            self._absent = {one: self._absent.get(one, 0) + 1 for one in absent}
        self._mute, self._uncalled = bool(late & self._uncalled), late
        gone = self._suspect & {one.id for one in want.timers}
        if gone or max(self._absent.values(), default=0) >= ABSENT_MOST:
            self._lost_at = self.book.now()
        self._suspect = absent & self._there
        self._there = frozenset(one.id for one in kept.timers)

    def _watched(
        self,
        one: CheckIn,
        now: Instant,
        secrets: Sequence[bytes],
        topics: Mapping[DeviceId, str],
    ) -> Watched:
        found = dangers_of(one, now)
        kept = None
        if one.waits and sees_to(one, Danger.SILENCE, now) is None:
            want = wanted(secrets, [one], topics, now).timers if secrets else ()
            kept = any(timer.id in self._there for timer in want)
        alarms = tuple((alarm, *called_for(alarm, now)) for alarm in found)
        return Watched(one, is_late(one, now), alarms, kept)

    def _reached(self) -> dict[DeviceId, str]:
        """Return where each device's person is called, whichever of theirs it was set on."""
        present, members = self.book.roster.present(), self.book.roster.members
        topics = {
            members[device].person: topic
            for device, topic in sorted(self._topics().items())
            if topic and device in present
        }
        found = {device: topics.get(members[device].person, "") for device in present}
        return {device: topic for device, topic in found.items() if topic}

    def _find(self, check_in: bytes) -> CheckIn | None:
        return decide.find(self.every(), check_in)
