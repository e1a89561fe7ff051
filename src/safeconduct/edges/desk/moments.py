# SPDX-License-Identifier: AGPL-3.0-or-later
"""A time as a browser's field gives it, in this desk's zone: `2026-11-29T03:10`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import Final

from safeconduct.kernel.words import SECOND, Instant

_FIELD: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")


def parse_moment(text: str, zone: tzinfo | None) -> Instant | None:
    """Return the instant that a field says, in a zone or in this machine's; None if it is none."""
    if not _FIELD.fullmatch(text):
        return None
    try:
        said = datetime.fromisoformat(text)
        there = said.astimezone(UTC) if zone is None else said.replace(tzinfo=zone)
        return Instant(int(there.timestamp()) * SECOND)
    except (ValueError, OverflowError, OSError):
        return None
