# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of duty in an open journal, and how long people waited, by the facts of their letters."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Any, Final

from safeconduct.edges.desk.duty_api import CONVERSATIONS_MOST, Waits
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.left_behind import takes_messages
from safeconduct.edges.desk.line_book import lines_of
from safeconduct.edges.desk.locked_plan import Coming
from safeconduct.edges.desk.rows_api import Row
from safeconduct.edges.desk.store_facts import COUNTS
from safeconduct.edges.desk.told_rows import told_of
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.words import (
    COUNTER_BITS,
    DAY,
    CommitId,
    ConversationId,
    DeviceId,
    FactId,
    Instant,
    MessageId,
    fact_id,
    instant_of,
)
from safeconduct.rooms import duty, hotline
from safeconduct.rooms.crew import Roster
from safeconduct.rooms.duty import DutyFact, Told
from safeconduct.rooms.duty.answer_times import Wait
from safeconduct.rooms.duty.signs import secret_of
from safeconduct.rooms.duty.words import COUNTS_FOR
from safeconduct.rooms.hotline import Conversation
from safeconduct.rooms.hotline.call_waits import BY_PHONE
from safeconduct.rooms.hotline.events import HaveSent
from safeconduct.rooms.hotline.triage import Danger
from safeconduct.rooms.hotline.triage_facts import DangerSet

OLDEST: Final = COUNTS_FOR + 8 * DAY
"""What was written before says nothing of a shift that still runs, but for hours and pagers."""
_FACTS: Final = (
    "SELECT c.id, e.slot, c.device, c.hlc, e.kind, e.version, e.body FROM entries e "  # noqa: S608
    f'JOIN commits c ON c.no = e."commit" WHERE e.conversation = ? AND c.state = {COUNTS} '
    "AND e.kind >= 'duty.' AND e.kind < 'duty/' AND (c.hlc >= ? OR e.kind IN "
    "('duty.HoursSet', 'duty.PagerPlaceSet', 'duty.PagerSet'))"
)
_NEWEST: Final = "SELECT id FROM conversations WHERE last_at >= ? ORDER BY last_at DESC LIMIT ?"


class JournalBook:
    """Implements `duty.Book` over a journal."""

    def __init__(self, journal: Journal) -> None:
        """Read and write here."""
        self._journal: Final = journal

    @property
    def device(self) -> DeviceId:
        """The device of this desk."""
        return self._journal.device

    @property
    def roster(self) -> Roster:
        """Who belongs to the office."""
        return self._journal.roster

    def now(self) -> Instant:
        """Return the time."""
        return self._journal.clock.now()

    def writes(self) -> bool:
        """Tell whether this desk holds the key of the vault in which duty stands."""
        return takes_messages(self._journal)

    def told(self) -> Sequence[Told]:
        """Return the facts that count."""
        oldest = max(0, self.now() - OLDEST) << COUNTER_BITS
        rows = self._journal.store.rows(_FACTS, (duty.PLACE, oldest))
        return [told for row in rows if (told := _tell(row)) is not None]

    def write(self, fact: DutyFact) -> FactId:
        """Append a fact; durable on return."""
        journal = self._journal
        kind, body = duty.kind_of(fact), duty.write_fact(fact)
        commit = journal.write([Fact(journal.hotline_vault, kind, duty.VERSION, body)])
        return fact_id(commit, 0)

    def inbox(self, show: str, most: int) -> Sequence[Row]:
        """Return the first rows of a list."""
        rows, _ = self._journal.lists.page(show, self.device, start=0, most=most)
        return rows

    def telephones(self) -> Collection[bytes]:
        """Return the keys of the telephone lines that the office admitted."""
        lines = lines_of(self._journal)
        return {one.key for one in lines if one.stands and one.kind == BY_PHONE}

    def coming(self, until: Instant, most: int) -> Sequence[Coming]:
        """Return by when we must hear of whom from now until then, of each level the first."""
        rows = self._journal.lists.coming(until, self.device, most)
        places = ((row.place, bool(row.holders)) for row in rows)
        return [Coming(one.due, one.danger, held) for one, held in places if one.due is not None]

    def light(self) -> bool:
        """Tell whether this device travels light."""
        journal = self._journal
        with journal.store.lock:
            return not takes_messages(journal) or self.device in journal.keys.facts().trips.away

    def signs(self) -> bytes | None:
        """Return what signs of this office come from; None where this desk lacks the key."""
        journal = self._journal
        with journal.store.lock:
            newest = journal.keys.newest().get(journal.hotline_vault)
        return None if newest is None else secret_of(newest[1], journal.office)

    def there(self) -> Collection[DeviceId]:
        """Return the devices whose desks said that they are on duty."""
        beats, present = self._journal.rosters.beats.known, self.roster.present()
        return {one for one, beat in beats.items() if beat.on_duty and one in present}

    def secret(self, length: int) -> bytes:
        """Return bytes drawn by chance."""
        return self._journal.rng.bytes(length)

    def waits(self, since: Instant) -> Waits:
        """Return how long people waited since then."""
        journal = self._journal
        with journal.store.lock:
            rows = list(journal.store.rows(_NEWEST, (since, CONVERSATIONS_MOST + 1)))
            found = [self._of(row[0]) for row in rows[:CONVERSATIONS_MOST]]
        answers, letters = (
            [wait for waits in each for wait in waits if wait.since >= since]
            for each in (zip(*found, strict=True) if found else ((), ()))
        )
        return Waits(answers, letters, len(rows) > CONVERSATIONS_MOST)

    def _of(self, conversation: ConversationId) -> tuple[Sequence[Wait], Sequence[Wait]]:
        whole = self._journal.lists.whole(conversation)
        if whole is None:
            return (), ()
        parts = [part.id for part in whole.parts] or [whole.id]
        told = list(chain.from_iterable(map(told_of, self._journal.facts.rows_of(parts).values())))
        return waits_of(whole, told), letters_of(whole, told)


def waits_of(conversation: Conversation, told: Iterable[hotline.Told]) -> list[Wait]:
    """Return each wait of a person: from the first letter that an answer names to that answer.

    What no answer names is one wait that goes on.
    """
    dangers = sorted(
        (instant_of(one.hlc), one.event.level) for one in told if isinstance(one.event, DangerSet)
    )
    answered: dict[MessageId, Instant] = {}
    for answer in conversation.answers:
        for name in answer.answers:
            answered[name] = min(answer.written, answered.get(name, answer.written))
    since: dict[Instant | None, Instant] = {}
    says: set[Instant | None] = set()
    for message in conversation.messages:
        at = answered.get(message.id)
        since[at] = min(message.arrived, since.get(at, message.arrived))
        if message.contact is not None and message.contact.danger_today == "yes":
            says.add(at)
    return [
        Wait(began, end, end in says or _in_danger(dangers, began, end))
        for end, began in since.items()
    ]


def letters_of(conversation: Conversation, told: Iterable[hotline.Told]) -> list[Wait]:
    """Return for each letter how long it took until a desk's word that it was received went.

    A contact that a helper typed in waits for no such word.
    """
    heard: dict[bytes, Instant] = {}
    for one in told:
        for name in one.event.messages if isinstance(one.event, HaveSent) else ():
            heard[name] = min(instant_of(one.hlc), heard.get(name, instant_of(one.hlc)))
    arrived: dict[MessageId, Instant] = {}
    for message in conversation.messages:
        if message.by_hand is None:
            at = message.arrived
            arrived[message.id] = min(at, arrived.get(message.id, at))
    return [Wait(at, heard.get(name), flagged=False) for name, at in arrived.items()]


def _in_danger(dangers: Sequence[tuple[Instant, int]], began: Instant, end: Instant | None) -> bool:
    """Tell whether a helper said meanwhile, or last before it began, that she is in danger."""
    before = [level for at, level in dangers if at <= began]
    meanwhile = [level for at, level in dangers if began < at and (end is None or at <= end)]
    return any(level >= Danger.IN_DANGER for level in [*before[-1:], *meanwhile])


def _tell(row: Sequence[Any]) -> Told | None:
    commit, slot, device, hlc, kind, version, body = row
    try:
        event = duty.parse_fact(kind, version, body)
    except SafeconductError:
        return None  # It lies in quarantine.
    if event is None:
        return None
    return Told(fact_id(CommitId(commit), slot), DeviceId(device), hlc, event)
