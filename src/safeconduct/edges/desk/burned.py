# SPDX-License-Identifier: AGPL-3.0-or-later
"""The burned drill at this desk: one press closes and freezes, moves are approved, calls ticked.

The invariant: a rehearsal writes that it was made and nothing else, and one commit holds all of a
press or none of it (spec/burned.md 4).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, Protocol

from safeconduct.edges.desk.burned_api import Knowers, Looked
from safeconduct.edges.desk.slips_api import SlipsApi
from safeconduct.edges.desk.ways_api import WaysApi
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.sheets import SheetId
from safeconduct.kernel.words import DeviceId, FactId, Instant
from safeconduct.rooms.passage import Book as NetworkBook
from safeconduct.rooms.passage import PassageFact
from safeconduct.rooms.passage.burned.burning import burning, said
from safeconduct.rooms.passage.burned.call_list import call_list
from safeconduct.rooms.passage.burned.drills import (
    BurnTold,
    Drill,
    Whom,
    find,
    first_burned,
    fold_drills,
    tick,
)
from safeconduct.rooms.passage.burned.knower import Kind, Knower, NoSuchKnower, knower_of
from safeconduct.rooms.passage.burned.ledger import ledger
from safeconduct.rooms.passage.burned.tonights_moves import MovesChanged, moves, written
from safeconduct.rooms.passage.decide import NoSuchBook
from safeconduct.rooms.passage.errand.slips import MadeSlip


class OnlyRehearsed(Refused):
    """It was a rehearsal: what it proposes is not written."""

    code = "only_rehearsed"


class Book(Protocol):
    """Where facts of drills are read and written, and what colleagues hold."""

    def told(self) -> Sequence[BurnTold]:
        """Return the facts that count."""

    def may(self, kind: str) -> bool:
        """Tell whether this desk holds the book of journeys and may write facts of a kind."""

    def new(self) -> SheetId:
        """Return an id for a new sheet."""

    def now(self) -> Instant:
        """Return the time."""

    def colleague(
        self, device: DeviceId
    ) -> Mapping[DeviceId, Mapping[NetworkBook, Instant | None]]:
        """Return by each device of a person which books it holds, and when a newer key was made.

        Empty where there is no such device.
        """

    def write(self, facts: Sequence[PassageFact]) -> FactId:
        """Append facts in one commit; return the first one's id, durable on return.

        Raises:
            NoSuchBook, NetworkNotYours: nothing was kept.
        """


class Burned:
    """Drills, over a book, the network and slips."""

    def __init__(self, book: Book, ways: WaysApi, slips: SlipsApi) -> None:
        """Act for the device of this book."""
        self._book: Final = book
        self._ways: Final = ways
        self._slips: Final = slips

    def shown(self) -> bool:
        """Tell whether this desk reads journeys."""
        return NetworkBook.JOURNEYS in self._ways.network().books

    def may_press(self) -> bool:
        """Tell whether somebody here may press, and approve."""
        return self._book.may("passage.BurnSaid")

    def may_tick(self) -> bool:
        """Tell whether somebody here may say who was reached."""
        return self._book.may("passage.CallTicked")

    def look(self, of: Knowers, day: str) -> Looked:
        """Return what is so of a knower; nothing is kept."""
        self._need_shown()
        network, slips = self._ways.network(), list(self._made())
        knower = self._knower(of)
        found = ledger(network, knower, slips, day)
        now = self._book.now()
        return Looked(
            *(network, found, burning(network, knower, slips, day, now)),
            moves(network, found, self._ways.tonight(day), now),
            call_list(network, found),
        )

    def press(self, of: Knowers, day: str, why: str, *, rehearsal: bool) -> FactId:
        """Close, freeze and say so in one commit, or say that it was rehearsed."""
        knower, book = self.look(of, day).ledger.knower, self._book
        if rehearsal:
            return book.write([said(knower, day, rehearsal=True)])
        does = burning(self._ways.network(), knower, self._made(), day, book.now())
        return book.write(does.facts(knower, day, why, book.new, book.now()))

    def drills(self) -> Sequence[Drill]:
        """Return the drills that were made, oldest first."""
        return fold_drills(self._book.told())

    def approve(self, drill: bytes, day: str, keys: Collection[str]) -> int:
        """Write the moves that were looked at, all in one commit."""
        found = find(self.drills(), drill)
        if found.rehearsal:
            raise OnlyRehearsed
        proposed = self.look(Knowers(Kind(found.said.kind), found.said.knower), day).moves
        some = [one for one in proposed if one.key in keys and one.to_write]
        if not some or {one.key for one in some} != set(keys):
            raise MovesChanged
        self._ways.write_together(lambda network, new: written(network, some, day, new))
        return len(some)

    def tick(self, drill: bytes, whom: Whom, *, reached: bool) -> None:
        """Say that somebody was reached or not."""
        self._need_shown()
        self._book.write([tick(find(self.drills(), drill), whom, reached=reached)])

    def _need_shown(self) -> None:
        if not self.shown():
            raise NoSuchBook

    def _made(self) -> Iterator[MadeSlip]:
        return (one.made for one in self._slips.every())

    def _knower(self, of: Knowers) -> Knower:
        if of.kind is not Kind.COLLEAGUE:
            since = first_burned(self.drills(), of.kind.value, of.id)
            return knower_of(self._ways.network(), of.kind, of.id, since)
        devices = self._book.colleague(DeviceId(of.id))
        if not devices:
            raise NoSuchKnower
        held: dict[NetworkBook, Instant | None] = {}
        for books in devices.values():
            for book, until in books.items():
                before = held.get(book, until)
                held[book] = None if before is None or until is None else max(before, until)
        group: frozenset[tuple[str, str]] = frozenset()
        return Knower(of.kind, of.id, None, group, devices=frozenset(devices), books=held)


__all__ = ["Book", "Burned", "OnlyRehearsed"]
