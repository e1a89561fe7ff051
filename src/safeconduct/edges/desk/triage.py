# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a helper sets at this desk to order the work: decided, written, and durable on return."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.words import ConversationId, DeviceId, FactId, Instant
from safeconduct.rooms.crew.exports import are_apart
from safeconduct.rooms.hotline import Conversation, triage_decide
from safeconduct.rooms.hotline.crowd import Among, mark_crowd
from safeconduct.rooms.hotline.events import HotlineFact
from safeconduct.rooms.hotline.queue import Weight
from safeconduct.rooms.hotline.triage import Danger


class Triage:
    """What a helper here sets to order the work."""

    def __init__(self, journal: Journal, need: Callable[[ConversationId], Conversation]) -> None:
        """Act for the device of this journal; `need` folds a conversation or refuses."""
        self._journal: Final = journal
        self._need: Final = need

    def judge(self, conversation: ConversationId, level: Danger) -> None:
        """Say how dangerous it is for the person now."""
        own = self._journal.device
        self._write(triage_decide.judge(self._need(conversation), level, own))

    def deadline(self, conversation: ConversationId, by: Instant | None, reason: str) -> None:
        """Say by when an answer or an act is needed; no time takes the deadline away."""
        folded = self._need(conversation)
        self._write(triage_decide.set_deadline(folded, by, reason, self._now()))

    def tag(self, conversation: ConversationId, typed: str) -> None:
        """Set the tags that were typed, parted by commas."""
        self._write(triage_decide.set_tags(self._need(conversation), typed))

    def snooze(self, conversation: ConversationId, until: Instant | None) -> None:
        """Let it sleep until a time; no time wakes it."""
        self._write(triage_decide.snooze(self._need(conversation), until, self._now()))

    def contact(
        self, conversation: ConversationId, at: Instant, reason: str, *, heard: bool
    ) -> None:
        """Say by when we must hear of the person; `heard` when somebody just did."""
        folded = self._need(conversation)
        self._write(triage_decide.set_contact(folded, at, reason, self._now(), heard=heard))

    def lost(self, conversation: ConversationId, reason: str) -> None:
        """Say that the person cannot be reached."""
        self._write(triage_decide.say_lost(self._need(conversation), reason))

    def second(self, conversation: ConversationId, lost: FactId) -> None:
        """Say so too, as somebody else."""
        folded = self._need(conversation)
        another = self._another(folded)
        self._write(triage_decide.second_lost(folded, lost, another=another))

    def close(self, conversation: ConversationId, reason: str) -> None:
        """Say that nothing is left to do."""
        self._write(triage_decide.close(self._need(conversation), reason, self._now()))

    def may_second(self, conversation: ConversationId) -> bool:
        """Tell whether somebody here is another person than who says that contact is lost."""
        return self._another(self._need(conversation))

    def mark_hostile(self, conversation: ConversationId, *, hostile: bool) -> None:
        """Say that who writes there means harm, or take that back."""
        folded, own = self._need(conversation), self._journal.device
        another = self.may_mark_too(folded)
        fact = triage_decide.mark_hostile(folded, own, hostile=hostile, another=another)
        self._write(fact)

    def mark_crowd(self, crowd: bytes, seen: Sequence[ConversationId]) -> int:
        """Say of those of a crowd that a helper saw listed that they mean harm.

        Return how many are marked; others may go along with them.
        """
        some = [Among(one, self.weight(one)) for one in map(self._need, seen)]
        facts = mark_crowd(some, crowd, self._journal.device)
        if facts:
            self._journal.write([post.fact(self._journal, one) for one in facts])
        return len(facts)

    def may_mark_too(self, conversation: Conversation) -> bool:
        """Tell whether somebody here is another person than who marked the sender so far."""
        marked = conversation.triage.hostility.marked_by
        return self._is_another(marked[0]) if marked else True

    def weight(self, conversation: Conversation) -> Weight:
        """Return how much a conversation is like others that came before it."""
        return self._journal.lists.weights.of(conversation)

    def tags(self) -> Sequence[str]:
        """Return every tag of this office, for suggestions."""
        return self._journal.lists.tags()

    def _another(self, conversation: Conversation) -> bool:
        said = conversation.triage.lost
        return said is not None and self._is_another(said.by)

    def _is_another(self, device: DeviceId) -> bool:
        return are_apart(self._journal.roster, self._journal.device, device)

    def _now(self) -> Instant:
        return self._journal.clock.now()

    def _write(self, event: HotlineFact) -> None:
        self._journal.write([post.fact(self._journal, event)])
