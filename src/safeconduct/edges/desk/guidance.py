# SPDX-License-Identifier: AGPL-3.0-or-later
"""What guides an answer at this desk: flags and scripts, words to avoid, ready answers.

Decided, written, and durable on return.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.judge import At
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import (
    DAY,
    ConversationId,
    DeviceId,
    FactId,
    Instant,
    fact_id,
    instant_of,
)
from safeconduct.rooms import hotline
from safeconduct.rooms.crew.exports import are_apart
from safeconduct.rooms.hotline import Conversation, avoided_decide, canned_decide, flags_decide
from safeconduct.rooms.hotline.canned import (
    CANNED_BYTES,
    CANNED_FACTS,
    Canned,
    CannedFact,
    CannedTold,
    fold_canned,
)
from safeconduct.rooms.hotline.canned_decide import Text
from safeconduct.rooms.hotline.events import HotlineFact
from safeconduct.rooms.hotline.flags import Flag
from safeconduct.rooms.hotline.vetting import Gate

_CANNED: Final = (
    "SELECT c.id, c.device, c.sequence, e.slot, e.vault, e.kind, e.version, e.body, c.hlc "  # noqa: S608  (question marks)
    'FROM entries e JOIN commits c ON c.no = e."commit" '
    f"WHERE e.conversation IS NULL AND e.kind IN ({', '.join('?' * len(CANNED_FACTS))}) "
    "AND c.state = 0"
)
_KINDS: Final = tuple(f"hotline.{fact.__name__}" for fact in CANNED_FACTS)


class Guidance:
    """What a helper here sets and reads to answer well."""

    def __init__(self, journal: Journal, need: Callable[[ConversationId], Conversation]) -> None:
        """Act for the device of this journal; `need` folds a conversation or refuses."""
        self._journal: Final = journal
        self._need: Final = need

    def raise_flag(self, conversation: ConversationId, flag: Flag, reason: str) -> None:
        """Flag a conversation."""
        self._write(flags_decide.raise_flag(self._need(conversation), flag, reason))

    def end_flag(self, conversation: ConversationId, flag: Flag, reason: str) -> None:
        """Say that a flag holds no longer."""
        self._write(flags_decide.end_flag(self._need(conversation), flag, reason))

    def tick(
        self, conversation: ConversationId, flag: Flag, step: str, version: int, *, done: bool
    ) -> None:
        """Say that a step of a flag's script was done, or is to be done again."""
        folded = self._need(conversation)
        fact = flags_decide.tick(folded, flag, step, version, done=done)
        if fact is not None:
            self._write(fact)

    def avoid(self, conversation: ConversationId, typed: str) -> None:
        """Set the words that must not stand in answers, parted by commas."""
        self._write(avoided_decide.avoid(self._need(conversation), typed))

    def canned(self) -> Sequence[Canned]:
        """Return the ready answers that stand, whatever they wait for."""
        return fold_canned(self._said(), self._apart)

    def may_read(self, writer: DeviceId) -> bool:
        """Tell whether somebody here is another person than the writer of a ready answer."""
        return self._apart(self._journal.device, writer)

    def write_canned(self, typed: Text, version: FactId | None = None) -> None:
        """Write a ready answer, or that of a version anew."""
        if version is None:
            fact = canned_decide.write(self._journal.rng.bytes(CANNED_BYTES), typed)
        else:
            before = canned_decide.find(self.canned(), version)
            fact = canned_decide.write(before.id, typed, before.known)
        self._write(fact)

    def read_canned(self, version: FactId, days: int) -> None:
        """Find a version good for so many days, as somebody else than its writer."""
        found, now = canned_decide.find(self.canned(), version), self._journal.clock.now()
        until = Instant(now + days * DAY)
        self._write(canned_decide.read(found, self._journal.device, until, now, self._apart))

    def withdraw_canned(self, version: FactId, reason: str) -> None:
        """Say that a ready answer is used no more, in any version."""
        found = canned_decide.find(self.canned(), version)
        self._write(canned_decide.withdraw(found, reason))

    def gate_canned(self, version: FactId, gate: Gate) -> None:
        """Say which gate a conversation must have passed before a ready answer is offered there."""
        self._write(canned_decide.gate(canned_decide.find(self.canned(), version), gate))

    def _said(self) -> list[CannedTold]:
        judge, said = self._journal.judge, []
        for commit, device, sequence, slot, vault, *fact, hlc in self._journal.store.rows(
            _CANNED, _KINDS
        ):
            writer = DeviceId(device)
            if judge.refusal(At(commit, writer, sequence), slot, fact[0], vault):
                continue
            event = _event(*fact)
            if event is not None:
                said.append(CannedTold(fact_id(commit, slot), writer, instant_of(hlc), event))
        return said

    def _apart(self, one: DeviceId, other: DeviceId) -> bool:
        return are_apart(self._journal.roster, one, other)

    def _write(self, event: HotlineFact) -> None:
        self._journal.write([post.fact(self._journal, event)])


def _event(kind: str, version: int, body: bytes) -> CannedFact | None:
    try:
        event = hotline.parse_fact(kind, version, body)
    except SafeconductError:
        return None  # It lies in quarantine.
    return event if isinstance(event, CannedFact) else None
