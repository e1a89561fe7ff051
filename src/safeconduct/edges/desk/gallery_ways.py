# SPDX-License-Identifier: AGPL-3.0-or-later
"""Examples of houses for the gallery; the town is invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.edges.desk import (
    again_page,
    between_page,
    place_page,
    planning_page,
    ways_words,
    why_page,
)
from safeconduct.edges.desk.gallery_talks import MIRA, NOW, OWN
from safeconduct.edges.desk.map_page import bands
from safeconduct.edges.desk.render import headline
from safeconduct.edges.desk.sheet_naming import Naming
from safeconduct.edges.desk.slip_texts import Line, lines
from safeconduct.edges.desk.ways_page import Shown
from safeconduct.kernel.sheets import Entered, Sheet, SheetId, Written
from safeconduct.kernel.words import DAY, FactId, Instant
from safeconduct.rooms.passage import Book, Freshness, Network, Verification
from safeconduct.rooms.passage.errand.slip import Row, Task, TypedSlip, make_slip
from safeconduct.rooms.passage.maps.gazetteer import Position
from safeconduct.rooms.passage.maps.map_layout import Drawing, Link, Town, draw

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

    def slip(self, where: str, tongue: str) -> tuple[Line, ...]:
        """A slip for a ride from a place, as it is read."""
        row = Row(Task.RIDE, "2017-04-03", "21:40", where, "Mill Lane", 3)
        call = TypedSlip(
            "", frozenset({"water"}), where[:60], "555 0101", "23:30", "done", ends=True
        )
        return lines(make_slip(row, call, "river"), tongue)

    def finding(self) -> place_page.Finding:
        """Two places of one name, of which somebody has to choose."""
        first = place_page.Row(3, "Verkhniy Dol", ("Верхний Дол",), "Upper Orvia, 62.40 43.90", 700)
        second = place_page.Row(4, "Verkhniy Dol", (), "Lower Orvia, 60.20 47.30", 0)
        hostile = place_page.Row(5, "\u202e<b>Dol</b>", ("\u202e<i>",), "<script>", 1)
        return place_page.Finding("Dol", (first, second, hostile), 3)

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

    def plan_again(self, number: int, name: str) -> again_page.Plan:
        """A plan to choose from after something happened."""
        was, now = (f"{name}, from 1 Dec until 9 Dec",), (f"{name}, from 2 Dec until 9 Dec",)
        party = ("/x", 2, number % 2 == 0, "they were told")
        changed = again_page.Changed(name, *party, was=was, now=now)
        counts = number, number % 3, number % 2
        paying = ((name, "Party meadow", number % 3),) * (number % 2)
        return again_page.Plan(*counts, (name,) * (number % 3), paying, (changed,), weighed=True)

    def between(self, name: str, state: str) -> between_page.Between:
        """A choice between two parties."""
        second = OWN if state == "counts" else None
        why = "it is the last way for them; the others have one later"
        return between_page.Between(
            *("00", name, ("Party meadow",), why, MIRA, second),
            mine=state == "mine",
            gone=state == "gone",
            over=state == "over",
            journeys=((f"Journey: {name}", "/x"),) * (state in {"counts", "over"}),
        )

    def waiting(self, name: str) -> planning_page.Who:
        """A party that waits."""
        return planning_page.Who(0, "00", name, "/x", 2, "hunted", "3 Dec")

    def audit(self, name: str, kind: str) -> why_page.Audit:
        """What bars a party, of one kind; the other parties and houses have that name too."""
        said = headline(name)  # sentences are made of names that were cleaned (`why_names`)
        bars = (why_page.Bar(12, "the escort has met somebody of their circle"),)
        taken = (why_page.Bar(1, "others have the beds"),)
        alone = (
            why_page.Enough(f"beds for all of them from 1 Dec until 5 Dec ({said})", said),
            why_page.Enough(f"a less exposed way to {said}, or a higher ceiling", ""),
        )
        together = ("others have the seats", "others have the beds")
        free = kind == "free"
        return why_page.Audit(
            *(self.waiting(name), "1 Dec", "" if kind == "hard" else "3 Dec", False),
            *(0 if kind == "no way" else 13, int(free), kind in {"hard", "no way"}),
            *((bars if kind != "free" else ()), taken if kind in {"taken", "together"} else ()),
            f"1 Dec, {said}, House willow" if free else "",
            alone if kind in {"taken", "hard"} else (),
            together if kind == "together" else (),
            later="4 Dec" if kind == "taken" else "",
        )

    def payment(self, name: str) -> why_page.Payment:
        """A plan in which somebody must go, of whom one other pays."""
        moved = (
            why_page.Moved(name, "would leave on 3 Dec instead of 1 Dec"),
            why_page.Moved("\u202e<b>x", "would sleep elsewhere: \u2068<script>"),
        )
        who = self.waiting(name)
        return why_page.Payment(f"1 Dec, {name}", 8, 5, 4, 3, (who,), (who,), moved)

    def next_call(self, name: str) -> why_page.Call:
        """Of what one more would help."""
        said = headline(name)
        return why_page.Call(f"one more bed on each night ({said})", "/x", name, 8, said)
