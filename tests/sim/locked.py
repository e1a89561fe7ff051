# SPDX-License-Identifier: AGPL-3.0-or-later
"""Desks that were locked, in a rehearsal: the process without keys, over what one handed over."""

from __future__ import annotations

from safeconduct.edges.desk import handing_over
from safeconduct.edges.desk.locked_calls import Clock, LockedCaller
from safeconduct.edges.desk.locked_watch import Errand, parse_errand
from safeconduct.edges.desk.meeting import Meeting
from safeconduct.edges.desk.pager import Pager
from safeconduct.edges.desk.sign_board import OpenSigns
from safeconduct.kernel.words import HOUR, MINUTE, ConversationId, Instant
from safeconduct.rooms.duty.locked import LockedCalls
from safeconduct.rooms.hotline.triage import Danger
from tests.kit.phones import Phones
from tests.sim.courier import Rehearsal, StoreMeeting
from tests.sim.steps import Hand, Person
from tests.sim.test_duty import take


class Locked:
    """A desk that was locked, as the process without keys goes on."""

    def __init__(self, stage: Rehearsal, errand: Errand, board: Meeting | None = None) -> None:
        """Begin now; the board is the relay's."""
        assert errand.calls is not None
        self.calls: LockedCalls = errand.calls
        self.pager = Pager()

        def seconds() -> float:
            return stage.clock.time / 1000

        clock = Clock(self.calls, seconds, seconds)
        board = board or StoreMeeting(stage.store, stage.office)
        self.caller = LockedCaller(self.calls, board, self.pager, clock)


class Night:
    """An office at night: the second desk's person is on duty, the first one's a steward.

    Somebody is in danger and was answered: the next word is due in two hours.
    """

    def __init__(
        self, stage: Rehearsal, person: Person, hands: tuple[Hand, Hand], server: Phones
    ) -> None:
        """Set the calls up."""
        self.stage, self.person, self.hands, self.server = stage, person, hands, server
        self.board = StoreMeeting(stage.store, stage.office)
        first, second = (hand.desk for hand in hands)
        first.triage.judge(person.conversation, Danger.IN_DANGER)
        first.answer(person.conversation, "Go.", next_contact=Instant(first.now() + 2 * HOUR))
        first.duty.calls.set_place(server.address)
        self.share()
        for desk in (first, second):
            desk.duty.calls.set_own(on=True)
            desk.duty.calls.signs = OpenSigns(self.board)
        take(second, 0, 12)
        self.share()
        self.steward, self.on_duty = (
            desk.duty.calls.calling().own.rpartition("/")[2] for desk in (first, second)
        )
        self.locked: list[Locked] = []

    @property
    def talk(self) -> ConversationId:
        """Hers."""
        return self.person.conversation

    def share(self) -> None:
        """Let both desks hear of each other."""
        for hand in (*self.hands, *self.hands):
            hand.sync()

    def errand(self, hand: Hand) -> Errand:
        """Return what a desk hands over, through the line of text that it says."""
        calls = hand.desk.duty.calls
        calls.prepare(hand.loops.puller.read_to)
        line = handing_over.errand(hand.desk.journal, hand.loops, calls.handed, shows=False)
        return parse_errand(line.encode() + b"\n")

    def lock(self, hand: Hand, board: Meeting | None = None) -> Locked:
        """Lock a desk."""
        self.locked.append(Locked(self.stage, self.errand(hand), board))
        return self.locked[-1]

    def minutes(self, count: int, *, opened: tuple[Hand, ...] = (), news: bool = False) -> None:
        """Let time pass; open desks show their sign, locked ones look once a minute."""
        for _ in range(count):
            self.stage.clock.time = Instant(self.stage.clock.time + MINUTE)
            for hand in opened:
                hand.desk.duty.calls.show_sign()
            for one in self.locked:
                if not one.caller.ended:
                    one.caller.look(news=news)

    def close(self) -> None:
        """Drop all lines."""
        for one in self.locked:
            one.pager.close()
        for hand in self.hands:
            hand.desk.duty.calls.pager.close()
