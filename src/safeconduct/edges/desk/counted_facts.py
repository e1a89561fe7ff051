# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of cases that stand in no part of one, as far as they count: forms, money, kept tables.

Whoever wrote one may write it, where it stands (`engine/judge`); others count for nothing.
"""

from __future__ import annotations

from typing import Final

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


class CountedFacts:
    """Those of some kinds, over an open journal, read anew when something came."""

    def __init__(self, journal: Journal, *kinds: type[CaseFact]) -> None:
        """Look at this journal."""
        self._journal: Final = journal
        self._kinds: Final = tuple(f"cases.{kind.__name__}" for kind in kinds)
        self._told: tuple[object, tuple[Told, ...]] = (None, ())

    def all(self) -> tuple[Told, ...]:
        """Return them, in the order in which they came; the same object while nothing changed."""
        journal = self._journal
        with journal.store.lock:
            # The roster is kept beside what was read by it, so that no newer one has its place.
            at = journal.store.value(_NEWEST), journal.facts.turned, journal.roster
            if self._told[0] != at:
                self._told = at, self._read()
            return self._told[1]

    def _read(self) -> tuple[Told, ...]:
        journal, found = self._journal, list[Told]()
        query = _OF_KINDS.format(kinds=", ".join("?" * len(self._kinds)))
        for row in journal.store.rows(query, self._kinds):
            commit, _, slot, vault, device, _, kind, *_, sequence = row
            at = At(CommitId(commit), DeviceId(device), sequence)
            if journal.judge.refusal(at, slot, kind, vault):
                continue
            if (one := told_in(row)) is not None:
                found.append(one)
        return tuple(found)
