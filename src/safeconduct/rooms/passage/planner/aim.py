# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a planner makes small: the objective, the weighted misses, or one before the other."""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.rooms.passage.operations.operation import Rates


@dataclass(frozen=True, slots=True)
class Aim:
    """What counts how much, as `Rates` has it; `exposure` is for one unit of exposure."""

    late: int
    unplanned: int
    wait: int
    run: int
    no_exit: int
    money: int
    exposure: int


MISSES = Aim(late=1, unplanned=1, wait=0, run=0, no_exit=0, money=0, exposure=0)
"""Only who leaves too late or not at all, by people and weight."""


def objective(rates: Rates, miss: int = 0) -> Aim:
    """Return the operation's own objective, with `miss` more for each weighted miss."""
    return Aim(
        late=rates.late + miss,
        unplanned=rates.unplanned + miss,
        wait=rates.wait,
        run=rates.run,
        no_exit=rates.no_exit,
        money=rates.money,
        exposure=1,
    )
