# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two desks call phones over real HTTP: once for each step, until one of them acknowledges."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.pager import Pager
from safeconduct.kernel.wire.pages import SENTENCE
from safeconduct.kernel.words import HOUR, MINUTE, Instant
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.duty.pager_facts import PageBegun, PagerPlaceSet, PageSent
from safeconduct.rooms.hotline.triage import Danger
from tests.kit.phones import Phones, phones
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person
from tests.sim.test_duty import take

SOURCE = Path(__file__).parents[2] / "src"
SECRET = "The uncles come on Friday."


class Shift:
    """An office in which both desks are open, somebody waits in danger, and phones listen."""

    def __init__(self, stage: Rehearsal, hands: tuple[Hand, Hand], server: Phones) -> None:
        """Set the calls up: the second desk's person is on duty, the first one's a steward."""
        self.stage, self.hands, self.server = stage, hands, server
        first, second = (hand.desk for hand in hands)
        first.duty.calls.set_place(server.address)
        self.share()
        for desk in (first, second):
            desk.duty.calls.set_own(on=True)
        take(second, 0, 8)
        self.share()
        self.steward, self.on_duty = (
            desk.duty.calls.calling().own.rpartition("/")[2] for desk in (first, second)
        )

    def share(self) -> None:
        """Let both desks hear of each other."""
        for hand in (*self.hands, *self.hands):
            hand.sync()

    def minutes(self, count: int, *desks: Desk) -> None:
        """Let time pass; each desk looks once a minute, as its thread does more often."""
        for _ in range(count):
            self.stage.clock.time = Instant(self.stage.clock.time + MINUTE)
            for hand in self.hands:
                if hand.desk in desks:
                    hand.sync()
                    if hand.desk.duty.calls.look():
                        hand.sync()


@pytest.fixture
def server() -> Iterator[Phones]:
    """A server of calls."""
    with phones() as book:
        yield book


@pytest.fixture
def shift(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand], server: Phones
) -> Iterator[Shift]:
    """One person waits in danger."""
    person.write(SECRET)
    hands[0].sync()
    hands[0].desk.triage.judge(person.conversation, Danger.IN_DANGER)
    shift = Shift(stage, hands, server)
    yield shift
    for hand in hands:
        hand.desk.duty.calls.pager.close()


def test_two_desks_make_one_call_for_each_step_until_one_acknowledges(shift: Shift) -> None:
    desks = [hand.desk for hand in shift.hands]
    shift.minutes(8, *desks)
    assert shift.server.topics == []
    shift.minutes(7, *desks)
    assert shift.server.topics == [shift.on_duty]
    shift.minutes(24, *desks)
    assert sorted(shift.server.topics[1:]) == sorted([shift.on_duty, shift.on_duty, shift.steward])
    desks[0].duty.calls.acknowledge()
    shift.share()
    calls = len(shift.server.heard)
    shift.minutes(45, *desks)
    assert len(shift.server.heard) == calls
    assert desks[1].duty.calls.calling().by is not None
    for desk in desks:
        assert not verify_store(desk.journal).findings


def test_every_call_is_the_one_sentence_and_the_same_bytes(shift: Shift) -> None:
    desks = [hand.desk for hand in shift.hands]
    shift.minutes(40, *desks)
    assert desks[0].duty.calls.try_own()
    assert len(shift.server.heard) > 3
    assert {one.body for one in shift.server.heard} == {SENTENCE.encode()}
    said = [
        {name: value for name, value in one.headers.items() if name != "Host"}
        for one in shift.server.heard
    ]
    assert all(one == said[0] for one in said)
    assert set(said[0]) <= {
        *("Accept-Encoding", "Content-Length", "Content-Type", "Priority", "User-Agent"),
    }
    assert set(shift.server.topics) == {shift.on_duty, shift.steward}


def test_the_sentence_stands_in_the_source_once_and_nothing_is_put_into_it() -> None:
    found = [
        path.name
        for path in sorted(SOURCE.rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if SENTENCE in line
    ]
    assert found == ["pages.py"]
    pager = (SOURCE / "safeconduct/edges/desk/pager.py").read_text(encoding="utf-8")
    assert "body=SENTENCE.encode()," in pager
    assert "{" not in SENTENCE
    assert "%" not in SENTENCE


def test_other_desk_takes_over_where_the_first_does_not_look(shift: Shift) -> None:
    for hand in shift.hands:
        shift.minutes(14, hand.desk)
        assert shift.server.topics, "a desk that is alone calls within its turn"
        shift.server.heard.clear()
        hand.desk.duty.calls.acknowledge()
        shift.share()
        shift.stage.clock.time = Instant(shift.stage.clock.time + HOUR)


def test_call_that_the_server_did_not_take_is_made_again(shift: Shift) -> None:
    first = shift.hands[0].desk
    shift.server.answers = 503
    shift.minutes(14, first)
    assert shift.server.topics
    last = first.duty.calls.calling().last
    assert last is not None
    assert last.taken == 0
    shift.server.answers, before = 200, len(shift.server.heard)
    shift.minutes(9, first)
    assert len(shift.server.heard) == before + 1


def test_desk_that_is_killed_in_a_call_makes_it_once_more(shift: Shift) -> None:
    first = shift.hands[0].desk

    class Killed(BaseException):
        """The process ends here."""

    pager, heard = first.duty.calls.pager, shift.server.heard

    class Dying(Pager):
        def call(self, address: str, topic: str) -> bool:
            raise Killed(address, topic)

    first.duty.calls.pager = Dying()
    with pytest.raises(Killed):
        shift.minutes(14, first)
    calls = first.duty.calls.pages().calls
    assert [one.taken for one in calls] == [None]
    assert not heard
    first.stop()
    again = shift.stage.unlock("first")
    assert again.duty.calls.pages().calls == calls
    for _ in range(10):
        shift.stage.clock.time = Instant(shift.stage.clock.time + MINUTE)
        again.duty.calls.look()
    assert shift.server.topics == [shift.on_duty]
    again.duty.calls.pager.close()
    pager.close()


def test_answer_ends_the_calls_and_silence_calls_too(shift: Shift, person: Person) -> None:
    first = shift.hands[0].desk
    first.answer(person.conversation, "Go now.", next_contact=Instant(first.now() + HOUR))
    shift.share()
    shift.minutes(30, first)
    assert shift.server.topics == []
    shift.stage.clock.time = Instant(shift.stage.clock.time + HOUR)
    first.duty.calls.look()
    shift.minutes(33, first)
    assert shift.server.topics[:1] == [shift.on_duty]


def test_office_that_set_no_server_writes_and_calls_nothing(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]
) -> None:
    first = hands[0].desk
    first.triage.judge(person.conversation, Danger.LIFE)
    written = first.journal.pen.sequence
    stage.clock.time = Instant(stage.clock.time + HOUR)
    assert not first.duty.calls.look()
    assert first.journal.pen.sequence == written


def test_server_that_an_operator_names_is_called_by_no_desk(shift: Shift, server: Phones) -> None:
    first, second = (hand.desk for hand in shift.hands)
    with phones() as enemy:
        event = PagerPlaceSet(enemy.address, second.duty.calls.pages().stood)
        second.duty._book.write(event)
        shift.share()
        shift.minutes(14, first, second)
        assert (len(enemy.heard), server.topics) == (0, [shift.on_duty])
    with pytest.raises(NotASteward):
        second.duty.calls.set_place(enemy.address)


def test_a_call_by_a_clock_that_is_ahead_silences_nobody_and_starts_no_storm(
    shift: Shift, server: Phones
) -> None:
    first, second = (hand.desk for hand in shift.hands)
    clock = shift.stage.clock
    true, clock.time = clock.time, Instant(clock.time + 20 * HOUR)
    begun = second.duty._book.write(PageBegun((bytes(16),), 0))
    second.duty._book.write(PageSent(begun, 1))
    clock.time = true
    shift.minutes(22, first)
    assert set(server.topics) == {shift.on_duty}
    assert 1 < len(server.topics) <= 3
