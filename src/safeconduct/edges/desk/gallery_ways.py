# SPDX-License-Identifier: AGPL-3.0-or-later
"""Examples of houses for the gallery; the town is invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.edges.desk import ways_words
from safeconduct.edges.desk.gallery_talks import MIRA, NOW, OWN
from safeconduct.edges.desk.map_page import bands
from safeconduct.edges.desk.place_page import Finding, Row
from safeconduct.edges.desk.sheet_naming import Naming
from safeconduct.edges.desk.ways_page import Shown
from safeconduct.kernel.sheets import Entered, Sheet, SheetId, Written
from safeconduct.kernel.words import DAY, FactId, Instant
from safeconduct.rooms.passage import Book, Freshness, Network, Verification
from safeconduct.rooms.passage.gazetteer import Position
from safeconduct.rooms.passage.map_layout import Drawing, Link, Town, draw

if TYPE_CHECKING:
    from collections.abc import Sequence


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

    def finding(self) -> Finding:
        """Two places of one name, of which somebody has to choose."""
        first = Row(3, "Verkhniy Dol", ("Верхний Дол",), "Upper Orvia, 62.40 43.90", 700)
        second = Row(4, "Verkhniy Dol", (), "Lower Orvia, 60.20 47.30", 0)
        hostile = Row(5, "\u202e<b>Dol</b>", ("\u202e<i>",), "<script>", 1)
        return Finding("Dol", (first, second, hostile), 3)

    def way_map(self, name: str = "Ford") -> Drawing:
        """Three towns, of which one is closed, and a country."""
        towns = (
            Town(b"a", (name, "3 beds"), Position(6150, 4425), 2),
            Town(b"b", ("Bridge", "0 beds"), Position(6100, 4600)),
            Town(b"c", ("Verkhniy Dol",), None, closed=True),
        )
        links = (
            Link(b"a", b"b", "train", "low"),
            Link(b"a", b"b", "car", "very_high", on=True, back=False),
            Link(b"a", b"c", "coach", "high", closed=True),
            Link(b"b", b"c", "walk", "fair"),
        )
        drawn = draw(towns, links, (Town(b"x", ("Elsewhere", "1 of 2 crossings open")),))
        assert drawn is not None
        return drawn

    def way_bands(self, language: str) -> Sequence[tuple[str, str]]:
        """What its lines mean."""
        return bands(language)

    def _written(self, at: int, text: str) -> Written:
        return Written(FactId(bytes([at]) * 36), NOW, MIRA if at else OWN, text, stands=True)
