# SPDX-License-Identifier: AGPL-3.0-or-later
"""Triage of a desk in memory: the room's decisions over the twin's facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from safeconduct.edges.desk.api import Today
from safeconduct.edges.desk.queue_rows import Sieve
from safeconduct.edges.desk.rows_api import Row
from safeconduct.kernel.words import ConversationId, DeviceId, FactId, Instant
from safeconduct.rooms.crew.exports import of_others
from safeconduct.rooms.hotline import Conversation, queue, triage_decide
from safeconduct.rooms.hotline.call_waits import rings
from safeconduct.rooms.hotline.crowd import Among, mark_crowd
from safeconduct.rooms.hotline.queue import UNWEIGHED, Place, State, Weight, place_of
from safeconduct.rooms.hotline.triage import Danger

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk


def today(desk: TwinDesk) -> Today:
    """Who is silent, who waits, what is held."""
    waiting, total = desk.inbox(show="waiting", start=0, most=20)
    mine, _ = desk.inbox(show="mine", start=0, most=20)
    rest = tuple(row for row in mine if row not in waiting)
    silent, gone = desk.inbox(show="silent", start=0, most=5)
    _, asleep = desk.inbox(show="snoozed", start=0, most=0)
    _, hostile = desk.inbox(show="hostile", start=0, most=0)
    _, behind = desk.inbox(show="behind", start=0, most=0)
    counts = len(mine), desk.status(), tuple(silent), gone, asleep, hostile, behind
    return Today(tuple(waiting), total, rest, *counts)


def row_of(desk: TwinDesk, talk: Conversation) -> Row:
    """A conversation in a list."""
    pieces = [(m.arrived, m.text) for m in talk.messages]
    pieces += [(a.written, a.text) for a in talk.answers]
    last_at, preview = max(pieces)
    passed = desk.handed(talk)
    place = place_of(talk, desk.bulletins.touches(talk), desk.triage.weight(talk))
    return Row(
        conversation=talk.id,
        code_name=talk.code_name,
        language=talk.language,
        waiting_since=talk.waiting_since,
        unread=talk.unread,
        last_at=last_at,
        preview=preview[:200],
        holders=tuple(held.holder for held in talk.claims),
        unsent=any(not answer.sent for answer in talk.answers),
        handed_by=passed.by if passed else None,
        draft=any(desk.drafts(talk.id)),
        line=desk.lines.marked(talk),
        place=place,
        rings=rings(talk) if place.state is State.OPEN else None,
    )


def listed(
    rows: Sequence[Row], show: str, holder: DeviceId, sieve: Sieve, now: Instant
) -> list[Row]:
    """Rows of a list in the order of the queue."""
    faces = faces_of(rows)
    rows = [replace(row, behind=faces.get(row.conversation, 0)) for row in rows]
    found = [row for row in rows if shown(row, show, sieve, now)]
    if show in {"waiting", "nobody", "behind"}:
        behind = show == "behind"
        found = [
            row
            for row in found
            if behind == (bool(row.place.crowd) and row.conversation not in faces)
        ]
    found = [row for row in found if show != "mine" or holder in row.holders]
    return sorted(found, key=lambda row: order(row, now))


def faces_of(rows: Sequence[Row]) -> dict[ConversationId, int]:
    """The rows behind which others stand, and how many."""
    crowds: dict[bytes, list[Row]] = {}
    for row in rows:
        if row.place.crowd:
            crowds.setdefault(row.place.crowd, []).append(row)
    firsts = (
        (min(some, key=lambda one: (one.place.alike, one.waiting_since, one.conversation)), some)
        for some in crowds.values()
    )
    return {first.conversation: len(some) - 1 for first, some in firsts}


def shown(row: Row, show: str, sieve: Sieve, now: Instant) -> bool:
    """Whether a list shows a row; whose it is is asked elsewhere."""
    place = row.place
    folded = place.alike == queue.FOLDED
    waits = row.waiting_since is not None and not queue.hidden(place, now) and not folded
    kinds = {
        "waiting": waits,
        "nobody": waits,
        "hostile": folded,
        "ringing": row.rings is not None and not folded,
        "snoozed": queue.snoozed(place, now),
        "silent": queue.silent(place, now) and not folded,
        "closed": place.due is None,
        "overdue": place.deadline is not None and place.deadline <= now,
        "lost": place.state in {State.LOST_SAID, State.LOST},
    }
    narrow = (not sieve.tag or sieve.tag in place.tags) and sieve.danger in {None, place.danger}
    narrow = narrow and sieve.crowd in {b"", place.crowd}
    if sieve.bulletin:
        told = [one.told for one in place.touched if one.bulletin == sieve.bulletin]
        narrow = narrow and told == [sieve.told]
    held_by_nobody = not row.holders or show != "nobody"
    return kinds.get(show, True) and narrow and held_by_nobody


def order(row: Row, now: Instant) -> tuple[int, ...]:
    """Where a row stands: those that wait before the others, newest first."""
    if row.waiting_since is None:
        return (1, -row.last_at)
    return (0, *queue.order_key(row.place, row.waiting_since, row.conversation, now))


class TwinTriage:
    """One desk's side."""

    def __init__(self, desk: TwinDesk) -> None:
        """Act for a desk."""
        self._desk = desk
        self.weights: dict[ConversationId, Weight] = {}

    def judge(self, conversation: ConversationId, level: Danger) -> None:
        """Say how dangerous it is."""
        desk = self._desk
        folded = desk._conversation(conversation)
        desk._tell(conversation, triage_decide.judge(folded, level, desk.device))

    def deadline(self, conversation: ConversationId, by: Instant | None, reason: str) -> None:
        """Set or take away a deadline."""
        desk = self._desk
        folded = desk._conversation(conversation)
        desk._tell(conversation, triage_decide.set_deadline(folded, by, reason, desk.now()))

    def tag(self, conversation: ConversationId, typed: str) -> None:
        """Set tags."""
        desk = self._desk
        desk._tell(conversation, triage_decide.set_tags(desk._conversation(conversation), typed))

    def snooze(self, conversation: ConversationId, until: Instant | None) -> None:
        """Snooze or wake."""
        desk = self._desk
        folded = desk._conversation(conversation)
        desk._tell(conversation, triage_decide.snooze(folded, until, desk.now()))

    def contact(
        self, conversation: ConversationId, at: Instant, reason: str, *, heard: bool
    ) -> None:
        """Set the next contact."""
        desk = self._desk
        folded = desk._conversation(conversation)
        fact = triage_decide.set_contact(folded, at, reason, desk.now(), heard=heard)
        desk._tell(conversation, fact)

    def lost(self, conversation: ConversationId, reason: str) -> None:
        """Say that contact is lost."""
        desk = self._desk
        desk._tell(conversation, triage_decide.say_lost(desk._conversation(conversation), reason))

    def second(self, conversation: ConversationId, lost: FactId) -> None:
        """Say so too."""
        desk = self._desk
        folded, another = desk._conversation(conversation), self.may_second(conversation)
        desk._tell(conversation, triage_decide.second_lost(folded, lost, another=another))

    def close(self, conversation: ConversationId, reason: str) -> None:
        """Close it."""
        desk = self._desk
        folded = desk._conversation(conversation)
        desk._tell(conversation, triage_decide.close(folded, reason, desk.now()))

    def may_second(self, conversation: ConversationId) -> bool:
        """Whether somebody else sits here than who says so."""
        said = self._desk._conversation(conversation).triage.lost
        roster, own = self._desk.roster(), self._desk.device
        return said is not None and bool(of_others(roster, [own], said.by))

    def mark_hostile(self, conversation: ConversationId, *, hostile: bool) -> None:
        """Mark or lift."""
        desk = self._desk
        folded = desk._conversation(conversation)
        another = self.may_mark_too(folded)
        fact = triage_decide.mark_hostile(folded, desk.device, hostile=hostile, another=another)
        desk._tell(conversation, fact)

    def mark_crowd(self, crowd: bytes, seen: Sequence[ConversationId]) -> int:
        """Mark some of a crowd."""
        desk = self._desk
        some = [Among(one, self.weight(one)) for one in map(desk._conversation, seen)]
        facts = mark_crowd(some, crowd, desk.device)
        for fact in facts:
            desk._tell(ConversationId(fact.conversation), fact)
        return len(facts)

    def may_mark_too(self, conversation: Conversation) -> bool:
        """Whether somebody else sits here than who marked so far."""
        marked, roster = conversation.triage.hostility.marked_by, self._desk.roster()
        return not marked or bool(of_others(roster, [self._desk.device], marked[0]))

    def weight(self, conversation: Conversation) -> Weight:
        """What a test says that it weighs."""
        return self.weights.get(conversation.id, UNWEIGHED)

    def tags(self) -> Sequence[str]:
        """Every tag."""
        desk = self._desk
        places: list[Place] = [desk._row(desk._conversation(t)).place for t in desk._told]
        return sorted({tag for place in places for tag in place.tags})
