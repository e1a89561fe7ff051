# SPDX-License-Identifier: AGPL-3.0-or-later
"""Good examples of facts of duty, each with its reader."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from safeconduct.rooms import duty
from safeconduct.rooms.duty.events import HoursSet, ShiftTaken, SwapOffered
from safeconduct.rooms.duty.pager_facts import PageBegun, PagerPlaceSet

_FACTS: dict[str, duty.DutyFact] = {
    "shift taken": ShiftTaken(1_795_143_240_000, 1_795_172_040_000, 0),
    "shift offered": SwapOffered(b"m" * 36, b"t" * 16, b"o" * 36),
    "hours set": HoursSet("Europe/Berlin", 1320, 360, (bytes(36),)),
    "call begun": PageBegun((b"a" * 16, b"b" * 16), 2),
    "pager place": PagerPlaceSet("https://calls.example.org", (bytes(36),)),
}
DUTY: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
    name: (duty.write_fact(fact), partial(duty.parse_fact, duty.kind_of(fact), 1))
    for name, fact in _FACTS.items()
}
