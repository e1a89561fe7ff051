# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the board shows: tonight, the next 72 hours, who is on the way, and what runs out.

A list shows its first rows; one that is asked for alone is paged.  Nothing of a book is shown that
this desk does not read (spec/board.md 7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from safeconduct.edges.desk import ways_words
from safeconduct.edges.desk.board_drawing import Picture, draw_houses, draw_parties
from safeconduct.edges.desk.handoffs import public_days
from safeconduct.edges.desk.tasks_page import papers_due, today_of
from safeconduct.rooms.passage import Book
from safeconduct.rooms.passage.believed import choice
from safeconduct.rooms.passage.board import ahead
from safeconduct.rooms.passage.board.board_days import plus
from safeconduct.rooms.passage.board.clock import runs_out
from safeconduct.rooms.passage.board.go import seen_of
from safeconduct.rooms.passage.board.heard import Contact, contacts, key_of, on_the_way
from safeconduct.rooms.passage.board.soon import end_of, soon
from safeconduct.rooms.passage.board.tonight import AHEAD
from safeconduct.rooms.passage.events import WORDS_MOST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from safeconduct.edges.desk.visit import Visit
    from safeconduct.rooms.passage import Freshness, Verification
    from safeconduct.rooms.passage.board.soon import Soon
    from safeconduct.rooms.passage.board.tonight import Line, Tonight

STEP: Final = 40
FIRST: Final = {"beds": 30, "empty": 8, "soon": 20, "way": 12, "clock": 20}
"""So many rows of each list stand on the board; all of one on a page of its own."""


class House(NamedTuple):
    """A line of the board with what is said of the house today."""

    line: Line
    trust: str
    fresh: Freshness | None
    sure: Verification | None


class Leg(NamedTuple):
    """A ride of the next 72 hours, with what check-ins say and what a form sends back."""

    soon: Soon
    contacts: tuple[tuple[str, Contact], ...]
    """By the code name of each party."""
    saw: str
    words: str


class Listed(NamedTuple):
    """Some rows of a list, where they begin, and how many there are."""

    rows: Sequence[Any]
    start: int
    total: int


class _Look:
    """One look at the board; each list is worked out as it is asked for."""

    def __init__(self, visit: Visit, there: Tonight) -> None:
        self.visit, self.there, self.now = visit, there, visit.desk.now()
        self.network = visit.desk.ways.network()
        self.known: Mapping[str, Contact] = contacts(visit.desk.check_ins.every(), self.now)
        self.time = visit.words.field(self.now)[11:]

    def listed(self, name: str, start: int, most: int) -> Listed:
        """Return some rows of a list."""
        lists: Mapping[str, Callable[[], Sequence[Any]]] = {
            "beds": lambda: self.there.lines,
            "empty": lambda: self.there.empty,
            "soon": self._soon,
            "way": self._way,
            "clock": self._clock,
        }
        shown: Mapping[str, Callable[[Any], Any]] = {
            "beds": self._house,
            "empty": self._house,
            "soon": self._leg,
        }
        every = lists[name]()
        rows = every[start : start + most]
        if name in shown:
            rows = [shown[name](one) for one in rows]
        return Listed(rows, start, len(every))

    def _soon(self) -> Sequence[Soon]:
        today, people = self.there.rows.day, self.visit.desk.ways.people()
        return soon(self.network, self.there.rows, end_of(today, self.time), people)

    def _way(self) -> Sequence[Any]:
        at = self.there.rows.day, self.time
        return on_the_way(self.network, self.there.rows, self.known, at, self.now)

    def _clock(self) -> Sequence[Any]:
        words = self.visit.words
        running = self.visit.desk.bulletins.running()
        public = public_days(running, lambda at: words.field(at)[:10])
        return runs_out(self.network, self.there, self.now, public)

    def _house(self, line: Line) -> House:
        house, network = line.house, self.network
        if house is None:
            return House(line, "", None, None)
        fresh = network.freshness(house, self.now)
        return House(line, choice(house, "trust"), fresh, network.last_sure(house))

    def _leg(self, one: Soon) -> Leg:
        sheet = one.ride.sheet
        names = [party.name for party in one.ride.parties]
        found = ((name, self.known.get(key_of(name))) for name in names)
        said = self.network.words.get(sheet.id, ())
        return Leg(
            one,
            tuple((name, contact) for name, contact in found if contact is not None),
            " ".join(fact.hex() for fact in sorted(seen_of(self.network, sheet))),
            " ".join(word.fact.hex() for word in said[-WORDS_MOST:]),
        )


def tonight_of(visit: Visit) -> Tonight | None:
    """Return what is so tonight; None where this desk does not read journeys."""
    ways = visit.desk.ways
    read = Book.JOURNEYS in ways.network().books
    return ways.tonight(today_of(visit)) if read else None


def board_shown(visit: Visit, there: Tonight, only: str) -> dict[str, Any]:
    """Return what the board shows, or one of its lists alone."""
    look, start = _Look(visit, there), visit.start() if only else 0
    return {
        **papers_due(visit),
        **naming_of(visit),
        "board": there,
        "lists": {
            name: look.listed(name, start, STEP if only else first)
            for name, first in FIRST.items()
            if only in {"", name}
        },
        "only": only,
        "step": STEP,
        "says": visit.desk.ways.may_say_go(),
        "plans": visit.desk.ways.plans.shown(),
    }


def days_shown(visit: Visit, there: Tonight, *, houses: bool) -> dict[str, Any]:
    """Return what the timeline shows: parties, or houses, drawn and in words."""
    names, network, start = naming_of(visit), visit.desk.ways.network(), visit.start()
    every: Sequence[Any] = ahead.houses(network, there) if houses else ahead.parties(there)
    rows = every[start : start + STEP]
    draw: Callable[..., Picture] = draw_houses if houses else draw_parties
    return {
        **names,
        "houses": houses,
        "rows": Listed(rows, start, len(every)),
        "picture": draw(rows, names["house_name"]),
        "days": [plus(there.rows.day, at) for at in range(AHEAD)],
        "step": STEP,
    }


def naming_of(visit: Visit) -> dict[str, Any]:
    """Return what templates name sheets with, as far as this desk reads them."""
    network, ways = visit.desk.ways.network(), visit.desk.ways
    return {
        "network": network,
        "naming": ways_words.naming(network, visit.language),
        "house_name": lambda at: ways.code_name(bytes.fromhex(at)),
        "reads": {book.value: book in network.books for book in Book},
    }
