# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tracing epochs at a desk in memory: the room's decisions; a test says what the server told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.tracing_api import DeviceShare, Tracing, Wish
from safeconduct.kernel.errors import Unreachable
from safeconduct.rooms.crew.decide import need_steward
from safeconduct.rooms.crew.taking_back import NothingToTakeBack
from safeconduct.rooms.crew.tracing import TracesAlready, TracesNot, begin_tracing

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk


class TwinTracing:
    """Whether it runs; it begins and ends when a test says that the server was reached."""

    def __init__(self, desk: TwinDesk) -> None:
        self._desk = desk
        self.runs: Tracing | None = None
        self.wished: Wish | None = None
        self.lost = False
        self.ends = False
        self.told: list[DeviceShare] = []

    def reach(self) -> None:
        """The server is reached."""
        if self.ends:
            self.runs, self.ends = None, False
        elif self.wished:
            self.runs, self.wished = Tracing(*self.wished[:3]), None

    def running(self) -> Tracing | None:
        """What runs."""
        return self.runs

    def wish(self) -> Wish | None:
        """What is to begin."""
        return self.wished

    def void(self) -> bool:
        """Whether it came to nothing."""
        return self.lost

    def ending(self) -> bool:
        """Whether it is to end."""
        return self.ends

    def open(self, reason: str) -> None:
        """Ask."""
        desk = self._desk
        need_steward(desk.roster(), desk.device)
        if self.runs or self.wished:
            raise TracesAlready
        fact = begin_tracing(desk.roster(), desk.device, 2, reason)
        self.wished = Wish(desk.now(), desk.device, fact.reason, mine=True)

    def take_back(self) -> None:
        """Want it no more."""
        if self.wished is None or not self.wished.mine:
            raise NothingToTakeBack
        self.wished = None

    def end(self) -> None:
        """End it."""
        need_steward(self._desk.roster(), self._desk.device)
        if self.runs is None:
            raise TracesNot
        self.ends = True

    def shares(self) -> Sequence[DeviceShare]:
        """What the server counted."""
        need_steward(self._desk.roster(), self._desk.device)
        if not self._desk.online:
            raise Unreachable
        return self.told
