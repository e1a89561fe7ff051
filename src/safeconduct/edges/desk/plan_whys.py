# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions about the plan that is proposed: why not sooner, who would pay, what would help.

Answers tell who belongs to whom and who sleeps where.  They live in memory beside the proposal and
end with it or with the desk; nothing is written anywhere, and nothing is carried out by asking
(spec/planning.md 8).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Final

from safeconduct.edges.desk.engine.asker import Asker
from safeconduct.edges.desk.engine.planner_child import journeys
from safeconduct.edges.desk.planning_api import (
    Answers,
    NoSuchQuestion,
    NothingToExplain,
    Trying,
)
from safeconduct.rooms.passage.gathering.horizon import Horizon
from safeconduct.rooms.passage.why.audit import why_not
from safeconduct.rooms.passage.why.in_force import in_force

if TYPE_CHECKING:
    from collections.abc import Callable

    from safeconduct.edges.desk.planning_api import Proposal, Standing
    from safeconduct.rooms.passage.why.audit import Why


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked of one plan."""

    standing: Standing | None = None
    why: Why | None = None
    forcing: Asker | None = None
    helping: Asker | None = None


class PlanWhys:
    """The questions at one desk."""

    def __init__(
        self, proposal: Callable[[], Proposal | None], changed: Callable[[], None]
    ) -> None:
        """Ask of what is proposed; `changed` tells pages that something is new."""
        self._proposal: Final = proposal
        self._changed: Final = changed
        self._lock: Final = Lock()
        self._asked = _Asked()

    def answers(self) -> Answers | None:
        """Return what was answered; None where there is no plan that has ended."""
        proposal, asked = self._proposal(), self._asked
        if proposal is None:
            return None
        if asked.standing is not proposal.standing:
            return Answers(proposal)
        return Answers(
            proposal,
            asked.why,
            _trying(asked.forcing),
            asked.forcing.forced if asked.forcing else None,
            _trying(asked.helping),
            asked.helping.helps if asked.helping else (),
        )

    def ask(self, party: bytes, day: str) -> None:
        """Ask why a party does not leave by a day; without one the day that matters.

        Raises:
            NothingToExplain, NoSuchQuestion: see there.
        """
        with self._lock:
            proposal = self._begun()
            rows = [row for row, one in enumerate(proposal.gathered.parties) if one.id == party]
            if not rows:
                raise NoSuchQuestion
            (row,) = rows
            by = _day(proposal, row, day)
            now = in_force(proposal.gathered.operation, journeys(proposal.standing))
            _end(self._asked.forcing)
            self._asked = replace(self._asked, why=why_not(now, row, by), forcing=None)
        self._changed()

    def force(self) -> None:
        """Look for a plan in which the party that was asked of leaves by that day.

        Raises:
            NothingToExplain, NoSuchQuestion: see there.
        """
        with self._lock:
            proposal, why = self._begun(), self._asked.why
            if why is None:
                raise NoSuchQuestion
            _end(self._asked.forcing)
            of = proposal.gathered.operation, proposal.standing.plan, self._changed
            asker = Asker(*of, party=why.party, by=why.by)
            self._asked = replace(self._asked, forcing=asker)

    def help(self) -> None:
        """Look for what would help most.

        Raises:
            NothingToExplain: see there.
        """
        with self._lock:
            proposal = self._begun()
            _end(self._asked.helping)
            of = proposal.gathered.operation, proposal.standing.plan, self._changed
            self._asked = replace(self._asked, helping=Asker(*of))

    def forget(self) -> None:
        """End what is looked for and forget all answers; waits for no process."""
        asked, self._asked = self._asked, _Asked()
        _end(asked.forcing)
        _end(asked.helping)

    def _begun(self) -> Proposal:
        """Return the plan that stands; what was asked of another is forgotten."""
        proposal = self._proposal()
        if proposal is None:
            raise NothingToExplain
        if self._asked.standing is not proposal.standing:
            self.forget()
            self._asked = _Asked(proposal.standing)
        return proposal


def _day(proposal: Proposal, row: int, day: str) -> int:
    """Return a day of the operation: without one the last before the plan's that is in time."""
    gathered = proposal.gathered
    horizon = Horizon(gathered.settings.today, gathered.settings.days)
    if day:
        if day not in horizon.dates():
            raise NoSuchQuestion
        return horizon.dates().index(day)
    of, planned = gathered.operation, horizon.days
    for one in journeys(proposal.standing):
        if one.party == row:
            planned = of.ways.out[one.way]
    return max(0, min(of.parties.deadline[row], planned - 1))


def _trying(asker: Asker | None) -> Trying | None:
    return Trying(asker.running, asker.failed) if asker else None


def _end(asker: Asker | None) -> None:
    if asker is not None:
        asker.kill()


__all__ = ["PlanWhys"]
