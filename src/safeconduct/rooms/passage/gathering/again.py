# SPDX-License-Identifier: AGPL-3.0-or-later
"""From sheets to circumstances: the journeys that stand as a plan, on a day of an operation.

The sheets say what is true now, so whatever contradicts a journey is what happened: its house has
no beds any more, its way is closed.  Day 0 lies before the first arrival of somebody who has left,
as far as the past counts; what they rode is one way that is over, who learnt of them is told apart.
Pure; the same sheets, day and settings give the same circumstances (spec/planning.md 9).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.passage.believed import choice, number, said
from safeconduct.rooms.passage.gathering.befallen import Befallen, Blow
from safeconduct.rooms.passage.gathering.circumstances_of import (
    CircumstancesOf,
    Rows,
    with_room,
)
from safeconduct.rooms.passage.gathering.gather import BooksLacking, Gathered, put_together
from safeconduct.rooms.passage.gathering.gather_parties import waiting
from safeconduct.rooms.passage.gathering.gather_places import Bedded, Exit, countries, houses
from safeconduct.rooms.passage.gathering.ground import Ground, Settings
from safeconduct.rooms.passage.gathering.horizon import WEEK, Horizon
from safeconduct.rooms.passage.gathering.knowers import Met, circles
from safeconduct.rooms.passage.gathering.legs import stretches
from safeconduct.rooms.passage.gathering.promised import Promised
from safeconduct.rooms.passage.gathering.routes import DAY, knowers
from safeconduct.rooms.passage.gathering.standing import Journeys, Standing
from safeconduct.rooms.passage.gathering.ways_again import Made, Old, WaysAgain
from safeconduct.rooms.passage.gathering.ways_out import zones_of
from safeconduct.rooms.passage.kinds import JOURNEY, STAY
from safeconduct.rooms.passage.operations.aftermath import after
from safeconduct.rooms.passage.operations.circumstances import (
    Circumstances,
    Itinerary,
    Lodging,
    LongPlan,
)
from safeconduct.rooms.passage.operations.itinerary_rules import broken_long_rules
from safeconduct.rooms.passage.words import Book

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from safeconduct.rooms.passage.fold import Network, Sheet
    from safeconduct.rooms.passage.gathering.gather_parties import Waiting
    from safeconduct.rooms.passage.gathering.legs import Stretch

PAST_MOST: Final = 60
"""Days that are over and still counted: for so long at most somebody waits for papers."""
_PERIOD: Final = {"week": None, "month": len("2026-11"), "year": len("2026")}
AHEAD_MOST: Final = 90
"""Days to come that are planned, at most."""


@dataclass(frozen=True, slots=True)
class Again:
    """Circumstances, the plan that was being carried out, and what each row is."""

    gathered: Gathered
    circumstances: Circumstances
    plan: LongPlan
    standing: Mapping[int, Standing]
    """By row of the party."""
    blows: tuple[Blow, ...]
    """What happened to journeys, of those that are left as they are too."""
    moves: Mapping[tuple[int, int, int], Stretch]
    """By town, town and days, the leg of a move."""

    @property
    def today(self) -> int:
        """The day of the operation that is today."""
        return self.circumstances.events.today

    def date(self, day: int) -> str:
        """Return a day of the operation as a day of the calendar."""
        return Horizon(self.gathered.settings.today, 1).date(day)

    def day(self, date: str) -> int:
        """Return the first day of the operation that a date may mean."""
        return Horizon(self.gathered.settings.today, 1).first(date)


def gather_again(network: Network, settings: Settings) -> Again:
    """Return the circumstances that a network's sheets give, and the plan that stands.

    Raises:
        BooksLacking: the network holds not all four books.
    """
    lacking = tuple(one for one in Book if one not in network.books)
    if lacking:
        raise BooksLacking(lacking)
    past = _past(network, settings)
    shifted = replace(
        settings,
        today=Horizon(settings.today, 1).date(-past),
        days=past + max(settings.days, _ahead(network, settings)),
        minute=past * DAY + settings.minute,
    )
    left = frozenset[str]()
    while True:
        found = _Gathering(network, shifted, past, left).made()
        broken = broken_long_rules(after(found.circumstances, found.plan), found.plan)
        rows = {one.row for one in broken if one.table == "parties"}
        by_hand = {row for row in rows if found.standing[row].begun}
        if not by_hand:
            return found
        left |= {found.standing[row].party for row in by_hand}


def _past(network: Network, settings: Settings) -> int:
    """Return how many days lie between the first arrival that still counts and today."""
    horizon = Horizon(settings.today, 1)
    begun = {one.id.hex() for one in network.of_kind(JOURNEY) if choice(one, "state") == "begun"}
    days = [
        -horizon.first(begins)
        for one in network.of_kind(STAY)
        if not begun.isdisjoint(said(one, "journey"))
        for begins in filter(None, said(one, "begins"))
    ]
    return 1 + max(0, min(PAST_MOST - 1, max(days, default=0)))


def _ahead(network: Network, settings: Settings) -> int:
    """Return how many days from today on all that is planned takes, as far as it is looked at."""
    horizon = Horizon(settings.today, 1)
    fields = ((JOURNEY, "leaves"), (STAY, "begins"), (STAY, "ends"))
    days = [
        horizon.last(day) + 2
        for kind, name in fields
        for one in network.of_kind(kind)
        for day in filter(None, said(one, name))
    ]
    return max((one for one in days if one <= AHEAD_MOST), default=1)


class _Gathering:
    """One gathering; steps are in order."""

    def __init__(
        self, network: Network, settings: Settings, today: int, left: frozenset[str]
    ) -> None:
        """`left` are parties that are where no plan could have brought them: people see to it."""
        self._network, self._settings, self._today = network, settings, today
        ground = self._ground = Ground(network, settings)
        legs = [leg for some in stretches(ground).values() for leg in some]
        self._legs: Final = {leg.sheet.id.hex(): leg for leg in legs}
        ahead = slice(today, today + WEEK)
        self._moves: Final = {
            (leg.start, leg.end, leg.minutes // DAY): leg
            for leg in sorted(legs, key=lambda leg: (-leg.exposure - leg.registered, leg.sheet.id))
            if all(leg.open[ahead])
        }
        readable = {one.sheet.id.hex() for one in waiting(Ground(network, settings), ())} - left
        self._journeys: Final = Journeys(ground, today, self._moves)
        self._old: Final = self._journeys.standing(readable)
        again = {one.sheet.id.hex() for one in self._old.values()}
        self._promised: Final = Promised(ground, again)
        self._lost: Final = set[bytes]()
        """Houses in which nobody sleeps from today on."""
        self._befallen: Final = Befallen(ground, today, self._legs)

    def made(self) -> Again:
        """Return it all."""
        ground, promised = self._ground, self._promised
        parties = waiting(ground, promised.kept)
        circle = circles(ground)
        met = Met(ground, promised, circle)
        by_party = {one.sheet.id.hex(): row for row, one in enumerate(parties)}
        standing = {by_party[party]: one for party, one in self._old.items()}
        beds = self._houses(parties, standing)
        towns = {town: at for at, town in enumerate(dict.fromkeys(one.town for one in beds))}
        rows = Rows(
            *(parties, beds, self._exits(parties, standing), towns),
            knowers(ground, promised, parties),
        )
        olds = {row: self._old_way(rows, row, one) for row, one in standing.items()}
        made = WaysAgain(ground, promised, olds).made(parties, towns, (rows.escorts, met))
        going = [
            replace(one, alone=True, ready=0) if row in standing and standing[row].begun else one
            for row, one in enumerate(parties)
        ]
        operation = put_together(
            self._settings, (going, beds, rows.exits), (circle, met, towns), made.out
        )
        gathered = Gathered(
            network=self._network,
            settings=self._settings,
            operation=operation,
            parties=tuple(one.sheet for one in parties),
            houses=tuple(one.sheet for one in beds),
            countries=tuple(one.sheet for one in rows.exits),
            ways=made.out.of_way,
            replaces={bytes.fromhex(party): tuple(s) for party, s in promised.open.items()},
            kept=tuple(promised.kept.values()),
            remarks=tuple(dict.fromkeys(ground.remarks)),
            left_out=ground.left_out,
        )
        return self._again(gathered, rows, standing, made)

    # --- rows

    def _houses(self, parties: list[Waiting], standing: Mapping[int, Standing]) -> list[Bedded]:
        """Return all houses with beds, and those that have none any more and are planned on."""
        beds = houses(self._ground, self._promised, parties)
        there = {one.sheet.id for one in beds}
        for house, people in self._sleepers(parties, standing).items():
            town = self._ground.named(house.text("town"), "town")
            if house.id not in there and town is not None:
                there.add(house.id)
                host = house.text("host") or house.id.hex()
                row = self._left_there(house, people)
                beds.append(Bedded(house, town.id.hex(), host, (True,) * 3, 0, row))
        return beds

    def _sleepers(
        self, parties: list[Waiting], standing: Mapping[int, Standing]
    ) -> dict[Sheet, list[int]]:
        """Return by house that is planned on how many who have left sleep there by night."""
        found: dict[Sheet, list[int]] = {}
        for row, one in standing.items():
            last = [one.last_house] if one.last_house is not None else []
            for house in (*one.houses, *last):
                found.setdefault(house, [0] * self._settings.days)
            for lodging in one.lodgings if one.begun else ():
                for night in range(lodging.first, lodging.leave):
                    found[one.houses[lodging.house]][night] += parties[row].size
        return found

    def _left_there(self, house: Sheet, people: list[int]) -> tuple[int, ...]:
        """Return beds of a house that takes nobody new: who is there stays if it only rests."""
        beds = self._ground.beds(house)
        row = tuple(min(one, many) for one, many in zip(beds, people, strict=True))
        if self._befallen.house_lost(house, self._today) or not any(row):
            self._lost.add(house.id)
            return (max(1, *people),) * len(people)
        return row

    def _exits(self, parties: list[Waiting], standing: Mapping[int, Standing]) -> list[Exit]:
        """Return the countries; whoever is to leave for one has a place in it while it is open."""
        leaving: dict[str, list[tuple[int, int]]] = {}
        for row, one in standing.items():
            if one.country is not None:
                at = one.lodgings[-1].leave, parties[row].size
                leaving.setdefault(one.country.id.hex(), []).append(at)
                self._promised.leaving[one.country.id.hex()].append(at)
        exits = countries(self._ground, self._promised, parties)
        there = {one.sheet.id for one in exits}
        weeks = self._ground.horizon.weeks()
        for one in standing.values():
            if one.country is not None and one.country.id not in there:
                there.add(one.country.id)
                exits.append(Exit(one.country, 0, 0, (None,) * 3, (0,) * weeks))
        return [self._given_back(one, leaving.get(one.sheet.id.hex(), [])) for one in exits]

    def _given_back(self, one: Exit, leaving: list[tuple[int, int]]) -> Exit:
        """Give those who are to leave their places: of the quota, and if it is open that day."""
        ground, quota = self._ground, list(one.quota)
        if not leaving or choice(one.sheet, "state") == "closed":
            return one
        per = _PERIOD.get(choice(one.sheet, "per"), 0)
        room: defaultdict[str, int] = defaultdict(lambda: number(one.sheet, "quota") or 0)
        days = ground.open_days(one.sheet)
        for day, people in sorted(leaving):
            period = str(day // WEEK) if per is None else ground.horizon.date(day)[:per]
            if day < len(days) and days[day] and room[period] >= people:
                room[period] -= people
                quota[day // WEEK] += people
        return replace(one, quota=tuple(quota))

    def _old_way(self, rows: Rows, row: int, one: Standing) -> Old:
        """Return the way of a journey that stands."""
        party = rows.parties[row]
        zone = zones_of(rows.parties).index((party.town, party.reach))
        house = one.houses[0] if one.houses else one.last_house
        assert house is not None
        town = rows.towns[house.text("town")]
        lost = any(blow.journey == one.sheet for blow in self._befallen.on_the_way(one))
        if one.begun or lost:
            return Old(zone, town, one, party.size, None, lost=lost)
        found = self._befallen.row(one, zone, rows.escorts)
        return Old(zone, town, one, party.size, found, lost=found is None)

    # --- circumstances

    def _again(
        self,
        gathered: Gathered,
        rows: Rows,
        standing: Mapping[int, Standing],
        made: Made,
    ) -> Again:
        plan = _as_it_stands(rows, standing, made)
        moves = {
            (rows.towns[a], rows.towns[b], days): leg
            for (a, b, days), leg in self._moves.items()
            if a in rows.towns and b in rows.towns
        }
        of = CircumstancesOf(
            *(self._ground, self._promised, self._befallen),
            today=self._today,
            standing=standing,
        )
        circumstances = of.made(gathered.operation, rows, (made, moves), self._lost)
        return Again(
            gathered=gathered,
            circumstances=with_room(circumstances, plan),
            plan=plan,
            standing=standing,
            blows=tuple(self._blows(rows.parties)),
            moves=moves,
        )

    def _blows(self, parties: Sequence[Waiting]) -> Iterator[Blow]:
        deadline = {one.sheet.id.hex(): one.deadline for one in parties}
        for sheet in self._journeys.open:
            at = sheet.id.hex()
            rides, stays = self._journeys.rides.get(at, []), self._journeys.stays.get(at, [])
            yield from self._befallen.all_on(sheet, rides, stays)
        for party, one in self._old.items():
            if not one.begun and one.out > deadline[party]:
                yield Blow(one.sheet, "too_late", one.sheet, one.out)


def _as_it_stands(rows: Rows, standing: Mapping[int, Standing], made: Made) -> LongPlan:
    """Return the journeys that stand as one plan."""
    house_of = {one.sheet.id: at for at, one in enumerate(rows.beds)}
    country_of = {one.sheet.id: at for at, one in enumerate(rows.exits)}
    return LongPlan(
        tuple(
            Itinerary(
                row,
                made.way[row],
                tuple(
                    Lodging(house_of[one.houses[at].id], first, leave)
                    for at, first, leave in one.lodgings
                ),
                None if one.country is None else country_of[one.country.id],
            )
            for row, one in sorted(standing.items())
        )
    )


__all__ = ["Again", "gather_again"]
