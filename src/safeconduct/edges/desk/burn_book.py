# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of drills in an open journal, and which books a colleague's devices hold.

All facts of one press go into one commit, each into the vault of its book.  Fails closed: without
the keys of one of the books nothing of it is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from safeconduct.edges.desk.counted_facts import CountedRows
from safeconduct.edges.desk.engine import office_vaults
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.removals import Removals
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.sheets import SHEET_BYTES, SheetId
from safeconduct.kernel.words import CommitId, DeviceId, FactId, Instant, VaultId, fact_id
from safeconduct.rooms import crew, passage
from safeconduct.rooms.crew import VaultKind
from safeconduct.rooms.crew.exports import are_apart
from safeconduct.rooms.crew.holders import merged
from safeconduct.rooms.passage import Book, NetworkFact
from safeconduct.rooms.passage.burn_facts import BurnFact
from safeconduct.rooms.passage.burned.drills import BurnTold
from safeconduct.rooms.passage.decide import NetworkNotYours, NoSuchBook
from safeconduct.rooms.passage.kinds import book_of

_KINDS: Final = ("passage.BurnSaid", "passage.CallTicked")
_Row = tuple[VaultId, BurnTold]


class JournalBurns:
    """Implements `burned.Book` over a journal."""

    def __init__(self, journal: Journal, removals: Removals) -> None:
        """Read and write here; `removals` knows the history of keys."""
        self._journal: Final = journal
        self._removals: Final = removals
        self._facts: Final = CountedRows(journal, _KINDS, _read)

    def told(self) -> Sequence[BurnTold]:
        """Return the facts that count."""
        with self._journal.store.lock:
            held = frozenset(self._vaults(Book.JOURNEYS))
            return [told for vault, told in self._facts.all() if vault in held]

    def may(self, kind: str) -> bool:
        """Tell whether this desk holds the book, belongs to the office, and may write."""
        journal = self._journal
        present = journal.device in journal.roster.present()
        return present and bool(self._vaults(Book.JOURNEYS)) and self._writes(kind)

    def new(self) -> SheetId:
        """Return an id for a new sheet."""
        return SheetId(self._journal.rng.bytes(SHEET_BYTES))

    def now(self) -> Instant:
        """Return the time."""
        return self._journal.clock.now()

    def colleague(self, device: DeviceId) -> Mapping[DeviceId, Mapping[Book, Instant | None]]:
        """Return by each device of a person which books it holds, also those not read here."""
        roster, history = self._journal.roster, self._removals.key_history()
        if device not in roster.members:
            return {}
        reach = {
            book: merged(
                [
                    history.readers(vault)
                    for vault in office_vaults.known(self._journal, VaultKind(book.value))
                ]
            )
            for book in Book
        }
        own = [one for one in roster.members if one == device or not are_apart(roster, one, device)]
        return {
            one: {book: readers[one] for book, readers in reach.items() if one in readers}
            for one in own
        }

    def write(self, facts: Sequence[passage.PassageFact]) -> FactId:
        """Append facts in one commit; return the first one's id, durable on return."""
        journal = self._journal
        with journal.store.lock:
            if not self._vaults(Book.JOURNEYS):
                raise NoSuchBook
            commit = journal.write([self._fact(one) for one in facts])
            return fact_id(commit, 0)

    def _fact(self, fact: passage.PassageFact) -> Fact:
        kind = passage.kind_of(fact)
        if not self._writes(kind):
            raise NetworkNotYours
        book = book_of(fact.kind) if isinstance(fact, NetworkFact) else Book.JOURNEYS
        vaults = self._vaults(book)
        if not vaults:
            raise NoSuchBook
        return Fact(vaults[0], kind, passage.VERSION, passage.write_fact(fact))

    def _writes(self, kind: str) -> bool:
        return crew.may_write(self._journal.roster, self._journal.device, kind)

    def _vaults(self, book: Book) -> Sequence[VaultId]:
        return office_vaults.held(self._journal, VaultKind(book.value))


def _read(row: Sequence[Any]) -> _Row | None:
    """Return the fact in a row; None for one that this program cannot read."""
    commit, _, slot, vault, device, hlc, kind, version, body, *_ = row
    try:
        event = passage.parse_fact(kind, version, body)
    except SafeconductError:
        return None
    if not isinstance(event, BurnFact):
        return None
    fact = fact_id(CommitId(commit), slot)
    return VaultId(vault), BurnTold(fact, DeviceId(device), hlc, event)


__all__ = ["JournalBurns"]
