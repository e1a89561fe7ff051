# SPDX-License-Identifier: AGPL-3.0-or-later
"""From one version of an edge's tables to another: which steps, in which order (docs/adr/0008).

Tables go up by themselves when a newer program opens them, and down when a person asks the newer
program for it, because only the newer one knows the way back.  Version 1 is the first that an
office used, so nothing leads below it.  Pure: the edges that have tables run the SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from safeconduct.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST: Final = 1


@dataclass(frozen=True, slots=True)
class Step:
    """SQL that goes one version up, and SQL that takes it back and keeps every fact."""

    up: str
    down: str


@dataclass(eq=False)
class MadeByNewer(Refused):
    """A newer program used these tables; that one can bring them back to `known`."""

    code: ClassVar[str] = "made_by_newer"
    found: int
    known: int


@dataclass(eq=False)
class NoSuchVersion(Refused):
    """This program knows no way to that version."""

    code: ClassVar[str] = "no_such_version"
    newest: int


def way(steps: Sequence[Step], now: int, to: int) -> tuple[str, ...]:
    """Return the SQL that leads from one version to another, in order.

    Raises:
        MadeByNewer: the tables are of a newer program.
        NoSuchVersion: nothing leads there.
    """
    newest = len(steps)
    if now > newest:
        raise MadeByNewer(now, newest)
    if not FIRST <= to <= newest:
        raise NoSuchVersion(newest)
    up = tuple(step.up for step in steps[now:to])
    return up or tuple(step.down for step in reversed(steps[to:now]))
