# SPDX-License-Identifier: AGPL-3.0-or-later
"""Something read out of every case that is held here, and read anew only where a case changed.

A list over all cases would else fold each of them on each page.  What is held in memory hangs on
keys and facts as `held_cases` does, so that nothing is told of a case whose keys went.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Generic, NamedTuple, TypeVar

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.held_cases import HeldCases
from safeconduct.edges.desk.store_facts import COUNTS
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms import cases
from safeconduct.rooms.cases import Beginning, Part, Told
from safeconduct.rooms.cases.events import PartFact
from safeconduct.rooms.crew.case_facts import OpenedCase

T = TypeVar("T")
Reader = Callable[[CaseId, Mapping[VaultId, Part], Sequence[Told]], T]
AT_ONCE: Final = 500
"""So many cases are asked for in one query."""
_NEWEST: Final = "SELECT (SELECT MAX(no) FROM entries), (SELECT MAX(no) FROM quarantine)"
_MARKS: Final = (
    "SELECT conversation, MAX(no), COUNT(*), -1 FROM entries WHERE conversation IN (%s) "
    "GROUP BY conversation"
)
_SURE: Final = (
    f"SELECT e.conversation, MAX(e.no), COUNT(*), SUM(c.state = {COUNTS}) FROM entries e "  # noqa: S608
    'JOIN commits c ON c.no = e."commit" WHERE e.conversation IN (%s) GROUP BY e.conversation'
)
"""Whether a fact counts changes with the roster and what is set aside, and with nothing else."""


class Mark(NamedTuple):
    """What a case was read from: how many facts, the newest, and how many count; -1 untold."""

    opened: OpenedCase
    newest: int
    facts: int
    counted: int


class AcrossCases(Generic[T]):
    """What `read` makes of facts of some kinds, for each case that is held, newest first."""

    def __init__(
        self, journal: Journal, held: HeldCases, read: Reader[T], *kinds: type[PartFact]
    ) -> None:
        """Look at these cases."""
        self._journal: Final = journal
        self._held: Final = held
        self._read: Final = read
        self._kinds: Final = kinds
        self._rights: tuple[object, ...] = ()
        self._newest: int | None = None
        self._found: dict[CaseId, tuple[Mark, T]] = {}
        self._made: Mapping[CaseId, T] = {}

    def all(self) -> Mapping[CaseId, T]:
        """Return it for each; the same object while nothing changed."""
        journal = self._journal
        with journal.store.lock:
            ((newest, aside),) = journal.store.rows(_NEWEST)
            facts, changes = journal.keys.stamp()
            rights = (id(facts), changes, id(journal.roster), aside)
            # Kept beside their ids, so that no newer one is ever given the same.
            held = (facts, journal.roster)
            if rights != self._rights[:4] or newest != self._newest:
                self._refresh(sure=rights != self._rights[:4])
                self._rights, self._newest = (*rights, *held), newest
            return self._made

    def _refresh(self, *, sure: bool) -> None:
        before, self._found = self._found, {}
        for mark in self._marks(_SURE if sure else _MARKS):
            case = mark.opened.id
            known = before.get(case)
            if known is None or known[0][:3] != mark[:3] or (sure and known[0] != mark):
                known = mark, self._read_one(mark.opened)
            self._found[case] = known
        self._made = {case: made for case, (_, made) in self._found.items()}

    def _read_one(self, opened: OpenedCase) -> T:
        told = self._held.told(opened, cases.PartOpened, *self._kinds)
        parts = cases.fold_parts(Beginning(*opened), told).items()
        return self._read(opened.id, {vault: part for part, vault in parts}, told)

    def _marks(self, query: str) -> Iterator[Mark]:
        held = self._held.all()
        for start in range(0, len(held), AT_ONCE):
            some = held[start : start + AT_ONCE]
            ids = tuple(opened.id for opened in some)
            rows = self._journal.store.rows(query % ", ".join("?" * len(ids)), ids)
            found = {case: told for case, *told in rows}
            yield from (Mark(opened, *found.get(opened.id, (0, 0, 0))) for opened in some)
