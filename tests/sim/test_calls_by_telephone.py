# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who waits on the telephone, or spoke to it, has phones called at once (spec/duty.md 5).

Two desks over real HTTP to a server of calls; what a telephone line seals is real.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from safeconduct.edges.desk.calls import Caller as CallingThread
from safeconduct.edges.desk.check import verify_store
from safeconduct.kernel.words import MINUTE, SECOND, Instant
from safeconduct.rooms.hotline.spoken import CallMark, write_call
from tests.kit.desk_twin_lines import TwinLine
from tests.kit.phones import phones
from tests.sim.courier import Rehearsal
from tests.sim.locked import Night
from tests.sim.steps import Hand, Person, settle
from tests.sim.test_lines_at_desk import Caller

WAITS = CallMark(left="talk", waits=True)
PAGED_WITHIN = 5.0
"""Seconds, by shared/reference/channels.md 6."""


@dataclass
class Telephone:
    """A telephone line of the office, and who calls by it."""

    night: Night
    line: TwinLine = field(default_factory=lambda: TwinLine("phone"))

    @property
    def hands(self) -> tuple[Hand, Hand]:
        """The desks; the second one's person is on duty."""
        return self.night.hands

    @property
    def topics(self) -> list[str]:
        """Whom the server of calls was to call, in order."""
        return self.night.server.topics

    def admit(self) -> None:
        """Let the office have it."""
        self.hands[0].desk.lines.admit(self.line.text, signed=False)
        settle(*self.hands)

    def tell(
        self, mark: CallMark, *, voice: bytes = b"v" * 32, line: TwinLine | None = None
    ) -> Caller:
        """Let a call leave a letter, and both desks have it."""
        caller = Caller(self.night.stage, line or self.line, voice)
        self.night.stage.clock.time = Instant(self.night.stage.clock.time + SECOND)
        caller.write("", code="40718293", beside=write_call(mark))
        settle(*self.hands)
        return caller

    def look(self) -> list[str]:
        """Let both desks look, the one on duty last; return whom they called."""
        before = len(self.topics)
        for hand in self.hands:
            hand.desk.duty.calls.look()
            settle(*self.hands)
        return self.topics[before:]


@pytest.fixture
def telephone(stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]) -> Iterator[Telephone]:
    """An office with a telephone, at night."""
    with phones() as server:
        night = Night(stage, person, hands, server)
        one = Telephone(night)
        one.admit()
        yield one
        night.close()


@pytest.mark.parametrize(
    "mark",
    [
        WAITS,
        CallMark(left="talk", silent=True, waits=True),
        CallMark(left="talk", duress=True),
        CallMark(left="message", cut=True),
    ],
)
def test_a_call_that_nobody_takes_calls_those_on_duty_at_once(
    telephone: Telephone, mark: CallMark
) -> None:
    assert telephone.look() == []
    telephone.tell(mark)
    assert telephone.look() == [telephone.night.on_duty]
    assert telephone.look() == []
    for hand in telephone.hands:
        assert not verify_store(hand.desk.journal).findings


@pytest.mark.parametrize("mark", [CallMark(left="hung_up"), CallMark(left="talk")])
def test_a_call_that_was_taken_or_given_up_calls_nobody(
    telephone: Telephone, mark: CallMark
) -> None:
    telephone.tell(mark)
    assert telephone.look() == []


def test_phones_ring_within_five_seconds(telephone: Telephone) -> None:
    hand, stop = telephone.hands[1], list[str]()
    thread = CallingThread(hand.desk.duty.calls, lambda _: None, hand.loops, stop.append)
    thread.start()
    try:
        time.sleep(3)
        assert telephone.topics == []
        began = time.monotonic()
        telephone.tell(WAITS)
        while not telephone.topics and time.monotonic() < began + PAGED_WITHIN:
            time.sleep(0.05)
        took = time.monotonic() - began
    finally:
        thread.stop()
    assert telephone.topics == [telephone.night.on_duty]
    assert took < PAGED_WITHIN
    assert stop == []


def test_the_steps_go_on_until_somebody_opened_it(telephone: Telephone) -> None:
    caller = telephone.tell(WAITS)
    clock, night = telephone.night.stage.clock, telephone.night
    assert telephone.look() == [night.on_duty]
    clock.time = Instant(clock.time + 11 * MINUTE)
    assert telephone.look() == [night.on_duty]
    telephone.hands[0].desk.mark_read(caller.conversation)
    settle(*telephone.hands)
    clock.time = Instant(clock.time + 20 * MINUTE)
    assert telephone.look() == []


def test_who_was_taken_calls_nobody_any_more(telephone: Telephone) -> None:
    telephone.tell(WAITS)
    telephone.tell(CallMark(left="talk"))
    assert telephone.look() == []


def test_many_calls_ring_phones_every_five_minutes_and_no_more_often(telephone: Telephone) -> None:
    clock = telephone.night.stage.clock
    rang = list[str]()
    for call in range(9):
        telephone.tell(WAITS, voice=bytes([call]) * 32)
        rang += telephone.look()
        clock.time = Instant(clock.time + MINUTE)
    assert len(rang) == 2


def test_a_line_that_nobody_admitted_rings_no_phone(telephone: Telephone) -> None:
    telephone.tell(WAITS, line=TwinLine("phone", b"x" * 32))
    assert telephone.look() == []
    telephone.hands[0].desk.lines.withdraw(telephone.line.card.key)
    telephone.tell(WAITS, voice=b"w" * 32)
    assert telephone.look() == []


def test_a_locked_desk_calls_for_it_where_it_knew_and_else_after_ten_minutes(
    telephone: Telephone,
) -> None:
    night = telephone.night
    telephone.tell(WAITS)
    night.lock(telephone.hands[1])
    night.minutes(6)
    assert telephone.topics == [night.on_duty]


def test_a_locked_desk_that_did_not_know_takes_it_for_any_letter(telephone: Telephone) -> None:
    night = telephone.night
    night.lock(telephone.hands[1])
    night.minutes(9, news=True)
    assert telephone.topics == []
    night.minutes(3, news=True)
    assert telephone.topics == [night.on_duty]
