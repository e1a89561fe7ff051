# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is destroyed when, at a desk in memory: the fold and decisions over the twin's facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.retention_api import Dates, Going, Staying
from safeconduct.edges.desk.standings import is_steward
from safeconduct.kernel.words import ConversationId, Instant, fact_id
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.hotline import Conversation, retention_decide
from safeconduct.rooms.hotline.retention import ALL, Policy, RetentionFact, Times, TimesTold
from safeconduct.rooms.hotline.retention_due import clock_of, due

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk


class TwinRetention:
    """One desk's side; the times are the office's.  Nothing is ever destroyed here."""

    def __init__(self, desk: TwinDesk, said: list[TimesTold]) -> None:
        """Act for a desk."""
        self._desk, self._said = desk, said
        self.destroyed: list[Going] = []
        self.went: dict[bytes, Instant] = {}

    def at(self, desk: TwinDesk) -> TwinRetention:
        """The same office at a colleague's desk."""
        return TwinRetention(desk, self._said)

    def policy(self) -> Policy:
        """What stewards set."""
        return Policy(tuple(self._said))

    def set_times(self, times: Times) -> None:
        """Set them."""
        self._steward()
        event = retention_decide.set_times(self.policy(), times)
        fact = fact_id(b"times" + len(self._said).to_bytes(27, "big"), 0)
        self._said.append(TimesTold(fact, self._desk.device, self._desk.now(), event))
        self._desk._changed()

    def coming(self, before: Instant, most: int) -> Sequence[Going]:
        """What goes."""
        found = [(talk, self.dates(talk).day) for talk in self._talks()]
        days = [(day, talk) for talk, day in found if day is not None and day <= before]
        ordered = sorted(days, key=lambda one: (one[0], one[1].id))[:most]
        return [
            Going(talk.id, talk.code_name, files=False, day=day, days=0) for day, talk in ordered
        ]

    def staying(self, most: int) -> Sequence[Staying]:
        """What stays."""
        clocks = [(talk, clock_of(talk).kept) for talk in self._talks()]
        return [
            Staying(talk.id, talk.code_name, why)
            for talk, why in clocks
            if why is not None and talk.triage.over and not talk.waiting
        ][:most]

    def gone(self, most: int) -> Sequence[Going]:
        """What went, as the test says."""
        return self.destroyed[:most]

    def dates(self, conversation: Conversation) -> Dates:
        """When it goes."""
        policy, clock = self.policy(), clock_of(conversation)
        begins = policy.begins
        times = None if begins is None else policy.at(max(begins, self._desk.now()))
        if clock.kept is not None or times is None or begins is None:
            return Dates(clock.kept, None, None)
        return Dates(None, max(due(clock, times, ALL), begins), None)

    def file_went(self, blob: bytes) -> Instant | None:
        """When a file went, as the test says."""
        return self.went.get(blob)

    def extend(self, conversation: ConversationId, until: Instant, reason: str) -> None:
        """Keep it."""
        talk, now = self._desk._conversation(conversation), self._desk.now()
        self._tell(conversation, retention_decide.extend(talk, until, reason, now))

    def hold(self, conversation: ConversationId, reason: str) -> None:
        """Keep it without an end."""
        self._steward()
        talk = self._desk._conversation(conversation)
        self._tell(conversation, retention_decide.hold(talk, reason))

    def end_hold(self, conversation: ConversationId, reason: str) -> None:
        """End that."""
        self._steward()
        talk = self._desk._conversation(conversation)
        self._tell(conversation, retention_decide.end_hold(talk, reason))

    def _talks(self) -> list[Conversation]:
        talks = {where: self._desk._conversation(where) for where in self._desk._told}
        return [talk for where, talk in talks.items() if talk.id == where]

    def _steward(self) -> None:
        if not is_steward(self._desk):
            raise NotASteward

    def _tell(self, conversation: ConversationId, event: RetentionFact) -> None:
        self._desk._tell(conversation, event)
