# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a ride or a stay to the one row of a slip, and the gate before an address (spec/slips.md 2).

This reads sheets; what it hands on is a `Row`, and `slip.py` sees nothing else.  Fails closed: who
is arrested, not trusted enough or unknown is told no place, and nobody is sent where it is closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.passage.believed import choice, closed, given_back, number, said
from safeconduct.rooms.passage.decide import SettleFirst
from safeconduct.rooms.passage.errand.slip import Row, Task
from safeconduct.rooms.passage.kinds import (
    DEPARTURE,
    ESCORT,
    HOUSE,
    HOUSEHOLD,
    JOURNEY,
    LEG,
    PARTY,
    POINT,
    RIDE,
    STAY,
    TOWN,
    VEHICLE,
)
from safeconduct.rooms.passage.words import Freshness

if TYPE_CHECKING:
    from safeconduct.kernel.words import FactId, Instant
    from safeconduct.rooms.passage.fold import Network, Sheet

ERRANDS: Final = frozenset({RIDE, STAY})
DAY_LONG: Final = len("2017-04-03")
TRUSTED: Final = {POINT: frozenset({"low", "fair", "high"}), HOUSE: frozenset({"fair", "high"})}
"""How far somebody has to be trusted to be told where people are met, and where they sleep."""

_LEADS: Final = {
    JOURNEY: ("party",),
    LEG: ("from", "to"),
    DEPARTURE: ("leg", "at"),
    HOUSE: ("host", "where"),
    POINT: ("where",),
    TOWN: ("name",),
}
"""Fields that lead from a row to the people, the place and the time: no two words stand there."""
_SAYS: Final = {
    RIDE: ("journey", "day", "at", "leg", "departure", "meets", "escort"),
    STAY: ("journey", "house", "begins"),
    PARTY: ("size",),
}
"""Fields of which a slip is made, too."""
_BY: Final = (("leg", LEG), ("departure", DEPARTURE), ("vehicle", VEHICLE))
_CLOSED: Final = frozenset({LEG, DEPARTURE, POINT, TOWN, HOUSE})
_NONE: Final[frozenset[str]] = frozenset()
_OFF: Final = {
    JOURNEY: frozenset({"called_off", "over"}),
    STAY: frozenset({"released", "over"}),
    PARTY: frozenset({"paused", "over"}),
    HOUSE: frozenset({"resting"}),
    VEHICLE: frozenset({"known", "broken"}),
}
"""States in which nobody is sent; one word is enough."""


class NoErrand(Refused):
    """The row is not whole: no escort or host, no party, no day, or nowhere to be met."""

    code = "no_errand"


class NotForThem(Refused):
    """They are arrested, gone, or not trusted as far as this place asks for."""

    code = "slip_not_for_them"


class PlaceIsClosed(Refused):
    """Where it is to be on that day is closed or burned."""

    code = "slip_place_closed"


class ErrandIsOff(Refused):
    """The journey, stay or party is off or over, or the house or car is not to be used."""

    code = "slip_errand_off"


class TwoOfThatName(Refused):
    """Another escort or host has this code name, and nobody made sure which is which."""

    code = "slip_two_of_that_name"


class Doubt(Enum):
    """What a person looks at before they go on; none of it stands on a slip."""

    KNOWER_STALE = "knower_stale"
    """Nobody made sure of the escort or host lately."""
    RESTING = "resting"
    PLACE_STALE = "place_stale"
    WATCHED = "watched"


@dataclass(frozen=True, slots=True)
class Errand:
    """A row, for whom it is, and what they learn by it."""

    row: Row
    knower: Sheet
    party: Sheet
    places: tuple[Sheet, ...]
    doubts: tuple[Doubt, ...]
    stood: frozenset[FactId]
    """The facts that say so; with another the slip would be another, or for somebody else."""


def candidates(network: Network, sheet: Sheet) -> tuple[Sheet, ...]:
    """Return for whom a slip of a ride or stay can be.

    The escort of a ride; the host of the house, or an escort who brings people to its door.
    """
    if sheet.kind == RIDE:
        found = [network.named(sheet.text("escort"), ESCORT)]
    else:
        house = network.named(sheet.text("house"), HOUSE)
        host = network.named(house.text("host"), HOUSEHOLD) if house else None
        found = [host, *network.of_kind(ESCORT)]
    return tuple(one for one in found if one is not None and not one.taken_off)


def errand(network: Network, sheet: Sheet, knower: bytes, now: Instant) -> Errand:
    """Return the errand of a ride or a stay for one escort or host.

    Raises:
        NoErrand, NotForThem, PlaceIsClosed, ErrandIsOff: see there.
        SettleFirst: two wrote at once a field of the row, or of what leads from it to the people,
            to where they are met and to when.
    """
    if sheet.kind not in ERRANDS or sheet.taken_off:
        raise NoErrand
    if any(len(one.standing) > 1 for one in sheet.fields):
        raise SettleFirst
    who = next((one for one in candidates(network, sheet) if one.id == knower), None)
    journey = network.named(sheet.text("journey"), JOURNEY)
    party = network.named(journey.text("party"), PARTY) if journey else None
    if who is None or journey is None or party is None:
        raise NoErrand
    places = _ride_places(network, sheet) if sheet.kind == RIDE else _house(network, sheet)
    by = (journey, party, *_gone_by(network, sheet), *places)
    if any(len(said(one, name)) > 1 for one in by for name in _LEADS.get(one.kind, ())):
        raise SettleFirst
    _need_trust(who, places[0])
    day = sheet.text("day") or sheet.text("begins")
    if len(day) != DAY_LONG:
        raise NoErrand
    if any(closed(network, one, day) for one in by if one.kind in _CLOSED):
        raise PlaceIsClosed
    if any(_is_off(one, day) for one in (sheet, *by)):
        raise ErrandIsOff
    row = _row(network, sheet, who, number(party, "size") or 0)
    doubts = tuple(_doubts(network, who, places[0], now))
    return Errand(row, who, party, places, doubts, _stood(sheet, *by))


def need_told_apart(network: Network, who: Sheet) -> None:
    """Refuse an escort or host whom others are called like, unless somebody made sure of them.

    Raises:
        TwoOfThatName: see there.
    """
    others = (one for one in network.of_kind(who.kind) if one.id != who.id)
    if any(one.name == who.name for one in others) and network.last_sure(who) is None:
        raise TwoOfThatName


def _gone_by(network: Network, sheet: Sheet) -> tuple[Sheet, ...]:
    """Return what a ride goes by, as far as it is named and read here."""
    named = ((sheet.text(name), kind) for name, kind in _BY if sheet.kind == RIDE)
    found = (network.named(value, kind) for value, kind in named)
    return tuple(one for one in found if one is not None)


def _is_off(sheet: Sheet, day: str) -> bool:
    """Tell whether one word says that something is not to be, or not ours, on a day."""
    if sheet.taken_off or not _OFF.get(sheet.kind, _NONE).isdisjoint(said(sheet, "state")):
        return True
    return sheet.kind == HOUSE and day >= given_back(sheet)


def _stood(*sheets: Sheet) -> frozenset[FactId]:
    """Return the facts that say what a slip says, and for whom."""
    return frozenset(
        fact.fact
        for one in sheets
        for name in _SAYS.get(one.kind, ()) + _LEADS.get(one.kind, ())
        for entered in one.entered(name)
        for fact in entered.standing
    )


def _row(network: Network, sheet: Sheet, who: Sheet, people: int) -> Row:
    if sheet.kind == STAY:
        house = network.named(sheet.text("house"), HOUSE)
        told = house.text("where") if house and who.kind == ESCORT else ""
        return Row(Task.STAY, sheet.text("begins"), "", told, "", people)
    leaves = network.named(sheet.text("departure"), DEPARTURE)
    at = sheet.text("at") or (leaves.text("at") if leaves else "")
    meets, *rest = _ride_places(network, sheet)
    ends = _said_of(rest[0]) if rest else ""
    return Row(Task.RIDE, sheet.text("day"), at, meets.text("where"), ends, people)


def _ride_places(network: Network, ride: Sheet) -> tuple[Sheet, ...]:
    """Return where people are met on a leg, and where it ends."""
    leg = network.named(ride.text("leg"), LEG)
    begins = network.named(leg.text("from"), POINT) if leg else None
    meets = network.named(ride.text("meets"), POINT) or begins
    if meets is None:
        raise NoErrand
    ends = network.named(leg.text("to"), POINT, TOWN) if leg else None
    return (meets, ends) if ends is not None else (meets,)


def _house(network: Network, stay: Sheet) -> tuple[Sheet, ...]:
    house = network.named(stay.text("house"), HOUSE)
    if house is None:
        raise NoErrand
    return (house,)


def _said_of(place: Sheet) -> str:
    return place.text("name") if place.kind == TOWN else place.text("where")


def _need_trust(who: Sheet, place: Sheet) -> None:
    """Refuse who may not be told of a place; of what two say the safer counts, also of trust."""
    ready = choice(who, "state") in {"ready", "resting"}
    if not ready or choice(who, "trust") not in TRUSTED[place.kind]:
        raise NotForThem


def _doubts(network: Network, who: Sheet, place: Sheet, now: Instant) -> list[Doubt]:
    found = {
        Doubt.KNOWER_STALE: network.freshness(who, now) is not Freshness.FRESH,
        Doubt.RESTING: choice(who, "state") == "resting",
        Doubt.PLACE_STALE: network.freshness(place, now) is not Freshness.FRESH,
        Doubt.WATCHED: place.kind == POINT and choice(place, "watched") == "yes",
    }
    return [doubt for doubt, holds in found.items() if holds]


__all__ = [
    "ERRANDS",
    "Doubt",
    "Errand",
    "ErrandIsOff",
    "NoErrand",
    "NotForThem",
    "PlaceIsClosed",
    "TwoOfThatName",
    "candidates",
    "errand",
    "need_told_apart",
]
