# SPDX-License-Identifier: AGPL-3.0-or-later
"""Second looks at this desk: what waits for whom is computed from facts and the roster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from safeconduct.edges.desk import drafts
from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.looks_api import Asked, ToAsk
from safeconduct.kernel.words import ConversationId, DeviceId, FactId
from safeconduct.rooms.crew import Roster
from safeconduct.rooms.crew.exports import are_apart
from safeconduct.rooms.hotline import Conversation, looks_decide
from safeconduct.rooms.hotline.events import HotlineFact
from safeconduct.rooms.hotline.looks import Look, Verdict, waits_for
from safeconduct.rooms.hotline.queue import NEVER

_TALKS: Final = (
    "SELECT DISTINCT conversation FROM entries "
    "WHERE kind = 'hotline.LookAsked' AND conversation IS NOT NULL"
)


class Looks:
    """What a helper here asks of colleagues, and they of them."""

    def __init__(self, journal: Journal, need: Callable[[ConversationId], Conversation]) -> None:
        """Act for the device of this journal; `need` folds a conversation or refuses."""
        self._journal: Final = journal
        self._need: Final = need

    def ask(self, conversation: ConversationId, asked: ToAsk) -> None:
        """Ask for a second look, with the answer that was begun here where that is wanted."""
        journal = self._journal
        with journal.store.lock:
            folded = self._need(conversation)
            begun = drafts.read(journal.store, folded.id).answer if asked.with_draft else ""
            question = looks_decide.Question(asked.question, asked.to, begun, asked.by)
            members = journal.roster.present()
            self._write([looks_decide.ask(folded, question, members, journal.clock.now())])

    def give(self, conversation: ConversationId, look: FactId, verdict: Verdict, text: str) -> None:
        """Say what one found; who takes it over holds the conversation from then on."""
        with self._journal.store.lock:
            folded = self._need(conversation)
            asked = looks_decide.find(folded, look)
            own, roster = self._journal.device, self._journal.roster
            another = are_apart(roster, own, asked.by)
            self._write(looks_decide.give(folded, look, verdict, text, another=another))

    def withdraw(self, conversation: ConversationId, look: FactId) -> None:
        """Say that it is needed no more, or that what came back was read."""
        folded = self._need(conversation)
        self._write([looks_decide.withdraw(folded, look, self._journal.device)])

    def waits_here(self, conversation: Conversation) -> Sequence[Look]:
        """Return what of a conversation waits for the person at this desk."""
        return waiting_here(conversation, self._journal.roster, self._journal.device)

    def own(self, conversation: Conversation) -> Sequence[Look]:
        """Return what was asked from here and is neither withdrawn nor read."""
        return own_looks(conversation, self._journal.device)

    def for_us(self) -> Sequence[Asked]:
        """Return everything that waits for the person at this desk, the earliest deadline first."""
        found = [_asked(talk, look) for talk in self._talks() for look in self.waits_here(talk)]
        return sorted(found, key=_order)

    def answered(self) -> Sequence[Asked]:
        """Return what was asked from here and came back, until that was read."""
        return [
            _asked(talk, look) for talk in self._talks() for look in self.own(talk) if look.given
        ]

    def total(self) -> int:
        """Return how many wait for anybody."""
        present = self._journal.roster.present()
        return sum(
            look.open and look.by in present for talk in self._talks() for look in talk.looks
        )

    def _talks(self) -> Iterator[Conversation]:
        """Yield each conversation, joined as it is shown, in which somebody asked."""
        seen: set[ConversationId] = set()
        for (name,) in self._journal.store.rows(_TALKS):
            talk = self._journal.lists.whole(ConversationId(name))
            if talk is not None and talk.id not in seen:
                seen.add(talk.id)
                yield talk

    def _write(self, events: Sequence[HotlineFact]) -> None:
        self._journal.write([post.fact(self._journal, event) for event in events])


def waiting_here(conversation: Conversation, roster: Roster, own: DeviceId) -> list[Look]:
    """Return what of a conversation waits for the person at a device."""
    present = roster.present()
    person = roster.members[own].person if own in roster.members else None
    devices = {one for one, member in roster.members.items() if member.person == person} | {own}
    ours = frozenset(devices)
    return [look for look in conversation.looks if waits_for(look, ours, present)]


def own_looks(conversation: Conversation, own: DeviceId) -> list[Look]:
    """Return what a device asked and did not withdraw, nor read by answering the person."""
    return [look for look in conversation.looks if look.by == own and not look.withdrawn]


def _asked(talk: Conversation, look: Look) -> Asked:
    return Asked(talk.id, talk.code_name, look)


def _order(asked: Asked) -> tuple[int, int, bytes]:
    look = asked.look
    return NEVER if look.until is None else look.until, look.at, look.fact
