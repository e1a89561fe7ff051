# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search at a desk in memory: plain, with the same counts, and saved searches of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.rows_api import COUNTED_MOST, Found
from safeconduct.edges.desk.saved_searches import with_search
from safeconduct.edges.desk.search_api import Saved

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk


class TwinFinder:
    """Finds what a twin finds."""

    def __init__(self, desk: TwinDesk) -> None:
        """Look at this desk."""
        self._desk = desk

    def found(self, words: str, most: int) -> Found:
        """Find the first word, plainly."""
        hits = self._desk.search(words, most=COUNTED_MOST + 1)
        return Found(hits[:most], len(hits))


class TwinSaved:
    """Saved searches."""

    def __init__(self) -> None:
        """Begin with none."""
        self._searches: Sequence[Saved] = ()

    def all(self) -> Sequence[Saved]:
        """Return them by name."""
        return self._searches

    def save(self, name: str, words: str) -> None:
        """Save one."""
        self._searches = with_search(self._searches, name, words)

    def drop(self, name: str) -> None:
        """Save it no more."""
        self._searches = [one for one in self._searches if one.name != name]
