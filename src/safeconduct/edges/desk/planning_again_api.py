# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about planning again, and what its search says.

The engine behind it is `plans_again.py`; its search's process is told and tells numbers only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from safeconduct.kernel.canon import Record
from safeconduct.kernel.errors import Refused

if TYPE_CHECKING:
    from safeconduct.rooms.passage.gathering.again import Again
    from safeconduct.rooms.passage.gathering.changed import Change


class Option(Record, frozen=True):
    """One plan as its file has it, and what it does to people; `broken` promises are parties.

    `expenses` say who goes at whose expense, as rows of parties.
    """

    plan: bytes
    misses: int
    late: int
    unplanned: int
    unhoused: int
    broken: int
    expenses: tuple[tuple[int, int], ...] = ()
    weighed: int = 0
    """Whether they are known: it is weighed when the search has ended, and can be cut short."""


class Mended(Record, frozen=True):
    """How far planning again has come: what there is to choose, the best first."""

    ended: int
    options: tuple[Option, ...]
    hit: tuple[int, ...]
    stranded: tuple[int, ...]


class NothingStands(Refused):
    """No journey stands that could be planned again."""

    code = "nothing_stands"


class NothingChanges(Refused):
    """There is no plan here to approve, or it changes nobody's journey."""

    code = "nothing_changes"


@dataclass(frozen=True, slots=True)
class Alternative:
    """One plan to choose from, and whose journey it changes."""

    number: int
    option: Option
    changes: tuple[Change, ...]


class PlansAgainApi(Protocol):
    """Planning again at one desk, as pages see it."""

    def looked_over(self, local: str) -> Again:
        """Return the journeys that stand and what happened to them.

        `local` is the local time, `2026-11-30T21:40`.

        Raises:
            BooksLacking: this desk holds not all four books.
        """
        ...

    @property
    def thinking(self) -> bool:
        """Whether a search is under way."""
        ...

    @property
    def failed(self) -> bool:
        """Whether the last search ended without a plan."""
        ...

    def found(self) -> Mended | None:
        """Return how far the search is; None before its first plan."""
        ...

    def on(self) -> Again | None:
        """Return what the search plans on."""
        ...

    def alternatives(self) -> tuple[Alternative, ...]:
        """Return the plans to choose from so far, the best first."""
        ...

    def begin(self, seconds: int, local: str) -> None:
        """Start a search.

        Raises:
            Refused: PlanningAlready, NothingStands, BooksLacking.
        """
        ...

    def enough(self) -> None:
        """Let the search end, and keep its plans."""
        ...

    def drop(self) -> None:
        """Forget the search and its plans."""
        ...

    def approve(self, number: int, local: str, why: str) -> None:
        """Write what one plan changes, all together; durable on return.

        Raises:
            Refused: NothingChanges, NotWeighed, ChoiceNeeded, PlannedOnChanged, NetworkNotYours;
                nothing was kept.
        """
        ...
