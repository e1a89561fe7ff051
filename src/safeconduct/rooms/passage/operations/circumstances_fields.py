# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may stand in each table of the second version beside an operation's (spec/operation.md 8).

Columns are the fields of the rows in `circumstances`, in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from safeconduct.rooms.passage.operations import circumstances
from safeconduct.rooms.passage.operations.fields import (
    MOST_COST,
    MOST_DAYS,
    MOST_PEOPLE,
    MOST_RATE,
    Kind,
    Row,
    Whole,
)

VERSION: Final = 2
LEVELS: Final = 4
"""Nobody told, the party, hosts and escort too, a ticket bought."""
PRICES: Final[Mapping[str, Whole]] = {name: Whole(MOST_RATE) for name in ("told", "host", "ticket")}
_DAY: Final = Whole(MOST_DAYS)
_FROM_TO: Final[Mapping[str, Kind]] = {"first": _DAY, "last": _DAY}

FACTS: Final[Mapping[str, Mapping[str, Kind]]] = {
    "moves": {
        "town": Row("towns"),
        "to": Row("towns"),
        "days": _DAY,
        "exposure": Whole(),
        "registered": Whole(),
        "cost": Whole(MOST_COST),
    },
    "escorts_know": {"escort": Row("escorts"), "party": Row("parties")},
    "households_know": {"household": Row("households"), "party": Row("parties")},
    "holds": {"house": Row("houses"), **_FROM_TO, "beds": Whole(), "expires": _DAY},
    "promises": {"party": Row("parties"), "level": Whole(LEVELS - 1)},
}
EVENTS: Final[Mapping[str, Mapping[str, Kind]]] = {
    "houses_burned": {"house": Row("houses"), "since": _DAY},
    "households_lost": {"household": Row("households"), "since": _DAY},
    "escorts_lost": {"escort": Row("escorts"), "since": _DAY},
    "departures_cancelled": {"departure": Row("departures")},
    "ways_closed": {"way": Row("ways"), **_FROM_TO},
    "zones_closed": {"zone": Row("zones"), **_FROM_TO},
    "towns_closed": {"town": Row("towns"), **_FROM_TO},
    "countries_closed": {"country": Row("countries"), **_FROM_TO},
    "beds_changed": {"house": Row("houses"), **_FROM_TO, "beds": Whole()},
    "quotas_changed": {"country": Row("countries"), "week": Row("weeks"), "quota": Whole()},
    "sizes_changed": {"party": Row("parties"), "since": _DAY, "size": Whole(MOST_PEOPLE, 1)},
    "deadlines_moved": {"party": Row("parties"), "deadline": Whole(below="past")},
}
ROWS: Final[Mapping[str, Callable[..., Any]]] = {
    "moves": circumstances.Move,
    "escorts_know": circumstances.EscortKnows,
    "households_know": circumstances.HouseholdKnows,
    "holds": circumstances.Hold,
    "promises": circumstances.Promise,
    "houses_burned": circumstances.HouseBurned,
    "households_lost": circumstances.HouseholdLost,
    "escorts_lost": circumstances.EscortLost,
    "departures_cancelled": circumstances.DepartureCancelled,
    "ways_closed": circumstances.WayClosed,
    "zones_closed": circumstances.ZoneClosed,
    "towns_closed": circumstances.TownClosed,
    "countries_closed": circumstances.CountryClosed,
    "beds_changed": circumstances.BedsChanged,
    "quotas_changed": circumstances.QuotaChanged,
    "sizes_changed": circumstances.SizeChanged,
    "deadlines_moved": circumstances.DeadlineMoved,
}
KEYS: Final[Mapping[str, int]] = {
    "promises": 1,
    "quotas_changed": 2,
    "sizes_changed": 2,
    "deadlines_moved": 1,
}
"""So many of the first columns say what a row is about; two rows about one thing are a fault."""
