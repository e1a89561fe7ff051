# SPDX-License-Identifier: AGPL-3.0-or-later
"""Examples of the board for the gallery; towns, houses and parties are invented."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from safeconduct.edges.desk import ways_words
from safeconduct.edges.desk.board_drawing import Picture, draw_houses, draw_parties
from safeconduct.edges.desk.board_page import House, Leg
from safeconduct.edges.desk.gallery_talks import HOSTILE, MIRA, NOW, OWN
from safeconduct.edges.desk.sheet_naming import Naming
from safeconduct.kernel.sheets import SHEET_BYTES, SheetId, sheet_name
from safeconduct.kernel.words import (
    COUNTER_BITS,
    DAY,
    HOUR,
    CommitId,
    DeviceId,
    FactId,
    Instant,
    fact_id,
)
from safeconduct.rooms.passage import Book, Network, SheetWritten, Told, fold_network
from safeconduct.rooms.passage.believed import choice
from safeconduct.rooms.passage.board import ahead
from safeconduct.rooms.passage.board.board_days import plus
from safeconduct.rooms.passage.board.board_rows import Ride
from safeconduct.rooms.passage.board.clock import Public, Runs, runs_out
from safeconduct.rooms.passage.board.go import Decision, Verdict
from safeconduct.rooms.passage.board.heard import Contact, OnTheWay
from safeconduct.rooms.passage.board.soon import Against, Soon
from safeconduct.rooms.passage.board.tonight import AHEAD, Tonight, tonight
from safeconduct.rooms.passage.kinds import book_of
from safeconduct.rooms.passage.words import GoWord

TODAY: Final = "2026-11-20"
Said = tuple[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Board:
    """One board, and what examples show of it."""

    network: Network
    tonight: Tonight
    naming: Naming

    @property
    def houses(self) -> list[House]:
        """Its houses; each with its trust and how fresh it is."""
        found = [*self.tonight.lines, *self.tonight.empty]
        return [
            House(one, choice(one.house, "trust"), self.network.freshness(one.house, NOW), None)
            if one.house
            else House(one, "", None, None)
            for one in found
        ]

    @property
    def legs(self) -> list[Leg]:
        """Its one ride, with each thing that may be said of it and may stand against it."""
        ((ride, *_), *_) = (trip.rides for trip in self.tonight.rows.trips if trip.rides)
        go, no = _word(OWN, go=True), _word(HOSTILE, go=False)
        both = go, _word(MIRA, go=True)
        said = (
            Decision(Verdict.NOT_YET, past=both),
            Decision(Verdict.HALF, (go,)),
            Decision(Verdict.GOES, both),
            Decision(Verdict.SAID_NO, both, (no,)),
        )
        known = tuple((party.name, contact) for party in ride.parties for contact in self.contacts)
        legs = [
            Leg(Soon(_another(ride, at), one, ()), known[:1], "", "") for at, one in enumerate(said)
        ]
        return [*legs, Leg(Soon(ride, said[2], tuple(Against)), known, "", "")]

    @property
    def contacts(self) -> list[Contact]:
        """What check-ins may say."""
        return [Contact(Instant(NOW - 3 * HOUR)), Contact(None, None, alarm=True), Contact()]

    @property
    def on_the_way(self) -> list[OnTheWay]:
        """Who is on the way, of whom this was heard."""
        (trip, *_) = self.tonight.rows.trips
        ride = trip.rides[0] if trip.rides else None
        sure = None, None, Instant(NOW - DAY)
        return [
            OnTheWay(trip.parties[0], trip, contact, at, ride if at else None)
            for contact, at in zip(self.contacts, sure, strict=True)
        ]

    def runs(self, public: str) -> tuple[Runs, ...]:
        """What runs out, with a bulletin of this title."""
        return runs_out(self.network, self.tonight, NOW, [Public(TODAY, public, bytes(16))])

    @property
    def pictures(self) -> list[Picture]:
        """Both timelines."""
        return [
            draw_parties(ahead.parties(self.tonight), self.name),
            draw_houses(ahead.houses(self.network, self.tonight), self.name),
        ]

    @property
    def days(self) -> list[str]:
        """The days of the timelines."""
        return [plus(TODAY, at) for at in range(AHEAD)]

    def name(self, house: str) -> str:
        """The code name of a house."""
        return sheet_name(bytes.fromhex(house), "en")


class BoardSamples:
    """Boards as pages show them."""

    board_day: str = TODAY

    def board(self, language: str, town: str = "Ford", *, alone: bool = False) -> Board:
        """A board whose towns are called so: a burned house, a bed held twice, a ride.

        `alone` for who reads the book of journeys and no other.
        """
        books = frozenset({Book.JOURNEYS}) if alone else frozenset(Book)
        told = [_told(n, *one) for n, one in enumerate(_sheets(town), 1)]
        network = fold_network(books, told, "en")
        return Board(network, tonight(network, TODAY), ways_words.naming(network, language))


def _another(ride: Ride, number: int) -> Ride:
    """Return a ride that differs by its id alone, and by the place where people meet."""
    place = ride.meets.text("where") if ride.meets else ""
    name = hashlib.sha256(f"{place}{number}".encode("utf-8", "replace")).digest()
    return ride._replace(sheet=replace(ride.sheet, id=SheetId(name[:SHEET_BYTES])))


def _at(number: int) -> str:
    return number.to_bytes(16, "big").hex()


def _sheets(town: str) -> Iterator[Said]:
    """Yield sheets; the n-th has the id n."""
    yield "town", {"name": town[:80].strip() or "Ford"}
    yield "leg", {"from": _at(1), "to": _at(1), "mode": "train", "minutes": "90", "exposure": "low"}
    yield "point", {"town": _at(1), "where": town.strip()}
    yield "house", {"where": "Mill", "beds": "4", "state": "burned", "trust": "low"}
    yield "house", {"where": "Mill", "beds": "2", "state": "fit", "until": plus(TODAY, 9)}
    yield "house", {"where": "Mill", "beds": "6", "state": "fit", "suits": "women family"}
    for party in (7, 8, 9):
        yield "party", {"size": "2", "risk": "grave", "need": "any", "deadline": plus(TODAY, party)}
    for party in (7, 8, 9):
        yield "journey", {"party": _at(party), "state": "begun"}
    stays = (
        (10, 4, -2, 3, "there"),
        (10, 6, 5, 9, "agreed"),
        (11, 5, 0, 9, "held"),
        (12, 5, 2, 6, "held"),
    )
    for journey, house, first, leaves, state in stays:
        days = {"begins": plus(TODAY, first), "ends": plus(TODAY, leaves), "until": TODAY}
        yield "stay", {"journey": _at(journey), "house": _at(house), "state": state, **days}
    yield "ride", {"journey": _at(10), "day": TODAY, "at": "21:30", "leg": _at(2), "meets": _at(3)}


def _told(number: int, kind: str, values: dict[str, str]) -> Told:
    fact = fact_id(CommitId(number.to_bytes(32, "big")), 0)
    hlc = ((NOW - DAY) << COUNTER_BITS) + number
    event = SheetWritten(SheetId(bytes.fromhex(_at(number))), kind, tuple(values.items()), ())
    return Told(fact, OWN, hlc, book_of(kind), event)


def _word(by: DeviceId, *, go: bool) -> GoWord:
    return GoWord(FactId(bytes(36)), NOW, by, go, frozenset(), frozenset())
