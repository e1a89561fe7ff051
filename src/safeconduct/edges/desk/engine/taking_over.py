# SPDX-License-Identifier: AGPL-3.0-or-later
"""A way in for all where somebody opened an access epoch and never wrote letters (spec/crew.md 6).

The desk that opened it may have died in between: nobody else knows the way in then, and nobody can
read the log to see who it was.  A steward's desk that was refused for long, and finds nothing in
its door, opens the next epoch, if the relay still heeds the control key that it holds; whoever
takes the role steward from somebody draws another, so that who was removed opens nothing.
Letters follow as ever, when the whole log was read: who was removed in it stays outside.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import msgspec

from safeconduct.edges.desk.engine import drawing, overdue, removing
from safeconduct.edges.desk.engine.clock import came
from safeconduct.edges.desk.engine.control import standing
from safeconduct.edges.desk.engine.following import BACK, outstanding
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.wished import TRACED
from safeconduct.kernel.canon import Codec, Record
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import DAY
from safeconduct.rooms.crew import Role

BEYOND: Final = 4
"""So many epochs may have been opened unheard; a relay founded anew begins further on than these
that a relay that is left could have openings signed for (spec/crew.md 9)."""
AGAIN: Final = DAY
"""A relay that lies is signed one opening a day."""


class ShutOut(Record, frozen=True):
    """Since when on this capability is refused: until when to wait, and when it was tried last."""

    capability: bytes
    until: int
    tried: int


_SHUT_OUT: Final[Codec[ShutOut]] = Codec(ShutOut, "shut_out")


def open_next(journal: Journal, courier: Courier) -> None:
    """Open the next epoch if this desk was refused for long enough and holds the control key.

    Raises:
        AccessLost: somebody else was faster, and the door does not say so yet.
        Unreachable: later; what was drawn is kept.
    """
    if not _waited(journal):
        return
    if drawing.under_way(journal):
        shown = journal.place.capability
        with suppress(Refused):  # An opening whose answer was lost lets in.
            removing.follow_up(journal, courier)
        if journal.place.capability != shown:
            return
    control = journal.keychain.control()
    assert control is not None
    epochs = range(control.epoch + 1, control.epoch + 1 + BEYOND)
    told = [msgspec.structs.replace(control, epoch=epoch) for epoch in epochs]
    found = standing(journal, courier, told)
    _note_tried(journal)
    if found is None:
        return
    unfit = {BACK, TRACED}
    marks = tuple(act for act, _ in outstanding(journal) if act.standing not in unfit)
    with journal.store.transaction():
        journal.keychain.heed(found)
        journal.store.put_setting("follow_up", drawing.fresh_round(journal, found, marks))
    removing.follow_up(journal, courier)


def _waited(journal: Journal) -> bool:
    """Tell whether it is time, and begin to wait where the capability is another than before."""
    steward = Role.STEWARD in journal.roster.roles(journal.device)
    if not steward or journal.behind or journal.keychain.control() is None:
        return False
    known, shown = journal.store.setting("shut_out", _SHUT_OUT), journal.place.capability
    if known is None or known.capability != shown:
        tried = known.tried if known else 0
        known = ShutOut(shown, overdue.when(journal), tried)
        journal.store.put_setting("shut_out", known)
    again = came(journal.clock.now(), known.tried + AGAIN, AGAIN)
    return overdue.passed(journal, known.until) and again


def _note_tried(journal: Journal) -> None:
    known = journal.store.setting("shut_out", _SHUT_OUT)
    assert known is not None
    tried = msgspec.structs.replace(known, tried=journal.clock.now())
    journal.store.put_setting("shut_out", tried)
