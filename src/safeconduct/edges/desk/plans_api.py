# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about the plans of all cases; behind it `plans.py`.

Whatever has no key here leaves no trace in any answer.  One plan is a fold of the case's record
(`rooms/cases/plan.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from safeconduct.rooms.cases.plan import order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from safeconduct.kernel.words import CaseId
    from safeconduct.rooms.cases.plan import Task


@dataclass(frozen=True, slots=True)
class HeldTask:
    """An open task, and the case to which it belongs."""

    case: CaseId
    name: str
    task: Task


class PlansApi(Protocol):
    """Plans, as pages see them."""

    def tasks(self) -> Sequence[HeldTask]:
        """Return the open tasks of all cases that are held here, by the day they are due."""
        ...


def in_order(tasks: Iterable[HeldTask]) -> tuple[HeldTask, ...]:
    """Return tasks by the day on which they are due; those without one last."""
    return tuple(sorted(tasks, key=lambda one: order(one.task)))
