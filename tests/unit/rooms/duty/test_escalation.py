# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom an alarm calls, when, by which desk; what stops it and what does not."""

import pytest

from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.words import (
    COUNTER_BITS,
    HOUR,
    MINUTE,
    DeviceId,
    FactId,
    Instant,
    fact_id,
    instant_of,
)
from safeconduct.rooms.duty import VERSION, DutyFact, Told, kind_of, parse_fact, write_fact
from safeconduct.rooms.duty.escalation import (
    LEASE,
    QUIET,
    TURN,
    Alarm,
    Due,
    Pages,
    alarm_id,
    begins,
    called,
    due,
    fold_pages,
    open_alarms,
    order,
)
from safeconduct.rooms.duty.pager_decide import (
    NoPagerPlace,
    NothingToAcknowledge,
    PagerAddress,
    acknowledge,
    set_place,
    set_topic,
)
from safeconduct.rooms.duty.pager_facts import (
    AlarmsAcknowledged,
    PageBegun,
    PagerPlaceSet,
    PagerSet,
    PageSent,
)

NOW = Instant(1_795_143_240_000)
ONE, TWO, THREE = (DeviceId(letter * 16) for letter in (b"1", b"2", b"3"))
ALARM = Alarm(alarm_id("answer", b"c" * 16, NOW), NOW)
OTHER = Alarm(alarm_id("silence", b"d" * 16, NOW), Instant(NOW + MINUTE))


class Night:
    """Facts of calls, minute by minute."""

    def __init__(self) -> None:
        """Nobody was called yet."""
        self.told: list[Told] = []

    @property
    def pages(self) -> Pages:
        """What stands when the last fact was written."""
        return self.at(max(instant_of(one.hlc) for one in self.told) if self.told else NOW)

    def at(self, now: int) -> Pages:
        """What stands at a time."""
        return fold_pages(self.told, Instant(now))

    def tell(self, by: DeviceId, minute: float, event: DutyFact) -> FactId:
        """Write a fact."""
        fact = fact_id(bytes([len(self.told)]) * 32, 0)
        at = NOW + int(minute * MINUTE)
        self.told.append(Told(fact, by, (at << COUNTER_BITS) + len(self.told), event))
        return fact

    def call(self, minute: float, step: int, *alarms: Alarm, taken: int | None = 1) -> None:
        """A desk calls; `taken` None: it died before it said so."""
        begun = self.tell(ONE, minute, PageBegun(tuple(one.id for one in alarms), step))
        if taken is not None:
            self.tell(ONE, minute, PageSent(begun, taken))

    def due(self, minute: float, *alarms: Alarm) -> Due | None:
        """What is to be called at a minute."""
        now = Instant(NOW + int(minute * MINUTE))
        return due(alarms or (ALARM,), self.at(now), now)


@pytest.fixture
def night() -> Night:
    """Nobody was called yet."""
    return Night()


def test_alarm_calls_those_on_duty_then_the_backup_then_the_stewards_then_again(
    night: Night,
) -> None:
    steps = []
    for minute in range(100):
        if (call := night.due(minute)) is not None:
            steps.append((minute, call.step))
            night.call(minute, call.step, ALARM)
    assert steps == [(0, 0), (10, 1), (20, 2), (50, 3), (80, 4)]


def test_a_call_is_made_once_and_one_that_reached_nobody_is_not_made(night: Night) -> None:
    night.call(0, 0, ALARM)
    assert night.due(9) is None
    other = Night()
    other.call(0, 0, ALARM, taken=0)
    other.call(1, 0, ALARM, taken=None)
    assert other.due(9) == Due(0, ALARM, (ALARM.id,))


def test_acknowledging_stops_the_calls_of_all_alarms_for_an_hour(night: Night) -> None:
    night.call(0, 0, ALARM)
    fact = acknowledge([ALARM, OTHER], night.pages, NOW)
    assert set(fact.alarms) == {ALARM.id, OTHER.id}
    night.tell(TWO, 2, fact)
    assert night.due(20, ALARM, OTHER) is None
    assert night.due(61, ALARM, OTHER) is None
    again = night.due(62, ALARM, OTHER)
    assert again is not None
    assert (again.step, len(again.alarms)) == (0, 2)
    with pytest.raises(NothingToAcknowledge):
        acknowledge([ALARM], night.pages, Instant(NOW + 5 * MINUTE))


def test_a_clock_that_is_ahead_ends_no_alarm(night: Night) -> None:
    night.tell(TWO, 60 * 24 * 365, AlarmsAcknowledged((ALARM.id,)))
    assert open_alarms([ALARM], night.pages, NOW) == [ALARM]
    assert night.due(0) is not None


def test_a_call_by_a_clock_that_is_ahead_keeps_nobody_from_being_called(night: Night) -> None:
    night.call(60 * 24, 0, ALARM)
    call = night.due(0, ALARM, OTHER)
    assert call is not None
    assert begins(call, night.at(NOW), (ONE, ())) == NOW
    night.call(1, 0, ALARM, OTHER)
    night.tell(TWO, 60 * 24, AlarmsAcknowledged((ALARM.id,)))
    assert [night.due(minute) is None for minute in (2, 11)] == [True, False]


def test_a_call_said_to_be_of_a_later_step_ends_no_step_that_begins_after_it(night: Night) -> None:
    night.call(0, 2**32 - 1, ALARM)
    steps = [call.step for minute in (5, 10, 20, 50) if (call := night.due(minute)) is not None]
    assert steps == [1, 2, 3]


def test_that_a_call_was_made_its_own_desk_alone_says(night: Night) -> None:
    begun = night.tell(ONE, 0, PageBegun((ALARM.id,), 0))
    night.tell(TWO, 0, PageSent(begun, 5))
    assert night.due(1) is not None


def test_each_desk_has_its_turn_and_takes_over_what_another_did_not_end(night: Night) -> None:
    call = night.due(0)
    assert call is not None
    there = {ONE, TWO, THREE}
    turns = order(call, there)
    assert set(turns) == there
    for at, device in enumerate(turns):
        assert begins(call, night.pages, (device, there)) == NOW + at * TURN
    night.call(0, 0, ALARM, taken=None)
    later = begins(call, night.pages, (turns[1], there))
    assert later == NOW + LEASE + TURN


def test_calls_that_reach_nobody_come_ever_more_seldom(night: Night) -> None:
    waits = []
    for minute in (0, 10, 30, 60, 100, 200, 300):
        night.call(minute, 0, ALARM, taken=0)
        call = night.due(minute)
        assert call is not None
        alone = begins(call, night.pages, (ONE, ()))
        waits.append((alone - NOW) / MINUTE - minute)
    assert waits == [2, 4, 8, 16, 32, 32, 32]


def test_a_flood_of_alarms_calls_no_more_often_than_every_five_minutes(night: Night) -> None:
    night.call(0, 0, ALARM)
    call = night.due(1, ALARM, OTHER)
    assert call is not None
    assert call.first == OTHER
    assert begins(call, night.pages, (ONE, ())) == NOW + QUIET


def test_the_step_after_the_first_is_counted_from_the_call_and_not_from_the_alarm(
    night: Night,
) -> None:
    old = Alarm(ALARM.id, Instant(NOW - 5 * HOUR))
    call = night.due(0, old)
    assert call is not None
    assert call.step == 0


def test_ring_of_which_nobody_can_be_called_goes_on_to_the_next() -> None:
    rings = ({"mira"}, {"timur"}, {"sana"})
    assert [called(step, rings) for step in range(4)] == [
        {"mira"},
        {"mira", "timur"},
        {"mira", "timur", "sana"},
        {"mira", "timur", "sana"},
    ]
    assert called(0, (set(), set(), {"sana"})) == {"sana"}
    assert called(0, (set(), set(), set())) == set()


def test_two_servers_that_were_set_at_once_call_nobody_until_one_is_set_again(
    night: Night,
) -> None:
    night.tell(ONE, 0, set_place(Pages(), "https://one.example"))
    night.tell(TWO, 0, set_place(Pages(), "https://two.example"))
    assert night.pages.address == ""
    night.tell(ONE, 1, set_place(night.pages, " https://one.example/ "))
    assert night.pages.address == "https://one.example"
    night.tell(TWO, 2, PagerSet("a" * 32))
    night.tell(TWO, 3, set_topic(night.pages, bytes(16)))
    assert night.pages.topics == {TWO: "0" * 32}
    night.tell(TWO, 4, set_topic(night.pages, None))
    assert night.pages.topics == {TWO: ""}


@pytest.mark.parametrize(
    "typed",
    [
        *("calls.example.org", "ftp://calls.example.org", "https://", "https://a/b"),
        *("https://user:word@a.example", "http://calls.example.org", "https://a.example?x"),
        *("http://127.0.0.1.evil.example", "https://a.example:0", "https://" + "a" * 300),
    ],
)
def test_what_is_no_server_or_goes_in_clear_is_refused(typed: str) -> None:
    with pytest.raises(PagerAddress):
        set_place(Pages(), typed)


@pytest.mark.parametrize(
    "typed", ["", "https://calls.example.org:8443", "http://abc.onion", "http://127.0.0.1:80"]
)
def test_a_server_under_tls_or_an_onion_address_is_taken(typed: str) -> None:
    assert set_place(Pages(), typed) == PagerPlaceSet(typed, ())


def test_nobody_is_called_before_a_steward_said_where() -> None:
    with pytest.raises(NoPagerPlace):
        set_topic(Pages(), bytes(16))


@pytest.mark.parametrize(
    "event",
    [
        PagerSet("a" * 32 + "?message=Sana"),
        PagerSet("a" * 32 + "\n"),
        PagerSet("../" + "a" * 29),
        PagerPlaceSet("http://calls.example", ()),
        PagerPlaceSet("https://calls.example/x?message=", ()),
    ],
    ids=["words", "line", "path", "in clear", "words of the server"],
)
def test_what_a_changed_desk_sets_is_a_topic_and_an_address_or_does_not_count(
    event: DutyFact,
) -> None:
    with pytest.raises(Malformed):
        parse_fact(kind_of(event), VERSION, write_fact(event))
