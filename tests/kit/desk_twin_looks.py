# SPDX-License-Identifier: AGPL-3.0-or-later
"""Second looks and counts of a desk in memory, over the twin's facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from safeconduct.edges.desk.looks import own_looks, waiting_here
from safeconduct.edges.desk.looks_api import Asked, ToAsk
from safeconduct.edges.desk.overview_api import AGES, Load, Overview
from safeconduct.kernel.words import DAY, ConversationId, DeviceId, FactId
from safeconduct.rooms.crew.exports import of_others
from safeconduct.rooms.hotline import Conversation, looks_decide
from safeconduct.rooms.hotline.looks import Look, Verdict
from safeconduct.rooms.hotline.queue import State
from safeconduct.rooms.hotline.triage import Danger

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk


class TwinLooks:
    """One desk's side."""

    def __init__(self, desk: TwinDesk) -> None:
        """Act for a desk."""
        self._desk = desk

    def ask(self, conversation: ConversationId, asked: ToAsk) -> None:
        """Ask."""
        desk = self._desk
        begun = desk.drafts(conversation).answer if asked.with_draft else ""
        question = looks_decide.Question(asked.question, asked.to, begun, asked.by)
        talk, members = desk._conversation(conversation), desk.roster().present()
        desk._tell(conversation, looks_decide.ask(talk, question, members, desk.now()))

    def give(self, conversation: ConversationId, look: FactId, verdict: Verdict, text: str) -> None:
        """Look."""
        desk = self._desk
        talk = desk._conversation(conversation)
        asked = looks_decide.find(talk, look)
        another = bool(of_others(desk.roster(), [desk.device], asked.by))
        for fact in looks_decide.give(talk, look, verdict, text, another=another):
            desk._tell(conversation, fact)  # type: ignore[arg-type]

    def withdraw(self, conversation: ConversationId, look: FactId) -> None:
        """Withdraw."""
        desk = self._desk
        fact = looks_decide.withdraw(desk._conversation(conversation), look, desk.device)
        desk._tell(conversation, fact)

    def waits_here(self, conversation: Conversation) -> Sequence[Look]:
        """What waits here."""
        return waiting_here(conversation, self._desk.roster(), self._desk.device)

    def own(self, conversation: Conversation) -> Sequence[Look]:
        """What was asked from here."""
        return own_looks(conversation, self._desk.device)

    def for_us(self) -> Sequence[Asked]:
        """Everything that waits here."""
        return [self._asked(talk, one) for talk in self._talks() for one in self.waits_here(talk)]

    def answered(self) -> Sequence[Asked]:
        """What came back."""
        return [
            self._asked(talk, one) for talk in self._talks() for one in self.own(talk) if one.given
        ]

    def total(self) -> int:
        """How many wait."""
        return sum(one.open for talk in self._talks() for one in talk.looks)

    def _talks(self) -> Iterator[Conversation]:
        desk = self._desk
        talks = {where: desk._conversation(where) for where in desk._told}
        return (talk for where, talk in talks.items() if talk.id == where)

    def _asked(self, talk: Conversation, look: Look) -> Asked:
        return Asked(talk.id, talk.code_name, look)


class TwinOverview:
    """One desk's counts."""

    def __init__(self, desk: TwinDesk) -> None:
        """Count a desk's."""
        self._desk = desk

    def loads(self) -> Mapping[DeviceId, Load]:
        """What each holds."""
        rows, _ = self._desk.inbox(show="all", start=0, most=999)
        found: dict[DeviceId, Load] = {}
        for row in rows:
            for device in row.holders if row.place.due is not None else ():
                had = found.get(device, Load())
                waits = row.waiting_since is not None
                danger = row.place.danger >= Danger.IN_DANGER
                found[device] = Load(had.open + 1, had.waiting + waits, had.danger + danger)
        return found

    def overview(self) -> Overview:
        """How much there is."""
        desk = self._desk
        rows, _ = desk.inbox(show="all", start=0, most=999)
        totals = {
            show: desk.inbox(show=show, start=0, most=0)[1]
            for show in ("nobody", "overdue", "silent", "snoozed")
        }
        ages = [desk.now() - row.waiting_since for row in rows if row.waiting_since is not None]
        bounds = [-DAY, *AGES, 1 << 62]
        states = [row.place.state for row in rows]
        return Overview(
            **totals,
            lost_said=states.count(State.LOST_SAID),
            lost=states.count(State.LOST),
            looks=desk.looks.total(),
            closed_this_week=states.count(State.CLOSED),
            ages=tuple(sum(low <= age < high for age in ages) for low, high in pairwise(bounds)),
            loads=self.loads(),
        )
