# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may stand in each field of an operation file (spec/operation.md 2 and 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MOST_DAYS: Final = 1_000
MOST_ROWS: Final = 1_000_000
MOST_PEOPLE: Final = 100
"""In one party, and the highest risk weight: sums over all parties stay below 2^63."""
MOST_RATE: Final = 10_000_000
MOST: Final = 1_000_000
MOST_COST: Final = 10_000
MOST_FACTOR: Final = 100
DOCUMENTS: Final = 3
NEEDS: Final = 3
WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number; `below` is the code of what is said of one that is too small."""

    most: int = MOST
    least: int = 0
    below: str = "too_small"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, or a number below a count."""

    of: str


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""


@dataclass(frozen=True, slots=True)
class Several:
    """A list; `length` is a number, `days` or `weeks`, or None for any."""

    each: Whole | Row | Flag | Maybe
    length: int | str | None = None


@dataclass(frozen=True, slots=True)
class Maybe:
    """What may be null too."""

    kind: Whole | Row


Kind = Whole | Row | Flag | Maybe | Several

COUNTS: Final[Mapping[str, Whole]] = {
    "days": Whole(MOST_DAYS, 1),
    "ceiling": Whole(),
    "search_list_factor": Whole(MOST_FACTOR),
    "zones": Whole(),
    "towns": Whole(),
    "hubs": Whole(),
    "networks": Whole(),
}
RATES: Final = {
    name: Whole(MOST_RATE) for name in ("late", "unplanned", "wait", "run", "no_exit", "money")
}
TABLES: Final[Mapping[str, Mapping[str, Kind]]] = {
    "parties": {
        "size": Whole(MOST_PEOPLE, 1),
        "weight": Whole(MOST_PEOPLE, 1),
        "zone": Row("zones"),
        "ready": Whole(),
        "deadline": Whole(below="past"),
        "alone": Flag(),
        "wanted": Flag(),
        "documents": Whole(DOCUMENTS - 1),
        "need": Whole(NEEDS - 1),
        "network": Maybe(Row("networks")),
        "reach": Several(Row("towns")),
    },
    "escorts": {"seats": Whole(), "knowledge_cap": Whole(), "met": Several(Row("networks"))},
    "runs": {"escort": Row("escorts"), "day": Whole(MOST_DAYS), "busy": Whole(MOST_DAYS)},
    "departures": {
        "hub": Row("hubs"),
        "town": Row("towns"),
        "day": Whole(MOST_DAYS),
        "cap": Whole(),
    },
    "ways": {
        "zone": Row("zones"),
        "town": Row("towns"),
        "run": Maybe(Row("runs")),
        "departure": Maybe(Row("departures")),
        "out": Whole(MOST_DAYS),
        "arrive": Whole(MOST_DAYS),
        "exposure": Whole(),
        "registered": Whole(),
        "cost": Whole(MOST_COST),
    },
    "houses": {
        "town": Row("towns"),
        "household": Row("households"),
        "largest_party": Whole(),
        "suits": Several(Flag(), NEEDS),
        "exposure": Whole(),
        "beds": Several(Whole(), "days"),
    },
    "households": {"met": Several(Row("networks"))},
    "countries": {
        "exposure": Whole(),
        "cost": Whole(MOST_COST),
        "processing": Several(Maybe(Whole(MOST_DAYS)), DOCUMENTS),
        "quota": Several(Whole(), "weeks"),
    },
}
