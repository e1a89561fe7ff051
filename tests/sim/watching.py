# SPDX-License-Identifier: AGPL-3.0-or-later
"""An office that watches: two desks, a relay that calls phones, and time that a test lets pass."""

from __future__ import annotations

from safeconduct.edges.desk.office import Desk
from safeconduct.edges.relay.calling import Pager
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.wire.timers import TimerMove
from safeconduct.kernel.words import HOUR, MINUTE, DeviceId, Instant
from safeconduct.rooms.passage.check_in_decide import Typed
from safeconduct.rooms.passage.check_in_timers import timer_id, token_of
from safeconduct.rooms.passage.check_ins import CheckIn
from tests.kit.phones import Phones
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand

LABEL, RIGHT, DURESS = "Rowan", "dry branch", "full kettle"


class Watchers:
    """Both desks' people can be called; `names` are the topics of the first's and the second's."""

    def __init__(self, stage: Rehearsal, hands: tuple[Hand, Hand], server: Phones) -> None:
        self.stage, self.hands, self.server = stage, hands, server
        stage.store.call_by(lambda _: False)  # The test lets it look by hand.
        self.first, self.second = (hand.desk for hand in hands)
        self.first.duty.calls.set_place(server.address)
        self.share()
        for desk in (self.first, self.second):
            desk.duty.calls.set_own(on=True)
        self.share()
        self.names = [
            desk.duty.calls.calling().own.rpartition("/")[2] for desk in (self.first, self.second)
        ]

    def share(self) -> None:
        """Let both desks hear of each other."""
        for hand in (*self.hands, *self.hands):
            hand.sync()

    def expect(self, hours: int = 2, called: tuple[DeviceId, ...] = ()) -> CheckIn:
        """Let the first desk expect somebody; its own person is called unless others are named."""
        due = Instant(self.first.now() + hours * HOUR)
        whom = called or (self.first.device,)
        before = {one.id for one in self.first.check_ins.every()}
        self.first.check_ins.set(Typed(LABEL, due, 15, RIGHT, DURESS, whom))
        (new,) = (one for one in self.first.check_ins.every() if one.id not in before)
        return new

    def courier(self) -> Courier:
        """The way of either desk."""
        return self.stage.courier(self.first)

    def minutes(self, count: int, *desks: Desk, courier: Courier | None = None) -> int:
        """Let time pass; each of these desks looks once a minute; return how many turns it made."""
        turns = 0
        for _ in range(count):
            self.pass_minutes(1)
            turns += sum(desk.check_ins.keep(courier or self.courier()) for desk in desks)
        return turns

    def pass_minutes(self, count: int) -> None:
        """Let time pass with no desk open."""
        self.stage.clock.time = Instant(self.stage.clock.time + count * MINUTE)

    def relay_calls(self) -> list[str]:
        """Let the relay look; return whom of the office it calls."""
        before = len(self.server.topics)
        self.stage.store.parts.caller.look(Pager(self.server.address))
        return [topic for topic in self.server.topics[before:] if topic in self.names]

    def timers(self) -> dict[bytes, tuple[int, int]]:
        """What the relay keeps: when each calls, and how often it did."""
        door = self.stage.store.desk(self.stage.office, self.first.journal.place.capability)
        return {one.id: (one.due, one.calls) for one in door.timers().timers}

    def show_token(self, check_in: CheckIn, timer: bytes, *, wrong: bool = False) -> None:
        """Use the token of a check-in, as whoever holds the slip."""
        secret = self.first.check_ins.book.secrets()[0]
        token = bytes(32) if wrong else token_of(secret, check_in)
        self.stage.store.public(self.stage.office).moved(TimerMove(timer, token))

    def timer_of(self, check_in: CheckIn) -> bytes:
        """The id of its timer, as a slip says it."""
        secret = self.first.check_ins.book.secrets()[0]
        return timer_id(secret, check_in, check_in.timer)
