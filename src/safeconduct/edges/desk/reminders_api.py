# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about the calendar for a telephone; behind it `reminders.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from safeconduct.kernel.words import DeviceId


class RemindersApi(Protocol):
    """The calendar, as pages see it."""

    def calendar(self, own: Collection[DeviceId], today: date, said: str) -> bytes:
        """Return the file for the person of these devices; each entry says `said`."""
        ...
