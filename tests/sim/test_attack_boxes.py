# SPDX-License-Identifier: AGPL-3.0-or-later
"""The relay, or who else holds the capability, against what waits for people in their boxes."""

from __future__ import annotations

import os

import pytest

from safeconduct.edges.desk.engine.sending import LETTERS_AT_ONCE
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.ports import IntakeItem, ItemState
from safeconduct.kernel.wire.refusals import Expired
from safeconduct.kernel.words import DAY, MINUTE, Address, Instant
from tests.kit.relay import SetClock
from tests.sim.courier import PASSPHRASE, Rehearsal, StoreCourier
from tests.sim.steps import Hand, Person


class Watching(StoreCourier):
    """A relay that notes what it is asked, and says of items what it likes."""

    def __init__(self, inner: StoreCourier) -> None:
        super().__init__(inner.store, inner.office, inner._capability)
        self.posted: list[Address] = []
        self.asked: list[int] = []
        self.waits = {0}
        self.dated = {0}

    def items(self, start: int, most: int) -> list[IntakeItem]:
        """Note where it is asked; some wait, as it says, and some came two days before."""
        self.asked.append(start)
        return [
            item._replace(
                state=ItemState.WAITS if item.at in self.waits else ItemState.TAKEN,
                arrived=Instant(item.arrived - 2 * DAY * (item.at in self.dated)),
            )
            for item in super().items(start, most)
        ]

    def post(self, letters: list[tuple[Address, Instant, bytes]]) -> None:
        """Note in which order, and pass on."""
        super().post(letters)
        self.posted += [address for address, _, _ in letters]


def people(stage: Rehearsal, count: int) -> list[Person]:
    """So many people, each of whom writes once."""
    some = [Person(stage) for _ in range(count)]
    for person in some:
        person.write("Please help.")
    return some


def record_and_fall_silent(stage: Rehearsal, name: str) -> None:
    """A desk records what came, and goes before it said so to anybody."""
    desk = stage.desks[name]
    Hand(desk, stage.courier(desk)).loops.puller.pull_intake()
    frames = desk.journal.store.rows("SELECT frame FROM outbox ORDER BY sequence")
    stage.courier(desk).append([row[0] for row in frames])


@pytest.mark.attack
def test_relay_cannot_have_a_word_posted_for_one_item_alone(stage: Rehearsal) -> None:
    some = people(stage, 8)
    record_and_fall_silent(stage, "first")
    relay = Watching(stage.courier(stage.desks["second"]))
    relay.dated.clear()
    hand = Hand(stage.desks["second"], relay)
    hand.sync()
    assert relay.posted == []
    stage.clock.time += 7 * MINUTE
    hand.sync()
    assert sorted(relay.posted) == sorted(person.address for person in some)
    assert relay.asked == [0], "an item was asked for by itself"


@pytest.mark.attack
def test_relay_cannot_have_a_word_posted_by_dating_one_item(stage: Rehearsal) -> None:
    people(stage, 8)
    record_and_fall_silent(stage, "first")
    relay = Watching(stage.courier(stage.desks["second"]))
    relay.waits = set(range(8))
    hand = Hand(stage.desks["second"], relay)
    hand.sync()
    assert relay.posted == []
    stage.clock.time += 7 * MINUTE
    hand.sync()
    assert len(relay.posted) == 8


class Refusing(Watching):
    """A relay that takes one letter at a time, when it likes."""

    def __init__(self, inner: StoreCourier) -> None:
        super().__init__(inner)
        self.told: list[list[int]] = []
        self.allows = True

    def post(self, letters: list[tuple[Address, Instant, bytes]]) -> None:
        """Refuse all but one."""
        if len(letters) > 1 or not self.allows:
            raise Expired
        self.allows = False
        super().post(letters)

    def taken(self, indices: list[int]) -> None:
        """Note what it is told together, and pass on."""
        self.told.append(indices)
        super().taken(indices)


def test_relay_that_lets_one_word_through_at_a_time_learns_of_no_item_by_it(
    stage: Rehearsal,
) -> None:
    people(stage, 8)
    relay = Refusing(stage.courier(stage.desks["first"]))
    hand = Hand(stage.desks["first"], relay)
    for _ in range(30):
        hand.sync()
        relay.allows = True
        stage.clock.time += 11 * MINUTE
    assert len(relay.posted) == 8
    assert relay.told == [list(range(8))]


@pytest.mark.attack
def test_word_for_a_silent_colleague_goes_at_a_moment_of_its_own(stage: Rehearsal) -> None:
    people(stage, 8)
    record_and_fall_silent(stage, "first")
    second = stage.desks["second"]
    hand = Hand(second, stage.courier(second))
    hand.sync()
    query = "SELECT count(DISTINCT due), min(due) FROM letters"
    ((moments, first),) = second.journal.store.rows(query)
    assert moments > 1
    assert first >= stage.clock.time + 2 * MINUTE


@pytest.mark.attack
def test_batches_do_not_tell_which_messages_came_first(stage: Rehearsal) -> None:
    some = people(stage, 3 * LETTERS_AT_ONCE)
    relay = Watching(stage.courier(stage.desks["first"]))
    Hand(stage.desks["first"], relay).sync()
    assert sorted(relay.posted) == sorted(person.address for person in some)
    first = {person.address for person in some[:LETTERS_AT_ONCE]}
    assert set(relay.posted[:LETTERS_AT_ONCE]) != first


def with_clock(stage: Rehearsal, name: str, clock: SetClock) -> Desk:
    """Open a desk anew, by another clock than the relay's."""
    stage.desks.pop(name).stop()
    desk = Desk.open(stage.folder / name, PASSPHRASE, clock=clock, rng=stage.world.rng)
    stage.desks[name] = desk
    return desk


@pytest.mark.attack
def test_answer_that_has_ended_is_not_shown_as_sent(stage: Rehearsal, person: Person) -> None:
    behind = SetClock(stage.clock.time - 40 * DAY)
    desk = with_clock(stage, "first", behind)
    hand = Hand(desk, stage.courier(desk))
    desk.answer(person.conversation, "We are here.")
    hand.send()
    status = desk.status()
    assert status.answers == 1
    assert "expired" in {trouble.code for trouble in status.troubles}
    folded = desk.conversation(person.conversation)
    assert folded is not None
    assert [answer.sent for answer in folded.answers] == [False]
    behind.time = stage.clock.time
    hand.send()
    assert [one.text for one in person.replies() if one.kind == "answer"] == ["We are here."]
    status = desk.status()
    assert status.answers == 0
    assert "expired" not in {trouble.code for trouble in status.troubles}


def test_informer_who_takes_a_message_does_not_keep_the_word_from_her(stage: Rehearsal) -> None:
    (person,) = people(stage, 1)
    record_and_fall_silent(stage, "second")
    stage.courier(stage.desks["second"]).taken([0])
    hand = Hand(stage.desks["first"], stage.courier(stage.desks["first"]))
    hand.sync()
    stage.clock.time += 7 * MINUTE
    hand.sync()
    assert [reply.kind for reply in person.replies()] == ["have"]


def test_word_that_a_colleague_sent_is_not_sent_again(stage: Rehearsal) -> None:
    (person,) = people(stage, 1)
    record_and_fall_silent(stage, "first")
    first, second = (Hand(desk, stage.courier(desk)) for desk in stage.desks.values())
    second.sync()
    first.sync()
    second.pull()
    stage.clock.time += 7 * MINUTE
    second.sync()
    assert len(person.replies()) == 1
    assert second.desk.journal.store.value("SELECT count(*) FROM letters") == 0


def test_one_letter_that_is_refused_stops_no_other(stage: Rehearsal, person: Person) -> None:
    behind = SetClock(stage.clock.time)
    desk = with_clock(stage, "first", behind)
    hand = Hand(desk, stage.courier(desk))
    behind.time -= 40 * DAY
    desk.answer(person.conversation, "One.")
    behind.time = stage.clock.time - DAY
    desk.answer(person.conversation, "Two.")
    behind.time -= 39 * DAY
    hand.send()
    assert [one.text for one in person.replies() if one.kind == "answer"] == ["Two."]
    assert desk.status().answers == 1


def test_answer_that_waited_for_more_than_its_life_is_sealed_again(
    stage: Rehearsal, person: Person
) -> None:
    desk = stage.desks["first"]
    desk.answer(person.conversation, "We are here.")
    stage.clock.time += 40 * DAY
    Hand(desk, stage.courier(desk)).send()
    (answer,) = [one for one in person.replies() if one.kind == "answer"]
    assert answer.text == "We are here."
    assert answer.extras["expires"] > stage.clock.time + 29 * DAY
    folded = desk.conversation(person.conversation)
    assert folded is not None
    assert folded.answers[0].sent
    assert folded.answers[0].expires == answer.extras["expires"]


@pytest.mark.attack
def test_letter_that_names_no_end_leaves_its_box_all_the_same(stage: Rehearsal) -> None:
    informer = stage.courier(stage.desks["second"])
    address = Address(os.urandom(32))
    informer.post([(address, Instant(2**62), b"rubbish")])
    stage.clock.time += 31 * DAY - 1
    assert informer.collect(address, 0)
    stage.clock.time += DAY + 1
    assert not informer.collect(address, 0)
