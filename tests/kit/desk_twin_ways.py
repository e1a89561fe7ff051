# SPDX-License-Identifier: AGPL-3.0-or-later
"""Houses, roads and countries at a desk in memory: the room's fold and refusals, and no keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING

from safeconduct.edges.desk.audit_api import CanSee
from safeconduct.edges.desk.engine.office_vaults import OpenAlready
from safeconduct.edges.desk.journey_plans import JourneyPlans
from safeconduct.edges.desk.places import Places
from safeconduct.edges.desk.planning_api import Making
from safeconduct.edges.desk.ways_api import Seen
from safeconduct.kernel.sheets import SHEET_BYTES, SheetId, Typed, sheet_name
from safeconduct.kernel.words import DeviceId, FactId
from safeconduct.rooms import crew, passage
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.cases import NobodyChosen
from safeconduct.rooms.crew.decide import helpers, need_steward
from safeconduct.rooms.crew.exports import are_apart
from safeconduct.rooms.crew.holders import holders
from safeconduct.rooms.passage import Book, Network, NetworkFact, Sheet
from safeconduct.rooms.passage.board.go import People, say_go
from safeconduct.rooms.passage.board.tonight import Tonight, tonight
from safeconduct.rooms.passage.decide import NetworkNotYours, NoSuchBook
from safeconduct.rooms.passage.kinds import book_of

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk


class OfficeNetwork:
    """What one office wrote, and who reads which book."""

    def __init__(self) -> None:
        """Begin with no book open."""
        self.told: list[passage.Told] = []
        self.readers: dict[Book, set[DeviceId]] = {}


class TwinShelf:
    """A place for a gazetteer in memory."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self.packed: bytes | None = None

    def table(self) -> bytes | None:
        """Return what is kept."""
        return self.packed

    def put_table(self, packed: bytes | None) -> None:
        """Keep it, or none."""
        self.packed = packed


class TwinWays:
    """One desk's side."""

    def __init__(self, desk: TwinDesk, office: OfficeNetwork) -> None:
        """Act for a desk."""
        self._desk, self.office = desk, office
        self.plans = JourneyPlans(self, desk.now, desk._changed)
        self.places = Places(TwinShelf())

    def network(self) -> Network:
        """Return what can be read here."""
        own, readers = self._desk.device, self.office.readers
        books = frozenset(book for book, some in readers.items() if own in some)
        return passage.fold_network(books, self.office.told, "en")

    def tonight(self, day: str) -> Tonight:
        """Return what is so on a day."""
        return tonight(self.network(), day)

    def code_name(self, sheet: bytes) -> str:
        """Return a code name."""
        return sheet_name(sheet, "en")

    def people(self) -> People:
        """Return whose words count."""
        roster = self._desk.roster()
        return People(partial(are_apart, roster), roster.present())

    def may_say_go(self) -> bool:
        """Tell whether somebody here may say go."""
        return crew.may_write(self._desk.roster(), self._desk.device, "passage.GoSaid")

    def may_write(self) -> bool:
        """Tell whether somebody here may write."""
        return crew.may_write(self._desk.roster(), self._desk.device, "passage.SheetWritten")

    def may_verify(self) -> bool:
        """Tell whether somebody here may make sure."""
        return crew.may_write(self._desk.roster(), self._desk.device, "passage.SheetVerified")

    def to_open(self) -> Collection[Book]:
        """Return what a steward may open."""
        steward = Role.STEWARD in self._desk.roster().roles(self._desk.device)
        return [one for one in Book if steward and one not in self.office.readers]

    def proposed(self) -> Collection[DeviceId]:
        """Return the coordinators."""
        roster = self._desk.roster()
        return [one for one in roster.present() if Role.COORDINATOR in roster.roles(one)]

    def open(self, book: Book, readers: Collection[DeviceId]) -> None:
        """Open one."""
        need_steward(self._desk.roster(), self._desk.device)
        if book in self.office.readers:
            raise OpenAlready
        self.office.readers[book] = {self._desk.device, *readers}

    def who_can_see(self, book: Book) -> CanSee:
        """Return who reads it."""
        found = dict.fromkeys(self._need(book))
        return CanSee(holders(self._desk.roster(), found), cards=True)

    def givable(self, book: Book) -> Collection[DeviceId]:
        """Return who does not."""
        return helpers(self._desk.roster()) - self._need(book)

    def give(self, book: Book, to: Collection[DeviceId]) -> None:
        """Give it."""
        there = self._need(book)
        if not to:
            raise NobodyChosen
        there |= {*to}

    def write(self, kind: str, sheet: SheetId | None, typed: Mapping[str, Typed]) -> SheetId:
        """Write a sheet."""
        at = sheet or SheetId(self._desk.rng.bytes(SHEET_BYTES))
        self._tell(passage.write_sheet(self.network(), kind, at, typed))
        return at

    def learnt(self) -> frozenset[tuple[bytes, bytes]]:
        """Whom slips told; this twin keeps none."""
        return frozenset()

    def write_together(self, make: Making) -> Network:
        """Write several facts."""
        facts = make(self.network(), lambda: SheetId(self._desk.rng.bytes(SHEET_BYTES)))
        for fact in facts:
            self._tell(fact)
        return self.network()

    @property
    def own(self) -> DeviceId:
        """This device."""
        return self._desk.device

    def are_apart(self, one: DeviceId, other: DeviceId) -> bool:
        """Tell whether two devices are of two people who stand on the roster."""
        roster = self._desk.roster()
        return {one, other} <= roster.present() and are_apart(roster, one, other)

    def take_off(self, kind: str, sheet: SheetId, reason: str) -> None:
        """Take one off."""
        self._tell(passage.take_off(self.network(), self._sheet(kind, sheet), reason))

    def put_back(self, kind: str, sheet: SheetId) -> None:
        """Put it back."""
        self._tell(passage.put_back(self.network(), self._sheet(kind, sheet)))

    def verify(self, kind: str, sheet: SheetId, saw: Collection[FactId], how: str) -> None:
        """Make sure of one."""
        self._tell(passage.verify(self.network(), self._sheet(kind, sheet), saw, how))

    def say_go(self, ride: SheetId, saw: Seen, *, go: bool) -> None:
        """Say that a ride goes, or not."""
        found = self._sheet("ride", ride)
        self._tell(say_go(self.network(), found, saw.stood, saw.words, go=go))

    def _need(self, book: Book) -> set[DeviceId]:
        there = self.office.readers.get(book, set())
        if self._desk.device not in there:
            raise NoSuchBook
        return there

    def _sheet(self, kind: str, sheet: SheetId) -> Sheet:
        found = self.network().sheet(sheet, kind)
        if found is None:
            raise NoSuchBook
        return found

    def _tell(self, fact: NetworkFact) -> None:
        desk = self._desk
        if not crew.may_write(desk.roster(), desk.device, passage.kind_of(fact)):
            raise NetworkNotYours
        hlc = (desk.now() << 16) + len(self.office.told)
        at = FactId(desk.rng.bytes(36))
        self.office.told.append(
            passage.Told(at, desk.device, hlc, book_of(fact.kind), fact),
        )
        desk._changed()
