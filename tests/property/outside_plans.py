# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files of operations, plans and evenings, each good and with its reader (for `outside`)."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from safeconduct.rooms.passage.collecting.evening import Stop, Tour
from safeconduct.rooms.passage.collecting.evening_file import read_evening, write_evening
from safeconduct.rooms.passage.collecting.round_file import read_round, write_round
from safeconduct.rooms.passage.operations.circumstances import (
    HouseholdKnows,
    Itinerary,
    Lodging,
    LongPlan,
)
from safeconduct.rooms.passage.operations.circumstances_file import (
    read_any_operation,
    read_circumstances,
    read_events,
    write_circumstances,
    write_events,
)
from safeconduct.rooms.passage.operations.long_plan_file import (
    read_any_plan,
    read_long_plan,
    write_long_plan,
)
from safeconduct.rooms.passage.operations.operation import Journey
from safeconduct.rooms.passage.operations.operation_file import read_operation, write_operation
from safeconduct.rooms.passage.operations.plan_file import read_plan, write_plan
from tests.kit.circumstances import later, situate, with_history
from tests.kit.evenings import evening
from tests.kit.operations import invent

OPERATION: Final = write_operation(invent(6, seed=1))
_DICE: Final = Random(3)
CIRCUMSTANCES: Final = later(with_history(situate(invent(6, seed=1), 3), _DICE), _DICE, 8)
LONG_PLAN: Final = write_long_plan(
    LongPlan(
        (Itinerary(0, 1, (Lodging(2, 5, 9), Lodging(3, 9, 20)), 4), Itinerary(1, 2, (), None)),
        households_know=(HouseholdKnows(2, 0),),
    )
)
PLANS: Final[dict[str, tuple[bytes, Callable[[bytes], object]]]] = {
    "operation": (OPERATION, read_operation),
    "plan": (write_plan((Journey(0, 1, 2, 9, None), Journey(1, 2, 0, 45, 3))), read_plan),
    "plan of an operation": (
        write_plan((Journey(0, 1, 2, 9, None),)),
        lambda d: read_plan(d, read_operation(OPERATION)),
    ),
    "circumstances": (write_circumstances(CIRCUMSTANCES), read_circumstances),
    "any operation": (write_circumstances(CIRCUMSTANCES), read_any_operation),
    "events": (
        write_events(CIRCUMSTANCES.events),
        lambda d: read_events(d, CIRCUMSTANCES.operation, 3),
    ),
    "long plan": (LONG_PLAN, read_long_plan),
    "evening": (write_evening(evening(3, 1)), read_evening),
    "round": (
        write_round((Tour(1, 5, 19, (Stop(0, True, 2, 8), Stop(0, False, 3, 14))),)),
        read_round,
    ),
    "any plan": (LONG_PLAN, lambda d: read_any_plan(d, CIRCUMSTANCES.operation)),
}
