# SPDX-License-Identifier: AGPL-3.0-or-later
"""Check-ins at a desk in memory: the desk's own watch over facts that nobody sends anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.watch import Watch
from safeconduct.kernel.ports import Rng
from safeconduct.kernel.words import COUNTER_BITS, DeviceId, FactId, Instant
from safeconduct.rooms.crew import Roster
from safeconduct.rooms.passage.watch.check_in_facts import CheckInFact
from safeconduct.rooms.passage.watch.check_ins import Told

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk


class TwinWatchBook:
    """Facts of check-ins in a list."""

    def __init__(self, desk: TwinDesk, facts: list[Told]) -> None:
        """Share a list with other desks."""
        self._desk = desk
        self.facts = facts

    @property
    def device(self) -> DeviceId:
        """Who acts."""
        return self._desk.device

    @property
    def roster(self) -> Roster:
        """Who belongs to the office."""
        return self._desk.roster()

    @property
    def rng(self) -> Rng:
        """The desk's."""
        return self._desk.rng

    def now(self) -> Instant:
        """The time."""
        return self._desk.now()

    def writes(self) -> bool:
        """It can."""
        return True

    def told(self) -> Sequence[Told]:
        """All of them."""
        return self.facts

    def write(self, fact: CheckInFact) -> FactId:
        """Write as this desk."""
        name = FactId(self._desk.rng.bytes(36))
        hlc = (self._desk.now() << COUNTER_BITS) + len(self.facts)
        self.facts.append(Told(name, self.device, hlc, fact))
        return name

    def secrets(self) -> Sequence[bytes]:
        """Any."""
        return [bytes(32)]


class TwinWatch(Watch):
    """The watch over such a list."""

    def __init__(self, desk: TwinDesk, facts: list[Told] | None = None) -> None:
        """Begin with nobody, or with whom other desks expect."""
        self.facts: list[Told] = [] if facts is None else facts
        super().__init__(TwinWatchBook(desk, self.facts), desk.duty.calls.topics)
