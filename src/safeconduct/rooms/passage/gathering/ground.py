# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an operation is gathered from: the sheets, looked up quickly, and remarks on them.

Nothing is planned on a sheet silently: whatever is missing, unclear, stale or contradictory is a
remark with the sheet's id, worded by pages (spec/planning.md 2).  What may be believed is asked of
`believed` alone, on so much of the network as bears on the sheet.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.passage.believed import (
    CLOSINGS,
    beds,
    burned,
    choice,
    closed,
    given_back,
    number,
    said,
)
from safeconduct.rooms.passage.fold import Network
from safeconduct.rooms.passage.gathering.horizon import Horizon
from safeconduct.rooms.passage.gathering.measures import CEILINGS, RATES
from safeconduct.rooms.passage.kinds import (
    COUNTRY,
    DEPARTURE,
    HOUSE,
    LEG,
    NIGHTS,
    POINT,
    TOWN,
    field_named,
)
from safeconduct.rooms.passage.operations.fields import MOST
from safeconduct.rooms.passage.operations.operation import Rates
from safeconduct.rooms.passage.words import Freshness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from safeconduct.rooms.passage.fold import Sheet

_HANGS_ON: Final = ("leg", "from", "to", "town", "country")
"""Fields that name what closes a sheet with it."""
_HANGING: Final = frozenset({DEPARTURE, LEG, POINT, "crossing"})


class Weighs(Enum):
    """What a remark means for the plan."""

    BARS = "bars"
    """Nothing is planned on this sheet."""
    CONTRADICTS = "contradicts"
    """It cannot be meant so; planned on only if somebody says so."""
    DOUBT = "doubt"
    """It is planned on, the safer that stands, and somebody should make sure."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that is wrong with a sheet, by a code; `field` is where, if it is a field."""

    weighs: Weighs
    code: str
    sheet: Sheet
    field: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """For which days one plans, and by which bands that people chose."""

    today: str
    now: int
    """Milliseconds since 1970: by this clock sheets are fresh or stale."""
    days: int
    ceiling: int
    rates: Rates
    minute: int = 0
    """Minute of today by the clocks of the place: nobody leaves earlier than now."""
    anew: frozenset[bytes] = frozenset()
    """Parties that were promised a journey, and are planned anew because somebody says so."""
    learnt: frozenset[tuple[bytes, bytes]] = frozenset()
    """Who, an escort or a host, was told of which party by a slip that left the office."""
    before: tuple[tuple[bytes, bytes], ...] = field(default=())
    """Parties that two people put before another: (the one, the other)."""


class Ground:
    """The sheets of a network for one gathering."""

    def __init__(self, network: Network, settings: Settings) -> None:
        """Look everything up once."""
        self.network: Final = network
        self.settings: Final = settings
        self.horizon: Final = Horizon(settings.today, settings.days)
        self.dates: Final = self.horizon.dates()
        self.remarks: Final[list[Remark]] = []
        self.left_out = 0
        """Ways that were found and are not planned on: others are better, or there are too many."""
        self._by_id: Final = {(one.kind, one.id.hex()): one for one in network.sheets}
        self._of_kind: Final[defaultdict[str, list[Sheet]]] = defaultdict(list)
        self._naming: Final[defaultdict[str, list[Sheet]]] = defaultdict(list)
        for one in network.sheets:
            if not network.is_off(one):
                self._of_kind[one.kind].append(one)
        for kind, name in (*((kind, "closes") for kind in CLOSINGS), (NIGHTS, "house")):
            for one in self._of_kind[kind]:
                for value in said(one, name):
                    self._naming[value].append(one)

    def of_kind(self, kind: str) -> list[Sheet]:
        """Return the sheets of a kind that stand."""
        return self._of_kind[kind]

    def every(self, kind: str) -> list[Sheet]:
        """Return the sheets of a kind, those that were taken off too."""
        return [one for one in self.network.sheets if one.kind == kind]

    def named(self, value: str, *kinds: str) -> Sheet | None:
        """Return the sheet of one of these kinds that has an id, taken off or not."""
        found = (self._by_id.get((kind, value)) for kind in kinds)
        return next((one for one in found if one is not None), None)

    # --- remarks

    def bar(self, code: str, sheet: Sheet, field: str = "") -> None:
        """Say that nothing is planned on a sheet, and why."""
        self.remarks.append(Remark(Weighs.BARS, code, sheet, field))

    def contradict(self, code: str, sheet: Sheet, field: str = "") -> None:
        """Say that what stands cannot be meant so."""
        self.remarks.append(Remark(Weighs.CONTRADICTS, code, sheet, field))

    def doubt(self, code: str, sheet: Sheet, field: str = "") -> None:
        """Say that something is planned on that somebody should make sure of."""
        self.remarks.append(Remark(Weighs.DOUBT, code, sheet, field))

    def look_over(self, sheet: Sheet) -> None:
        """Remark on a sheet that is planned on: two words in one field, and how fresh it is."""
        for entered in sheet.fields:
            if len({one.text for one in entered.standing}) > 1:
                self.doubt("safer", sheet, entered.name)
        fresh = self.network.freshness(sheet, self.settings.now)
        if fresh not in {None, Freshness.FRESH}:
            assert fresh is not None
            self.doubt(fresh.value, sheet)

    # --- what is believed

    def one(self, sheet: Sheet, name: str) -> Sheet | None:
        """Return the one sheet that a field names; None, with a remark, if it is not just one."""
        known = field_named(sheet.kind, name)
        values = set(said(sheet, name)) or {""}
        if len(values) > 1:
            self.bar("unclear", sheet, name)
            return None
        found = self.named(values.pop(), *known.of) if known else None
        if found is None:
            self.bar("not_said", sheet, name)
        return found

    def town_of(self, sheet: Sheet, name: str) -> Sheet | None:
        """Return the town that a field names, itself or by a meeting point in it."""
        found = self.one(sheet, name)
        if found is None or found.kind == TOWN:
            return found
        return self.one(found, "town")

    def count(self, sheet: Sheet, name: str) -> int:
        """Return a number; none where nobody says it or it is past belief, which is remarked on."""
        found = number(sheet, name)
        if found is None:
            self.bar("not_said", sheet, name)
        elif found > MOST:
            self.bar("too_large", sheet, name)
            return 0
        return found or 0

    def state(self, sheet: Sheet, *good: str) -> bool:
        """Tell whether a sheet's state is one of these; if not it is remarked on."""
        state = choice(sheet, "state")
        if state not in good:
            self.bar(state, sheet)
        return state in good

    def open_days(self, sheet: Sheet) -> tuple[bool, ...]:
        """Tell of each day whether something is open, with all that it hangs on."""
        family = list(self._family(sheet))
        events = self._events(family)
        small = Network(self.network.books, (*family, *events))
        if not events:
            return (not closed(small, sheet, self.dates[0]),) * len(self.dates)
        return tuple(not closed(small, sheet, day) for day in self.dates)

    def beds(self, house: Sheet) -> list[int]:
        """Return the beds of a house by night, taken or free."""
        events = self._events([house])
        small = Network(self.network.books, (house, *events))
        if not events and given_back(house) > self.dates[-1]:
            return [beds(small, house, self.dates[0])] * len(self.dates)
        return [beds(small, house, day) for day in self.dates]

    def burned(self, house: Sheet) -> bool:
        """Tell whether those who hunt know a house today."""
        small = Network(self.network.books, (house, *self._events([house])))
        return burned(small, house, self.dates[0])

    def _family(self, sheet: Sheet) -> Iterator[Sheet]:
        yield sheet
        if sheet.kind not in _HANGING:
            return
        for name in _HANGS_ON:
            known = field_named(sheet.kind, name)
            for value in said(sheet, name) if known else ():
                found = self.named(value, *(known.of if known else ()))
                if found is not None and found.kind in {LEG, POINT, TOWN, COUNTRY}:
                    yield from self._family(found)

    def _events(self, family: list[Sheet]) -> list[Sheet]:
        wanted = (*CLOSINGS, *([NIGHTS] if family[0].kind == HOUSE else []))
        found = (one for sheet in family for one in self._naming[sheet.id.hex()])
        return [one for one in found if one.kind in wanted]


def day_of(local: str) -> str:
    """Return the day of a local time, `2026-11-30T21:40`."""
    return local[:10]


def settings_at(local: str, now: int, days: int, ceiling: str, rates: str) -> Settings:
    """Return what is planned from a local time on, `2026-11-30T21:40`, by the names of two bands.

    `now` is the same moment in milliseconds since 1970.
    """
    minute = int(local[11:13]) * 60 + int(local[14:16])
    return Settings(day_of(local), now, days, CEILINGS[ceiling], RATES[rates], minute)


__all__ = ["Ground", "Remark", "Settings", "Weighs", "day_of", "settings_at"]
