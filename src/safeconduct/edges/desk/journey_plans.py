# SPDX-License-Identifier: AGPL-3.0-or-later
"""Planning journeys at a desk: what is planned on, one search at a time, and what is approved.

A proposal lives in memory until somebody approves it, and nowhere else: no file, no log, no search
index.  It ends with the process; the search's own process holds numbers only and dies with this one
(spec/planning.md 5).
"""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.edges.desk.engine.planner import Planner
from safeconduct.edges.desk.engine.planner_child import journeys
from safeconduct.edges.desk.plan_whys import PlanWhys
from safeconduct.edges.desk.planned_on import need_as_planned, need_choices, settings_for
from safeconduct.edges.desk.planning_api import (
    Asked,
    Contradictions,
    NobodyWaits,
    NothingPlanned,
    NotWeighed,
    PlanningAlready,
    Proposal,
)
from safeconduct.edges.desk.plans_again import PlansAgain
from safeconduct.rooms.passage import between
from safeconduct.rooms.passage.gathering.gather import Gathered, gather
from safeconduct.rooms.passage.gathering.ground import Settings
from safeconduct.rooms.passage.gathering.proposed import (
    Basis,
    basis,
    need_in_time,
    new_journeys,
    proposals,
    written,
)
from safeconduct.rooms.passage.operations.stuck import Stuck, find_stuck
from safeconduct.rooms.passage.words import Book

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from safeconduct.edges.desk.planning_api import Books, Standing
    from safeconduct.kernel.sheets import SheetId
    from safeconduct.kernel.words import FactId, Instant
    from safeconduct.rooms.passage.events import NetworkFact
    from safeconduct.rooms.passage.fold import Network


class _Search(NamedTuple):
    """One search, for what and on what."""

    asked: Asked
    gathered: Gathered
    stuck: tuple[Stuck, ...]
    basis: Basis
    planner: Planner


_Looked = tuple["Network", Settings, Gathered, tuple[Stuck, ...]]


class JourneyPlans:
    """The planner of one desk."""

    def __init__(
        self, ways: Books, now: Callable[[], Instant], changed: Callable[[], None]
    ) -> None:
        """Plan on what the books say here; `changed` tells pages that something is new."""
        self._ways: Final = ways
        self._now: Final = now
        self._changed: Final = changed
        self.again: Final = PlansAgain(ways, now, changed)
        self._lock: Final = Lock()
        self._search: _Search | None = None
        self._approved: frozenset[int] = frozenset()
        self._last: _Looked | None = None
        self.whys: Final = PlanWhys(self.proposal, changed)

    def shown(self) -> bool:
        """Tell whether there is anything here for this desk: it plans, and reads journeys."""
        return self._ways.may_write() and Book.JOURNEYS in self._ways.network().books

    def lacking(self) -> tuple[Book, ...]:
        """Return the books that planning needs and this desk does not hold."""
        books = self._ways.network().books
        return tuple(one for one in Book if one not in books)

    def looked_over(self, asked: Asked, local: str) -> tuple[Gathered, tuple[Stuck, ...]]:
        """Return what would be planned on, and the parties that cannot go at all.

        `local` is the local time, `2026-11-30T21:40`.

        Raises:
            BooksLacking: this desk holds not all four books.
        """
        network = self._ways.network()
        settings = settings_for(self._ways, asked, local, self._now())
        last = self._last
        alike = last is not None and replace(last[1], now=settings.now, minute=settings.minute)
        if last is None or last[0] is not network or alike != settings:
            last = self._look(network, settings)
        return last[2], last[3]

    def _look(self, network: Network, settings: Settings) -> _Looked:
        gathered = gather(network, settings)
        self._last = last = network, settings, gathered, find_stuck(gathered.operation)
        return last

    @property
    def thinking(self) -> bool:
        """Whether a search is under way."""
        search = self._search
        return search is not None and search.planner.running

    @property
    def failed(self) -> bool:
        """Whether the last search ended without a plan."""
        search = self._search
        return search is not None and search.planner.failed

    def standing(self) -> Standing | None:
        """Return how far the search is; None before its first plan."""
        return self._search.planner.now if self._search else None

    def proposal(self) -> Proposal | None:
        """Return the plan of the last search, once it has ended."""
        search = self._search
        if search is None or search.planner.running or search.planner.failed:
            return None
        now = search.planner.now
        assert now is not None
        found = proposals(search.gathered, journeys(now))
        moved = {one.row for one in found}
        left = tuple(row for row in range(len(search.gathered.parties)) if row not in moved)
        of = search.asked, search.gathered, search.stuck
        return Proposal(*of, now, found, left, self._approved)

    # --- searching

    def begin(self, asked: Asked, local: str) -> None:
        """Start a search.

        Raises:
            PlanningAlready, Contradictions, NobodyWaits, BooksLacking: see there.
        """
        with self._lock:
            if self.thinking:
                raise PlanningAlready
            # A page may show what was gathered a while ago; of that some trains have left.
            network = self._ways.network()
            settings = settings_for(self._ways, asked, local, self._now())
            _, _, gathered, stuck = self._look(network, settings)
            if not gathered.parties:
                raise NobodyWaits
            if gathered.contradicts and not asked.anyway:
                raise Contradictions
            self.whys.forget()
            planner = Planner(gathered.operation, asked.seconds, self._changed)
            self._search = _Search(asked, gathered, stuck, basis(gathered.network), planner)
            self._approved = frozenset()

    def enough(self) -> None:
        """Let the search end, and keep its best plan."""
        if self._search is not None:
            self._search.planner.stop()

    def drop(self) -> None:
        """Forget the search, its plan and what was asked of it."""
        self.whys.forget()
        if self._search is not None:
            self._search.planner.kill()
        self._search = None

    def stop(self) -> None:
        """End all processes at once, forget what was asked of a plan, and wait for nothing."""
        self.whys.forget()
        self.again.stop()
        if self._search is not None:
            self._search.planner.kill()

    # --- approving

    def approve(self, rows: Collection[int], local: str) -> None:
        """Write the journeys of these parties, all together; durable on return.

        Raises:
            NothingPlanned, NotWeighed, ChoiceNeeded: see there.
            PlannedOnChanged: something it was planned on has changed, or the first leg has left;
                nothing was kept.
            NetworkNotYours: see there.
        """
        with self._lock:
            search, proposal = self._search, self.proposal()
            some = [
                one
                for one in (proposal.proposed if proposal else ())
                if one.row in rows and one.row not in self._approved
            ]
            if search is None or proposal is None or not some:
                raise NothingPlanned
            if not proposal.standing.weighed:
                raise NotWeighed

            def facts(network: Network, new: Callable[[], SheetId]) -> Sequence[NetworkFact]:
                settings = search.gathered.settings
                planned = settings.today, search.basis, settings
                need_as_planned(self._ways, network, planned, local)
                need_in_time(some, local)
                expenses, going = proposal.standing.expenses, {one.row for one in some}
                need_choices(self._ways, network, proposal.gathered.parties, expenses, going)
                left = () if self._approved else proposal.left
                sheets = written(network, search.gathered, some, new, left)
                missed = proposal.missed
                apart, moved = self._ways.are_apart, new_journeys(sheets)
                return (*sheets, *between.following(network, apart, moved, missed))

            # Whatever comes in after the facts were made is no part of what was planned on.
            self._search = search._replace(basis=basis(self._ways.write_together(facts)))
            self._approved |= {one.row for one in some}

    # --- between people

    def choose(self, first: bytes, behind: Collection[bytes], why: str) -> None:
        """Put a party before others; it counts once another person seconds it.

        Raises:
            NoReason, NetworkNotYours: see there.
        """
        self._ways.write_together(lambda network, _: [between.choose(network, first, behind, why)])

    def second(self, choice: FactId) -> None:
        """Stand for a choice of another person.

        Raises:
            NoSuchChoice, NotSeconded, NetworkNotYours: see there.
        """
        ways = self._ways
        ways.write_together(
            lambda network, _: [between.second(network, choice, ways.own, ways.are_apart)]
        )


__all__ = ["JourneyPlans"]
