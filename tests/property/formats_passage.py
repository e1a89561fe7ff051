# SPDX-License-Identifier: AGPL-3.0-or-later
"""Good examples of facts of houses, roads and countries, each with its reader."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from safeconduct.rooms import passage
from safeconduct.rooms.passage import SheetVerified, SheetWritten
from safeconduct.rooms.passage.burn_facts import BurnSaid, CallTicked
from safeconduct.rooms.passage.events import ChoiceFollowed, ChoiceSaid, ChoiceSeconded
from safeconduct.rooms.passage.slip_facts import (
    SlipFrozen,
    SlipHanded,
    SlipHeard,
    SlipMade,
    SlipSealed,
)

_FACTS: dict[str, passage.PassageFact] = {
    "house written": SheetWritten(
        b"h" * 16, "house", (("beds", "4"), ("state", "fit")), (bytes(36),)
    ),
    "choice said": ChoiceSaid(b"p" * 16, "party", (b"q" * 16,), 3, (bytes(36),)),
    "choice seconded": ChoiceSeconded(b"p" * 16, "party", bytes(36)),
    "choice followed": ChoiceFollowed(b"j" * 16, "journey", (bytes(36), b"c" * 36)),
    "house verified": SheetVerified(b"h" * 16, "house", (bytes(36),), "Slept there."),
    "burn said": BurnSaid(b"h" * 16, "house", "2026-12-01", 0),
    "call ticked": CallTicked(bytes(36), b"h" * 16, "household", 1, (bytes(36),)),
    "slip made": SlipMade(
        *(b"r" * 16, "ride", b"e" * 16, "escort", b"p" * 16, (b"m" * 16,), "2026-12-01"),
        *("page", 1_800_000_000_000, b"c" * 16, b"s" * 32),
    ),
    "slip sealed": SlipSealed(b"t" * 16, b"v" * 32, b"a" * 32, b"k" * 1_216, b"item"),
    "slip handed": SlipHanded(bytes(36)),
    "slip frozen": SlipFrozen(bytes(36), 0),
    "slip heard": SlipHeard(bytes(36), b"m" * 32),
}
PASSAGE: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
    name: (passage.write_fact(fact), partial(passage.parse_fact, passage.kind_of(fact), 1))
    for name, fact in _FACTS.items()
}
