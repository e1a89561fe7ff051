# SPDX-License-Identifier: AGPL-3.0-or-later
"""When somebody was last at this desk: one that is left alone locks itself.

A steady clock stands still while a computer sleeps, and the clock on the wall can be set back;
whichever says that more time has passed is believed.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTE: Final = 60.0
CHOICES: Final = (5, 15, 30)
"""Minutes without a key or a movement after which the desk may be told to lock itself."""
USUAL: Final = 15


class Hands:
    """The last sign of a person at this desk, and how long it may be ago."""

    def __init__(
        self, steady: Callable[[], float] = time.monotonic, wall: Callable[[], float] = time.time
    ) -> None:
        """Begin with somebody there; both clocks count seconds."""
        self.minutes = USUAL
        self._steady = steady
        self._wall = wall
        self.seen()

    def seen(self) -> None:
        """Somebody is here."""
        self._last = self._steady(), self._wall()

    @property
    def gone(self) -> bool:
        """Whether nobody was here for so long that the desk must lock itself."""
        steady, wall = self._last
        away = max(self._steady() - steady, self._wall() - wall)
        return away >= self.minutes * MINUTE
