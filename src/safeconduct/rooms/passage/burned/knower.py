# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one who may be in other hands, and all who are taken or turned together with them.

A house is its hosts and whoever sleeps there tonight, an escort is everybody they live with, and a
colleague is all their devices (spec/burned.md 1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.passage.burned.tracks import Key, ever, hosts_of
from safeconduct.rooms.passage.kinds import ESCORT, HOUSE, HOUSEHOLD, VEHICLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from safeconduct.kernel.words import DeviceId, Instant
    from safeconduct.rooms.passage.fold import Network, Sheet
    from safeconduct.rooms.passage.words import Book


class Kind(Enum):
    """What can be burned."""

    HOUSE = "house"
    HOUSEHOLD = "household"
    ESCORT = "escort"
    VEHICLE = "vehicle"
    PHONE = "phone"
    COLLEAGUE = "colleague"


SHEETS: Final = {
    Kind.HOUSE: (HOUSE,),
    Kind.HOUSEHOLD: (HOUSEHOLD,),
    Kind.ESCORT: (ESCORT,),
    Kind.VEHICLE: (VEHICLE,),
    Kind.PHONE: (ESCORT, HOUSEHOLD),
    Kind.COLLEAGUE: (),
}
"""Of which kinds the sheet of each is."""


class NoSuchKnower(Refused):
    """There is no such house, escort, vehicle, host or colleague here."""

    code = "no_such_knower"


@dataclass(frozen=True, slots=True)
class Knower:
    """Who is burned, with all who are burned with them."""

    kind: Kind
    id: bytes
    sheet: Sheet | None
    """None of a colleague."""
    group: frozenset[Key]
    """Itself, and who is taken or turned with it."""
    since: Instant | None = None
    """When Burned was pressed on them first, in earnest."""
    devices: frozenset[DeviceId] = frozenset()
    """Those of a colleague."""
    books: Mapping[Book, Instant | None] = field(default_factory=dict)
    """What a colleague holds, and when a key was made that they have not; None without one."""

    def of(self, kind: str) -> frozenset[str]:
        """Return those of a kind among them."""
        return frozenset(name for of, name in self.group if of == kind)


def knower_of(network: Network, kind: Kind, name: bytes, since: Instant | None = None) -> Knower:
    """Return who is burned by a sheet, taken off the record or not.

    Raises:
        NoSuchKnower: see there.
    """
    sheet = network.sheet(name, *SHEETS[kind])
    if sheet is None:
        raise NoSuchKnower
    own = sheet.kind, sheet.id.hex()
    group = {own} if kind in {Kind.VEHICLE, Kind.PHONE} else _together(network, own)
    return Knower(kind, name, sheet, frozenset(group), since)


def _together(network: Network, own: Key) -> set[Key]:
    """Return all who hang together by homes: escorts who live together, hosts and their houses."""
    beside: dict[Key, set[Key]] = {}
    for one in network.sheets:
        at = one.kind, one.id.hex()
        others: list[Key] = []
        if one.kind == ESCORT:
            others = [(ESCORT, name) for name in ever(one, "lives_with")]
        elif one.kind == HOUSE:
            others = [(HOUSEHOLD, name) for name in hosts_of(network, at[1])]
        for other in others:
            beside.setdefault(at, set()).add(other)
            beside.setdefault(other, set()).add(at)
    found, open_ = {own}, [own]
    while open_:
        new = beside.get(open_.pop(), set()) - found
        found |= new
        open_ += new
    return found


__all__ = ["SHEETS", "Kind", "Knower", "NoSuchKnower", "knower_of"]
