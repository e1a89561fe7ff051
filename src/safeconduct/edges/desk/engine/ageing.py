# SPDX-License-Identifier: AGPL-3.0-or-later
"""How old a key is, by three clocks of which two have to agree (spec/crew.md 7)."""

from __future__ import annotations

from typing import Final

import msgspec

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.journal import instant_of
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.wire.refusals import NotFound
from safeconduct.kernel.words import Instant
from safeconduct.rooms import crew
from safeconduct.rooms.crew import Clocks

_LATEST: Final = (1 << 63) - 1


def clocks(journal: Journal, courier: Courier) -> Clocks:
    """Return what the three clocks say now; raises Unreachable."""
    try:
        relay = courier.now()
    except NotFound:  # An office that has published nothing yet.
        relay = Instant(0)
    return msgspec.structs.replace(_here(journal), relay=relay)


def is_old(journal: Journal, courier: Courier, made: Clocks, every: int = crew.EVERY) -> bool:
    """Tell whether so many milliseconds have passed, by two of three clocks; raises Unreachable.

    The relay is asked only when one of the other two says so.
    """
    if not crew.is_old(made, msgspec.structs.replace(_here(journal), relay=_LATEST), every):
        return False
    return crew.is_old(made, clocks(journal, courier), every)


def _here(journal: Journal) -> Clocks:
    return Clocks(journal.clock.now(), instant_of(journal.pen.hlc), 0)
