# SPDX-License-Identifier: AGPL-3.0-or-later
"""A slip: one errand for one escort or host, and nothing else (spec/slips.md 1).

What it is: one row of a journey, typed, and what somebody adds to it, as the one who does it reads
it.  What it is not: able to read a plan.  This module is handed a `Row` and imports nothing that
holds sheets, so that no name, no other leg and no other house can get onto a slip by mistake.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from safeconduct.kernel.errors import Refused

NOTE_MOST: Final = 120
CALL_MOST: Final = 60
PEOPLE_MOST: Final = 99
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class Task(Enum):
    """What the errand is."""

    RIDE = "ride"
    """Take people along one leg."""
    STAY = "stay"
    """Take people in, or bring them to a door."""


class Carry(Enum):
    """What to bring along; more than this list is no errand's business."""

    WATER = "water"
    FOOD = "food"
    BLANKETS = "blankets"
    CLOTHES = "clothes"
    CHILD_SEAT = "child_seat"
    CASH = "cash"
    FUEL = "fuel"


class Destroy(Enum):
    """When the slip is destroyed."""

    READ = "read"
    """As soon as it is known by heart."""
    DONE = "done"
    """As soon as the errand is done."""


@dataclass(eq=False)
class WrongSlip(Refused):
    """These fields of the form hold what cannot stand on a slip; nothing was made."""

    code = "wrong_slip"
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One ride or one stay: all that a slip can know of a journey."""

    task: Task
    day: str
    """As `2017-04-03`."""
    at: str
    """As `07:40` by the clocks of the place; empty where nothing is said."""
    place: str
    """Where people are met, or a door; empty for a host, who knows their own."""
    ends: str
    """Where this one ride ends; empty for a stay."""
    people: int


class TypedSlip(NamedTuple):
    """What somebody adds to a row: choices of closed lists, and two short lines."""

    at: str
    carry: frozenset[str]
    note: str
    call: str
    report: str
    destroy: str
    ends: bool
    """Whether the slip says where the ride ends; else it is told by voice."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on it, in the order in which it is read."""

    task: Task
    day: str
    at: str
    place: str
    ends: str
    people: int
    word: str
    """Drawn by chance: who comes says it, and nobody else knows it."""
    carry: tuple[Carry, ...]
    note: str
    call: str
    report: str
    destroy: Destroy


def make_slip(row: Row, typed: TypedSlip, word: str) -> Slip:
    """Return the slip of one row.

    Raises:
        WrongSlip: see there.
    """
    note, call = " ".join(typed.note.split()), " ".join(typed.call.split())
    at, report = typed.at.strip() or row.at, typed.report.strip()
    known = {one.value for one in Carry}
    rules = {
        "at": not _TIME.fullmatch(at),
        "people": not 0 < row.people <= PEOPLE_MOST,
        "carry": not typed.carry <= known,
        "note": len(note) > NOTE_MOST,
        "call": not 0 < len(call) <= CALL_MOST,
        "report": bool(report) and not _TIME.fullmatch(report),
        "destroy": typed.destroy not in {one.value for one in Destroy},
    }
    wrong = tuple(name for name, broken in rules.items() if broken)
    if wrong:
        raise WrongSlip(wrong)
    return Slip(
        *(row.task, row.day, at, row.place, row.ends if typed.ends else "", row.people, word),
        tuple(one for one in Carry if one.value in typed.carry),
        *(note, call, report, Destroy(typed.destroy)),
    )
