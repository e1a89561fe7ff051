# SPDX-License-Identifier: AGPL-3.0-or-later
"""Desks that are open side by side for hours, in no time: each with a steady clock of its own."""

from __future__ import annotations

from safeconduct.edges.desk.engine.heartbeats import Heartbeats
from safeconduct.edges.desk.engine.loops import Loops
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.standing import status
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.crew.watching import Watch
from tests.sim.steps import Hand


class OnDuty(Hand):
    """An unlocked desk that looks once a minute, as its thread does more often."""

    loops: Loops

    def __init__(self, desk: Desk, courier: Courier) -> None:
        super().__init__(desk, courier)
        self.seconds = 0.0
        self.online = True
        self.beats = Heartbeats(desk.journal, lambda: self.seconds)
        self.loops.heartbeats = self.beats  # type: ignore[misc]

    def minute(self) -> None:
        """Let a minute pass."""
        self.seconds += 60
        if self.online:
            self.pull()
        self.beats.look(online=self.online)
        if self.online:
            self.send()

    def leave(self) -> None:
        """Tell colleagues, as a desk that locks itself does."""
        self.beats.farewell(0)
        self.send()

    @property
    def watch(self) -> Watch:
        """What its pages know of colleagues' desks."""
        return status(self.desk.journal.store, self.loops, None).watch

    @property
    def device(self) -> DeviceId:
        """Whose it is."""
        return self.desk.device


def pass_minutes(count: int, *desks: OnDuty) -> None:
    """Let time pass at several desks."""
    for _ in range(count):
        for desk in desks:
            desk.minute()
