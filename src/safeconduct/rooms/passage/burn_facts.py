# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of the burned drill, frozen and versioned; they stand in the book of journeys.

They name ids and days alone: what the knower could reveal is worked out of the books by whoever
reads them, and stands in no fact (spec/burned.md 4).
"""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta

from safeconduct.kernel.canon import Bytes16, Bytes36, Record
from safeconduct.kernel.sheets import KindName

TICKS_MOST: Final = 64
"""So many earlier words of a call one word takes the place of."""


class BurnSaid(Record, frozen=True):
    """Somebody pressed Burned on a knower on a day, or rehearsed it (`rehearsal` 1).

    A rehearsal is this fact alone: it closes nothing and freezes nothing.
    """

    knower: Bytes16
    kind: KindName
    day: Annotated[str, Meta(min_length=10, max_length=10)]
    rehearsal: Annotated[int, Meta(ge=0, le=1)]


class CallTicked(Record, frozen=True):
    """Somebody on the call list of a drill was reached (1), or was not (0).

    `over` are earlier words of the same call that its author saw, and that this one answers.
    """

    drill: Bytes36
    whom: Bytes16
    kind: KindName
    reached: Annotated[int, Meta(ge=0, le=1)]
    over: Annotated[tuple[Bytes36, ...], Meta(max_length=TICKS_MOST)]


BurnFact = BurnSaid | CallTicked
