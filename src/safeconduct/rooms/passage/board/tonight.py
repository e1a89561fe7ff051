# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tonight: who sleeps in which house, which beds are free, and what is red (spec/board.md 2).

Red is what somebody has to see to before they sleep: a burned house with people in it, more people
than beds, nobody's bed tomorrow.  Where words differ everybody is counted: beds are the fewest,
people the most, and of two holds on one bed both are shown.  Fails towards red.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from safeconduct.rooms.passage.believed import (
    beds,
    burned,
    choice,
    closed,
    closings,
    given_back,
    said,
)
from safeconduct.rooms.passage.board.board_days import ALWAYS, plus
from safeconduct.rooms.passage.board.board_rows import HELD, Ride, Rows, Stay, Trip, risk_of, rows
from safeconduct.rooms.passage.kinds import HOUSE, NIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from safeconduct.rooms.passage.fold import Network, Sheet

AHEAD: Final = 14
"""So many nights are looked at, tonight included."""
WEEK: Final = 7
FIT: Final = "fit"
K = TypeVar("K")
SUITS: Final = ("any", "women", "family", "medical")


class Why(IntEnum):
    """Why a house is red, the worst first."""

    BURNED = 0
    CLOSED = 1
    ENDS = 2
    """The house is given back by that night."""
    TOO_MANY = 3
    HELD_TWICE = 4
    """More people than beds, and for some of them a bed is only held."""
    NO_BED_TOMORROW = 5
    LATE = 6
    """They were to leave before today, and nobody says that they did."""


class Red(NamedTuple):
    """Something to see to: why, in which night first, for whom, and how many beds are missing."""

    why: Why
    night: str
    stays: tuple[Stay, ...]
    missing: int = 0


class Next(NamedTuple):
    """Who leaves a house next and when: by which ride, or None where none is written down."""

    stay: Stay
    day: str
    ride: Ride | None


class Line(NamedTuple):
    """One house tonight."""

    id: str
    house: Sheet | None
    """None where it cannot be read here; then its beds are not known, and none is free."""
    room: tuple[int, ...] | None
    """Its beds in each night that is looked at."""
    many: tuple[int, ...]
    """The people in each."""
    free: tuple[int, ...]
    """The beds in each that somebody may be given."""
    stays: tuple[Stay, ...]
    comes: tuple[Stay, ...]
    """Who comes for the next night."""
    next: Next | None
    reds: tuple[Red, ...]

    @property
    def beds(self) -> int | None:
        """Its beds tonight."""
        return self.room[0] if self.room else None

    @property
    def people(self) -> int:
        """The people tonight."""
        return self.many[0]

    @property
    def full(self) -> tuple[int, ...]:
        """The nights with more people than beds, counted from tonight."""
        room = self.room or ()
        return tuple(at for at, beds_there in enumerate(room) if self.many[at] > beds_there)

    @property
    def worst(self) -> int:
        """How bad it is, to order houses; the greater the better."""
        return min((red.why for red in self.reds), default=len(Why))


class NoBed(NamedTuple):
    """A party that has no bed tonight, and the holds of theirs that ran out."""

    party: Sheet
    lapsed: tuple[Stay, ...]


class Free(NamedTuple):
    """Free beds of houses that suit somebody: tonight, and in each night of a week."""

    suits: str
    """Nothing for houses of which nobody said whom they suit."""
    tonight: int
    week: int
    houses: int


@dataclass(frozen=True, slots=True)
class Tonight:
    """What is so on a day, worked out once for each fold of the network."""

    rows: Rows
    lines: tuple[Line, ...]
    """Houses with people tonight or tomorrow, or with something red; the worst first."""
    empty: tuple[Line, ...]
    """Other houses with a free bed; the most beds first."""
    no_bed: tuple[NoBed, ...]
    free: tuple[Free, ...]
    beds_free: int
    """Tonight, in all houses that take people; each bed counted once."""
    holds: tuple[Stay, ...]
    """Holds that run out today, or ran out with nights to come; who is in gravest danger first."""
    moves: tuple[Ride, ...]
    """Rides of the day."""

    @property
    def none_tomorrow(self) -> frozenset[bytes]:
        """Who sleeps in a house and has no bed tomorrow."""
        reds = (red for line in self.lines for red in line.reds if red.why is Why.NO_BED_TOMORROW)
        return frozenset(stay.who for red in reds for stay in red.stays)

    @property
    def red(self) -> int:
        """How many houses and parties are red."""
        return sum(bool(one.reds) for one in self.lines) + len(self.no_bed)


def tonight(network: Network, day: str) -> Tonight:
    """Return what is so on a day."""
    at = _Looking(network, rows(network, day))
    houses = {one.id.hex(): one for one in network.of_kind(HOUSE)}
    every = [
        at.line(one, houses.get(one) or network.named(one, HOUSE))
        for one in dict.fromkeys([*at.by_house, *houses])
    ]
    shown = [one for one in every if one.stays or one.comes or one.reds]
    empty = [one for one in every if not (one.stays or one.comes or one.reds) and one.free[0]]
    stays, trips = at.runs.stays, at.runs.trips
    return Tonight(
        at.runs,
        tuple(sorted(shown, key=lambda one: (one.worst, -one.people, one.id))),
        tuple(sorted(empty, key=lambda one: (-one.free[0], one.id))),
        tuple(at.without_bed()),
        tuple(_free(every)),
        sum(one.free[0] for one in every),
        tuple(sorted(_running_out(stays, day), key=_gravest)),
        tuple(ride for trip in trips for ride in trip.rides if ride.day == day),
    )


def _running_out(stays: Iterable[Stay], day: str) -> Iterator[Stay]:
    yield from (one for one in stays if one.until and one.until <= day < one.leaves)


def _gravest(stay: Stay) -> tuple[int, str, bytes]:
    return risk_of(stay.party), stay.until, stay.sheet.id


def people(stays: Iterable[Stay]) -> int:
    """Return how many people sleep by these stays; nobody is counted twice, nobody left out."""
    found: dict[bytes, int] = {}
    for one in stays:
        found[one.who] = max(one.size, found.get(one.who, 0))
    return sum(found.values())


def suits(house: Sheet) -> frozenset[str]:
    """Return whom a house suits by every word that stands."""
    words = [frozenset(one.split()) for one in said(house, "suits")]
    return frozenset.intersection(*words) if words else frozenset()


class _Looking:
    """One look at what runs on a day."""

    def __init__(self, network: Network, runs: Rows) -> None:
        self.network, self.runs = network, runs
        self.nights = tuple(plus(runs.day, ahead) for ahead in range(AHEAD))
        self.by_house = _grouped((one.house, one) for one in runs.stays)
        self._by_who = _grouped((one.who, one) for one in runs.stays)

    def line(self, name: str, house: Sheet | None) -> Line:
        """Return one house."""
        stays = self.by_house.get(name, ())
        there = [tuple(one for one in stays if one.on(night)) for night in self.nights]
        many = tuple(people(one) for one in there)
        room = self._beds(house) if house else None
        takes = house is not None and choice(house, "state") == FIT
        left = (max(0, one - here) for one, here in zip(room or (), many, strict=False))
        return Line(
            *(name, house, room, many, tuple(left) if takes else (0,) * AHEAD),
            *(there[0], tuple(one for one in there[1] if one not in there[0])),
            self._next(there[0]),
            tuple(self._reds(house, there, room)),
        )

    def without_bed(self) -> Iterator[NoBed]:
        """Yield who is on the way, or left a house today, and sleeps nowhere tonight."""
        left = {one.who for one in self.runs.stays if one.leaves == self.runs.day}
        parties = {party.id: party for trip in self.runs.trips for party in trip.parties}
        for party in parties.values():
            trips = self.runs.trips_of(party)
            goes = any(trip.begun for trip in trips) or party.id in left
            if goes and choice(party, "state") != "over" and not self._sleeps(party.id, 0):
                stays = self._by_who.get(party.id, ())
                yield NoBed(party, tuple(one for one in stays if one.lapsed))

    def _sleeps(self, who: bytes, ahead: int) -> bool:
        """Tell whether somebody has a bed in a night, is on the way through it, or is abroad."""
        night = self.nights[ahead]
        if any(one.on(night) for one in self._by_who.get(who, ())):
            return True
        trips: Sequence[Trip] = self.runs.of_party.get(who, ())
        return any(
            trip.leaves <= night or any(ride.through(night) for ride in trip.rides)
            for trip in trips
        )

    def _beds(self, house: Sheet) -> tuple[int, ...]:
        """Return the beds of a house in each night; most have the same in all."""
        network = self.network
        kept = given_back(house) > self.nights[-1] and not any(closings(network, house))
        if kept and not network.that_name(NIGHTS, "house", house):
            return (beds(network, house, self.nights[0]),) * AHEAD
        return tuple(beds(network, house, night) for night in self.nights)

    def _reds(
        self, house: Sheet | None, there: Sequence[tuple[Stay, ...]], room: Sequence[int] | None
    ) -> Iterator[Red]:
        if house is not None and room is not None:
            full = (at for at in range(AHEAD) if people(there[at]) > room[at])
            first = next(full, None)
            if first is not None:
                yield self._too_many(house, self.nights[first], there[first], room[first])
        lost = tuple(one for one in there[0] if not self._sleeps(one.who, 1))
        if lost:
            yield Red(Why.NO_BED_TOMORROW, self.nights[1], lost, people(lost))
        late = tuple(one for one in there[0] if one.late)
        if late:
            yield Red(Why.LATE, self.nights[0], late)

    def _too_many(self, house: Sheet, night: str, stays: tuple[Stay, ...], room: int) -> Red:
        missing = people(stays) - room
        if burned(self.network, house, night):
            return Red(Why.BURNED, night, stays, missing)
        if closed(self.network, house, night):
            return Red(Why.CLOSED, night, stays, missing)
        if night >= given_back(house):
            return Red(Why.ENDS, night, stays, missing)
        held = any(one.state == HELD for one in stays)
        return Red(Why.HELD_TWICE if held else Why.TOO_MANY, night, stays, missing)

    def _next(self, stays: Sequence[Stay]) -> Next | None:
        found = [one for stay in stays for one in self._leaving(stay)]
        return min(found, key=lambda one: (one.day, one.ride.at if one.ride else ""), default=None)

    def _leaving(self, stay: Stay) -> Iterator[Next]:
        trips = self.runs.of_party.get(stay.who, ())
        # A ride of the day on which they come is the one that brings them.
        today, first = self.runs.day, stay.first
        rides = [ride for trip in trips for ride in trip.rides if first < ride.day >= today]
        if rides:
            ride = min(rides, key=lambda one: one.starts)
            yield Next(stay, ride.day, ride)
        elif stay.leaves != ALWAYS:
            yield Next(stay, stay.leaves, None)


def _free(lines: Iterable[Line]) -> Iterator[Free]:
    """Yield free beds by whom their houses suit; a house that suits two is counted with both."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        if line.house is not None and line.free[0]:
            for one in suits(line.house) or ("",):
                found.setdefault(one, []).append(line)
    for one in (*SUITS, ""):
        if some := found.get(one):
            week = sum(min(line.free[:WEEK]) for line in some)
            yield Free(one, sum(line.free[0] for line in some), week, len(some))


def _grouped(pairs: Iterable[tuple[K, Stay]]) -> dict[K, tuple[Stay, ...]]:
    found: dict[K, list[Stay]] = {}
    for at, one in pairs:
        found.setdefault(at, []).append(one)
    return {at: tuple(some) for at, some in found.items()}


__all__ = ["AHEAD", "Free", "Line", "Next", "NoBed", "Red", "Tonight", "Why", "people", "tonight"]
