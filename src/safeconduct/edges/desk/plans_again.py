# SPDX-License-Identifier: AGPL-3.0-or-later
"""Planning again at a desk: what happened, one search at a time, and what is approved.

Its plans live in memory until somebody approves one, and nowhere else.  They end with the process,
and the search's own process holds numbers only and dies with this one (spec/planning.md 9).
"""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.edges.desk.engine.mender import Mender
from safeconduct.edges.desk.planned_on import need_as_planned, need_choices, settings_for
from safeconduct.edges.desk.planning_again_api import Alternative, NothingChanges, NothingStands
from safeconduct.edges.desk.planning_api import Asked, NotWeighed, PlanningAlready
from safeconduct.rooms.passage.between import following
from safeconduct.rooms.passage.gathering.again import Again, gather_again
from safeconduct.rooms.passage.gathering.changed import changes, journeys_written, written_again
from safeconduct.rooms.passage.gathering.ground import day_of
from safeconduct.rooms.passage.gathering.proposed import Basis, basis, need_in_time
from safeconduct.rooms.passage.operations.aftermath import after
from safeconduct.rooms.passage.planner.cut import cut_all, misses

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from safeconduct.edges.desk.planning_again_api import Mended
    from safeconduct.edges.desk.planning_api import Books
    from safeconduct.kernel.sheets import SheetId
    from safeconduct.kernel.words import Instant
    from safeconduct.rooms.passage.events import NetworkFact
    from safeconduct.rooms.passage.fold import Network
    from safeconduct.rooms.passage.gathering.ground import Settings


class _Search(NamedTuple):
    """One search, on which day and on what."""

    today: str
    again: Again
    basis: Basis
    mender: Mender


def _missed_by(search: _Search, number: int) -> frozenset[bytes]:
    """Return the parties that miss by one plan of a search."""
    again, there = search.again, after(search.again.circumstances)
    cuts = cut_all(there, again.plan)
    new = {one.party: one for one in search.mender.plans()[number].journeys}
    parties = enumerate(again.gathered.parties)
    return frozenset(one.id for row, one in parties if misses(there, cuts, row, new.get(row)))


class PlansAgain:
    """Planning again at one desk."""

    def __init__(
        self, ways: Books, now: Callable[[], Instant], changed: Callable[[], None]
    ) -> None:
        """Plan on what the books say here; `changed` tells pages that something is new."""
        self._ways: Final = ways
        self._now: Final = now
        self._changed: Final = changed
        self._lock: Final = Lock()
        self._search: _Search | None = None
        self._last: tuple[Network, Settings, Again] | None = None

    def looked_over(self, local: str) -> Again:
        """Return the journeys that stand and what happened to them.

        `local` is the local time, `2026-11-30T21:40`.

        Raises:
            BooksLacking: this desk holds not all four books.
        """
        network, last = self._ways.network(), self._last
        settings = settings_for(self._ways, Asked(), local, self._now())
        alike = last is not None and replace(last[1], now=settings.now)
        if last is None or last[0] is not network or alike != settings:
            last = self._last = network, settings, gather_again(network, settings)
        return last[2]

    @property
    def thinking(self) -> bool:
        """Whether a search is under way."""
        search = self._search
        return search is not None and search.mender.running

    @property
    def failed(self) -> bool:
        """Whether the last search ended without a plan."""
        search = self._search
        return search is not None and search.mender.failed

    def found(self) -> Mended | None:
        """Return how far the search is; None before its first plan."""
        return self._search.mender.now if self._search else None

    def on(self) -> Again | None:
        """Return what the search plans on."""
        return self._search.again if self._search else None

    def alternatives(self) -> tuple[Alternative, ...]:
        """Return the plans to choose from so far, the best first."""
        search = self._search
        if search is None or search.mender.now is None or search.mender.failed:
            return ()
        options, plans = search.mender.now.options, search.mender.plans()
        return tuple(
            Alternative(number, option, changes(search.again, plan))
            for number, (option, plan) in enumerate(zip(options, plans, strict=False))
        )

    def begin(self, seconds: int, local: str) -> None:
        """Start a search.

        Raises:
            PlanningAlready, NothingStands, BooksLacking: see there.
        """
        with self._lock:
            if self.thinking:
                raise PlanningAlready
            again = self.looked_over(local)
            if not again.plan.journeys:
                raise NothingStands
            mender = Mender(again.circumstances, again.plan, seconds, self._changed)
            on = basis(again.gathered.network)
            self._search = _Search(day_of(local), again, on, mender)

    def enough(self) -> None:
        """Let the search end, and keep its plans."""
        if self._search is not None:
            self._search.mender.stop()

    def drop(self) -> None:
        """Forget the search and its plans."""
        self.stop()
        self._search = None

    def stop(self) -> None:
        """End the search's process at once, and wait for nothing."""
        if self._search is not None:
            self._search.mender.kill()

    def approve(self, number: int, local: str, why: str) -> None:
        """Write what one plan changes, all together; durable on return.

        Raises:
            NothingChanges, NotWeighed, ChoiceNeeded: see there.
            PlannedOnChanged: something it was planned on has changed, or the first leg has left;
                nothing was kept.
            NetworkNotYours: see there.
        """
        with self._lock:
            search, weighing, some = self._search, self.thinking, self.alternatives()
            there = [one for one in some if one.number == number and one.changes]
            # Once one is weighed the search is over, and its plans are what they are.
            found = [one for one in there if one.option.weighed or not weighing]
            if search is None or not found:
                raise NothingChanges
            (chosen,) = found
            if not chosen.option.weighed:
                raise NotWeighed

            def facts(network: Network, new: Callable[[], SheetId]) -> Sequence[NetworkFact]:
                gathered = search.again.gathered
                planned = search.today, search.basis, gathered.settings
                need_as_planned(self._ways, network, planned, local)
                need_in_time([one.proposed for one in chosen.changes if one.proposed], local)
                rows = {one.row for one in chosen.changes}
                need_choices(self._ways, network, gathered.parties, chosen.option.expenses, rows)
                sheets = written_again(network, search.again, chosen.changes, new, why)
                moved = journeys_written(sheets, chosen.changes)
                follow = following(network, self._ways.are_apart, moved, _missed_by(search, number))
                return (*sheets, *follow)

            self._ways.write_together(facts)
            self.drop()


__all__ = ["PlansAgain"]
