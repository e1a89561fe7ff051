# SPDX-License-Identifier: AGPL-3.0-or-later
"""All desks are locked at night, and phones are called all the same; over real HTTP to a server."""

from collections.abc import Iterator

import pytest

from safeconduct.edges.desk.locked_calls import Clock, LockedCaller
from safeconduct.edges.desk.pager import Pager
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.wire.pages import SENTENCE
from safeconduct.kernel.words import HOUR, MINUTE, Address, Instant
from safeconduct.rooms.hotline.triage import Danger
from tests.kit.phones import Phones, phones
from tests.sim.courier import Rehearsal
from tests.sim.locked import Locked, Night
from tests.sim.steps import Hand, Person


@pytest.fixture
def server() -> Iterator[Phones]:
    """A server of calls."""
    with phones() as book:
        yield book


@pytest.fixture
def night(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand], server: Phones
) -> Iterator[Night]:
    """Both desks know what there is."""
    night = Night(stage, person, hands, server)
    yield night
    night.close()


class NoRelay:
    """A relay that does not answer."""

    def put(self, address: Address, item: bytes) -> None:
        raise Unreachable(address, item)

    def collect(self, address: Address) -> list[bytes]:
        raise Unreachable(address)


def test_who_falls_silent_while_every_desk_is_locked_is_called_for_once(
    night: Night, server: Phones
) -> None:
    for hand in night.hands:
        night.lock(hand)
    night.minutes(2 * 60 + 29)
    assert server.topics == []
    night.minutes(8)
    assert server.topics == [night.on_duty]
    night.minutes(10)
    assert len(server.topics) == 2
    night.minutes(10)
    assert server.topics[2:] == sorted([night.on_duty, night.steward])
    assert {one.body for one in server.heard} == {SENTENCE.encode()}


def test_other_locked_desk_calls_where_the_first_sleeps(night: Night, server: Phones) -> None:
    night.lock(night.hands[0])
    night.minutes(2 * 60 + 50)
    assert server.topics[:1] == [night.on_duty]


def test_what_came_while_every_desk_was_locked_calls_after_ten_minutes(
    night: Night, server: Phones
) -> None:
    night.lock(night.hands[1])
    night.minutes(9, news=True)
    assert server.topics == []
    night.minutes(3, news=True)
    assert server.topics == [night.on_duty]


def test_a_desk_that_is_opened_ends_it_and_sees_to_the_rest(night: Night, server: Phones) -> None:
    first, second = night.hands
    night.lock(first)
    night.minutes(2 * 60 + 38)
    assert server.topics == [night.on_duty]
    night.minutes(60, opened=(second,))
    assert server.topics == [night.on_duty]


def test_an_open_desk_keeps_news_quiet(night: Night, server: Phones) -> None:
    first, second = night.hands
    night.lock(first)
    night.minutes(40, opened=(second,), news=True)
    night.minutes(60)
    assert server.topics == []


def test_open_desks_show_one_sign_in_each_slot(night: Night) -> None:
    first, second = (hand.desk.duty.calls for hand in night.hands)
    shown = 0
    for _ in range(60):
        night.stage.clock.time = Instant(night.stage.clock.time + MINUTE)
        for calls in (first, second):
            secret = calls._book.signs()
            assert secret is not None
            shown += calls.signs.show(secret, night.stage.clock.time)
    assert 6 <= shown <= 7


def test_relay_that_is_away_keeps_nobody_quiet(night: Night, server: Phones) -> None:
    night.lock(night.hands[1], NoRelay())
    night.minutes(2 * 60 + 35)
    assert server.topics == [night.on_duty]


def test_server_of_calls_that_is_away_is_tried_again(night: Night, server: Phones) -> None:
    night.lock(night.hands[1])
    server.answers = 503
    night.minutes(2 * 60 + 40)
    tried = len(server.heard)
    assert 1 < tried < 6
    server.answers = 200
    night.minutes(9)
    assert len(server.heard) == tried + 1


def test_what_somebody_sees_to_calls_again_after_an_hour(night: Night, server: Phones) -> None:
    first, _ = night.hands
    night.stage.clock.time = Instant(night.stage.clock.time + 3 * HOUR)
    first.desk.duty.calls.acknowledge()
    night.lock(first)
    night.minutes(59)
    assert server.topics == []
    night.minutes(20)
    assert server.topics[:1] == [night.on_duty]


def test_who_waits_in_danger_when_a_desk_locks_is_called_for(night: Night, server: Phones) -> None:
    night.person.write("They are at the door.")
    night.share()
    night.hands[0].desk.triage.judge(night.talk, Danger.LIFE)
    night.lock(night.hands[1])
    night.minutes(9)
    assert server.topics == []
    night.minutes(8)
    assert server.topics == [night.on_duty]


@pytest.mark.parametrize(("wall", "steady"), [(3, 0), (-20, 3), (3, 3), (200, 3)])
def test_clock_that_jumps_loses_no_call(
    night: Night, server: Phones, wall: int, steady: int
) -> None:
    """The computer slept; the clock was set back; neither; it was set far ahead."""
    calls = night.errand(night.hands[1]).calls
    assert calls is not None
    begun = calls.locked / 1000
    times = [begun, 0.0]
    clock = Clock(calls, lambda: times[0], lambda: times[1])
    with_pager = Pager()
    caller = LockedCaller(calls, night.board, with_pager, clock)
    caller.look(news=False)
    times[:] = [begun + wall * 3600, steady * 3600.0]
    caller.look(news=False)
    assert server.topics == [night.on_duty]
    assert caller.ended == (wall == 200)
    with_pager.close()


def test_office_that_calls_nobody_hands_nothing_over(hands: tuple[Hand, Hand]) -> None:
    for hand in hands:
        hand.desk.duty.calls.prepare(0)
        assert not hand.desk.duty.calls.hands_over
        assert hand.desk.errand(shows=False, calls=True) == ""


def test_nobody_has_a_topic_so_nothing_is_handed_over(night: Night) -> None:
    for hand in night.hands:
        hand.desk.duty.calls.set_own(on=False)
    night.share()
    night.hands[0].desk.duty.calls.prepare(0)
    assert not night.hands[0].desk.duty.calls.hands_over


def test_topics_of_who_is_not_called_tonight_stay_at_home(night: Night) -> None:
    calls = night.errand(night.hands[0]).calls
    assert calls is not None
    assert {one.hex() for one in calls.topics} == {night.on_duty, night.steward}
    shift = night.hands[1].desk.duty.plan().shifts[0]
    night.hands[1].desk.duty.leave(shift.holding)
    night.share()
    calls = night.errand(night.hands[0]).calls
    assert calls is not None
    assert [one.hex() for one in calls.topics] == [night.steward]


def test_a_call_is_made_again_where_a_process_was_killed_in_it(night: Night) -> None:
    locked: Locked = night.lock(night.hands[1])
    other: Locked = night.lock(night.hands[0])

    class KilledError(BaseException):
        """The process ends here."""

    class Dying(Pager):
        def call(self, address: str, topic: str) -> bool:
            raise KilledError(address, topic)

    locked.caller._pager = Dying()  # type: ignore[misc]
    with pytest.raises(KilledError):
        night.minutes(3 * 60)
    night.locked = [other]
    night.minutes(12)
    assert night.server.topics == [night.on_duty]
