# SPDX-License-Identifier: AGPL-3.0-or-later
"""What journeys that stand already take: beds, escorts' days, places, quotas, and who has met whom.

A journey that is proposed binds nobody: its party is planned anew.  One that somebody was told of
is kept, unless it is said that the party shall be planned anew; one that has begun is always kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.passage.believed import choice, number, said
from safeconduct.rooms.passage.kinds import (
    ESCORT,
    HOUSE,
    JOURNEY,
    LEG,
    PARTY,
    RIDE,
    STAY,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from safeconduct.rooms.passage.fold import Sheet
    from safeconduct.rooms.passage.gathering.ground import Ground

_GONE: Final = frozenset({"over", "called_off"})
_KEPT: Final = frozenset({"told", "host_told", "bought"})
_HOLDS: Final = frozenset({"there", "agreed", "held"})
_DAY_MINUTES: Final = 1_440


class Promised:
    """Journeys on the record, and what they leave to others."""

    def __init__(self, ground: Ground, again: Collection[str] = ()) -> None:
        """Read all journeys, rides and stays; those in `again` are planned anew though begun.

        Of these the rides of who has begun bind their escorts, and nothing else does.
        """
        self._ground: Final = ground
        self._again: Final = frozenset(again)
        self.kept: Final[dict[str, Sheet]] = {}
        """By party, the journey that it is not planned anew from."""
        self.open: Final[defaultdict[str, list[Sheet]]] = defaultdict(list)
        """By party, journeys that a new one would take the place of."""
        self.beds: Final[Counter[tuple[str, int]]] = Counter()
        """People by house and night."""
        self.busy: Final[defaultdict[str, set[int]]] = defaultdict(set)
        """Days of an escort."""
        self.places: Final[Counter[tuple[str, int]]] = Counter()
        """People by departure and day."""
        self.leaving: Final[defaultdict[str, list[tuple[int, int]]]] = defaultdict(list)
        """By country, the day and the number of those who leave."""
        self.met: Final[set[tuple[str, str]]] = set()
        """Who, an escort or a host, has met or will meet which party."""
        self._sizes: Final = {
            one.id.hex(): number(one, "size") or 1 for one in ground.of_kind(PARTY)
        }
        self._parties: Final[dict[str, frozenset[str]]] = {}
        self._bind: Final[dict[str, bool]] = {}
        """By journey, whether it keeps its places; history is here and keeps none."""
        for one in ground.of_kind(JOURNEY):
            self._journey(one)
        self._rides()
        for one in ground.of_kind(STAY):
            self._stay(one)

    def known_people(self, escort: str) -> int:
        """Return of how many people an escort knows already."""
        return sum(self._sizes.get(party, 1) for who, party in self.met if who == escort)

    def _journey(self, sheet: Sheet) -> None:
        state, at = choice(sheet, "state"), sheet.id.hex()
        if state == "called_off":
            return
        parties = frozenset(one for one in said(sheet, "party") if one)
        self._parties[at] = parties
        anew = {one.hex() for one in self._ground.settings.anew}
        again = at in self._again
        if again or state == "proposed" or (state in _KEPT and parties <= anew):
            self._replaced(sheet, left=again and state == "begun")
            return
        self._bind[at] = state not in _GONE
        if state in _GONE:
            return
        for party in parties:
            self.kept[party] = sheet
        days = [self._ground.horizon.first(one) for one in said(sheet, "leaves") if one]
        for country in said(sheet, "country"):
            if country and days:
                self.leaving[country].append((min(days), self._people(at)))

    def _replaced(self, sheet: Sheet, *, left: bool) -> None:
        """Note a journey that another may take the place of; who has left is still driven."""
        at = sheet.id.hex()
        for party in self._parties[at]:
            self.open[party].append(sheet)
        self._bind[at] = left
        if not left:
            del self._parties[at]

    def _rides(self) -> None:
        of: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for sheet in self._ground.of_kind(RIDE):
            for journey, day in self._journeys(sheet, "day"):
                people = self._people(journey)
                for departure in said(sheet, "departure"):
                    if self._bind[journey]:
                        self.places[departure, day] += people
                for escort in filter(None, said(sheet, "escort")):
                    self._meet(escort, journey)
                    if self._bind[journey]:
                        of[escort, journey] += [day, day + self._days(sheet) - 1]
        for (escort, _), days in of.items():
            # The way home takes as long.
            home = max(days) + max(days) - min(days)
            self.busy[escort].update(range(min(days), home + 1))

    def _stay(self, sheet: Sheet) -> None:
        ground, state = self._ground, choice(sheet, "state")
        for journey, begins in self._journeys(sheet, "begins"):
            for house in said(sheet, "house"):
                self._meet_host(house, journey)
            if state not in _HOLDS or not (self._bind[journey] or state == "there"):
                continue
            if journey in self._again:
                continue
            if state == "held" and self._lapsed(sheet):
                ground.doubt("hold_over", sheet)
                continue
            ends = [ground.horizon.last(one) for one in said(sheet, "ends") if one]
            last = max(ends, default=ground.horizon.days)
            for house in said(sheet, "house"):
                for night in range(max(0, begins), min(last, ground.horizon.days)):
                    self.beds[house, night] += self._people(journey)

    def _lapsed(self, sheet: Sheet) -> bool:
        """Tell whether a bed is held no longer, by the latest that somebody said."""
        until = [self._ground.horizon.last(one) if one else 0 for one in said(sheet, "until")]
        return bool(until) and max(until) < 0

    def _journeys(self, sheet: Sheet, name: str) -> Iterator[tuple[str, int]]:
        """Yield the journeys that keep something by a sheet, with a day that stands on it."""
        days = [self._ground.horizon.first(one) for one in said(sheet, name) if one]
        for journey in said(sheet, "journey"):
            if journey in self._parties:
                yield journey, min(days, default=0)

    def _days(self, ride: Sheet) -> int:
        """Return on how many days an escort drives a leg."""
        leg = self._ground.named(ride.text("leg"), LEG)
        minutes = (number(leg, "minutes") or 0) if leg is not None else 0
        return 1 + minutes // _DAY_MINUTES

    def _people(self, journey: str) -> int:
        return sum(self._sizes.get(party, 1) for party in self._parties[journey])

    def _meet(self, who: str, journey: str) -> None:
        if self._ground.named(who, ESCORT) is not None:
            self.met.update((who, party) for party in self._parties[journey])

    def _meet_host(self, house: str, journey: str) -> None:
        found = self._ground.named(house, HOUSE)
        for host in said(found, "host") if found is not None else ():
            self.met.update((host, party) for party in self._parties[journey])


__all__ = ["Promised"]
