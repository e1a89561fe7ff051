# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who goes and who sleeps where, as the board believes it: trips, rides and stays that still run.

Where words differ the safer stands (spec/board.md 1): a bed is taken while one word says so, from
the earliest first night to the latest last one, in each house that a word names.  What is over is
left out first, so that the work is bounded by what still runs and not by the history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.rooms.passage.believed import choice, number, said
from safeconduct.rooms.passage.board.board_days import (
    ALWAYS,
    MIDNIGHT,
    between,
    first_of,
    last_of,
    minutes,
)
from safeconduct.rooms.passage.kinds import (
    DEPARTURE,
    ESCORT,
    JOURNEY,
    LEG,
    PARTY,
    POINT,
    RIDE,
    STAY,
    VEHICLE,
    field_named,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from safeconduct.rooms.passage.fold import Network, Sheet

OVER: Final = frozenset({"over", "called_off"})
"""States of a journey in which nobody of it goes anywhere."""
GIVEN: Final = frozenset({"over", "released"})
"""States of a stay in which it takes no bed."""
BEGUN: Final = "begun"
HELD: Final = "held"
THERE: Final = "there"
_COMES: Final = frozenset({HELD, "agreed"})
"""States of a stay that nobody has come for yet."""
_NAMES: Final = {
    "leg": LEG,
    "departure": DEPARTURE,
    "meets": POINT,
    "escort": ESCORT,
    "vehicle": VEHICLE,
}


class Stay(NamedTuple):
    """A stay that takes a bed, or did while it was held; `house` is an id as fields hold it."""

    sheet: Sheet
    house: str
    party: Sheet | None
    """None where it names none that is known here."""
    size: int
    state: str
    first: str
    """The first night."""
    leaves: str
    """The day of leaving, which is no night any more; `ALWAYS` where nobody said one."""
    until: str
    """Through which day a held bed is held; nothing where it is not held, or no day was said."""
    lapsed: bool
    """Whether the hold ran out, so that it takes no bed."""
    late: bool = False
    """Whether their day of leaving is past and nobody said that they left: they keep the bed."""
    doubted: bool = False
    """Whether somebody who did not see all says that it, or its journey, is off the record."""

    @property
    def who(self) -> bytes:
        """Who sleeps there, to count nobody twice: the party, or else the stay."""
        return self.party.id if self.party else self.sheet.id

    @property
    def open(self) -> bool:
        """Whether nobody said when they leave."""
        return self.leaves == ALWAYS

    def left(self, day: str) -> int:
        """Return how many nights are left, that of the day included; of an end that was said."""
        return between(day, self.leaves)

    def on(self, night: str) -> bool:
        """Tell whether they sleep there in a night."""
        return self.takes(night) and self.first <= night

    def takes(self, night: str) -> bool:
        """Tell whether it takes a bed in a night or in a later one."""
        return not self.lapsed and night < self.leaves


class Ride(NamedTuple):
    """One leg of a journey, with what it names as far as it can be read here."""

    sheet: Sheet
    journey: Sheet
    parties: tuple[Sheet, ...]
    day: str
    at: str
    """Of several times the earliest; nothing where none is known."""
    leg: Sheet | None
    departure: Sheet | None
    meets: Sheet | None
    escort: Sheet | None
    vehicle: Sheet | None
    disputed: bool
    """Whether two words stand in one of its fields."""
    houses: tuple[str, ...] = ()
    """Of a move within a town, the houses to which it leads, by id."""

    @property
    def within_town(self) -> bool:
        """Whether it goes by no leg, and leads to another house of the town."""
        return no_leg(self.sheet)

    @property
    def starts(self) -> tuple[str, str]:
        """When it leaves, to order it; without a time at the beginning of its day."""
        return self.day, self.at

    def through(self, night: str) -> bool:
        """Tell whether its people are surely on the way at the end of a day."""
        if self.disputed or self.day != night or not self.at or self.leg is None:
            return False
        lasts = {int(one) for one in said(self.leg, "minutes") if one}
        return bool(lasts) and minutes(self.at) + min(lasts) >= MIDNIGHT


class Trip(NamedTuple):
    """A journey that is not over, with its rides in the order of time."""

    journey: Sheet
    parties: tuple[Sheet, ...]
    begun: bool
    """Whether one word says that it began, or none says anything."""
    surely: bool
    """Whether every word does."""
    leaves: str
    """On which day they leave the country at the latest; `ALWAYS` where nobody said."""
    rides: tuple[Ride, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """All that still runs on a day."""

    day: str
    trips: tuple[Trip, ...]
    stays: tuple[Stay, ...]
    of_party: Mapping[bytes, tuple[Trip, ...]]

    def trips_of(self, party: Sheet) -> tuple[Trip, ...]:
        """Return the journeys of a party that are not over."""
        return self.of_party.get(party.id, ())


def rows(network: Network, day: str) -> Rows:
    """Return what runs on a day or begins later."""
    trips = tuple(_trips(network))
    of_party: dict[bytes, tuple[Trip, ...]] = {}
    for trip in trips:
        for party in trip.parties:
            of_party[party.id] = (*of_party.get(party.id, ()), trip)
    return Rows(day, trips, tuple(_stays(network, day)), of_party)


def size_of(party: Sheet | None) -> int:
    """Return how many a party is; one where nobody says, or says none."""
    return max(1, (number(party, "size") or 1) if party else 1)


def risk_of(party: Sheet | None) -> int:
    """Return the place of a party's danger in its order; of nobody known the gravest."""
    known = field_named(PARTY, "risk")
    choices = known.choices if known else ()
    return choices.index(choice(party, "risk")) if party else 0


def is_over(network: Network, sheet: Sheet) -> bool:
    """Tell whether a journey is over: every word says so, or it was taken off."""
    return network.is_off(sheet) or choice(sheet, "state") in OVER


def no_leg(ride: Sheet) -> bool:
    """Tell whether one word says that a ride goes by no leg, or none says anything."""
    return not all(said(ride, "leg") or ("",))


def stays_at_end(network: Network, ride: Sheet, days: Collection[str]) -> tuple[Sheet, ...]:
    """Return the stays to which a ride without a leg leads on some days; of any other none.

    They are those of its journeys that begin then and were not given up (spec/board.md 3).
    """
    if not no_leg(ride):
        return ()
    some = {
        stay.id: stay
        for journey in _named(network, ride, "journey", JOURNEY)
        for stay in network.that_name(STAY, "journey", journey)
        if choice(stay, "state") not in GIVEN
    }
    return tuple(
        one for one in some.values() if not {*map(_first, said(one, "begins"))}.isdisjoint(days)
    )


def _trips(network: Network) -> Iterator[Trip]:
    for journey in network.of_kind(JOURNEY):
        if is_over(network, journey):
            continue
        parties = _named(network, journey, "party", PARTY)
        states = set(said(journey, "state")) or {""}
        rides = [
            _ride(network, sheet, journey, parties, day)
            for sheet in network.that_name(RIDE, "journey", journey)
            for day in dict.fromkeys(map(_first, said(sheet, "day")))
            if day
        ]
        yield Trip(
            *(journey, parties, choice(journey, "state") == BEGUN, states == {BEGUN}),
            last_of(said(journey, "leaves")),
            tuple(sorted(rides, key=lambda one: (one.starts, one.sheet.id))),
        )


def _first(day: str) -> str:
    return first_of([day])


def _ride(
    network: Network, sheet: Sheet, journey: Sheet, parties: tuple[Sheet, ...], day: str
) -> Ride:
    found = {name: _one(network, sheet, name, kind) for name, kind in _NAMES.items()}
    own = [one for one in said(sheet, "at") if one]
    departure = found["departure"]
    at = min(
        own or [one for one in (said(departure, "at") if departure else ()) if one], default=""
    )
    disputed = any(len(entered.standing) > 1 for entered in sheet.fields)
    ends = stays_at_end(network, sheet, {day})
    houses = tuple(dict.fromkeys(at for stay in ends for at in said(stay, "house") if at))
    return Ride(sheet, journey, parties, day, at, **found, disputed=disputed, houses=houses)


def _stays(network: Network, day: str) -> Iterator[Stay]:
    for sheet in network.of_kind(STAY):
        state, leaves = choice(sheet, "state"), last_of(said(sheet, "ends"))
        if state in GIVEN or (leaves < day and state != THERE):
            continue
        journeys = _named(network, sheet, "journey", JOURNEY)
        if _nobody_comes(network, journeys, state) or (leaves < day and _arrived(journeys)):
            continue
        until = last_of(said(sheet, "until")) if state == HELD else ALWAYS
        parties = {
            party.id: party for one in journeys for party in _named(network, one, "party", PARTY)
        }
        whose: tuple[Sheet | None, ...] = tuple(parties.values()) or (None,)
        for house in dict.fromkeys(one for one in said(sheet, "house") if one):
            for party in whose:
                yield Stay(
                    *(sheet, house, party, size_of(party), state),
                    *(_first_night(sheet), leaves if leaves >= day else ALWAYS),
                    *("" if until == ALWAYS else until, until < day),
                    late=leaves < day,
                    doubted=any(map(network.doubted, (sheet, *journeys))),
                )


def _nobody_comes(network: Network, journeys: tuple[Sheet, ...], state: str) -> bool:
    over = (is_over(network, one) for one in journeys)
    return state in _COMES and bool(journeys) and all(over)


def _arrived(journeys: tuple[Sheet, ...]) -> bool:
    """Tell whether every journey of a stay is over by every word, and none was called off."""
    return bool(journeys) and all(set(said(one, "state")) == {"over"} for one in journeys)


def _first_night(stay: Sheet) -> str:
    """Return the earliest first night; nothing, which is before all, where one word says none."""
    nights = said(stay, "begins")
    return first_of(nights) if all(nights) else ""


def _named(network: Network, sheet: Sheet, name: str, kind: str) -> tuple[Sheet, ...]:
    """Return what a field names by any word that stands, as far as it can be read here."""
    found = (network.named(value, kind) for value in dict.fromkeys(said(sheet, name)) if value)
    return tuple(one for one in found if one is not None)


def _one(network: Network, sheet: Sheet, name: str, kind: str) -> Sheet | None:
    """Return what a field names last."""
    return network.named(sheet.text(name), kind) if sheet.text(name) else None


__all__ = [
    "HELD",
    "Ride",
    "Rows",
    "Stay",
    "Trip",
    "is_over",
    "no_leg",
    "risk_of",
    "rows",
    "size_of",
    "stays_at_end",
]
