# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of houses, roads and journeys as desks write them, folded in any order, for the board."""

from __future__ import annotations

from random import Random
from typing import Final

from safeconduct.kernel.sheets import SheetId
from safeconduct.kernel.words import COUNTER_BITS, DAY, CommitId, DeviceId, FactId, Instant, fact_id
from safeconduct.rooms.passage import (
    Book,
    Network,
    NetworkFact,
    SheetWritten,
    Told,
    fold_network,
    standing,
)
from safeconduct.rooms.passage.board.go import People, seen_of
from safeconduct.rooms.passage.events import GoSaid
from safeconduct.rooms.passage.kinds import book_of

TODAY: Final = "2026-11-30"
NOW: Final = Instant(1_796_040_000_000)
"""At noon of today, by UTC."""
ADA, ADAS_PHONE, BO, CYD = (DeviceId(bytes([n]) * 16) for n in (1, 11, 2, 3))
_PERSON: Final = {ADA: "Ada", ADAS_PHONE: "Ada", BO: "Bo", CYD: "Cyd"}
HOUSE: Final = {"where": "Mill Lane 3", "beds": "4", "state": "fit"}
PARTY: Final = {"size": "2", "risk": "grave", "need": "any", "state": "waits", "alone": "yes"}


def are_apart(one: DeviceId, other: DeviceId) -> bool:
    """Tell whether two devices are of two people."""
    return _PERSON[one] != _PERSON[other]


EVERYONE: Final = People(are_apart, frozenset(_PERSON))


class Facts:
    """What an office wrote, one fact a millisecond."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.told: list[Told] = []
        self._made = 0

    def tell(self, event: NetworkFact, by: DeviceId = ADA, at: int = NOW - DAY) -> Told:
        """Let a fact count."""
        fact = fact_id(CommitId(len(self.told).to_bytes(32, "big")), 0)
        hlc = (at << COUNTER_BITS) + len(self.told)
        self.told.append(Told(fact, by, hlc, book_of(event.kind), event))
        return self.told[-1]

    def sheet(self, kind: str, /, **values: str) -> SheetId:
        """Begin a sheet."""
        self._made += 1
        at = SheetId(self._made.to_bytes(16, "big"))
        self.tell(SheetWritten(at, kind, tuple(values.items()), ()))
        return at

    def house(self, **values: str) -> SheetId:
        """A house with four beds in which all is well, unless something else is said."""
        return self.sheet("house", **{**HOUSE, **values})

    def party(self, **values: str) -> SheetId:
        """A party of two."""
        return self.sheet("party", **{**PARTY, **values})

    def journey(self, party: SheetId, **values: str) -> SheetId:
        """A journey that its people were told of."""
        return self.sheet("journey", **{"party": party.hex(), "state": "told", **values})

    def stay(self, journey: SheetId, house: SheetId, **values: str) -> SheetId:
        """A stay from yesterday until the day after tomorrow."""
        said = {"begins": "2026-11-29", "ends": "2026-12-02", "state": "there", **values}
        return self.sheet("stay", journey=journey.hex(), house=house.hex(), **said)

    def slept(self, house: SheetId, size: int = 2, **values: str) -> SheetId:
        """A party of its own that has a stay in a house; return the stay."""
        return self.stay(self.journey(self.party(size=str(size))), house, **values)

    def ride(self, journey: SheetId, **values: str) -> SheetId:
        """A ride of today."""
        said = {"day": TODAY, "at": "18:00", **values}
        return self.sheet("ride", **{"journey": journey.hex(), "leg": "ff" * 16, **said})

    def also(self, kind: str, sheet: SheetId, by: DeviceId = BO, /, **values: str) -> None:
        """A colleague writes into a sheet who saw nobody's words: both stand."""
        self.tell(SheetWritten(sheet, kind, tuple(values.items()), ()), by)

    def instead(self, kind: str, sheet: SheetId, /, **values: str) -> None:
        """Somebody who saw what stands writes over it."""
        found = self.network().sheet(sheet, kind)
        over = sorted(standing(found)) if found else []
        self.tell(SheetWritten(sheet, kind, tuple(values.items()), tuple(over)))

    def says(
        self,
        ride: SheetId,
        by: DeviceId,
        *over: FactId,
        go: bool = True,
        books: frozenset[Book] | None = None,
    ) -> FactId:
        """Somebody who reads these books says of a ride as it stands that it goes, or not."""
        network = self.network() if books is None else self.network(books=books)
        found = network.sheet(ride, "ride")
        assert found is not None
        saw = tuple(sorted(seen_of(network, found)))
        return self.tell(GoSaid(ride, "ride", saw, int(go), over), by).fact

    def network(
        self, *, seed: int | None = None, books: frozenset[Book] = frozenset(Book)
    ) -> Network:
        """The network that these facts give, told in an order of this seed."""
        told = list(self.told)
        if seed is not None:
            Random(seed).shuffle(told)
        return fold_network(books, told, "en")
