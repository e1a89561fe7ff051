# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of no conversation and no case, as far as they count: forms, money, tables, the network.

Whoever wrote one may write it, where it stands (`engine/judge`); others count for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, Generic, TypeVar

from safeconduct.edges.desk.engine.held_cases import FACT, JOINED, told_in
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.judge import At
from safeconduct.edges.desk.store_facts import COUNTS
from safeconduct.kernel.words import CommitId, DeviceId
from safeconduct.rooms.cases import Told
from safeconduct.rooms.cases.events import CaseFact

# The index of what belongs to no conversation finds these few among everything.
_OF_KINDS: Final = (
    f"{FACT}, c.sequence {JOINED}WHERE e.conversation IS NULL AND c.state = {COUNTS} "
    "AND e.kind IN ({kinds}) ORDER BY e.no"
)
_NEWEST: Final = "SELECT max(no) FROM entries"


T = TypeVar("T")


class CountedRows(Generic[T]):
    """Those of some kinds as `read` says them, over an open journal, anew when something came."""

    def __init__(
        self, journal: Journal, kinds: Iterable[str], read: Callable[[Sequence[Any]], T | None]
    ) -> None:
        """Look at this journal; `read` says nothing of a row of `FACT` that it cannot read."""
        self._journal: Final = journal
        self._kinds: Final = tuple(kinds)
        self._read: Final = read
        self._told: tuple[object, tuple[T, ...]] = (None, ())

    def all(self) -> tuple[T, ...]:
        """Return them, in the order in which they came; the same object while nothing changed."""
        journal = self._journal
        with journal.store.lock:
            # The roster is kept beside what was read by it, so that no newer one has its place.
            at = journal.store.value(_NEWEST), journal.facts.turned, journal.roster
            if self._told[0] != at:
                self._told = at, tuple(self._counted())
            return self._told[1]

    def _counted(self) -> Iterator[T]:
        journal = self._journal
        query = _OF_KINDS.format(kinds=", ".join("?" * len(self._kinds)))
        for row in journal.store.rows(query, self._kinds):
            commit, _, slot, vault, device, _, kind, *_, sequence = row
            at = At(CommitId(commit), DeviceId(device), sequence)
            if journal.judge.refusal(at, slot, kind, vault):
                continue
            if (one := self._read(row)) is not None:
                yield one


class CountedFacts(CountedRows[Told]):
    """The same of facts of cases."""

    def __init__(self, journal: Journal, *kinds: type[CaseFact]) -> None:
        """Look at this journal."""
        super().__init__(journal, (f"cases.{kind.__name__}" for kind in kinds), told_in)
