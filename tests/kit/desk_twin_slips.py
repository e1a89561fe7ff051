# SPDX-License-Identifier: AGPL-3.0-or-later
"""Slips at a desk in memory: the desk's own slips over facts that nobody sends anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from safeconduct.edges.desk.slip_handing import SealedLetter
from safeconduct.edges.desk.slips import Slips
from safeconduct.kernel.ports import Rng
from safeconduct.kernel.words import CommitId, DeviceId, Instant, OfficeId, fact_id
from safeconduct.rooms import crew
from safeconduct.rooms.hotline.letters import conversation_of
from safeconduct.rooms.passage import Book, Network
from safeconduct.rooms.passage.decide import NetworkNotYours, NoSuchBook
from safeconduct.rooms.passage.errand.slips import Heard, SlipTold
from safeconduct.rooms.passage.slip_facts import SlipFact
from safeconduct.rooms.passage.watch.check_in_facts import CheckInHeard

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk

OFFICE = OfficeId(bytes(16))


class TwinSlipBook:
    """Facts of slips in a list, and what a test lets people say."""

    def __init__(self, desk: TwinDesk, facts: list[SlipTold]) -> None:
        """Share a list with other desks."""
        self._desk = desk
        self.facts = facts
        self.said: dict[bytes, list[Heard]] = {}
        """What was written with the words, by conversation; a test writes it."""
        self.sent: list[SealedLetter] = []
        """What would go into boxes."""

    @property
    def device(self) -> DeviceId:
        """Who acts."""
        return self._desk.device

    @property
    def office(self) -> OfficeId:
        """The office."""
        return OFFICE

    @property
    def rng(self) -> Rng:
        """The desk's."""
        return self._desk.rng

    def now(self) -> Instant:
        """The time."""
        return self._desk.now()

    def network(self) -> Network:
        """The network."""
        return self._desk.ways.network()

    def may_write(self) -> bool:
        """Tell whether somebody here may."""
        desk = self._desk
        return crew.may_write(desk.roster(), desk.device, "passage.SlipMade")

    def still(self) -> AbstractContextManager[object]:
        """One thread writes here."""
        return nullcontext()

    def told(self) -> Sequence[SlipTold]:
        """What can be read here."""
        return tuple(self.facts) if Book.JOURNEYS in self.network().books else ()

    def heard(self, talk: bytes) -> Sequence[Heard]:
        """What people said."""
        return self.said.get(talk, [])

    def write(
        self,
        facts: Sequence[SlipFact],
        *,
        letter: SealedLetter | None = None,
        judged: CheckInHeard | None = None,
        unsent: Sequence[bytes] = (),
    ) -> None:
        """Write as this desk."""
        if Book.JOURNEYS not in self.network().books:
            raise NoSuchBook
        if not self.may_write():
            raise NetworkNotYours
        commit = CommitId(self._desk.rng.bytes(32))
        for slot, fact in enumerate(facts):
            hlc = (self._desk.now() << 16) + len(self.facts)
            self.facts.append(SlipTold(fact_id(commit, slot), commit, self.device, hlc, fact))
        self.sent = [one for one in self.sent if conversation_of(one.box.voice) not in unsent]
        if letter is not None:
            self.sent.append(letter)
        if judged is not None:
            self._desk.check_ins.book.write(judged)
        self._desk._changed()


class TwinSlips(Slips):
    """The slips over such a list."""

    def __init__(self, desk: TwinDesk, facts: list[SlipTold]) -> None:
        """Begin with none, or with those of the office."""
        self.book = TwinSlipBook(desk, facts)
        super().__init__(self.book, desk.check_ins)
