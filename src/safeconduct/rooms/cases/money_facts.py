# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of money beside the sheets of costs (spec/money.md 3 to 5).

What somebody says of a cost stands in the vault of the part journey; grants, limits and what was
told to donors stand in the vault of the crew.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes36, Count, Count32, Record

WORDS_MOST: Final = 2_000
NAME_MOST: Final = 200
PURPOSE_MOST: Final = 32
LINES_MOST: Final = 16
SAW_MOST: Final = 256
Currency = Annotated[str, msgspec.Meta(min_length=3, max_length=3)]
Purpose = Annotated[str, msgspec.Meta(min_length=1, max_length=PURPOSE_MOST)]
Saw = Annotated[tuple[Bytes36, ...], msgspec.Meta(max_length=SAW_MOST)]


class CostJudged(Record, frozen=True):
    """Somebody agrees that a cost is paid (1), or does not (0).

    `saw` are the facts that stood on the page: what the cost says, and what the author said of it
    before.  What was written into it since they did not agree to.
    """

    case: Bytes16
    cost: Bytes16
    agrees: Annotated[int, msgspec.Meta(ge=0, le=1)]
    words: Annotated[str, msgspec.Meta(max_length=WORDS_MOST)]
    saw: Saw


class GrantWritten(Record, frozen=True):
    """A donor's money: how much, for what, from which day to which (days of UTC since 1970).

    `lines` are the purposes on which it may be spent, each with how much of it at most, 0 for no
    such bound; `over` are the facts of this grant that the author saw.
    """

    grant: Bytes16
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_MOST)]
    currency: Currency
    minor: Count
    lines: Annotated[
        tuple[tuple[Purpose, Count], ...], msgspec.Meta(min_length=1, max_length=LINES_MOST)
    ]
    begins: Count32
    ends: Count32
    over: Saw


class LimitSet(Record, frozen=True):
    """Above so much of this currency two people agree to a cost; `saw` are limits it follows."""

    currency: Currency
    minor: Count
    saw: Saw


class LimitSeconded(Record, frozen=True):
    """A second person agrees to a limit."""

    limit: Bytes36


class DonorReportMade(Record, frozen=True):
    """Somebody took a report of a grant out of the office, of these months (`2017-04`)."""

    grant: Bytes16
    begins: Annotated[str, msgspec.Meta(min_length=7, max_length=7)]
    ends: Annotated[str, msgspec.Meta(min_length=7, max_length=7)]
