# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's side of `mender_child`: planning again in a process of its own.

Whatever it proposes is held against the rules before anybody sees it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from safeconduct.edges.desk.engine.mender_child import MENDED, MendTask
from safeconduct.edges.desk.engine.search import Search
from safeconduct.edges.desk.planning_again_api import Mended
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import SafeconductError
from safeconduct.rooms.passage.operations.aftermath import after
from safeconduct.rooms.passage.operations.circumstances import Circumstances, LongPlan
from safeconduct.rooms.passage.operations.circumstances_file import write_circumstances
from safeconduct.rooms.passage.operations.itinerary_rules import broken_long_rules
from safeconduct.rooms.passage.operations.long_plan_file import read_long_plan, write_long_plan

MODULE: Final = "safeconduct.edges.desk.engine.mender_child"


class Mender(Search[Mended]):
    """A search for plans after something happened."""

    def __init__(
        self,
        circumstances: Circumstances,
        plan: LongPlan,
        seconds: int,
        changed: Callable[[], None],
    ) -> None:
        """Start it; `changed` is called whenever it is farther, from another thread."""
        self._circumstances: Final = circumstances
        task = MendTask(write_circumstances(circumstances), write_long_plan(plan), seconds)
        super().__init__(MODULE, encode(task), changed)

    def plans(self) -> tuple[LongPlan, ...]:
        """Return the plans to choose from so far, the best first."""
        of = self._circumstances.operation
        return tuple(read_long_plan(one.plan, of) for one in self.now.options) if self.now else ()

    def kept(self, message: bytes) -> Mended | None:
        """Return what the child says, if all its plans keep the rules."""
        try:
            found = MENDED.decode_own(message)
            plans = [read_long_plan(one.plan, self._circumstances.operation)
                     for one in found.options]  # fmt: skip
        except SafeconductError:
            return None
        there = after(self._circumstances)
        broken = any(broken_long_rules(there, one) for one in plans)
        return None if broken or not plans else found
