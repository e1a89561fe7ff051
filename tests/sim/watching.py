# SPDX-License-Identifier: AGPL-3.0-or-later
"""An office that watches: two desks, a relay that calls phones, and time that a test lets pass."""

from __future__ import annotations

from safeconduct.edges.desk.office import Desk
from safeconduct.edges.relay.calling import Pager
from safeconduct.edges.relay.desk import DeskDoor
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.wire.timers import (
    CHANGED,
    FURTHEST,
    STEP,
    TimerMove,
    TimerTurn,
    new_timer,
    rounded,
    turn_of,
)
from safeconduct.kernel.words import HASH_BYTES, HOUR, MINUTE, DeviceId, Instant
from safeconduct.rooms.passage.watch.check_in_decide import Typed
from safeconduct.rooms.passage.watch.check_in_timers import timer_of, token_of
from safeconduct.rooms.passage.watch.check_ins import CheckIn
from tests.kit.phones import Phones
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand

TURN = 5 * MINUTE
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
        at = int(stage.clock.time)
        stage.clock.time = Instant(at - at % TURN + 2 * TURN - MINUTE // 2)  # Ten looks, two turns.
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
        """Let time pass; relay and desks look once a minute; return how many turns were made."""
        turns = 0
        for _ in range(count):
            self.pass_minutes(1)
            self.relay_calls()
            turns += sum(desk.check_ins.keep(courier or self.courier()) for desk in desks)
        return turns

    def pass_minutes(self, count: int) -> None:
        """Let time pass with no desk open."""
        self.stage.clock.time = Instant(self.stage.clock.time + count * MINUTE)

    def door(self) -> DeskDoor:
        """The relay, by the capability of the office alone."""
        return self.stage.store.desk(self.stage.office, self.first.journal.place.capability)

    def relay_calls(self) -> list[str]:
        """Let the relay look; return whom of the office it calls."""
        before = len(self.called())
        self.stage.store.parts.caller.look(Pager(self.server.address))
        return self.called()[before:]

    def called(self) -> list[str]:
        """Whom of the office anybody called until now, in order."""
        return [topic for topic in self.server.topics if topic in self.names]

    def timers(self) -> dict[bytes, tuple[int, int]]:
        """What the relay keeps: when each calls, and how often it did."""
        return {one.id: (one.due, one.calls) for one in self.door().timers().timers}

    def take_away(self, *named: bytes, number: int) -> None:
        """Write the turn of now as whoever has the capability; bring what calls nobody."""
        last = rounded(self.stage.clock.time + FURTHEST) - STEP
        others = [one for one in self.timers() if one not in named]
        topics = [(number * CHANGED + each).to_bytes(16, "big") for each in range(CHANGED)]
        new = [new_timer(last, bytes(HASH_BYTES), topic) for topic in topics]
        gone = [*named, *others][:CHANGED]
        self.door().turn(TimerTurn(turn_of(self.stage.clock.time), gone, new))

    def show_token(self, check_in: CheckIn, timer: bytes, *, wrong: bool = False) -> None:
        """Use the token of a check-in, as whoever holds the slip."""
        secret = self.first.check_ins.book.secrets()[0]
        token = bytes(32) if wrong else token_of(secret, check_in, check_in.timer)
        self.stage.store.public(self.stage.office).moved(TimerMove(timer, token))

    def timer_of(self, check_in: CheckIn) -> bytes:
        """The id of its timer, as a slip says it."""
        secret = self.first.check_ins.book.secrets()[0]
        topic = self.first.duty.calls.topics()[check_in.called[0]]
        return timer_of(secret, check_in, check_in.timer, topic).id
