# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fact that a steward lets the server tell the office's devices apart (spec/crew.md 6)."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta

from safeconduct.kernel.canon import Count32, Record

REASON_MOST: Final = 2_000


class TracingOpened(Record, frozen=True):
    """A steward wants this access epoch to trace, and tells colleagues why.

    It is followed only where it is the next epoch; once another one has its number it is void.
    """

    epoch: Count32
    reason: Annotated[str, Meta(min_length=1, max_length=REASON_MOST)]


TracingFact = TracingOpened
TRACING_FACTS: Final[dict[str, type[TracingFact]]] = {"crew.TracingOpened": TracingOpened}
