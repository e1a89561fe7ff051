# SPDX-License-Identifier: AGPL-3.0-or-later
"""The network at this desk: houses, roads and countries, as far as it holds keys of their books.

A book's facts lie in a vault of the office of the book's kind.  Where two stewards opened one all
that are held are read, and the first in the log is written into (spec/network.md 1).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from safeconduct.edges.desk.audit_api import CanSee
from safeconduct.edges.desk.cases_api import Chosen
from safeconduct.edges.desk.counted_facts import CountedRows
from safeconduct.edges.desk.engine import case_keys, office_vaults
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.journey_plans import JourneyPlans
from safeconduct.edges.desk.places import Places, StoreShelf
from safeconduct.edges.desk.planning_api import Making
from safeconduct.edges.desk.removals import Removals
from safeconduct.edges.desk.slip_rows import SLIP_KINDS, learnt, slip_row
from safeconduct.edges.desk.ways_api import Seen
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.sheets import SHEET_BYTES, SheetId, Typed, sheet_name
from safeconduct.kernel.words import CommitId, DeviceId, FactId, VaultId, fact_id
from safeconduct.rooms import crew, passage
from safeconduct.rooms.crew import Role, VaultKind
from safeconduct.rooms.crew.cases import NobodyChosen, NotHere
from safeconduct.rooms.crew.decide import helpers
from safeconduct.rooms.crew.exports import are_apart
from safeconduct.rooms.crew.holders import holders, merged
from safeconduct.rooms.passage import Book, Network, NetworkFact, Sheet
from safeconduct.rooms.passage.board.go import People, say_go
from safeconduct.rooms.passage.board.tonight import Tonight, tonight
from safeconduct.rooms.passage.decide import NetworkNotYours, NoSuchBook
from safeconduct.rooms.passage.events import NETWORK_KINDS
from safeconduct.rooms.passage.kinds import NETWORK, RIDE, book_of

WRITES: Final = "passage.SheetWritten"
VERIFIES: Final = "passage.SheetVerified"
SAYS_GO: Final = "passage.GoSaid"


class _Row(NamedTuple):
    """A fact of the network, in whatever vault it stands."""

    vault: VaultId
    fact: FactId
    by: DeviceId
    hlc: int
    event: NetworkFact


class Ways:
    """The network, over an open journal."""

    def __init__(self, journal: Journal, removals: Removals, online: Callable[[], Courier]) -> None:
        """Act for the device of this journal; `online` raises Unreachable without a relay."""
        self._journal: Final = journal
        self._removals: Final = removals
        self._online: Final = online
        self._facts: Final = CountedRows(journal, NETWORK_KINDS, _read)
        self._slips: Final = CountedRows(journal, SLIP_KINDS, slip_row)
        self._learnt: tuple[object, frozenset[tuple[bytes, bytes]]] = (None, frozenset())
        self._of: tuple[Sequence[_Row], Network] = ((), Network(frozenset()))
        self._at: object = None
        self.places: Final = Places(StoreShelf(journal.store))
        self._tonight: tuple[Network, Tonight] | None = None
        self.plans: Final = JourneyPlans(self, journal.clock.now, self._told)

    def _told(self) -> None:
        """Tell pages that something is new, by whatever the desk hears then."""
        self._journal.changed()

    def stop(self) -> None:
        """End every search for a plan at once."""
        self.plans.stop()

    # --- reading

    def network(self) -> Network:
        """Return what can be read here, folded anew when something came."""
        with self._journal.store.lock:
            rows, books = self._facts.all(), self._books()
            language = self._journal.lists.language
            at = tuple(books.items()), language
            if self._at == at and self._of[0] == rows:
                self._of = rows, self._of[1]  # Nothing of the network is new: boards stand.
            else:
                told = [
                    passage.Told(one.fact, one.by, one.hlc, books[one.vault], one.event)
                    for one in rows
                    if one.vault in books
                ]
                network = passage.fold_network(
                    frozenset(books.values()), told, language, self._of[1]
                )
                self._of, self._at = (rows, network), at
            return self._of[1]

    def learnt(self) -> frozenset[tuple[bytes, bytes]]:
        """Return who, an escort or a host, was told of which party by a slip that left."""
        with self._journal.store.lock:
            at = self._slips.all(), tuple(self._vaults(Book.JOURNEYS))
            if self._learnt[0] != at:
                self._learnt = at, learnt(*at)
            return self._learnt[1]

    def _books(self) -> dict[VaultId, Book]:
        """Return the vaults that are held of each book."""
        return {vault: book for book in Book for vault in self._vaults(book)}

    def _vaults(self, book: Book) -> Sequence[VaultId]:
        return office_vaults.held(self._journal, VaultKind(book.value))

    def tonight(self, day: str) -> Tonight:
        """Return what is so on a day, worked out anew when something came or a day began."""
        network, last = self.network(), self._tonight
        if last is None or last[0] is not network or last[1].rows.day != day:
            self._tonight = last = network, tonight(network, day)
        return last[1]

    def code_name(self, sheet: bytes) -> str:
        """Return the code name of a sheet, read here or not."""
        return sheet_name(sheet, self._journal.lists.language)

    def people(self) -> People:
        """Return whose words of rides count, and which are two people's."""
        roster = self._journal.roster
        return People(partial(are_apart, roster), roster.present())

    def may_say_go(self) -> bool:
        """Tell whether somebody here may say that a ride goes."""
        return crew.may_write(self._journal.roster, self._journal.device, SAYS_GO)

    def may_write(self) -> bool:
        """Tell whether somebody here may write of what can be read."""
        return crew.may_write(self._journal.roster, self._journal.device, WRITES)

    def may_verify(self) -> bool:
        """Tell whether somebody here may make sure of what can be read."""
        return crew.may_write(self._journal.roster, self._journal.device, VERIFIES)

    def who_can_see(self, book: Book) -> CanSee:
        """Return who holds keys of a book that can be read here.

        Raises:
            NoSuchBook: see there.
        """
        journal, history = self._journal, self._removals.key_history()
        vaults = self._need(book)
        reach = merged([history.readers(vault) for vault in vaults])
        return CanSee(holders(journal.roster, reach), cards=True)

    def _need(self, book: Book) -> Sequence[VaultId]:
        vaults = self._vaults(book)
        if not vaults:
            raise NoSuchBook
        return vaults

    # --- keys

    def to_open(self) -> Collection[Book]:
        """Return the books that somebody here may open: none but for stewards."""
        journal = self._journal
        if Role.STEWARD not in journal.roster.roles(journal.device):
            return ()
        with journal.store.lock:
            return [one for one in Book if not office_vaults.known(journal, VaultKind(one.value))]

    def proposed(self) -> Collection[DeviceId]:
        """Return the devices that are proposed as readers of a new book: coordinators'."""
        roster, away = self._journal.roster, self._journal.keys.on_the_way()
        return [one for one in roster.present() - away if Role.COORDINATOR in roster.roles(one)]

    def open(self, book: Book, readers: Collection[DeviceId]) -> None:
        """Open a book for these devices and this one; durable on return."""
        office_vaults.open_vault(self._journal, self._online(), VaultKind(book.value), readers)

    def givable(self, book: Book) -> Collection[DeviceId]:
        """Return the devices that could be given a book that can be read here."""
        journal = self._journal
        with journal.store.lock:
            known = journal.keys.vaults()
            have = frozenset.intersection(*(known[one].known for one in self._need(book)))
            return helpers(journal.roster) - journal.keys.on_the_way() - have

    def give(self, book: Book, to: Collection[DeviceId]) -> None:
        """Give a book that can be read here to devices; durable on return."""
        with self._journal.store.lock:
            vaults = self._need(book)
            if not to:
                raise NobodyChosen
            if not frozenset(to) <= helpers(self._journal.roster):
                raise NotHere
        for vault in vaults:
            case_keys.give_part(self._journal, self._online(), vault, Chosen(to))

    # --- writing

    def write(self, kind: str, sheet: SheetId | None, typed: Mapping[str, Typed]) -> SheetId:
        """Write fields of a sheet, of a new one unless one is named; durable on return."""
        with self._journal.store.lock:
            at = sheet or SheetId(self._journal.rng.bytes(SHEET_BYTES))
            self._write(passage.write_sheet(self.network(), kind, at, typed))
            return at

    def write_together(self, make: Making) -> Network:
        """Write several facts in one commit, made from what stands; durable on return.

        Return what stands then, with these facts and nothing that came in after they were made.
        """
        journal = self._journal
        with journal.store.lock:
            facts = make(self.network(), lambda: SheetId(journal.rng.bytes(SHEET_BYTES)))
            self._write(*facts)
            return self.network()

    @property
    def own(self) -> DeviceId:
        """This device."""
        return self._journal.device

    def are_apart(self, one: DeviceId, other: DeviceId) -> bool:
        """Tell whether two devices are of two people who both stand on the roster now."""
        roster = self._journal.roster
        return {one, other} <= roster.present() and are_apart(roster, one, other)

    def take_off(self, kind: str, sheet: SheetId, reason: str) -> None:
        """Take a sheet off the record, with a reason; durable on return."""
        with self._journal.store.lock:
            self._write(passage.take_off(self.network(), self._sheet(kind, sheet), reason))

    def put_back(self, kind: str, sheet: SheetId) -> None:
        """Let a sheet stand again that was taken off; durable on return."""
        with self._journal.store.lock:
            self._write(passage.put_back(self.network(), self._sheet(kind, sheet)))

    def verify(self, kind: str, sheet: SheetId, saw: Collection[FactId], how: str) -> None:
        """Say that what stands on a sheet is so, and how one knows; durable on return."""
        with self._journal.store.lock:
            self._write(passage.verify(self.network(), self._sheet(kind, sheet), saw, how))

    def say_go(self, ride: SheetId, saw: Seen, *, go: bool) -> None:
        """Say that a ride goes as it was seen, or that it does not; durable on return."""
        with self._journal.store.lock:
            found = self._sheet(RIDE, ride)
            self._write(say_go(self.network(), found, saw.stood, saw.words, go=go))

    def _sheet(self, kind: str, sheet: SheetId) -> Sheet:
        found = self.network().sheet(sheet, kind) if kind in NETWORK else None
        if found is None:
            raise NoSuchBook
        return found

    def _write(self, *facts: NetworkFact) -> None:
        self._journal.write([self._fact(one) for one in facts])

    def _fact(self, fact: NetworkFact) -> Fact:
        kind, roster = passage.kind_of(fact), self._journal.roster
        if not crew.may_write(roster, self._journal.device, kind):
            raise NetworkNotYours
        vault = self._need(book_of(fact.kind))[0]
        return Fact(vault, kind, passage.VERSION, passage.write_fact(fact))


def _read(row: Sequence[Any]) -> _Row | None:
    """Return the fact in a row; None for one that this program cannot read."""
    commit, _, slot, vault, device, hlc, kind, version, body, *_ = row
    try:
        event = passage.parse_fact(kind, version, body)
    except SafeconductError:
        return None
    if not isinstance(event, NetworkFact):
        return None
    fact = fact_id(CommitId(commit), slot)
    return _Row(VaultId(vault), fact, DeviceId(device), hlc, event)


__all__ = ["Ways"]
