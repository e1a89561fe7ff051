# SPDX-License-Identifier: AGPL-3.0-or-later
"""First words at a desk in memory: the room's fold and decisions over a list of facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from safeconduct.kernel.words import DAY, DeviceId, FactId, Instant, fact_id
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.decide import need_steward
from safeconduct.rooms.crew.exports import of_others
from safeconduct.rooms.hotline import first_words, first_words_decide
from safeconduct.rooms.hotline.first_words import FirstWordsFact, FirstWordsTold, Version

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk


class TwinFirstWords:
    """One desk's side; the words are the office's."""

    def __init__(self, desk: TwinDesk, said: list[FirstWordsTold]) -> None:
        """Act for a desk."""
        self._desk, self._said = desk, said

    def at(self, desk: TwinDesk) -> TwinFirstWords:
        """The same office at a colleague's desk."""
        return TwinFirstWords(desk, self._said)

    def standing(self) -> Sequence[Version]:
        """What stands."""
        return first_words.fold_first_words(self._said, self._apart)

    def shown(self) -> Version | None:
        """What pages show."""
        return first_words.shown(self.standing(), self._desk.now())

    def may_approve(self, writer: DeviceId) -> bool:
        """Whether another steward sits here."""
        roles = self._desk.roster().roles(self._desk.device)
        return Role.STEWARD in roles and self._apart(self._desk.device, writer)

    def write(self, texts: Mapping[str, str]) -> None:
        """Write them."""
        self._tell(first_words_decide.write(texts, self.standing()))

    def approve(self, version: FactId, days: int) -> None:
        """Approve them."""
        now, device = self._desk.now(), self._desk.device
        need_steward(self._desk.roster(), device)
        found = first_words_decide.find(self.standing(), version)
        until = Instant(now + days * DAY)
        self._tell(first_words_decide.approve(found, device, until, now, self._apart))

    def withdraw(self, reason: str) -> None:
        """Take them back."""
        self._tell(first_words_decide.withdraw(self.standing(), reason))

    def _apart(self, one: DeviceId, other: DeviceId) -> bool:
        return bool(of_others(self._desk.roster(), [one], other))

    def _tell(self, event: FirstWordsFact) -> None:
        fact = fact_id(b"first words" + len(self._said).to_bytes(21, "big"), 0)
        self._said.append(FirstWordsTold(fact, self._desk.device, self._desk.now(), event))
        self._desk._changed()
