# SPDX-License-Identifier: AGPL-3.0-or-later
"""Zones of the IANA database by name, as this computer knows them."""

from __future__ import annotations

from datetime import UTC, tzinfo
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones


class Zone(NamedTuple):
    """A zone that was asked for; where this computer does not know it, UTC stands in."""

    name: str
    clocks: tzinfo
    known: bool


@cache
def names() -> tuple[str, ...]:
    """Return the names that can be chosen: places, and UTC."""
    places = (one for one in available_timezones() if "/" in one and not one.startswith("Etc/"))
    return ("UTC", *sorted(places))


@cache
def zone_of(name: str) -> Zone:
    """Return a zone; never fails, because the name comes from a colleague."""
    if name == "UTC":
        return Zone(name, UTC, known=True)
    try:
        if name in available_timezones():
            return Zone(name, ZoneInfo(name), known=True)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        pass
    return Zone(name, UTC, known=False)
