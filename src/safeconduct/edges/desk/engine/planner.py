# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's side of `planner_child`: start it, hear how far it is, stop it, end it.

What it says is held against the rules before anybody sees it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from safeconduct.edges.desk.engine import planner_child
from safeconduct.edges.desk.engine.planner_child import STANDINGS, Task
from safeconduct.edges.desk.engine.search import Search
from safeconduct.edges.desk.planning_api import Standing
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import SafeconductError
from safeconduct.rooms.passage.operations.operation import Operation
from safeconduct.rooms.passage.operations.operation_file import write_operation
from safeconduct.rooms.passage.operations.rules import broken_rules

MODULE: Final = "safeconduct.edges.desk.engine.planner_child"


class Planner(Search[Standing]):
    """One search in a process of its own."""

    def __init__(self, operation: Operation, seconds: int, changed: Callable[[], None]) -> None:
        """Start it; `changed` is called whenever it is farther, from another thread."""
        self._operation: Final = operation
        super().__init__(MODULE, encode(Task(write_operation(operation), seconds)), changed)

    def kept(self, message: bytes) -> Standing | None:
        """Return what the child says, if it is a plan that keeps the rules."""
        try:
            found = STANDINGS.decode_own(message)
        except SafeconductError:
            return None
        broken = broken_rules(self._operation, planner_child.journeys(found))
        return None if broken else found
