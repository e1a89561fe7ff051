# SPDX-License-Identifier: AGPL-3.0-or-later
"""The need-to-know ledger: who can be revealed by one knower, how that is known, gravest first.

A knower knows whom they rode or slept with, what slips and colleagues told them, what they learnt,
and what lies in the books they hold; who sleeps in a house that is so revealed, or is to, is in
danger whether or not the knower ever met them.  Fails towards naming too many: past, overwritten
and withdrawn rows count, marked as what may only be so (spec/burned.md 2).  Pure.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.passage.board.board_rows import Rows, rows
from safeconduct.rooms.passage.burned.gravity import order, ranked
from safeconduct.rooms.passage.burned.knower import Kind, Knower
from safeconduct.rooms.passage.burned.revealed import How, Reason, Revealed
from safeconduct.rooms.passage.burned.tracks import Key, Track, ever, tracks
from safeconduct.rooms.passage.kinds import (
    ACQUAINTED,
    ESCORT,
    HOUSE,
    HOUSE_LEARNT,
    HOUSEHOLD,
    LEG,
    NAMED,
    PARTY,
    POINT,
    RIDE,
    ROAD_LEARNT,
    STAY,
    TOWN,
    VEHICLE,
    book_of,
)
from safeconduct.rooms.passage.words import Book

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from safeconduct.kernel.words import Instant
    from safeconduct.rooms.passage.errand.slips import MadeSlip
    from safeconduct.rooms.passage.fold import Network, Sheet

SHOWN: Final = (PARTY, HOUSE, HOUSEHOLD, ESCORT, VEHICLE, POINT, LEG)
"""Kinds that can be revealed, in the order in which they stand where they are as grave."""
_PLACES: Final = (POINT, HOUSE, TOWN)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Who can be revealed by a knower on a day."""

    knower: Knower
    day: str
    lines: tuple[Revealed, ...]
    """The gravest first."""
    lacking: tuple[Book, ...]
    """Books that are not held here: what stands in them is not in it."""
    runs: Rows
    """What runs on the day."""
    known: frozenset[Key]
    """All that is burned or revealed."""

    @property
    def houses(self) -> frozenset[str]:
        """Houses that are burned with the knower, or revealed by it."""
        found = {one.key[1] for one in self.lines if one.key[0] == HOUSE}
        return self.knower.of(HOUSE) | found

    def knows(self, kind: str, name: str) -> bool:
        """Tell whether somebody or something is burned or revealed."""
        return (kind, name) in self.known


def ledger(network: Network, knower: Knower, slips: Iterable[MadeSlip], day: str) -> Ledger:
    """Return who can be revealed by a knower."""
    found = _Ledger(network, knower, day)
    found.met()
    found.told(slips)
    found.learnt()
    found.guests()
    found.books()
    found.asleep()
    lacking = tuple(one for one in Book if one not in network.books)
    lines = found.lines()
    known = knower.group | {one.key for one in lines}
    return Ledger(knower, day, lines, lacking, found.runs, known)


class _Ledger:
    """One ledger while it is written."""

    def __init__(self, network: Network, knower: Knower, day: str) -> None:
        self.network, self.knower, self.day = network, knower, day
        self.runs = rows(network, day)
        self.tracks = tracks(network, day)
        self.reasons: defaultdict[Key, list[Reason]] = defaultdict(list)
        self._of_journey: defaultdict[str, list[Track]] = defaultdict(list)
        for one in self.tracks:
            for journey in one.journeys:
                self._of_journey[journey].append(one)
        self._named: defaultdict[str, list[Key]] = defaultdict(list)
        for sheet in network.sheets:
            if sheet.kind in NAMED:
                self._named[sheet.name.casefold()].append((sheet.kind, sheet.id.hex()))

    def lines(self) -> tuple[Revealed, ...]:
        found = [
            Revealed(key, self.network.named(key[1], key[0]), _plainly(some))
            for key, some in self.reasons.items()
        ]
        return order(ranked(self.network, found, self.runs, self.knower.of(HOUSE)), SHOWN)

    def reveal(self, key: Key, reason: Reason) -> None:
        """Write one line; who is burned themselves is not revealed by it."""
        if key not in self.knower.group and key[0] in SHOWN:
            sure = not reason.may and self.knower.kind is not Kind.PHONE
            told = reason.how is How.SLIP and not reason.may
            self.reasons[key].append(reason._replace(may=not (sure or told)))

    # --- by journeys

    def met(self) -> None:
        """Write down whom they were with, and whom they met when people were handed over."""
        for one in self.tracks:
            own = [key for key in one.others if key in self.knower.group]
            for key in own:
                self._with(one, key)
            if own:
                self._near(one)
        for car in (one for one in self.network.sheets if one.kind == VEHICLE):
            at = VEHICLE, car.id.hex()
            for name, stands in ever(car, "escort").items():
                pair = {at, (ESCORT, name)}
                if pair & self.knower.group:
                    for key in pair:
                        self.reveal(key, Reason(How.DRIVES, may=not stands))

    def _with(self, row: Track, own: Key) -> None:
        how = How.RODE if row.sheet.kind == RIDE else How.SLEPT
        days = row.first, row.last
        for party in row.parties:
            self.reveal((PARTY, party), Reason(how, *days, may=not row.sure(own, party)))
        for key, stands in row.others.items():
            may = not (row.made and stands and row.others[own])
            self.reveal(key, Reason(how, *days, may=may))

    def _near(self, row: Track) -> None:
        """Write down who took the same people over, or had them before.

        Who rides sees the doors at both ends; a host sees who comes to the door, no other house.
        """
        for journey in row.journeys:
            for other in self._of_journey[journey]:
                if other is row or self._later(other) or not row.touches(other):
                    continue
                if RIDE in {row.sheet.kind, other.sheet.kind}:
                    for key in other.others:
                        if key[0] != LEG:
                            self.reveal(key, Reason(How.MET, other.first, other.last, may=True))

    def _later(self, row: Track) -> bool:
        """Tell whether a row was begun after the knower was burned: they met nobody by it."""
        return _after(row.sheet, self.knower.since)

    # --- by what they were told

    def told(self, slips: Iterable[MadeSlip]) -> None:
        """Write down what slips told them; one that never left told them nothing yet."""
        for one in slips:
            said = one.said
            mine = (said.kind, said.knower.hex()) in self.knower.group
            if not mine and one.by not in self.knower.devices:
                continue
            reason = Reason(How.SLIP, said.day, said.day, may=mine and not self._left(one))
            self.reveal((PARTY, said.party.hex()), reason)
            for place in said.places:
                sheet = self.network.sheet(place, *_PLACES)
                if sheet is not None:
                    self.reveal((sheet.kind, place.hex()), reason)
            row = self.network.sheet(said.row, RIDE, STAY)
            for value in ever(row, "leg") if row is not None else ():
                self.reveal((LEG, value), reason)
            if one.by in self.knower.devices:
                self.reveal((said.kind, said.knower.hex()), reason)

    def _left(self, one: MadeSlip) -> bool:
        on_phone = self.knower.kind is not Kind.PHONE or one.said.way != "paper"
        return one.left() and on_phone

    def learnt(self) -> None:
        """Write down what colleagues wrote that they learnt."""
        for sheet in self._learnt():
            for who, stands in ever(sheet, "who").items():
                key = (HOUSEHOLD if sheet.kind == HOUSE_LEARNT else ESCORT), who
                if key in self.knower.group:
                    self._of(sheet, Reason(How.LEARNT, may=not stands))

    def _learnt(self) -> Iterator[Sheet]:
        return (one for one in self.network.sheets if one.kind in {HOUSE_LEARNT, ROAD_LEARNT})

    def _of(self, sheet: Sheet, reason: Reason) -> None:
        """Reveal all who are meant by the code name on a sheet of what somebody learnt."""
        days = ever(sheet, "day")
        for of, stands in ever(sheet, "of").items():
            day, may = max(days, default=""), reason.may or not stands
            for key in self._named[" ".join(of.casefold().split())]:
                self.reveal(key, reason._replace(first=day, last=day, may=may))

    # --- by who is in the house tonight

    def guests(self) -> None:
        """Write down what people know who sleep tonight in a house that is burned."""
        houses = self.knower.of(HOUSE)
        guests = {
            stay.party.id.hex()
            for stay in self.runs.stays
            if stay.party is not None and stay.house in houses and stay.on(self.day)
        }
        for one in self.tracks:
            if guests & one.parties.keys() and not self._later(one):
                for key in (
                    *one.others,
                    *((PARTY, party) for party in one.parties.keys() - guests),
                ):
                    self.reveal(key, Reason(How.GUEST, one.first, one.last, may=True))
        for pair in (one for one in self.network.sheets if one.kind == ACQUAINTED):
            both = {*ever(pair, "party"), *ever(pair, "other")}
            if guests & both:
                for party in both:
                    self.reveal((PARTY, party), Reason(How.GUEST, may=True))

    # --- by books

    def books(self) -> None:
        """Write down all that stands in the books that a colleague holds."""
        for sheet in self.network.sheets if self.knower.books else ():
            book = book_of(sheet.kind)
            if book not in self.knower.books:
                continue
            until = self.knower.books[book]
            reason = Reason(How.BOOK, may=_after(sheet, until), book=book, until=until)
            self.reveal((sheet.kind, sheet.id.hex()), reason)
            if sheet.kind in {HOUSE_LEARNT, ROAD_LEARNT}:
                self._of(sheet, reason)

    # --- who is in danger without having been met

    def asleep(self) -> None:
        """Write down who sleeps in a house that is burned or revealed, tonight or later.

        Whoever is proposed a bed for that (`moves`) is called by this line.
        """
        known = {name: any(not one.may for one in some) for (kind, name), some
                 in self.reasons.items() if kind == HOUSE}  # fmt: skip
        known |= dict.fromkeys(self.knower.of(HOUSE), True)
        for stay in self.runs.stays:
            if stay.party is not None and stay.house in known and stay.takes(self.day):
                here = stay.on(self.day)
                how, first = (How.ASLEEP, self.day) if here else (How.COMES, stay.first)
                self.reveal(
                    (PARTY, stay.party.id.hex()),
                    Reason(how, first, stay.leaves, may=not known[stay.house]),
                )


def _after(sheet: Sheet, until: Instant | None) -> bool:
    """Tell whether a sheet was begun after some time; False where there is none."""
    begun = min((one.at for entered in sheet.fields for one in entered.written), default=0)
    return until is not None and begun > until


def _plainly(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return reasons once each; one that is surely so stands for the same that may be."""
    once = dict.fromkeys(reasons)
    return tuple(one for one in once if not (one.may and one._replace(may=False) in once))


__all__ = ["SHOWN", "Ledger", "ledger"]
