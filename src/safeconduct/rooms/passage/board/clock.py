# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock column: what runs out when, the most urgent first, each with its reason.

What passed already stands with today, before what is still ahead; what is only to be made sure of
stands after what runs out tomorrow.  Of several days the earliest counts (spec/board.md 4).
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.words import DAY
from safeconduct.rooms.passage.believed import BURNED, choice, said
from safeconduct.rooms.passage.board.board_days import between, first_of, plus
from safeconduct.rooms.passage.board.board_rows import risk_of
from safeconduct.rooms.passage.kinds import FRESH_DAYS, HOUSE, JOURNEY, PARTY
from safeconduct.rooms.passage.words import Freshness

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from safeconduct.kernel.words import Instant
    from safeconduct.rooms.passage.board.tonight import Tonight
    from safeconduct.rooms.passage.fold import Network, Sheet

AHEAD: Final = 30
"""Days that are looked ahead; a deadline of a party and what passed are always shown."""
CALM: Final = 2
"""So many days from today stands what is only to be made sure of: after what runs out tomorrow."""


class Of(IntEnum):
    """What runs out; on one day the first of these stands first."""

    DEADLINE = 0
    """The day before which, by the evening, a party has to be gone."""
    PUBLIC = 1
    """A day that was said in public, as of an ultimatum."""
    LEAVES = 2
    """The day on which a party leaves the country."""
    HOUSE = 3
    """The day on which a house is given back."""
    HOLD = 4
    """The last day of a hold on a bed."""
    SURE = 5
    """Somebody has to make sure of a party again."""


class Public(NamedTuple):
    """A day that was said in public: what the office calls it, and its id in another room."""

    day: str
    name: str
    id: bytes


class Runs(NamedTuple):
    """Something that runs out: what, when, of which sheet, and how many it touches."""

    of: Of
    day: str
    sheet: Sheet | None
    """None of what was said in public."""
    risk: int
    """Place of the party's danger in its order; the gravest is 0."""
    people: int = 0
    """Of a house: who sleeps there tonight."""
    fresh: Freshness | None = None
    public: Public | None = None

    @property
    def last(self) -> str:
        """The last day on which it is in time: of a deadline the day before."""
        return plus(self.day, -1) if self.of is Of.DEADLINE else self.day

    def left(self, today: str) -> int:
        """Return how many days are left; less than nothing once it passed."""
        return between(today, self.last)


def runs_out(
    network: Network, there: Tonight, now: Instant, public: Iterable[Public] = ()
) -> tuple[Runs, ...]:
    """Return what runs out, the most urgent first."""
    today = there.rows.day
    end = plus(today, AHEAD)
    found = [
        *(Runs(Of.PUBLIC, one.day, None, 0, public=one) for one in public),
        *_parties(network, there, now),
        *(one for one in _leaving(there) if one.day <= end),
        *(one for one in _houses(network, there) if one.day <= end),
        *(Runs(Of.HOLD, one.until, one.sheet, risk_of(one.party)) for one in there.holds),
    ]
    return tuple(sorted(found, key=lambda one: _urgency(one, today)))


def _urgency(one: Runs, today: str) -> tuple[str, Of, int, str, int, bytes]:
    name = one.sheet.id if one.sheet else b""
    soonest = plus(today, CALM if one.of is Of.SURE else 0)
    return max(one.last, soonest), one.of, one.risk, one.last, -one.people, name


def _parties(network: Network, there: Tonight, now: Instant) -> Iterator[Runs]:
    today = there.rows.day
    for party in network.of_kind(PARTY):
        if choice(party, "state") == "over":
            continue
        trips = there.rows.trips_of(party)
        day = first_of(said(party, "deadline"))
        gone = any(trip.surely for trip in trips) or (day <= today and _arrived(network, party))
        if day and not gone:
            yield Runs(Of.DEADLINE, day, party, risk_of(party))
        fresh = network.freshness(party, now)
        if fresh is not None and fresh is not Freshness.FRESH:
            day = _sure_by(network, party, today, now)
            yield Runs(Of.SURE, day, party, risk_of(party), fresh=fresh)


def _arrived(network: Network, party: Sheet) -> bool:
    """Tell whether a journey of a party is over by every word."""
    journeys = network.that_name(JOURNEY, "party", party)
    return any(set(said(one, "state")) == {"over"} for one in journeys)


def _sure_by(network: Network, party: Sheet, today: str, now: Instant) -> str:
    """Return by which day somebody had to make sure; where nobody ever did, since it was begun."""
    last = network.last_sure(party)
    begun = min((one.at for entered in party.fields for one in entered.written), default=now)
    since, days = (last.at, FRESH_DAYS[PARTY]) if last else (begun, 0)
    return plus(today, min(0, days - (now - since) // DAY))


def _leaving(there: Tonight) -> Iterator[Runs]:
    for trip in there.rows.trips:
        day = first_of(said(trip.journey, "leaves"))
        if day:
            risk = min(map(risk_of, trip.parties), default=0)
            yield Runs(Of.LEAVES, day, trip.journey, risk)


def _houses(network: Network, there: Tonight) -> Iterator[Runs]:
    people = {line.id: line.people for line in there.lines}
    for house in network.of_kind(HOUSE):
        day = first_of(said(house, "until"))
        if day and choice(house, "state") not in {BURNED, "closed"}:
            many = people.get(house.id.hex(), 0)
            if many or day >= there.rows.day:
                yield Runs(Of.HOUSE, day, house, 0, many)


__all__ = ["AHEAD", "Of", "Public", "Runs", "runs_out"]
