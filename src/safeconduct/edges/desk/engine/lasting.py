# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters in doors are written anew before they end (spec/crew.md 5).

A desk that was off for months then still finds its way in, and one that was expelled its order to
wipe.  All doors alike are written, whether somebody still waits for a letter or not: a server
learns nothing of who is who.
This desk's own door says how long the newest round lasts, as the server tells it; a server that
lies costs one round in as many days as this desk waits between two.
Every desk looks, and not only those that write: else the server knew whose connections are
stewards'.  The one who writes a round it sees all the same.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.engine import doors, post
from safeconduct.edges.desk.engine.clock import came
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.store_log import NUMBER
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import DAY
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.events import Followed

RENEWED: Final = "renewed"
"""The standing under which a round of these letters runs; it follows nothing that was done."""
NO_FACT: Final = bytes(36)
LEFT: Final = 10 * DAY
"""What is to end sooner is written anew."""
LOOKS_EVERY: Final = DAY
"""So long a desk waits between two looks, up to half more or less by chance."""
ROUNDS_EVERY: Final = 5 * DAY
_NEXT_LOOK: Final = "doors_looked_at"
_NEXT_ROUND: Final = "doors_renewed"
FIRST_EPOCH: Final = 1
"""Of this epoch no letter tells: every device has its capability since it was admitted."""


def time_came(journal: Journal) -> bool:
    """Tell whether this desk is to look how long letters last; whoever's it is."""
    return not journal.behind and _passed(journal, _NEXT_LOOK, LOOKS_EVERY * 3 // 2)


def _writes(journal: Journal) -> bool:
    """Tell whether this desk writes rounds: a steward's with the control key of a later epoch."""
    control = journal.keychain.control()
    steward = Role.STEWARD in journal.roster.roles(journal.device)
    return steward and control is not None and control.epoch != FIRST_EPOCH


def due(journal: Journal, courier: Courier) -> tuple[Followed, ...]:
    """Return what a round of letters that only lasts longer is for; nothing while it need not.

    Raises:
        Unreachable: later.
    """
    if not time_came(journal):
        return ()
    ends = doors.lasts_until(journal, courier)
    now = journal.clock.now()
    wait = LOOKS_EVERY // 2 + post.by_chance(journal, LOOKS_EVERY)
    journal.store.put_setting(_NEXT_LOOK, now + wait)
    if not _writes(journal) or ends > now + LEFT:
        return ()
    if not _passed(journal, _NEXT_ROUND, ROUNDS_EVERY):
        return ()
    return for_letters_alone(journal)


def for_letters_alone(journal: Journal) -> tuple[Followed, ...]:
    """Return what a round is for that says the way in which stands, and follows nothing."""
    return (Followed(journal.device, NO_FACT, RENEWED),)


def begin(journal: Journal) -> None:
    """Remember that a round begins; in the transaction that keeps it."""
    journal.store.put_setting(_NEXT_ROUND, journal.clock.now() + ROUNDS_EVERY)


def _passed(journal: Journal, name: str, wait: int) -> bool:
    """Tell whether the time that a setting holds came; what was never put came long ago."""
    return came(journal.clock.now(), journal.store.setting(name, NUMBER) or 0, wait)
