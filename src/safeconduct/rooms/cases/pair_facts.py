# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody said of two sheets of two cases, in two halves (spec/alike.md 2).

Each half stands in the identity part of one of the cases and is as random as chance: who holds one
of the two parts learns neither of which sheet something was said, nor what, nor of which case.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Record

WHY_MOST: Final = 2_000
"""Characters of a reason."""
OVER_MOST: Final = 64
HALF_LEAST: Final = 512
HALF_MOST: Final = 16_384
"""Bytes."""


class PairJudged(Record, frozen=True):
    """One of two halves of what was said of a pair; both stand in one commit, under one `pair`."""

    case: Bytes16
    pair: Bytes16
    half: Annotated[bytes, msgspec.Meta(min_length=HALF_LEAST, max_length=HALF_MOST)]


class Said(Record, frozen=True):
    """What the two halves say together; `sheets` are sorted, each with its case before it.

    `over` are the pairs, as facts name them, over which it was said.
    """

    one: tuple[Bytes16, Bytes16]
    other: tuple[Bytes16, Bytes16]
    same: Annotated[int, msgspec.Meta(ge=0, le=1)]
    why: Annotated[str, msgspec.Meta(min_length=1, max_length=WHY_MOST)]
    over: Annotated[tuple[Bytes16, ...], msgspec.Meta(max_length=OVER_MOST)]
