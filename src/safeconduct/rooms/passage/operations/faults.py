# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is wrong with a file about an operation: a code and a place, worded by programs and pages.

A place is a path such as `parties.deadline[17]`.  Nothing that stands in the file is repeated but
whole numbers and names of fields in plain small letters: a file from elsewhere may hold a person's
name, or signs that a terminal obeys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.passage.operations.circumstances import Circumstances
from safeconduct.rooms.passage.operations.operation import Operation

PLAIN: Final = re.compile(r"[a-z][a-z_]{0,39}")
STRANGE: Final = "?"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong; `found` and `limit` are what stands there, and what may."""

    code: str
    place: str
    found: int | None = None
    limit: int | None = None


@dataclass(eq=False)
class FaultyFile(Refused):
    """A file says what cannot be; nothing was planned on it.

    `operation` is there when all faults are facts that contradict each other, so that somebody who
    was told of them may go on, and `circumstances` too if the file was of the second version.  None
    when the file is no operation, or one of a plan or of events.
    """

    code: ClassVar[str] = "faulty_file"
    faults: tuple[Fault, ...]
    operation: Operation | None = None
    circumstances: Circumstances | None = None


def named(place: str, field: str) -> str:
    """Return the place of a field, whose name is repeated only if it is harmless to show."""
    shown = field if PLAIN.fullmatch(field) else STRANGE
    return f"{place}.{shown}" if place else shown


def numbered(place: str, row: int) -> str:
    """Return the place of one value of a list."""
    return f"{place}[{row}]"


def wrong_fields(found: Iterable[str], wanted: Iterable[str], place: str) -> list[Fault]:
    """Return what an object has too many, and what it lacks, in the order of the file."""
    found, wanted = tuple(found), tuple(wanted)
    faults = [Fault("unknown_field", named(place, name)) for name in found if name not in wanted]
    return faults + [Fault("no_field", named(place, name)) for name in wanted if name not in found]
