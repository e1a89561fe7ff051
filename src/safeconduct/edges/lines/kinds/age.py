# SPDX-License-Identifier: AGPL-3.0-or-later
"""How old a channel's client may be: one that nobody renews is a hole.

One rule for all kinds: a client is too old after so many days, or where nobody can tell its age.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

OUTDATED_DAYS: Final = 120


def too_old(of: date | None, most: int = OUTDATED_DAYS) -> bool:
    """Tell whether a client of a day is too old; `most` is less where its server takes less."""
    return of is None or (datetime.now(UTC).date() - of).days > most


def put_here(client: Path) -> date | None:
    """Return the day on which a client's file was put on this machine; None where it is not."""
    try:
        return datetime.fromtimestamp(client.stat().st_mtime, UTC).date()
    except OSError:
        return None
