# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happened to journeys: whatever on the sheets contradicts them now.

Nothing here asks for an event's own report: a burned house, an arrested escort and a closed border
are on their sheets, and a journey that needs them is hit (spec/planning.md 9).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.passage.believed import choice, said
from safeconduct.rooms.passage.gathering.legs import Chain
from safeconduct.rooms.passage.gathering.measures import CHANGE, MORNING
from safeconduct.rooms.passage.gathering.routes import DAY, Hop, Timing
from safeconduct.rooms.passage.gathering.ways_out import Row
from safeconduct.rooms.passage.kinds import COUNTRY, DEPARTURE, ESCORT, HOUSE, HOUSEHOLD, LEG

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from safeconduct.rooms.passage.fold import Sheet
    from safeconduct.rooms.passage.gathering.ground import Ground
    from safeconduct.rooms.passage.gathering.legs import Stretch
    from safeconduct.rooms.passage.gathering.routes import Knower
    from safeconduct.rooms.passage.gathering.standing import Standing

_LOST: Final = frozenset({"arrested", "left"})
_HOLDS: Final = frozenset({"there", "agreed", "held"})


@dataclass(frozen=True, slots=True)
class Blow:
    """One thing that keeps a journey from going as planned: a code, its sheet and its day."""

    journey: Sheet
    code: str
    sheet: Sheet
    day: int


class Befallen:
    """Looks at journeys from a day of the horizon on."""

    def __init__(self, ground: Ground, today: int, legs: Mapping[str, Stretch]) -> None:
        """Look with these legs, by the id of their sheet."""
        self._ground: Final = ground
        self._today: Final = today
        self._legs: Final = legs

    def all_on(
        self, journey: Sheet, rides: Sequence[Sheet], stays: Sequence[Sheet]
    ) -> Iterator[Blow]:
        """Yield all that hits a journey that has not ended."""
        yield from self._rides(journey, rides)
        for stay in stays:
            if choice(stay, "state") in _HOLDS:
                yield from self._stay(journey, stay)
        yield from self._exit(journey)

    def on_the_way(self, one: Standing) -> Iterator[Blow]:
        """Yield what hits the rides of a journey that are still to come."""
        return self._rides(one.sheet, one.rides)

    def house_lost(self, house: Sheet, night: int) -> bool:
        """Tell whether nobody can sleep in a house in a night: burned, closed, or without host."""
        if choice(house, "state") in {"burned", "closed"} or house.taken_off:
            return True
        for value in filter(None, said(house, "host")):
            host = self._ground.named(value, HOUSEHOLD)
            if host is not None and choice(host, "state") in _LOST:
                return True
        return not self._ground.open_days(house)[night]

    def row(self, one: Standing, zone: int, escorts: Sequence[Knower]) -> Row | None:
        """Return the way of a journey that can still go; None where it is no whole way."""
        hops = tuple(filter(None, (self._hop(ride) for ride in one.rides)))
        who = one.rides[0].text("escort")
        knower = next((at for at, each in enumerate(escorts) if who in each.members), None)
        if len(hops) != len(one.rides) or (bool(who) and knower is None):
            return None
        chain = Chain(tuple(hop.leg for hop in hops))
        driven = chain.car and (knower is None or escorts[knower].car is None)
        if driven or chain.end != one.houses[0].text("town"):
            return None
        start, last = hops[0].day * DAY + hops[0].at, hops[-1]
        end = last.day * DAY + last.at + last.leg.minutes
        if last.board is not None:
            end += last.board.latest - last.board.earliest
        home = (2 * end - start) // DAY
        return Row(zone, chain, Timing(one.out, one.arrive, home - one.out + 1, hops), knower)

    def _hop(self, ride: Sheet) -> Hop | None:
        leg = self._legs.get(ride.text("leg"))
        day, at = self._ground.horizon.first(ride.text("day")), _minute(ride.text("at"))
        if leg is None:
            return None
        boards = [
            board
            for board in leg.boards
            if board.sheet.id.hex() == ride.text("departure") and day in board.days
        ]
        if leg.public and not boards:
            return None
        return Hop(leg, boards[0] if boards else None, day, at)

    def _rides(self, journey: Sheet, rides: Sequence[Sheet]) -> Iterator[Blow]:
        ground = self._ground
        for ride in rides:
            days = [ground.horizon.first(one) for one in said(ride, "day") if one]
            day = min(days, default=-1)
            if not self._today <= day < ground.horizon.days:
                continue
            for value in filter(None, said(ride, "escort")):
                escort = ground.named(value, ESCORT)
                if escort is not None and (escort.taken_off or choice(escort, "state") != "ready"):
                    yield Blow(journey, "escort_gone", escort, day)
            for kind, name in ((LEG, "leg"), (DEPARTURE, "departure")):
                for value in filter(None, said(ride, name)):
                    road = ground.named(value, kind)
                    if road is not None and not ground.open_days(road)[day]:
                        yield Blow(journey, "road_closed", road, day)

    def _stay(self, journey: Sheet, stay: Sheet) -> Iterator[Blow]:
        ground = self._ground
        begins = [ground.horizon.first(one) for one in said(stay, "begins") if one]
        ends = [ground.horizon.last(one) if one else ground.horizon.days for one in
                said(stay, "ends") or ("",)]  # fmt: skip
        nights = range(
            max(self._today, min(begins, default=0)), min(max(ends), ground.horizon.days)
        )
        for value in said(stay, "house"):
            house = ground.named(value, HOUSE)
            lost = (night for night in nights if house and self.house_lost(house, night))
            night = next(lost, None)
            if house is not None and night is not None:
                yield Blow(journey, "no_bed", house, night)

    def _exit(self, journey: Sheet) -> Iterator[Blow]:
        ground = self._ground
        days = [ground.horizon.first(one) for one in said(journey, "leaves") if one]
        for value in filter(None, said(journey, "country")):
            country = ground.named(value, COUNTRY)
            for day in days:
                if country is None or not self._today <= day < ground.horizon.days:
                    continue
                if not ground.open_days(country)[day]:
                    yield Blow(journey, "border_closed", country, day)


def _minute(clock: str) -> int:
    """Return a time as a minute of its day; in the morning where none is said."""
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute[:2]) if minute else MORNING + CHANGE


__all__ = ["Befallen", "Blow"]
