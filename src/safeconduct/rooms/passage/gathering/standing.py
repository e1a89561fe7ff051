# SPDX-License-Identifier: AGPL-3.0-or-later
"""Journeys as they stand on the sheets, as far as they can be planned again.

What a person wrote by hand in a way that no plan could say (several escorts, towns without a bed
in between, two words that differ) is left as it is, and named.  Days are those of the horizon of
the ground (spec/planning.md 9).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.passage.believed import choice, said
from safeconduct.rooms.passage.kinds import COUNTRY, HOUSE, JOURNEY, LEG, RIDE, STAY
from safeconduct.rooms.passage.operations.circumstances import Lodging

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from safeconduct.rooms.passage.fold import Sheet
    from safeconduct.rooms.passage.gathering.ground import Ground

LEVEL: Final = {"proposed": 0, "told": 1, "host_told": 2, "bought": 3, "begun": 2}
"""Who was told of a journey, by its state (spec/operation.md 8)."""
Hop = tuple[str, str, int]
"""From a town, to a town, in so many days."""
_HOLDS: Final = frozenset({"there", "agreed", "held"})


@dataclass(frozen=True, slots=True)
class Standing:
    """One journey on the record; a lodging names a row of `houses`."""

    sheet: Sheet
    party: str
    rides: tuple[Sheet, ...]
    stays: tuple[Sheet, ...]
    """Those that hold, by the day on which they begin."""
    houses: tuple[Sheet, ...]
    lodgings: tuple[Lodging, ...]
    out: int
    arrive: int
    last_house: Sheet | None
    """Where they slept last, where no stay holds any more."""
    country: Sheet | None

    @property
    def begun(self) -> bool:
        """Whether they have left."""
        return choice(self.sheet, "state") == "begun"

    @property
    def level(self) -> int:
        """Who was told of it."""
        return LEVEL[choice(self.sheet, "state")]


class Journeys:
    """All journeys of a ground that have not ended."""

    def __init__(self, ground: Ground, today: int, moves: Collection[Hop]) -> None:
        """Read them; `today` is a day of the horizon, and `moves` are legs between towns."""
        self._ground: Final = ground
        self._moves: Final = moves
        self._today: Final = today
        self.rides: Final = self._by_journey(RIDE, "day")
        self.stays: Final = self._by_journey(STAY, "begins")
        self.open: Final = [one for one in ground.of_kind(JOURNEY) if choice(one, "state") in LEVEL]

    def standing(self, parties: Collection[str]) -> dict[str, Standing]:
        """Return by party the one journey that can be planned again."""
        found: dict[str, list[Standing | None]] = {}
        for sheet in self.open:
            for party in filter(None, said(sheet, "party")):
                found.setdefault(party, []).append(self._standing(sheet, party))
        return {
            party: some[0]
            for party, some in found.items()
            if party in parties and len(some) == 1 and some[0] is not None
        }

    def _by_journey(self, kind: str, name: str) -> Mapping[str, list[Sheet]]:
        found: dict[str, list[Sheet]] = {}
        for one in self._ground.of_kind(kind):
            for journey in said(one, "journey"):
                found.setdefault(journey, []).append(one)
        for some in found.values():
            some.sort(key=lambda one: (one.text(name), one.text("at"), one.id))
        return found

    def _standing(self, sheet: Sheet, party: str) -> Standing | None:
        """Return a journey in numbers, or None where no plan could say it."""
        at, begun = sheet.id.hex(), choice(sheet, "state") == "begun"
        rides, every = self.rides.get(at, []), self.stays.get(at, [])
        stays = [one for one in every if choice(one, "state") in _HOLDS and not self._past(one)]
        if _differs([sheet, *rides, *stays]):
            return None
        houses = [self._ground.named(one.text("house"), HOUSE) for one in stays]
        last = self._ground.named(every[-1].text("house"), HOUSE) if every else None
        country = self._ground.named(sheet.text("country"), COUNTRY)
        lodgings = self._lodgings(sheet, stays)
        ridden = self._ridden(rides, begun=begun)
        if None in houses or lodgings is None or ridden is None:
            return None
        one = Standing(
            *(sheet, party, tuple(rides), tuple(stays)),
            houses=tuple(house for house in houses if house is not None),
            lodgings=lodgings,
            out=min((ridden, *(one.first for one in lodgings))) if begun else ridden,
            arrive=lodgings[0].first if lodgings else ridden,
            last_house=last,
            country=country,
        )
        return one if self._plannable(one) else None

    def _past(self, stay: Sheet) -> bool:
        """Tell whether a stay was over before the horizon begins."""
        ends = stay.text("ends")
        return bool(ends) and self._ground.horizon.last(ends) <= 0

    def _lodgings(self, sheet: Sheet, stays: list[Sheet]) -> tuple[Lodging, ...] | None:
        """Return where they sleep when; None where a day cannot be read."""
        horizon, found = self._ground.horizon, []
        leaves = sheet.text("leaves")
        for row, one in enumerate(stays):
            ends = one.text("ends") or (leaves if row == len(stays) - 1 else "")
            if not _whole(one.text("begins")) or (ends and not _whole(ends)):
                return None
            leave = horizon.first(ends) if ends else horizon.days
            found.append(Lodging(row, max(0, horizon.first(one.text("begins"))), leave))
        return tuple(found)

    def _ridden(self, rides: list[Sheet], *, begun: bool) -> int | None:
        """Return the day of leaving; None where it cannot be read."""
        if not all(_whole(one.text("day")) for one in rides):
            return None
        days = [self._ground.horizon.first(one.text("day")) for one in rides]
        if begun:
            return max(0, min((*days, self._today - 1)))
        return min(days) if days and min(days) >= self._today else None

    def _plannable(self, one: Standing) -> bool:
        horizon, escorts = self._ground.horizon, {ride.text("escort") for ride in one.rides}
        spans = [0 <= first < leave <= horizon.days for _, first, leave in one.lodgings]
        leaves, end = one.sheet.text("leaves"), one.lodgings[-1].leave if one.lodgings else 0
        if not all(spans) or (leaves and (not _whole(leaves) or horizon.first(leaves) != end)):
            return False
        if one.country is not None and not leaves:
            return False
        if one.begun:
            there = bool(one.lodgings) or (one.last_house is not None and one.country is None)
            return there and self._hangs_together(one)
        known = all(self._ground.named(ride.text("leg"), LEG) for ride in one.rides)
        return len(one.lodgings) == 1 and len(escorts) == 1 and known and one.out <= one.arrive

    def _hangs_together(self, one: Standing) -> bool:
        """Tell whether each lodging begins where and when the one before ends, or a move later."""
        towns = [house.text("town") for house in one.houses]
        for at, (before, after) in enumerate(itertools.pairwise(one.lodgings)):
            gap = after.first - before.leave
            move = towns[at], towns[at + 1], gap
            if gap != 0 if towns[at] == towns[at + 1] else move not in self._moves:
                return False
        return all(towns)


def _differs(sheets: list[Sheet]) -> bool:
    """Tell whether two things stand in one field."""
    return any(
        len({word.text for word in entered.standing}) > 1
        for one in sheets
        for entered in one.fields
    )


def _whole(day: str) -> bool:
    """Tell whether a day is said to the day."""
    return len(day) == len("2026-11-30")


__all__ = ["LEVEL", "Journeys", "Standing"]
