# SPDX-License-Identifier: AGPL-3.0-or-later
"""Duty at a desk in memory: the desk's own plan over facts that nobody sends anywhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.duty import Duty
from safeconduct.edges.desk.duty_api import Waits
from safeconduct.edges.desk.duty_book import letters_of, waits_of
from safeconduct.edges.desk.locked_plan import Coming
from safeconduct.edges.desk.rows_api import Row
from safeconduct.kernel.words import COUNTER_BITS, DeviceId, FactId, Instant
from safeconduct.rooms.crew import Roster
from safeconduct.rooms.duty import DutyFact, Told
from safeconduct.rooms.duty.answer_times import Wait

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk


class TwinBook:
    """Facts of duty in a list."""

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

    def now(self) -> Instant:
        """The time."""
        return self._desk.now()

    def writes(self) -> bool:
        """It can."""
        return True

    def told(self) -> Sequence[Told]:
        """All of them."""
        return self.facts

    def write(self, fact: DutyFact) -> FactId:
        """Write as this desk."""
        return self.tell(self.device, fact)

    def inbox(self, show: str, most: int) -> Sequence[Row]:
        """What its lists show."""
        return self._desk.inbox(show=show, start=0, most=most)[0]

    def telephones(self) -> Collection[bytes]:
        """Those of the office."""
        return {one.key for one in self._desk.lines.all() if one.stands and one.kind == "phone"}

    def there(self) -> Collection[DeviceId]:
        """Nobody else."""
        return {self.device}

    def coming(self, until: Instant, most: int) -> Sequence[Coming]:
        """Those that the lists show."""
        rows = self._desk.inbox(show="all", start=0, most=most)[0]
        places = ((row.place, bool(row.holders)) for row in rows)
        return [
            Coming(one.due, one.danger, held)
            for one, held in places
            if one.due is not None and self.now() < one.due <= until
        ]

    def light(self) -> bool:
        """It does not."""
        return False

    def signs(self) -> bytes:
        """Any."""
        return bytes(32)

    def secret(self, length: int) -> bytes:
        """The next bytes."""
        return self._desk.rng.bytes(length)

    def tell(self, device: DeviceId, fact: DutyFact) -> FactId:
        """Write as somebody."""
        name = FactId(self._desk.rng.bytes(36))
        hlc = (self._desk.now() << COUNTER_BITS) + len(self.facts)
        self.facts.append(Told(name, device, hlc, fact))
        return name

    def waits(self, since: Instant) -> Waits:
        """Those of all conversations."""
        answers, letters = list[Wait](), list[Wait]()
        for where, told in self._desk._told.items():
            talk = self._desk.conversation(where)
            assert talk is not None
            answers += waits_of(talk, told)
            letters += letters_of(talk, told)
        answered, taken = (
            [one for one in some if one.since >= since] for some in (answers, letters)
        )
        return Waits(answered, taken, cut=False)


class TwinDuty(Duty):
    """Duty over such a list."""

    def __init__(self, desk: TwinDesk, facts: list[Told] | None = None) -> None:
        """Begin with an empty plan, or with that of other desks."""
        self.book = TwinBook(desk, [] if facts is None else facts)
        super().__init__(self.book)
