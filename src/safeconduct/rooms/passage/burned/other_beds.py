# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a party could sleep instead, tonight: a bed, whom it suits, and who may know of whom.

Never a house that the burned knower knows, never one whose host has met somebody whom the party
knows, never a town that its pursuers reach (spec/burned.md 3).  What is not known is no bed.
"""

from __future__ import annotations

from collections import defaultdict
from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.rooms.passage.believed import choice, closed, said
from safeconduct.rooms.passage.board.board_rows import size_of
from safeconduct.rooms.passage.board.tonight import AHEAD, suits
from safeconduct.rooms.passage.burned.tracks import hosts_of
from safeconduct.rooms.passage.gathering.ground import Ground, Settings
from safeconduct.rooms.passage.gathering.knowers import Met, circles
from safeconduct.rooms.passage.gathering.measures import CEILINGS, RATES
from safeconduct.rooms.passage.gathering.promised import Promised
from safeconduct.rooms.passage.kinds import HOUSE, HOUSEHOLD, LEG, POINT, REACH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from safeconduct.rooms.passage.board.tonight import Tonight
    from safeconduct.rooms.passage.burned.ledger import Ledger
    from safeconduct.rooms.passage.fold import Network, Sheet

HOLD_NIGHTS: Final = 3
"""A new bed is looked for, and held, for so many nights; then somebody has planned anew."""
_TRUST: Final = ("high", "fair", "low", "none")


class Near(IntEnum):
    """How a party comes there, the least way first."""

    SAME_HOUSE = 0
    """They slept there last night, and stay."""
    SAME_TOWN = 1
    ONE_LEG = 2
    """A leg leads from town to town."""


class Bed(NamedTuple):
    """A house with room for a party."""

    house: Sheet
    near: Near


class OtherBeds:
    """The beds of one night of need, as they are given away."""

    def __init__(self, network: Network, ledger: Ledger, there: Tonight, now: int) -> None:
        """Look at all houses that can be read here."""
        self._network, self._ledger, self._day = network, ledger, there.rows.day
        ground = Ground(network, Settings(self._day, now, AHEAD, CEILINGS["fair"], RATES["usual"]))
        self._circle: Final = circles(ground)
        self._met: Final = Met(ground, Promised(ground), self._circle)
        self._new: Final[defaultdict[str, set[int]]] = defaultdict(set)
        self._free: Final = {
            line.id: list(line.free) for line in (*there.lines, *there.empty) if line.house
        }
        self._legs: Final = {
            frozenset((one, other))
            for leg in network.of_kind(LEG)
            if not closed(network, leg, self._day)
            for one in _towns(network, leg, "from")
            for other in _towns(network, leg, "to")
        }

        self._open: Final = [one for one in network.of_kind(HOUSE) if self._takes(one)]
        self._suits: Final = {one.id: suits(one) for one in self._open}
        self._towns: Final = {one.id: frozenset(said(one, "town")) for one in self._open}

    def of(self, party: Sheet, here: frozenset[str], slept: str, nights: range) -> list[Bed]:
        """Return the beds for a party that is in one of these towns, the best first.

        `slept` is the house of last night, or nothing; `nights` are counted from today.
        """
        need, size, reached = choice(party, "need"), size_of(party), self._reached(party)
        found = [
            Bed(house, near)
            for house in self._open
            if need in self._suits[house.id]
            and not self._towns[house.id] & reached
            and (near := self._near(house, here, slept)) is not None
            and min(self._free[house.id.hex()][night] for night in nights) >= size
            and (near is Near.SAME_HOUSE or not self._knows_them(party, house))
        ]
        return sorted(found, key=lambda one: (one.near, *self._worth(one.house)))

    def take(self, party: Sheet, house: Sheet, nights: range) -> None:
        """Give a party its bed: it is nobody else's any more, and the host knows of them."""
        free = self._free[house.id.hex()]
        for night in nights:
            free[night] -= size_of(party)
        circle = self._circle.get(party.id.hex())
        if circle is not None:
            self._new[self._host(house)].add(circle)

    def _takes(self, house: Sheet) -> bool:
        """Tell whether it has beds for anybody, and is neither burned nor revealed."""
        known = self._ledger.knows(HOUSE, house.id.hex())
        return not known and house.id.hex() in self._free and self._ready(house)

    def _ready(self, house: Sheet) -> bool:
        """Tell whether its host can, and is neither burned nor revealed with the knower."""
        for name in hosts_of(self._network, house.id.hex()):
            host = self._network.named(name, HOUSEHOLD)
            known = self._ledger.knows(HOUSEHOLD, name)
            if known or host is None or host.taken_off or choice(host, "state") != "ready":
                return False
        return True

    def _knows_them(self, party: Sheet, house: Sheet) -> bool:
        """Tell whether its host has met, or is now given, somebody of the party's circle."""
        circle = self._circle.get(party.id.hex())
        host = self._host(house)
        return circle is not None and circle in {*self._met.of([host]), *self._new[host]}

    def _host(self, house: Sheet) -> str:
        return house.text("host") or house.id.hex()

    def _reached(self, party: Sheet) -> set[str]:
        """Return the towns that its pursuers reach."""
        rows = self._network.that_name(REACH, "party", party)
        return {town for one in rows for town in said(one, "town") if town}

    def _near(self, house: Sheet, here: frozenset[str], slept: str) -> Near | None:
        if house.id.hex() == slept:
            return Near.SAME_HOUSE
        towns = self._towns[house.id] - {""}
        if towns and towns <= here:
            return Near.SAME_TOWN
        leads = towns and all(any({one, at} in self._legs for at in here) for one in towns)
        return Near.ONE_LEG if leads else None

    def _worth(self, house: Sheet) -> tuple[int, int, str]:
        """Return how good a house is, the best first: its trust, then the one that is fuller."""
        return (
            _TRUST.index(choice(house, "trust")),
            self._free[house.id.hex()][0],
            house.id.hex(),
        )


def _towns(network: Network, leg: Sheet, end: str) -> Iterator[str]:
    """Yield the towns at one end of a leg."""
    for name in said(leg, end):
        point = network.named(name, POINT)
        yield from said(point, "town") if point is not None else (name,)


__all__ = ["HOLD_NIGHTS", "Bed", "Near", "OtherBeds"]
