# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's side of `asker_child`: ask one question about a plan, and keep what is answered.

A plan that is answered is held against the rules, and compared here: of what the process says of
who would pay nothing is believed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from safeconduct.edges.desk.engine.asker_child import (
    ANSWERS,
    KINDS,
    NO_WEEK,
    NOBODY,
    Answer,
    Question,
)
from safeconduct.edges.desk.engine.planner_child import Rows, plan_of
from safeconduct.edges.desk.engine.thinker import Thinker
from safeconduct.edges.desk.planning_api import Helping
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import SafeconductError
from safeconduct.rooms.passage.operations.operation import Operation
from safeconduct.rooms.passage.operations.operation_file import write_operation
from safeconduct.rooms.passage.operations.rules import broken_rules
from safeconduct.rooms.passage.why.forced import Forced, compared
from safeconduct.rooms.passage.why.more import Kind, More

MODULE: Final = "safeconduct.edges.desk.engine.asker_child"


class Asker(Thinker):
    """One question in a process of its own; without a party: what would help most."""

    def __init__(
        self,
        operation: Operation,
        plan: Rows,
        changed: Callable[[], None],
        *,
        party: int = NOBODY,
        by: int = 0,
    ) -> None:
        """Start it; `changed` is called whenever it is farther, from another thread."""
        self._operation, self._plan, self._party, self._by = operation, plan, party, by
        self.forced: Forced | None = None
        self.helps: tuple[Helping, ...] = ()
        self.ended = False
        task = encode(Question(write_operation(operation), plan, party, by))
        super().__init__(MODULE, task, changed)

    @property
    def failed(self) -> bool:
        """Whether it ended without having answered all."""
        return not self.running and not self.ended

    def hear(self, message: bytes) -> bool:
        """Keep what the child says, if it may be shown."""
        try:
            found = ANSWERS.decode_own(message)
        except SafeconductError:
            return False
        good = self._keep_plan(found) if found.ended else self._keep_help(found)
        self.ended = good and bool(found.ended)
        return good and not found.ended

    def _keep_plan(self, found: Answer) -> bool:
        """Keep a plan that keeps the rules, and in which the party leaves by then."""
        plan, of = plan_of(found.plan), self._operation
        if not plan:
            return True
        if broken_rules(of, plan):
            return False
        if not any(one.party == self._party and of.ways.out[one.way] <= self._by for one in plan):
            return False
        self.forced = compared(of, plan_of(self._plan), plan, self._party)
        return True

    def _keep_help(self, found: Answer) -> bool:
        """Keep one more of something that the operation knows."""
        number, row, week = found.more
        kind = KINDS[number] if 0 <= number < len(KINDS) else None
        if kind is None or not 0 <= row < _rows(self._operation, kind):
            return False
        if not all(0 <= one < len(self._operation.parties.size) for one in found.parties):
            return False
        more = More(kind, row, None if week == NO_WEEK else week)
        self.helps = (*self.helps, Helping(more, found.saves, found.parties))
        return True


def _rows(of: Operation, kind: Kind) -> int:
    """Return how many rows there are of what a kind is one more."""
    return {
        Kind.BED: len(of.houses.town),
        Kind.PLACE: len(of.departures.day),
        Kind.QUOTA: len(of.countries.cost),
        Kind.COMPANION: len(of.ways.out),
    }.get(kind, len(of.escorts.seats))
