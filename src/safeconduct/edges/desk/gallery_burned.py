# SPDX-License-Identifier: AGPL-3.0-or-later
"""Examples of the burned drill for the gallery: calls, lines of the ledger, moves; all invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.edges.desk.burned_page import Ranked
from safeconduct.edges.desk.gallery_talks import MIRA, NOW
from safeconduct.edges.desk.gallery_ways import WaySamples
from safeconduct.kernel.words import FactId
from safeconduct.rooms.passage import Book
from safeconduct.rooms.passage.board.board_rows import Ride, Stay
from safeconduct.rooms.passage.burned.call_list import Call
from safeconduct.rooms.passage.burned.drills import Tick
from safeconduct.rooms.passage.burned.other_beds import Bed, Near
from safeconduct.rooms.passage.burned.revealed import How, Rank, Reason, Revealed
from safeconduct.rooms.passage.burned.tonights_moves import Move

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY = "2017-04-03"
_AT = "11" * 16


class BurnedSamples(WaySamples):
    """The drill as pages show it."""

    def calls(self, reach: str) -> Sequence[Call]:
        """Calls of each kind, with how they are reached."""
        about = (("party", _AT), ("party", "22" * 16))
        return (
            Call(("household", _AT), None, Rank.ASLEEP, about, reach),
            Call(("escort", _AT), None, Rank.ON_THE_WAY, (), ""),
            Call(("party", _AT), None, Rank.REST, (), ""),
        )

    def call_name(self, key: tuple[str, str]) -> str:
        """How somebody is called."""
        return f"{key[0]} harbour"

    def ticks(self) -> Sequence[Tick]:
        """A call that was tried, and tried again."""
        return [
            Tick(FactId(bytes(36)), NOW, MIRA, reached, stands)
            for reached, stands in ((False, False), (True, True))
        ]

    def ranked(self) -> Sequence[Ranked]:
        """Lines of each rank, known in each way."""
        every = tuple(Reason(one, DAY, "2017-04-05", may=one is How.MET) for one in How)
        book = Reason(How.BOOK, book=Book.JOURNEYS)
        return [
            Ranked(rank, [Revealed(("house", _AT), None, (*every, book), rank)]) for rank in Rank
        ]

    def moves(self, name: str) -> Sequence[Move]:
        """A new bed, none, and a ride that does not go."""
        sheet = self.house(name).sheet
        stay = Stay(sheet, _AT, sheet, 2, "there", DAY, "2017-04-05", "", lapsed=False)
        ride = Ride(
            *(sheet, sheet, (sheet,), DAY, "21:40", None, None, None, None, None), disputed=False
        )
        bed = Bed(sheet, Near.SAME_TOWN)
        return (
            Move(sheet, (stay,), (ride,), True, bed, DAY, ""),
            Move(sheet, (stay,), (), True, None, DAY, ""),
            Move(sheet, (), (ride,), False, None, DAY, ""),
        )
