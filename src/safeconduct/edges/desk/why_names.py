# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which sheet or day a row of an operation is, for sentences about a plan.

No number of the operation leaves here: rows become code names and towns, days become dates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from safeconduct.edges.desk import planning_names
from safeconduct.edges.desk.render import headline
from safeconduct.rooms.passage.gathering.horizon import WEEK, Horizon
from safeconduct.rooms.passage.kinds import TOWN
from safeconduct.rooms.passage.why.more import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from safeconduct.edges.desk.visit import Visit
    from safeconduct.rooms.passage import Sheet
    from safeconduct.rooms.passage.gathering.gather import Gathered
    from safeconduct.rooms.passage.gathering.ways_out import Way
    from safeconduct.rooms.passage.operations.operation import Journey
    from safeconduct.rooms.passage.why.audit import Chance
    from safeconduct.rooms.passage.why.more import More

NOTHING: Final = dict.fromkeys(
    ("out", "arrive", "leave", "week", "way", "town", "departure", "escort", "house", "country"), ""
)


class Names:
    """The names of one operation, in the language of a visit."""

    def __init__(self, visit: Visit, gathered: Gathered) -> None:
        """Look rows up in what was gathered."""
        self._visit: Final = visit
        self._of: Final = gathered
        self._horizon: Final = Horizon(gathered.settings.today, gathered.settings.days)

    def day(self, day: int) -> str:
        """Say a day of the operation."""
        return planning_names.day(self._visit, self._horizon.date(day))

    def sheet(self, sheet: Sheet | None) -> str:
        """Name a sheet: short, nothing hidden or turned."""
        if sheet is None:
            return ""
        return headline(planning_names.label(self._visit, self._of.network, sheet))

    def party(self, row: int) -> str:
        """Name a party."""
        return self.sheet(self._of.parties[row])

    def parties(self, rows: Iterable[int]) -> str:
        """Name parties."""
        return ", ".join(self._apart(self._of.parties[row]) for row in rows)

    def way(self, row: int) -> dict[str, str]:
        """Name what a way is made of."""
        way = self._of.ways[row]
        first = next((hop for hop in way.timing.hops if hop.board is not None), None)
        return NOTHING | {
            "out": self.day(way.timing.out),
            "arrive": self.day(way.timing.arrive),
            "way": "; ".join(self._apart(hop.leg.sheet) for hop in way.timing.hops),
            "town": self._town(way),
            "departure": self._apart(first.board.sheet if first and first.board else None),
            "escort": self._apart(way.knower.sheet if way.knower else None),
        }

    def journey(self, one: Chance | Journey) -> dict[str, str]:
        """Name what a journey is made of."""
        of = self._of
        return self.way(one.way) | {
            "house": "" if one.house is None else self._apart(of.houses[one.house]),
            "country": "" if one.country is None else self._apart(of.countries[one.country]),
            "leave": self.day(one.leave),
        }

    def more(self, one: More) -> dict[str, str]:
        """Name that of which there would be one more."""
        if one.kind is Kind.QUOTA:
            week = self.day((one.week or 0) * WEEK)
            return NOTHING | {"country": self._apart(self.of_more(one)), "week": week}
        if one.kind is Kind.BED:
            return NOTHING | {"house": self._apart(self.of_more(one))}
        way = self._way_of(one)
        return NOTHING if way is None else self.way(way)

    def of_more(self, one: More) -> Sheet | None:
        """Return the sheet of whom to ask for one more, or where it would be."""
        if one.kind is Kind.QUOTA:
            return self._of.countries[one.row]
        if one.kind is Kind.BED:
            return self._of.houses[one.row]
        row = self._way_of(one)
        way = None if row is None else self._of.ways[row]
        if way is None or one.kind is Kind.COMPANION:
            return way.timing.hops[0].leg.sheet if way else None
        if one.kind is Kind.PLACE:
            return next((hop.board.sheet for hop in way.timing.hops if hop.board), None)
        return way.knower.sheet if way.knower else None

    def _apart(self, sheet: Sheet | None) -> str:
        """Name a sheet within a sentence, whatever way its script runs."""
        name = self.sheet(sheet)
        return f"\u2068{name}\u2069" if name else ""

    def _way_of(self, one: More) -> int | None:
        """Return a way by that departure, or with that escort."""
        ways, runs = self._of.operation.ways, self._of.operation.runs
        if one.kind is Kind.COMPANION:
            return one.row
        if one.kind is Kind.PLACE:
            found = (way for way, at in enumerate(ways.departure) if at == one.row)
        else:
            found = (
                way
                for way, run in enumerate(ways.run)
                if run is not None and runs.escort[run] == one.row
            )
        return next(found, None)

    def _town(self, way: Way) -> str:
        end = way.timing.hops[-1].leg.end
        network = self._of.network
        return self._apart(network.sheet(bytes.fromhex(end), TOWN))
