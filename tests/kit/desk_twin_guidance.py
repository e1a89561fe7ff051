# SPDX-License-Identifier: AGPL-3.0-or-later
"""What guides answers at a desk in memory: the room's folds and decisions over the twin's facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from safeconduct.kernel.words import DAY, ConversationId, DeviceId, FactId, Instant, fact_id
from safeconduct.rooms.crew.exports import of_others
from safeconduct.rooms.hotline import avoided_decide, canned, canned_decide, flags_decide
from safeconduct.rooms.hotline.canned import Canned, CannedFact, CannedTold
from safeconduct.rooms.hotline.canned_decide import Text
from safeconduct.rooms.hotline.flags import Flag
from safeconduct.rooms.hotline.vetting import Gate

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk


class TwinGuidance:
    """One desk's side; ready answers are the office's."""

    def __init__(self, desk: TwinDesk, said: list[CannedTold]) -> None:
        """Act for a desk."""
        self._desk, self._said = desk, said

    def at(self, desk: TwinDesk) -> TwinGuidance:
        """The same office at a colleague's desk."""
        return TwinGuidance(desk, self._said)

    def raise_flag(self, conversation: ConversationId, flag: Flag, reason: str) -> None:
        """Flag it."""
        folded = self._desk._conversation(conversation)
        self._desk._tell(conversation, flags_decide.raise_flag(folded, flag, reason))

    def end_flag(self, conversation: ConversationId, flag: Flag, reason: str) -> None:
        """Take the flag away."""
        folded = self._desk._conversation(conversation)
        self._desk._tell(conversation, flags_decide.end_flag(folded, flag, reason))

    def tick(
        self, conversation: ConversationId, flag: Flag, step: str, version: int, *, done: bool
    ) -> None:
        """Tick a step, or take that back."""
        folded = self._desk._conversation(conversation)
        fact = flags_decide.tick(folded, flag, step, version, done=done)
        if fact is not None:
            self._desk._tell(conversation, fact)

    def avoid(self, conversation: ConversationId, typed: str) -> None:
        """Keep words out."""
        folded = self._desk._conversation(conversation)
        self._desk._tell(conversation, avoided_decide.avoid(folded, typed))

    def canned(self) -> Sequence[Canned]:
        """What stands."""
        return canned.fold_canned(self._said, self._apart)

    def may_read(self, writer: DeviceId) -> bool:
        """Whether somebody else sits here."""
        return self._apart(self._desk.device, writer)

    def write_canned(self, typed: Text, version: FactId | None = None) -> None:
        """Write one."""
        if version is None:
            self._tell(canned_decide.write(self._desk.rng.bytes(16), typed))
        else:
            before = canned_decide.find(self.canned(), version)
            self._tell(canned_decide.write(before.id, typed, before.known))

    def read_canned(self, version: FactId, days: int) -> None:
        """Read one as the second."""
        now = self._desk.now()
        found, until = canned_decide.find(self.canned(), version), Instant(now + days * DAY)
        self._tell(canned_decide.read(found, self._desk.device, until, now, self._apart))

    def withdraw_canned(self, version: FactId, reason: str) -> None:
        """Withdraw one."""
        self._tell(canned_decide.withdraw(canned_decide.find(self.canned(), version), reason))

    def gate_canned(self, version: FactId, gate: Gate) -> None:
        """Say which gate one needs."""
        self._tell(canned_decide.gate(canned_decide.find(self.canned(), version), gate))

    def _apart(self, one: DeviceId, other: DeviceId) -> bool:
        return bool(of_others(self._desk.roster(), [one], other))

    def _tell(self, event: CannedFact) -> None:
        fact = fact_id(b"canned" + len(self._said).to_bytes(26, "big"), 0)
        self._said.append(CannedTold(fact, self._desk.device, self._desk.now(), event))
        self._desk._changed()
