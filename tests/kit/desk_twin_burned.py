# SPDX-License-Identifier: AGPL-3.0-or-later
"""Drills at a desk in memory: the desk's own drill over facts that nobody sends anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.burned import Burned
from safeconduct.kernel.sheets import SHEET_BYTES, SheetId
from safeconduct.kernel.words import CommitId, DeviceId, FactId, Instant, fact_id
from safeconduct.rooms import crew
from safeconduct.rooms.crew.exports import are_apart
from safeconduct.rooms.passage import Book, NetworkFact, PassageFact, Told, kind_of
from safeconduct.rooms.passage.burn_facts import BurnFact
from safeconduct.rooms.passage.burned.drills import BurnTold
from safeconduct.rooms.passage.decide import NetworkNotYours, NoSuchBook
from safeconduct.rooms.passage.errand.slips import SlipTold
from safeconduct.rooms.passage.kinds import book_of

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk


class TwinBurnBook:
    """Facts of drills in a list; what they close and freeze goes where the twin reads it."""

    def __init__(self, desk: TwinDesk, facts: list[BurnTold]) -> None:
        """Share a list with other desks."""
        self._desk, self.facts = desk, facts

    def told(self) -> Sequence[BurnTold]:
        """What can be read here."""
        return self.facts if self._reads() else []

    def may(self, kind: str) -> bool:
        """Tell whether somebody here may."""
        return self._reads() and crew.may_write(self._desk.roster(), self._desk.device, kind)

    def new(self) -> SheetId:
        """An id."""
        return SheetId(self._desk.rng.bytes(SHEET_BYTES))

    def now(self) -> Instant:
        """The time."""
        return self._desk.now()

    def colleague(self, device: DeviceId) -> Mapping[DeviceId, Mapping[Book, Instant | None]]:
        """Who holds what."""
        roster, readers = self._desk.roster(), self._desk.ways.office.readers
        own = [one for one in roster.members if one == device or not are_apart(roster, one, device)]
        return {
            one: {book: None for book, some in readers.items() if one in some}
            for one in (own if device in roster.members else ())
        }

    def write(self, facts: Sequence[PassageFact]) -> FactId:
        """Write as this desk, all or nothing."""
        desk = self._desk
        if not self._reads():
            raise NoSuchBook
        if not all(crew.may_write(desk.roster(), desk.device, kind_of(one)) for one in facts):
            raise NetworkNotYours
        commit = CommitId(desk.rng.bytes(32))
        for slot, fact in enumerate(facts):
            at = fact_id(commit, slot)
            if isinstance(fact, NetworkFact):
                network = desk.ways.office.told
                hlc = (desk.now() << 16) + len(network)
                network.append(Told(at, desk.device, hlc, book_of(fact.kind), fact))
            elif isinstance(fact, BurnFact):
                hlc = (desk.now() << 16) + len(self.facts)
                self.facts.append(BurnTold(at, desk.device, hlc, fact))
            else:
                slips = desk.slips.book.facts
                hlc = (desk.now() << 16) + len(slips)
                slips.append(SlipTold(at, commit, desk.device, hlc, fact))
        desk._changed()
        return fact_id(commit, 0)

    def _reads(self) -> bool:
        return Book.JOURNEYS in self._desk.ways.network().books


class TwinBurned(Burned):
    """The drill over such a list."""

    def __init__(self, desk: TwinDesk, facts: list[BurnTold]) -> None:
        """Begin with none, or with those of the office."""
        self.book = TwinBurnBook(desk, facts)
        super().__init__(self.book, desk.ways, desk.slips)
