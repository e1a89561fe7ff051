# SPDX-License-Identifier: AGPL-3.0-or-later
"""Examples of houses for the gallery; the town is invented."""

from __future__ import annotations

from safeconduct.edges.desk import planning_page, ways_words
from safeconduct.edges.desk.gallery_talks import MIRA, NOW, OWN
from safeconduct.edges.desk.sheet_naming import Naming
from safeconduct.edges.desk.slip_texts import Line, lines
from safeconduct.edges.desk.ways_page import Shown
from safeconduct.kernel.sheets import Entered, Sheet, SheetId, Written
from safeconduct.kernel.words import DAY, FactId, Instant
from safeconduct.rooms.passage import Book, Freshness, Network, Verification
from safeconduct.rooms.passage.slip import Row, Task, TypedSlip, make_slip


class WaySamples:
    """Houses as pages show them."""

    ways: Network = Network(frozenset(Book))

    def way_naming(self, language: str) -> Naming:
        """The words for them."""
        return ways_words.naming(self.ways, language)

    def house(self, where: str, fresh: str = "fresh", *, closed: bool = False) -> Shown:
        """A house at an address; two wrote its beds at once."""
        fields = (("where", (where,)), ("beds", ("4", "2")), ("suits", ("women family",)))
        entered = tuple(
            Entered(name, Book.HOUSES, tuple(self._written(at, text) for at, text in said))
            for name, texts in fields
            if (said := list(enumerate(texts)))
        )
        name = SheetId(where.encode("utf-8", "replace")[:16].ljust(16))
        sheet = Sheet(name, "house", "harbour", entered)
        at = Instant(NOW - 3 * DAY)
        made = Verification(FactId(bytes(36)), at, MIRA, "Slept there.", frozenset())
        sure = None if fresh == "unverified" else made
        return Shown(sheet, Freshness(fresh), sure, closed, closed, 0 if closed else 2)

    def slip(self, where: str, tongue: str) -> tuple[Line, ...]:
        """A slip for a ride from a place, as it is read."""
        row = Row(Task.RIDE, "2017-04-03", "21:40", where, "Mill Lane", 3)
        call = TypedSlip(
            "", frozenset({"water"}), where[:60], "555 0101", "23:30", "done", ends=True
        )
        return lines(make_slip(row, call, "river"), tongue)

    def _written(self, at: int, text: str) -> Written:
        return Written(FactId(bytes([at]) * 36), NOW, MIRA if at else OWN, text, stands=True)

    def proposed(self, row: int, name: str, *, late: bool = False) -> planning_page.Shown:
        """A journey that is proposed to a party."""
        who = planning_page.Who(row, "00", name, "/x", 2, "hunted", "3 Dec")
        legs = (
            planning_page.Leg("1 Dec", "07:40", name),
            planning_page.Leg("1 Dec", "12:05", name),
        )
        stay = ("5 Dec", "Norland") if not late else ("", "")
        escort = "" if late else "Escort willow"
        return planning_page.Shown(
            *(who, legs, escort, name, "1 Dec", *stay), late=late, approved=row == 1
        )

    def between(self, name: str, state: str) -> planning_page.Between:
        """A choice between two parties."""
        second = OWN if state == "counts" else None
        why = "it is the last way for them; the others have one later"
        return planning_page.Between(
            "00", name, ("Party meadow",), why, MIRA, second, mine=state == "mine"
        )
