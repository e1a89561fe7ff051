# SPDX-License-Identifier: AGPL-3.0-or-later
"""What journeys that stand already take: beds, escorts' days, places, quotas, and who has met whom.

A journey that is proposed binds nobody: its party is planned anew.  One that somebody was told of
is kept, unless it is said that the party shall be planned anew; one that has begun is always kept.
Whoever left by one that is over has taken of the quota; who is in a house has its bed.  Days are
held to the horizon, whatever a sheet says (spec/planning.md 5).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.passage.believed import choice, number, said
from safeconduct.rooms.passage.gathering.told import meetings
from safeconduct.rooms.passage.kinds import JOURNEY, LEG, PARTY, RIDE, STAY

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
        self.met: Final = meetings(ground)
        """Who, an escort or a host, has met or will meet which party."""
        self._sizes: Final = {one.id.hex(): number(one, "size") or 1 for one in ground.every(PARTY)}
        self._parties: Final[dict[str, frozenset[str]]] = {}
        self._bind: Final[dict[str, bool]] = {}
        """By journey, whether it keeps its places."""
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
        parties = frozenset(one for one in said(sheet, "party") if one)
        self._parties[at] = parties
        anew = {one.hex() for one in self._ground.settings.anew}
        again = at in self._again
        open_to = again or state == "proposed" or (state in _KEPT and parties <= anew)
        left = again and state == "begun"
        self._bind[at] = left or (not open_to and state not in _GONE)
        if open_to:
            for party in parties:
                self.open[party].append(sheet)
        elif state != "called_off":
            self._leaves(sheet, at)
        if self._bind[at] and not open_to:
            self.kept.update(dict.fromkeys(parties, sheet))

    def _leaves(self, sheet: Sheet, at: str) -> None:
        """Note who leaves by a journey that is kept, or left by one that is over."""
        days = [self._ground.horizon.first(one) for one in said(sheet, "leaves") if one]
        for country in said(sheet, "country"):
            if country and days:
                self.leaving[country].append((min(days), self._people(at)))

    def _rides(self) -> None:
        of: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for sheet in self._ground.of_kind(RIDE):
            for journey, day in self._journeys(sheet, "day"):
                if not self._bind[journey]:
                    continue
                for departure in said(sheet, "departure"):
                    self.places[departure, day] += self._people(journey)
                for escort in filter(None, said(sheet, "escort")):
                    of[escort, journey] += [day, day + self._days(sheet) - 1]
        for (escort, _), days in of.items():
            # The way home takes as long.
            home = max(days) + max(days) - min(days)
            self.busy[escort].update(self._held(min(days), home + 1))

    def _stay(self, sheet: Sheet) -> None:
        ground, state = self._ground, choice(sheet, "state")
        for journey, begins in self._journeys(sheet, "begins"):
            if state not in _HOLDS or not (self._bind[journey] or state == "there"):
                continue
            if journey in self._again:
                continue
            if state == "held" and self._lapsed(sheet):
                ground.doubt("hold_over", sheet)
                continue
            for house in said(sheet, "house"):
                for night in self._held(begins, self._last(sheet, state)):
                    self.beds[house, night] += self._people(journey)

    def _held(self, first: int, last: int) -> range:
        """Return the days of the horizon from one on and before another."""
        return range(max(0, first), min(last, self._ground.horizon.days))

    def _last(self, stay: Sheet, state: str) -> int:
        """Return the day on which a bed is free again, by the latest that stands, or by no word.

        Who is there although their last day is over is there still.
        """
        horizon = self._ground.horizon
        ends = [horizon.last(one) if one else horizon.days for one in said(stay, "ends") or ("",)]
        return horizon.days if state == "there" and max(ends) < 0 else max(ends)

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


__all__ = ["Promised"]
