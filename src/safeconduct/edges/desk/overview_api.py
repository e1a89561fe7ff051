# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about how much there is to do; behind it is `overview.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from safeconduct.kernel.words import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from safeconduct.kernel.words import DeviceId

AGES: Final = (2 * HOUR, DAY, 3 * DAY)
"""Where the ages of what waits are parted: below each of these, and beyond the last."""


class Load(NamedTuple):
    """What one device holds: open conversations, those that wait, those in danger."""

    open: int = 0
    waiting: int = 0
    danger: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """How much there is to do, in numbers alone."""

    nobody: int
    overdue: int
    silent: int
    lost_said: int
    lost: int
    snoozed: int
    looks: int
    closed_this_week: int
    ages: tuple[int, ...]
    """How many wait, by `AGES`."""
    loads: Mapping[DeviceId, Load]


class OverviewApi(Protocol):
    """How much there is to do, as pages see it; computed, and kept nowhere."""

    def loads(self) -> Mapping[DeviceId, Load]:
        """Return what each device holds; none for one that holds nothing."""
        ...

    def overview(self) -> Overview:
        """Return how much there is to do in the whole office."""
        ...


__all__ = ["AGES", "Load", "Overview", "OverviewApi"]
