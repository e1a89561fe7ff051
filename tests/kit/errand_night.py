# SPDX-License-Identifier: AGPL-3.0-or-later
"""A night of an invented country: a party, its ride and its stay, whose every sheet says a marker.

Each text stands once, so that whoever finds one on a slip knows from which sheet it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from safeconduct.edges.desk.api import DeskApi
from safeconduct.kernel.sheets import SheetId, Typed
from safeconduct.kernel.words import COUNTER_BITS, DAY, CommitId, DeviceId, Instant, fact_id
from safeconduct.rooms.passage import (
    Book,
    Network,
    SheetVerified,
    SheetWritten,
    Told,
    fold_network,
)
from safeconduct.rooms.passage.kinds import book_of

NOW: Final = Instant(20_788 * DAY + 18 * 3_600_000)
"""18:00 UTC on 2026-12-01."""
TODAY: Final = "2026-12-01"
ADA: Final = DeviceId(b"a" * 16)
SAID: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "old": ("town", {"name": "Marker-old-town"}),
    "away": ("town", {"name": "Marker-far-town"}),
    "mill": ("point", {"town": "@old", "where": "Marker-mill-bench", "watched": "no"}),
    "quay": ("point", {"town": "@away", "where": "Marker-quay-steps"}),
    "leg": (
        "leg",
        {"from": "@mill", "to": "@quay", "mode": "car", "minutes": "70", "exposure": "low",
         "note": "Marker-leg-note"},
    ),
    "more": (
        "leg",
        {"from": "@quay", "to": "@old", "mode": "boat", "minutes": "20", "exposure": "low",
         "note": "Marker-other-leg"},
    ),
    "driver": ("escort", {"name": "Marker-driver", "reach": "Marker-reach", "state": "ready",
                          "trust": "fair"}),
    "other": ("escort", {"name": "Marker-second", "state": "ready", "trust": "high"}),
    "host": ("household", {"name": "Marker-host", "knows": "Marker-knows", "state": "ready",
                           "trust": "high"}),
    "house": (
        "house",
        {"where": "Marker-lane-3", "beds": "4", "state": "fit", "host": "@host",
         "rules": "Marker-rules"},
    ),
    "spare": ("house", {"where": "Marker-lane-9", "beds": "2", "state": "fit", "host": "@host"}),
    "land": ("country", {"name": "Marker-country", "route": "Marker-route", "state": "open"}),
    "party": ("party", {"size": "3", "risk": "high", "town": "@old", "need": "any"}),
    "else": ("party", {"size": "1", "risk": "high", "town": "@away", "need": "any"}),
    "trip": ("journey", {"party": "@party", "state": "told", "country": "@land"}),
    "ride": (
        "ride",
        {"journey": "@trip", "day": TODAY, "at": "21:40", "leg": "@leg", "meets": "@mill",
         "escort": "@driver"},
    ),
    "next": ("ride", {"journey": "@trip", "day": "2026-12-02", "at": "06:10", "leg": "@more",
                      "escort": "@other"}),
    "stay": ("stay", {"journey": "@trip", "house": "@house", "begins": TODAY, "state": "agreed"}),
}  # fmt: skip
"""Sheets by a short name; `@name` names another."""


Said = Mapping[str, Mapping[str, str]]
AS_SAID: Final[Said] = {}


def id_of(name: str) -> SheetId:
    """The id of a sheet of the night."""
    return SheetId(name.encode().ljust(16, b"."))


def told_of(changes: Said = AS_SAID, *, sure: bool = True) -> list[Told]:
    """The facts of the night; `changes` are other words of a sheet, by its short name."""
    found: list[Told] = []
    for name, (kind, values) in SAID.items():
        said = {**values, **changes.get(name, {})}
        pairs = tuple(
            (field, id_of(text[1:]).hex() if text.startswith("@") else text)
            for field, text in said.items()
            if text
        )
        fact = _told(len(found), SheetWritten(id_of(name), kind, pairs, ()))
        found.append(fact)
        if sure and kind in {"escort", "household", "house", "point"}:
            saw = SheetVerified(id_of(name), kind, (fact.fact,), "Seen.")
            found.append(_told(len(found), saw))
    return found


def write_at(desk: DeskApi) -> dict[str, SheetId]:
    """Write the night at a desk that may write all books, for its today; return the ids."""
    ids: dict[str, SheetId] = {}
    day = datetime.fromtimestamp(desk.now() / 1000, UTC).strftime("%Y-%m-%d")
    for name, (kind, values) in SAID.items():
        said = {
            field: ids[text[1:]].hex() if text.startswith("@") else text
            for field, text in values.items()
        }
        said |= {field: day for field in ("day", "begins") if field in said}
        ids[name] = desk.ways.write(kind, None, {f: Typed(text) for f, text in said.items()})
    return ids


def also(told: list[Told], name: str, **values: str) -> list[Told]:
    """The same, and what somebody wrote unseen of a sheet."""
    kind, _ = SAID[name]
    return [*told, _told(len(told), SheetWritten(id_of(name), kind, tuple(values.items()), ()))]


def closing(told: list[Told], kind: str, name: str, **values: str) -> list[Told]:
    """The same, and an event that closes a sheet."""
    said = {"closes": id_of(name).hex(), "begins": TODAY, "why": "Marker-why", **values}
    return [*told, _told(len(told), SheetWritten(id_of("event"), kind, tuple(said.items()), ()))]


def network_of(told: list[Told], books: frozenset[Book] = frozenset(Book)) -> Network:
    """The network that they give."""
    return fold_network(books, told, "en")


def _told(at: int, event: SheetWritten | SheetVerified) -> Told:
    fact = fact_id(CommitId((at + 1).to_bytes(32, "big")), 0)
    hlc = (NOW - DAY) << COUNTER_BITS
    return Told(fact, ADA, hlc + at, book_of(event.kind), event)
