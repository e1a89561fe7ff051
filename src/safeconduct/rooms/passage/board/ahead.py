# SPDX-License-Identifier: AGPL-3.0-or-later
"""The timeline: fourteen days of each party and of each house, out of the same rows as tonight.

Each row is stretches of nights and marks on days; where they stand in a picture, and in which
words, pages say (spec/board.md 6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from safeconduct.rooms.passage.believed import said
from safeconduct.rooms.passage.board.board_days import ALWAYS, between, first_of, plus
from safeconduct.rooms.passage.board.tonight import AHEAD
from safeconduct.rooms.passage.kinds import HOUSE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from safeconduct.rooms.passage.board.board_rows import Ride, Stay
    from safeconduct.rooms.passage.board.tonight import Tonight
    from safeconduct.rooms.passage.fold import Network, Sheet


class Stretch(NamedTuple):
    """A stay within the days that are shown; `goes_on` tells that it has no end in them."""

    stay: Stay
    first: int
    """Days after today; 0 where it began before."""
    nights: int
    goes_on: bool


class PartyDays(NamedTuple):
    """What a party does in these days."""

    party: Sheet
    stretches: tuple[Stretch, ...]
    rides: tuple[tuple[int, Ride], ...]
    """Each with its day after today."""
    deadline: int | None
    leaves: int | None
    lost: tuple[int, ...]
    """Nights without a bed between nights with one, and tonight where there is none."""


class HouseDays(NamedTuple):
    """Who sleeps in a house in these days."""

    id: str
    house: Sheet | None
    stretches: tuple[Stretch, ...]
    full: tuple[int, ...]
    """Nights with more people than beds."""
    until: int | None
    """The last day on which the house is ours."""


def parties(there: Tonight) -> tuple[PartyDays, ...]:
    """Return the days of each party that goes or sleeps anywhere in them; who lacks a bed first."""
    stays: dict[bytes, list[Stay]] = {}
    known: dict[bytes, Sheet] = {}
    for stay in there.rows.stays:
        if stay.party:
            known[stay.party.id] = stay.party
            stays.setdefault(stay.party.id, []).append(stay)
    known |= {party.id: party for trip in there.rows.trips for party in trip.parties}
    found = (_party(there, party, stays.get(at, ())) for at, party in known.items())
    shown = [one for one in found if one.stretches or one.rides or one.lost]
    return tuple(sorted(shown, key=lambda one: (not one.lost, one.party.name, one.party.id)))


def houses(network: Network, there: Tonight) -> tuple[HouseDays, ...]:
    """Return the days of each house in which somebody sleeps in them; those with too many first."""
    stays: dict[str, list[Stay]] = {}
    for stay in there.rows.stays:
        stays.setdefault(stay.house, []).append(stay)
    full = {line.id: line.full for line in there.lines}
    found = [_house(network, there, at, some, full.get(at, ())) for at, some in stays.items()]
    shown = [one for one in found if one.stretches]
    return tuple(sorted(shown, key=lambda one: (not one.full, one.id)))


def _party(there: Tonight, party: Sheet, stays: Sequence[Stay]) -> PartyDays:
    today, trips = there.rows.day, there.rows.trips_of(party)
    rides = ((between(today, ride.day), ride) for trip in trips for ride in trip.rides)
    stretches = _stretches(stays, today)
    leaves = min((first_of(said(trip.journey, "leaves")) or ALWAYS for trip in trips), default="")
    return PartyDays(
        *(party, stretches, tuple((at, ride) for at, ride in rides if 0 <= at < AHEAD)),
        *(_within(first_of(said(party, "deadline")), today), _within(leaves, today)),
        _lost(there, party, stretches),
    )


def _house(
    network: Network, there: Tonight, at: str, stays: Sequence[Stay], full: tuple[int, ...]
) -> HouseDays:
    house, today = network.named(at, HOUSE), there.rows.day
    until = _within(first_of(said(house, "until")), today) if house else None
    return HouseDays(at, house, _stretches(stays, today), full, until)


def _stretches(stays: Iterable[Stay], today: str) -> tuple[Stretch, ...]:
    """Return the nights of stays that take a bed, as far as they lie in the days shown."""
    found = []
    for stay in stays:
        first = max(0, between(today, stay.first)) if stay.first else 0
        goes_on = stay.leaves > plus(today, AHEAD)
        nights = (AHEAD if goes_on else between(today, stay.leaves)) - first
        if nights > 0 and first < AHEAD and not stay.lapsed:
            found.append(Stretch(stay, first, nights, goes_on))
    return tuple(sorted(found, key=lambda one: (one.first, one.stay.sheet.id)))


def _lost(there: Tonight, party: Sheet, stretches: Sequence[Stretch]) -> tuple[int, ...]:
    nights = {at for one in stretches for at in range(one.first, one.first + one.nights)}
    gaps = set(range(min(nights, default=0), max(nights, default=0))) - nights
    gaps |= {0} if any(one.party.id == party.id for one in there.no_bed) else set()
    gaps |= {1} if party.id in there.none_tomorrow else set()
    trips = there.rows.trips_of(party)
    return tuple(
        at
        for at in sorted(gaps)
        if not any(ride.through(plus(there.rows.day, at)) for trip in trips for ride in trip.rides)
    )


def _within(day: str, today: str) -> int | None:
    """Return how many days after today a day lies; None where it is not among those shown."""
    at = between(today, day) if day else -1
    return at if 0 <= at < AHEAD else None


__all__ = ["HouseDays", "PartyDays", "Stretch", "houses", "parties"]
