# SPDX-License-Identifier: AGPL-3.0-or-later
"""An invented country as a night begins in it: two towns, two hosts, who drives, a house to spare.

A house with the first host, the way between the towns and who must go are left to whoever tests.
The first host has a second house; a plan after a burned night must lead past both.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from safeconduct.edges.desk.api import DeskApi
from safeconduct.kernel.sheets import SheetId, Typed
from safeconduct.kernel.words import HOUR, Instant
from safeconduct.rooms.passage import Book
from safeconduct.rooms.passage.watch.check_in_decide import Typed as Check

HOSTS: Final = ("Heron", "Wren")
SAID: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "ford": ("town", {"name": "Ford"}),
    "bridge": ("town", {"name": "Bridge"}),
    "heron": ("household", {"name": HOSTS[0], "state": "ready", "trust": "high"}),
    "wren": ("household", {"name": HOSTS[1], "state": "ready", "trust": "high"}),
    "barn": (
        "house",
        {"where": "Weir Lane 9", "town": "@bridge", "host": "@heron", "beds": "2", "suits": "any",
         "state": "fit", "trust": "high"},
    ),
    "mill": (
        "house",
        {"where": "Mill Lane 3", "town": "@bridge", "host": "@wren", "beds": "4", "suits": "any",
         "state": "resting", "trust": "high"},
    ),
    "driver": (
        "escort",
        {"name": "Sorrel", "state": "ready", "trust": "high", "most": "9",
         "reach": "The garage, evenings."},
    ),
    "car": ("vehicle", {"name": "the blue one", "escort": "@driver", "seats": "4",
                        "state": "fit"}),
}  # fmt: skip
"""Sheets by a short name; `@name` names another."""
GOES: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "leg": (
        "leg",
        {"from": "@ford", "to": "@bridge", "mode": "car", "minutes": "90", "exposure": "low"},
    ),
    "quay": (
        "house",
        {"where": "Quay 4", "town": "@bridge", "host": "@heron", "beds": "4", "suits": "any",
         "state": "fit", "trust": "high"},
    ),
    "party": ("party", {"size": "2", "risk": "grave", "town": "@ford", "need": "any"}),
    "slept": ("party", {"size": "1", "risk": "high", "town": "@ford", "need": "any"}),
    "trip": ("journey", {"party": "@party", "state": "told"}),
    "past": ("journey", {"party": "@slept", "state": "begun"}),
    "ride": ("ride", {"journey": "@trip", "day": "@@", "at": "21:40", "leg": "@leg",
                      "escort": "@driver"}),
    "bed": ("stay", {"journey": "@trip", "house": "@quay", "begins": "@@", "state": "agreed"}),
    "sleeps": ("stay", {"journey": "@past", "house": "@quay", "begins": "@@", "state": "there"}),
}  # fmt: skip
"""Who goes tonight, and who sleeps there already; `@@` is today."""
WORDS: Final = "dry branch", "full kettle"


def write_night(desk: DeskApi) -> None:
    """Open all books at a desk and write a night; of one party nothing is heard."""
    for book in Book:
        desk.ways.open(book, set())
    day = datetime.fromtimestamp(desk.now() / 1000, UTC).strftime("%Y-%m-%d")
    ids = write_land(desk, SAID | GOES, day)
    desk.duty.calls.set_place("https://calls.example.org")
    desk.duty.calls.set_own(on=True)
    for party, due in (("slept", HOUR), ("party", 6 * HOUR)):
        label = desk.ways.code_name(ids[party])
        desk.check_ins.set(Check(label, Instant(desk.now() + due), 15, *WORDS, (desk.device,)))


def write_land(
    desk: DeskApi, sheets: Mapping[str, tuple[str, Mapping[str, str]]] = SAID, day: str = ""
) -> dict[str, SheetId]:
    """Write sheets at a desk that may write all books; return the ids by short name."""
    ids: dict[str, SheetId] = {}
    for name, (kind, values) in sheets.items():
        said = {
            field: Typed(
                day if text == "@@" else ids[text[1:]].hex() if text.startswith("@") else text
            )
            for field, text in values.items()
        }
        ids[name] = desk.ways.write(kind, None, said)
    return ids
