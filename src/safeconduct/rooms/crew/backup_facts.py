# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fact that a backup of the whole office was made (spec/backup.md 4).

No right hangs on it.  It says by whose device, and by the hash which file was meant; so a file that
turns up can be held to what the office noted.
"""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta

from safeconduct.kernel.canon import Bytes32, Count, Record

DAYS_MOST: Final = 366
DAYS: Final = 7
"""How many days may pass until the next one, where nobody said otherwise."""


class BackedUp(Record, frozen=True):
    """A steward made a backup: the hash of what is sealed in it, and how far the log went.

    After `days` the next one is due.
    """

    digest: Bytes32
    size: Count
    days: Annotated[int, Meta(ge=1, le=DAYS_MOST)]


BackupFact = BackedUp
BACKUP_FACTS: Final[dict[str, type[BackupFact]]] = {"crew.BackedUp": BackedUp}
