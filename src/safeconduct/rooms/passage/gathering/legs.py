# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is believed of legs and departures, and chains of legs from one town to another.

Of chains that need the same trains and coaches only those are kept that no other is better than in
exposure, minutes and cost.  How many were left out is counted (spec/planning.md 4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.passage.believed import choice, number, said
from safeconduct.rooms.passage.gathering.gather_places import cost_of, usual_currency
from safeconduct.rooms.passage.gathering.measures import (
    CHAINS_MOST,
    CHECKPOINT,
    LEGS_MOST,
    REGISTERED,
    UNKNOWN_CHECKPOINTS,
    WIDTH,
)
from safeconduct.rooms.passage.gathering.measures import LEG as EXPOSED
from safeconduct.rooms.passage.kinds import DEPARTURE, LEG

if TYPE_CHECKING:
    from safeconduct.rooms.passage.fold import Sheet
    from safeconduct.rooms.passage.gathering.ground import Ground

_PUBLIC: Final = frozenset({"coach", "train", "plane", "boat"})
_DAY: Final = len("2026-11-30")


@dataclass(frozen=True, slots=True)
class Board:
    """A departure: from `earliest` to `latest` minute of the day, on which days of the horizon."""

    sheet: Sheet
    earliest: int
    latest: int
    days: frozenset[int]
    most: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A leg as it is believed; towns are ids of sheets in hex."""

    sheet: Sheet
    start: str
    end: str
    car: bool
    public: bool
    minutes: int
    exposure: int
    registered: int
    cost: int
    open: tuple[bool, ...]
    boards: tuple[Board, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """Legs one after another."""

    legs: tuple[Stretch, ...]

    @property
    def end(self) -> str:
        """The town where it ends."""
        return self.legs[-1].end

    @property
    def car(self) -> bool:
        """Whether somebody has to drive."""
        return any(leg.car for leg in self.legs)

    @property
    def public(self) -> bool:
        """Whether some of it goes by trains, coaches, planes or boats."""
        return any(leg.public for leg in self.legs)

    @property
    def worth(self) -> tuple[int, int, int, int]:
        """What a better chain has less of."""
        legs = self.legs
        return (
            sum(leg.exposure for leg in legs),
            sum(leg.registered for leg in legs),
            sum(leg.minutes for leg in legs),
            sum(leg.cost for leg in legs),
        )

    @property
    def alike(self) -> tuple[str, bool, tuple[str, ...]]:
        """Chains are held against each other that end alike and take the same departures."""
        taken = tuple(leg.sheet.id.hex() for leg in self.legs if leg.public)
        return self.end, self.car, taken


def stretches(ground: Ground) -> dict[str, list[Stretch]]:
    """Return the legs that can be planned on, by the town where they begin."""
    boards = _boards(ground)
    currency = usual_currency(ground)
    found: defaultdict[str, list[Stretch]] = defaultdict(list)
    for sheet in ground.of_kind(LEG):
        one = _stretch(ground, sheet, boards.get(sheet.id.hex(), ()), currency)
        if one is not None:
            found[one.start].append(one)
    return found


def chains(
    ground: Ground,
    legs: Mapping[str, Collection[Stretch]],
    start: str,
    goals: Collection[str],
    avoid: Collection[str],
) -> list[Chain]:
    """Return chains of up to 4 legs from a town to towns with a house, past no town to avoid."""
    ends: list[Chain] = []
    layer = [Chain((leg,)) for leg in legs.get(start, ()) if leg.end not in {start, *avoid}]
    for length in range(LEGS_MOST):
        layer = _best(ground, layer)
        ends += [one for one in layer if one.end in goals]
        if length + 1 < LEGS_MOST:
            layer = [longer for one in layer for longer in _longer(one, legs, {start, *avoid})]
    return _fewest(ground, _undominated(ground, ends))


def _fewest(ground: Ground, ends: list[Chain]) -> list[Chain]:
    """Return of the chains to each town, with a driver or without, the least exposed few."""
    by_end: defaultdict[tuple[str, bool], list[Chain]] = defaultdict(list)
    for one in ends:
        by_end[one.end, one.car].append(one)
    for some in by_end.values():
        some.sort(key=_exposed)
        ground.left_out += len(some[CHAINS_MOST:])
    return [one for some in by_end.values() for one in some[:CHAINS_MOST]]


def _longer(
    chain: Chain, legs: Mapping[str, Collection[Stretch]], avoid: Collection[str]
) -> Iterator[Chain]:
    been = {leg.end for leg in chain.legs}
    for leg in legs.get(chain.end, ()):
        if leg.end not in been and leg.end not in avoid:
            yield Chain((*chain.legs, leg))


def _best(ground: Ground, layer: list[Chain]) -> list[Chain]:
    """Return the chains that are followed on: of those to one town the least exposed few."""
    kept = []
    by_end: defaultdict[str, list[Chain]] = defaultdict(list)
    for one in _undominated(ground, layer):
        by_end[one.end].append(one)
    for some in by_end.values():
        some.sort(key=_exposed)
        kept += some[:WIDTH]
        ground.left_out += len(some[WIDTH:])
    return kept


def _exposed(chain: Chain) -> tuple[int, int, int]:
    exposure, registered, minutes, _ = chain.worth
    return exposure + registered, minutes, len(chain.legs)


def _undominated(ground: Ground, found: list[Chain]) -> list[Chain]:
    groups: defaultdict[object, list[Chain]] = defaultdict(list)
    for one in sorted(found, key=_exposed):
        better = groups[one.alike]
        if any(_no_worse(other.worth, one.worth) for other in better):
            ground.left_out += 1
        else:
            better.append(one)
    return [one for some in groups.values() for one in some]


def _no_worse(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True))


def _stretch(
    ground: Ground, sheet: Sheet, boards: tuple[Board, ...], currency: str
) -> Stretch | None:
    start, end = ground.town_of(sheet, "from"), ground.town_of(sheet, "to")
    mode, minutes = choice(sheet, "mode"), number(sheet, "minutes")
    modes = set(said(sheet, "mode"))
    if len(modes) != 1 or minutes is None:
        ground.bar("not_said" if minutes is None else "unclear", sheet, _lacking(minutes))
        return None
    if start is None or end is None or start.id == end.id:
        return None
    days = ground.open_days(sheet)
    if not any(days):
        ground.bar("closed", sheet)
        return None
    if mode in _PUBLIC and not boards:
        ground.bar("no_departure", sheet)
        return None
    ground.look_over(sheet)
    registered = REGISTERED if choice(sheet, "registers") == "yes" else 0
    return Stretch(
        sheet=sheet,
        start=start.id.hex(),
        end=end.id.hex(),
        car=mode == "car",
        public=mode in _PUBLIC,
        minutes=minutes,
        exposure=EXPOSED[choice(sheet, "exposure")] + CHECKPOINT * _checkpoints(ground, sheet),
        registered=registered,
        cost=cost_of(ground, sheet, currency),
        open=days,
        boards=boards,
    )


def _lacking(minutes: int | None) -> str:
    return "minutes" if minutes is None else "mode"


def _checkpoints(ground: Ground, sheet: Sheet) -> int:
    found = number(sheet, "checkpoints")
    if found is None:
        ground.doubt("not_said", sheet, "checkpoints")
    return UNKNOWN_CHECKPOINTS if found is None else found


def _boards(ground: Ground) -> dict[str, tuple[Board, ...]]:
    """Return the departures that can be planned on, by leg."""
    found: defaultdict[str, list[Board]] = defaultdict(list)
    for sheet in ground.of_kind(DEPARTURE):
        leg, times = ground.one(sheet, "leg"), [_minute(one) for one in said(sheet, "at") if one]
        days = _days(ground, sheet)
        if not times:
            ground.bar("not_said", sheet, "at")
        elif not days:
            ground.bar("no_day", sheet)
        elif leg is not None and (most := ground.count(sheet, "most")):
            ground.look_over(sheet)
            found[leg.id.hex()].append(Board(sheet, min(times), max(times), days, most))
    return {leg: tuple(some) for leg, some in found.items()}


def _days(ground: Ground, sheet: Sheet) -> frozenset[int]:
    """Return on which days of the horizon something departs, by every word that stands."""
    weekly = [frozenset(one.split()) for one in said(sheet, "days")]
    names = frozenset.intersection(*weekly) if weekly else frozenset()
    once = {one for one in said(sheet, "day") if len(one) == _DAY}
    if any(one and len(one) < _DAY for one in said(sheet, "day")):
        # A month or a year is no day on which somebody can stand at a station.
        return frozenset()
    horizon = ground.horizon
    first = ground.horizon.first
    on = {first(one) for one in once} if len(once) == 1 else set()
    every = {
        day
        for day in range(horizon.days)
        if day in on or (not once and names and horizon.weekday(day) in names)
    }
    is_open = ground.open_days(sheet) if every else ()
    return frozenset(day for day in every if is_open[day])


def _minute(time: str) -> int:
    hour, _, minute = time.partition(":")
    return int(hour) * 60 + int(minute)


__all__ = ["Board", "Chain", "Stretch", "chains", "stretches"]
