# SPDX-License-Identifier: AGPL-3.0-or-later
"""A search for plans in a process of its own: how far it is, and to stop and keep the best.

What the process says is held against the rules by `kept` before anybody sees it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from safeconduct.edges.desk.engine.planner_child import STOP
from safeconduct.edges.desk.engine.thinker import Thinker


class Said(Protocol):
    """What a search says: whether it has ended."""

    @property
    def ended(self) -> int:
        """1 if so."""


T = TypeVar("T", bound=Said)


class Search(Thinker, Generic[T]):
    """One search; `now` is the last that it said and that may be shown."""

    def __init__(self, module: str, task: bytes, changed: Callable[[], None]) -> None:
        """Start it, as a `Thinker`."""
        self.now: T | None = None
        super().__init__(module, task, changed)

    @property
    def failed(self) -> bool:
        """Whether it ended without a plan that may be shown."""
        return not self.running and (self.now is None or not self.now.ended)

    def stop(self) -> None:
        """Let it end with its next step, and keep the best plan."""
        self.tell(STOP)

    def hear(self, message: bytes) -> bool:
        """Keep what the child says, if it may be shown."""
        found = self.kept(message)
        if found is None:
            return False
        self.now = found
        return not found.ended

    @abstractmethod
    def kept(self, message: bytes) -> T | None:
        """Return what the child says, if it keeps the rules."""
