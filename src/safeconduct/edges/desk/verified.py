# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether everything that this desk has read is verified: nothing else leaves the office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from safeconduct.edges.desk.store_facts import QUARANTINED
from safeconduct.kernel.errors import Refused

if TYPE_CHECKING:
    from safeconduct.edges.desk.engine.journal import Journal

_UNVERIFIED: Final = f"SELECT 1 FROM commits WHERE verified = 0 AND state != {QUARANTINED} LIMIT 1"  # noqa: S608


class StillChecking(Refused):
    """Signatures are still being checked; nothing unverified leaves the office."""

    code = "still_checking"


def need_verified(journal: Journal) -> None:
    """Hold what leaves the office to a desk that has checked everything.

    Raises:
        StillChecking: see there.
    """
    if journal.lists.pending or journal.store.value(_UNVERIFIED) is not None:
        raise StillChecking
