# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this desk would hand over if it were locked now, so that phones are called all the same.

Made beside the calls, every few seconds, because locking waits for nothing; so it can be as old as
that, and says up to which letter it knows: what came later counts as new.
Nothing is handed over where the office calls nobody, and by a device that travels light.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from safeconduct.kernel.words import DeviceId, Instant
from safeconduct.rooms import duty
from safeconduct.rooms.crew.decide import stewards
from safeconduct.rooms.duty.answer_times import FLAGGED_WITHIN
from safeconduct.rooms.duty.escalation import ACKNOWLEDGED_FOR, AFTER, Alarm, Pages, sees_to
from safeconduct.rooms.duty.locked import LockedCalls, days_of, end_of, rounded, watches_of
from safeconduct.rooms.duty.signs import RANKS
from safeconduct.rooms.hotline import silence
from safeconduct.rooms.hotline.triage import Danger

if TYPE_CHECKING:
    from safeconduct.edges.desk.rows_api import Row
    from safeconduct.rooms.crew import Roster
    from safeconduct.rooms.duty import Plan, Told

ROWS_MOST: Final = 100
COMING_MOST: Final = 64


class Coming(NamedTuple):
    """By when we must hear of somebody, how grave it is, and whether somebody holds it."""

    due: Instant
    danger: Danger
    held: bool


class Book(Protocol):
    """Where it is read."""

    @property
    def device(self) -> DeviceId:
        """The device that locks."""

    @property
    def roster(self) -> Roster:
        """Who belongs to the office."""

    def now(self) -> Instant:
        """Return the time."""

    def told(self) -> Sequence[Told]:
        """Return the facts of duty that count."""

    def inbox(self, show: str, most: int) -> Sequence[Row]:
        """Return the first rows of a list."""

    def coming(self, until: Instant, most: int) -> Sequence[Coming]:
        """Return by when we must hear of whom from now until then, of each level the first."""

    def light(self) -> bool:
        """Tell whether this device travels light."""

    def signs(self) -> bytes | None:
        """Return what signs of this office come from; None where this desk lacks the key."""


Rings = Callable[["Plan", Pages, Instant], list[set[str]]]


def plan_of(book: Book, pages: Pages, alarms: Sequence[Alarm], rings: Rings) -> LockedCalls | None:
    """Return what is handed over; None where nobody is to be called from here."""
    now, secret = book.now(), book.signs()
    until = end_of(now)
    if not pages.address or secret is None or book.light():
        return None
    if book.device not in book.roster.present():
        return None
    plan = duty.fold(book.told())
    turns = sorted({now, *_turns(plan, now, until)})
    topics, watches = watches_of((at, rings(plan, pages, at)) for at in turns)
    if not topics:
        return None
    begins = [*_begun(alarms, pages, now), *_coming(book, now, until)]
    rank = _rank(book, plan, now)
    return LockedCalls(
        *(pages.address, tuple(map(bytes.fromhex, topics)), tuple(watches)),
        rounded(one for one in begins if one < until),
        rank,
        days_of(secret, rank, now, until),
        *(now, until),
    )


def _turns(plan: Plan, now: Instant, until: Instant) -> set[Instant]:
    """Return when somebody comes on duty or goes."""
    times = {at for one in plan.shifts for at in (one.begins, one.ends)}
    return {at for at in times if now < at < until}


def _begun(alarms: Sequence[Alarm], pages: Pages, now: Instant) -> list[int]:
    """Return when to call for what is an alarm already."""
    found: list[int] = []
    for alarm in alarms:
        seen = sees_to(alarm.id, pages, now)
        made = [one.at + AFTER[1] for one in pages.calls if one.taken and alarm.id in one.alarms]
        again = [seen.at + ACKNOWLEDGED_FOR] if seen else made[-1:]
        found.append(max(now, *again) if again else now)
    return found


def _coming(book: Book, now: Instant, until: Instant) -> list[int]:
    """Return when an alarm begins if nobody does anything."""
    waiting = (
        row.waiting_since + FLAGGED_WITHIN
        for row in book.inbox("waiting", ROWS_MOST)
        if row.waiting_since is not None and row.place.danger >= Danger.IN_DANGER
    )
    silent = [
        Coming(row.place.due, row.place.danger, bool(row.holders))
        for row in book.inbox("silent", ROWS_MOST)
        if row.place.due is not None and row.place.due <= now
    ]
    told = [*silent, *book.coming(until, COMING_MOST)]
    # A silence concerns everybody on duty at once where nobody holds the conversation.
    falls = (one.due + (silence.TIMES[one.danger].duty if one.held else 0) for one in told)
    return [at for at in (*waiting, *falls) if at > now]


def _rank(book: Book, plan: Plan, now: Instant) -> int:
    """Return in which turn this desk calls, by who is on duty as it locks."""
    present = book.roster.present()
    groups: list[Collection[DeviceId]] = [
        *({one.holder for one in plan.on(now, present, backup=late)} for late in (False, True)),
        stewards(book.roster),
    ]
    members = book.roster.members
    person = members[book.device].person
    named = ({members[one].person for one in group if one in members} for group in groups)
    return next((at for at, people in enumerate(named) if person in people), RANKS - 1)
