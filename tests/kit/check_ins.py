# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of check-ins as several desks write them, told in any order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from safeconduct.kernel.words import COUNTER_BITS, HOUR, MINUTE, DeviceId, FactId, Instant
from safeconduct.rooms.passage.watch import check_in_decide as decide
from safeconduct.rooms.passage.watch.check_in_facts import CheckInFact
from safeconduct.rooms.passage.watch.check_ins import CheckIn, Told, claimed_id, fold_check_ins

NOW = Instant(1_800_000_000_000)
DUE = Instant(NOW + 2 * HOUR)
FIRST, SECOND, THIRD = (DeviceId(bytes([each]) * 16) for each in (1, 2, 3))
RIGHT, DURESS = "сухая ветка", "полный чайник"


def typed(
    label: str = "Клён",
    due: int = DUE,
    called: Iterable[DeviceId] = (FIRST, SECOND, THIRD),
) -> decide.Typed:
    """What somebody typed."""
    return decide.Typed(label, Instant(due), 15, RIGHT, DURESS, tuple(called))


def id_of(number: int, by: DeviceId = FIRST) -> bytes:
    """The id of a check-in that a desk sets."""
    return claimed_id(by, number.to_bytes(8, "big"))


class Desks:
    """What desks have told one another."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.told: list[Told] = []

    def tell(self, event: CheckInFact, at: int = NOW, by: DeviceId = FIRST) -> FactId:
        """Let a fact count."""
        fact = FactId(len(self.told).to_bytes(32, "big") + bytes(4))
        self.told.append(Told(fact, by, at << COUNTER_BITS, event))
        return fact

    def set(self, number: int = 1, due: int = DUE, **other: Any) -> CheckIn:  # noqa: ANN401  (a field of `Typed`)
        """Expect somebody."""
        said = typed(due=due)._replace(**other)
        self.tell(decide.set_check_in(id_of(number), said, NOW))
        return self.one(number)

    def all(self) -> tuple[CheckIn, ...]:
        """What stands."""
        return fold_check_ins(self.told)

    def one(self, number: int = 1) -> CheckIn:
        """The check-in of a number."""
        found = decide.find(self.all(), id_of(number))
        assert found is not None
        return found

    def hear(self, word: str, at: int = NOW, number: int = 1) -> FactId:
        """Judge a word."""
        return self.tell(decide.hear(self.one(number), word), at)

    def move(self, due: int, at: int = NOW, number: int = 1) -> FactId:
        """Expect them by another time."""
        return self.tell(decide.move(self.one(number), Instant(due), Instant(at)), at)


LATER = Instant(DUE + 15 * MINUTE)
"""When the grace is over."""
