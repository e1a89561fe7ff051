# SPDX-License-Identifier: AGPL-3.0-or-later
"""The next 72 hours: rides in the order of time, and what keeps each from going (spec/board.md 3).

A ride goes when two people said so of what stands on it and nothing that is known stands against
it.  What of a ride cannot be read here is not judged here, and never counts as a reason to go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.rooms.passage.believed import choice, closed, said
from safeconduct.rooms.passage.board.board_days import plus
from safeconduct.rooms.passage.board.go import Decision, People, Verdict, said_of
from safeconduct.rooms.passage.board.shared import by_shared, too_many, twice
from safeconduct.rooms.passage.kinds import HOUSE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from safeconduct.rooms.passage.board.board_rows import Ride, Rows
    from safeconduct.rooms.passage.fold import Network, Sheet

DAYS: Final = 3
"""So far the rides are shown: 72 hours."""
_GONE: Final = frozenset({"arrested", "left"})
_UNFIT: Final = frozenset({"known", "broken"})
Beds = Mapping[tuple[bytes, str], Sequence["Sheet | None"]]
_STAYS: Final = frozenset({"paused", "over"})


class Against(Enum):
    """What is known against a ride, whatever anybody said of it."""

    TWO_WORDS = "two_words"
    """Two words stand in one of its fields: nobody knows which is meant."""
    NO_PARTY = "no_party"
    LEG_CLOSED = "leg_closed"
    POINT_CLOSED = "point_closed"
    HOUSE_CLOSED = "house_closed"
    """Each house in which one of its parties is to sleep from that night on is closed or burned."""
    WHICH_HOUSE = "which_house"
    """It goes by no leg, and leads to no house, or to more than one."""
    ESCORT_GONE = "escort_gone"
    NO_ESCORT = "no_escort"
    """Somebody goes who may not travel alone, and nobody takes them."""
    VEHICLE = "vehicle"
    PAUSED = "paused"
    """The party is not to be moved for now, or is no longer with us."""
    SAID_OFF = "said_off"
    """Somebody who did not see all that stands says that it, or its journey, is off the record."""
    PROPOSED = "proposed"
    """Nobody told its people of the journey yet."""
    TOO_FEW_SEATS = "too_few_seats"
    """More people are to go in a vehicle, or with an escort, than can."""
    TWICE = "twice"
    """Its escort or its vehicle is on another ride at that time, or may be."""


class Soon(NamedTuple):
    """One ride, what was said of it, and what is against it."""

    ride: Ride
    said: Decision
    against: tuple[Against, ...]

    @property
    def goes(self) -> bool:
        """Tell whether it goes as it stands."""
        return self.said.verdict is Verdict.GOES and not self.against


class _Around(NamedTuple):
    """Houses by party and day of coming, and rides by escort and vehicle."""

    beds: Beds
    shared: Mapping[tuple[str, str], Sequence[Ride]]


def soon(network: Network, runs: Rows, until: tuple[str, str], people: People) -> tuple[Soon, ...]:
    """Return the rides from today until a day and time, the first first.

    Those of today without a go that holds stand before all others.
    """
    rides = [
        ride
        for trip in runs.trips
        for ride in trip.rides
        if runs.day <= ride.day and ride.starts <= until
    ]
    around = _Around(
        _beds_of(network, runs),
        by_shared(ride for trip in runs.trips for ride in trip.rides),
    )
    found = [
        Soon(ride, said_of(network, ride.sheet, people), tuple(against(network, ride, around)))
        for ride in rides
    ]
    return tuple(sorted(found, key=lambda one: (*_first(one, runs.day), one.ride.sheet.id)))


def end_of(day: str, time: str) -> tuple[str, str]:
    """Return when 72 hours from a day and a time are over."""
    return plus(day, DAYS), time


def _first(one: Soon, today: str) -> tuple[bool, str, str]:
    return not (one.ride.day == today and not one.goes), *one.ride.starts


def _beds_of(network: Network, runs: Rows) -> Beds:
    """Return where each party sleeps first, by the day on which it comes there."""
    found: dict[tuple[bytes, str], list[Sheet | None]] = {}
    for stay in runs.stays:
        if stay.party is not None and stay.first >= runs.day:
            house = network.named(stay.house, HOUSE)
            found.setdefault((stay.party.id, stay.first), []).append(house)
    return found


def against(network: Network, ride: Ride, around: _Around) -> Iterator[Against]:
    """Yield what is known against a ride, by what is planned around it."""
    beds, shared = around
    parties = ride.parties
    alone = all(choice(one, "alone") == "yes" for one in parties)
    holds = {
        Against.TWO_WORDS: ride.disputed,
        Against.NO_PARTY: not parties,
        Against.LEG_CLOSED: _shut(network, (ride.leg, ride.departure), ride.day),
        Against.POINT_CLOSED: _shut(network, (ride.meets,), ride.day),
        Against.HOUSE_CLOSED: any(
            _nowhere(network, beds.get((one.id, ride.day), ()), ride.day) for one in parties
        ),
        Against.WHICH_HOUSE: ride.within_town and len(ride.houses) != 1,
        Against.ESCORT_GONE: _in(ride.escort, _GONE),
        Against.NO_ESCORT: not alone and not ride.sheet.text("escort"),
        Against.VEHICLE: _in(ride.vehicle, _UNFIT),
        Against.PAUSED: any(_stays(one) for one in parties),
        Against.SAID_OFF: any(map(network.doubted, (ride.sheet, ride.journey))),
        Against.PROPOSED: set(said(ride.journey, "state")) == {"proposed"},
        Against.TOO_FEW_SEATS: too_many(ride, shared),
        Against.TWICE: twice(ride, shared),
    }
    yield from (one for one, stands in holds.items() if stands)


def _shut(network: Network, some: Sequence[Sheet | None], day: str) -> bool:
    return any(one is not None and closed(network, one, day) for one in some)


def _nowhere(network: Network, some: Sequence[Sheet | None], day: str) -> bool:
    """Tell whether they come to houses that day, all are read here, and none takes anybody."""
    return bool(some) and all(one is not None and closed(network, one, day) for one in some)


def _stays(party: Sheet) -> bool:
    """Tell whether one word says that a party stays where it is, or it was taken off."""
    return bool(party.taken_off) or not _STAYS.isdisjoint(said(party, "state"))


def _in(sheet: Sheet | None, states: frozenset[str]) -> bool:
    """Tell whether a sheet that is read here was taken off, or is in one of these states."""
    return sheet is not None and (bool(sheet.taken_off) or choice(sheet, "state") in states)


__all__ = ["DAYS", "Against", "Soon", "end_of", "soon"]
