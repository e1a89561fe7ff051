# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking back what waits for a second steward: the command (spec/crew.md 1).

Pure, like `removing`; what a take-back closes, `take_backs` says on every desk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.crew.asking_facts import TakenBack

if TYPE_CHECKING:
    from safeconduct.kernel.words import DeviceId, FactId
    from safeconduct.rooms.crew.fold import Roster


class NothingToTakeBack(Refused):
    """Nothing of that id waits for a second: one signed it, it was taken back, or it fell."""

    code = "nothing_to_take_back"


class AskedByAnother(Refused):
    """Only who asked for something takes it back."""

    code = "asked_by_another"


def take_back(roster: Roster, by: DeviceId, fact: FactId) -> TakenBack:
    """Take back what this device asked for and nobody has signed as the second.

    Of new cards in dispute there is nothing to take back: a root key signed them.

    Raises:
        NothingToTakeBack, AskedByAnother: see there.
    """
    pending = roster.pending.get(fact)
    if pending is None or pending.seconds:
        raise NothingToTakeBack
    if pending.by != by:
        raise AskedByAnother
    return TakenBack(fact, pending.hash)
