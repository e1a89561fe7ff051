# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long ago a channel's client was put on this machine: one that nobody renews is a hole."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

OUTDATED_DAYS: Final = 120
DAY_SECONDS: Final = 24 * 3600


def too_old(client: Path) -> bool:
    """Tell whether a client's file has stood here for too long; one that is not there is not."""
    try:
        renewed = client.stat().st_mtime
    except OSError:
        return False
    return time.time() - renewed > OUTDATED_DAYS * DAY_SECONDS
