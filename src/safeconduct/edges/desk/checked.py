# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nothing leaves this desk before everything that was read is verified (spec/journal.md)."""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.store_facts import QUARANTINED
from safeconduct.kernel.errors import Refused

_UNVERIFIED: Final = f"SELECT 1 FROM commits WHERE verified = 0 AND state != {QUARANTINED} LIMIT 1"  # noqa: S608


class StillChecking(Refused):
    """Signatures are still being checked; nothing unverified leaves the office."""

    code = "still_checking"


def need_checked(journal: Journal) -> None:
    """Let nothing leave before everything that was read is verified.

    Raises:
        StillChecking: see there.
    """
    if journal.lists.pending or journal.store.value(_UNVERIFIED) is not None:
        raise StillChecking
