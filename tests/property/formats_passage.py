# SPDX-License-Identifier: AGPL-3.0-or-later
"""Good examples of facts of houses, roads and countries, each with its reader."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from safeconduct.rooms import passage
from safeconduct.rooms.passage import SheetVerified, SheetWritten

_FACTS: dict[str, passage.NetworkFact] = {
    "house written": SheetWritten(
        b"h" * 16, "house", (("beds", "4"), ("state", "fit")), (bytes(36),)
    ),
    "house verified": SheetVerified(b"h" * 16, "house", (bytes(36),), "Slept there."),
}
PASSAGE: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
    name: (passage.write_fact(fact), partial(passage.parse_fact, passage.kind_of(fact), 1))
    for name, fact in _FACTS.items()
}
