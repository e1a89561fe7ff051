# SPDX-License-Identifier: AGPL-3.0-or-later
"""Exports of a desk in memory: the room's fold and decisions over the twin's signed facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.exports_api import Export
from safeconduct.edges.desk.handoffs import need_consent_of_talks
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.phrase import words_of
from safeconduct.kernel.seal.age import seal_with_words
from safeconduct.kernel.words import ConversationId, FactId
from safeconduct.rooms.crew import exports
from safeconduct.rooms.crew.claims import parse_claim
from safeconduct.rooms.crew.exports import Asked, Stage
from safeconduct.rooms.hotline.export import write_export

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk

CHEAP = 10


class TwinExports:
    """One desk's side; `made` are the exports that were made, by what they were asked with."""

    def __init__(self, desk: TwinDesk) -> None:
        """Begin before anybody asked."""
        self._desk = desk
        self.made: list[bytes] = []
        self.refuses: Refused | None = None

    def asked(self) -> Sequence[Export]:
        """What was asked for."""
        desk, roster = self._desk, self._desk.roster()
        return [
            Export(
                fact=one.id,
                by=one.by,
                at=one.at,
                reason=one.fact.reason,
                recipient=one.fact.recipient,
                count=len(one.conversations),
                talks=tuple((where, desk._names[where]) for where in one.conversations),
                stage=exports.stage(roster, one, desk.now()),
                seconds=one.seconds,
                made=self.made.count(one.id),
                mine=one.by == desk.device,
            )
            for one in self._fold().values()
        ]

    def waiting(self) -> Sequence[Export]:
        """What waits."""
        return [one for one in self.asked() if one.stage is Stage.WAITS]

    def alone(self, conversation: ConversationId) -> bool:
        """Whether one may go alone."""
        try:
            self._allow(conversation)
        except Refused:
            return False
        return True

    def ask(
        self, conversations: Sequence[ConversationId], *, reason: str, recipient: str
    ) -> FactId:
        """Ask."""
        desk, why = self._desk, {"reason": reason, "recipient": recipient}
        need_consent_of_talks(desk.cases, conversations, recipient, desk.now())
        desk.removals.write(exports.ask(desk.roster(), desk.device, conversations, **why))
        return desk.removals.told()[-1].id

    def second(self, fact: FactId) -> None:
        """Sign."""
        desk = self._desk
        asked = self._fold().get(fact)
        desk.removals.write(exports.second(desk.roster(), desk.device, asked, desk.now()))

    def take_back(self, fact: FactId) -> None:
        """Want it no more."""
        desk = self._desk
        asked = self._fold().get(fact)
        desk.removals.write(exports.take_back(desk.roster(), desk.device, asked, desk.now()))

    def words(self, language: str) -> str:
        """Draw words."""
        return " ".join(words_of(self._desk.rng.bytes(11), 8, language))

    def make(self, fact: FactId, words: str) -> bytes:
        """Make the file."""
        desk = self._desk
        asked = exports.make(desk.roster(), desk.device, self._fold().get(fact), desk.now())
        recipient = asked.fact.recipient
        need_consent_of_talks(desk.cases, asked.conversations, recipient, desk.now())
        return self._file(asked.conversations, asked.id, words)

    def make_alone(self, conversation: ConversationId, words: str) -> bytes:
        """Make one's own."""
        self._allow(conversation)
        return self._file((conversation,), b"", words)

    def _allow(self, conversation: ConversationId) -> None:
        desk = self._desk
        held = desk.device in {one.holder for one in desk._conversation(conversation).claims}
        made = self.made.count(b"")
        if desk.cases.links.of_talks([conversation]):
            raise exports.NeedsASecond
        exports.make_alone(desk.roster(), desk.device, held=held, made=made)

    def _file(self, some: Sequence[ConversationId], asked: bytes, words: str) -> bytes:
        if self.refuses is not None:
            raise self.refuses
        self.made.append(asked)
        plain = write_export([self._desk._conversation(one) for one in some], self._desk.now())
        return seal_with_words(words, plain, self._desk.rng, log_n=CHEAP) if words else plain

    def _fold(self) -> dict[FactId, Asked]:
        told = self._desk.removals.told()
        claims = [claim for one in told if (claim := parse_claim(one)) is not None]
        now = self._desk.now()
        return exports.fold_exports(self._desk.roster(), ((one, now) for one in claims))
