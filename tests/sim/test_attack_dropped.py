# SPDX-License-Identifier: AGPL-3.0-or-later
"""The server, or one of us, against letters that nobody has read yet: each loss is told, each time.

And rubbish, which must not stay unread for ever, nor fill a desk.
"""

from __future__ import annotations

import shutil

import pytest

from safeconduct.edges.desk.engine import aside, dropped
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import UnknownVersion, Unreachable
from safeconduct.kernel.ports import IntakeItem, ItemState
from safeconduct.kernel.words import DAY, HOUR, MINUTE, Instant
from safeconduct.rooms.hotline.letters import Letter, message_id, open_letter
from tests.sim.courier import Rehearsal, StoreCourier, submit
from tests.sim.hostile import Shifting
from tests.sim.steps import Hand, Person
from tests.sim.test_attack_intake import drop, hands, record, talk, tell, troubles


def liar(stage: Rehearsal, arrived: Instant | None) -> Hand:
    """The first desk, before a server that keeps no letter, and dates them as it likes."""

    def change(item: IntakeItem) -> IntakeItem:
        at = item.arrived if arrived is None else arrived
        return item._replace(state=ItemState.DROPPED, body=message_id(item.body), arrived=at)

    return Hand(stage.desks["first"], Shifting(stage.courier(stage.desks["first"]), change))


def since(desk: Desk, code: str) -> Instant:
    (trouble,) = [trouble for trouble in desk.status().troubles if trouble.code == code]
    return trouble.since


@pytest.mark.attack
def test_server_that_drops_what_it_says_came_today_is_named(stage: Rehearsal) -> None:
    hand = liar(stage, None)
    hand.sync()
    stage.clock.time += 4 * DAY
    Person(stage).write("Please help.")
    hand.sync()
    assert "dropped_early" in troubles(hand.desk)
    assert hand.loops.puller.intake.confirmed.size == 1  # And it is read on.


@pytest.mark.attack
def test_server_that_drops_what_was_not_there_yesterday_is_named(stage: Rehearsal) -> None:
    hand = liar(stage, Instant(0))
    hand.sync()
    stage.clock.time += 20 * HOUR
    Person(stage).write("Please help.")
    hand.sync()
    assert "dropped_early" in troubles(hand.desk)


@pytest.mark.parametrize("away", [3 * DAY, 30 * DAY])
def test_server_that_kept_its_time_is_not_named(stage: Rehearsal, away: int) -> None:
    honest, absent = hands(stage)
    absent.sync()
    Person(stage).write("Please help.")
    honest.sync()
    stage.clock.time += HOUR
    honest.sync()
    stage.clock.time -= stage.clock.time % DAY
    drop(stage, DAY + away)
    absent.sync()
    stage.clock.time += 3 * MINUTE
    absent.sync()
    assert absent.loops.puller.intake.confirmed.size == 1
    assert [item.state for item in stage.courier(absent.desk).items(0, 1 << 20)] == [2]
    assert troubles(absent.desk) == set()


def test_clock_that_went_back_accuses_nobody(stage: Rehearsal) -> None:
    honest, absent = hands(stage)
    stage.clock.time += 9 * DAY
    absent.sync()
    stage.clock.time -= 9 * DAY
    Person(stage).write("Please help.")
    stage.courier(honest.desk).taken([0])
    drop(stage, 4 * DAY)
    absent.sync()
    assert "dropped_early" not in troubles(absent.desk)


@pytest.mark.attack
def test_loss_does_not_hide_behind_an_older_one(stage: Rehearsal) -> None:
    honest, _ = hands(stage)
    for _ in range(2):
        stage.clock.time += DAY
        dropped.tell_anew(honest.desk.journal, "dropped_unread")
    assert since(honest.desk, "dropped_unread") == stage.clock.now()


def test_second_loss_is_told_anew(stage: Rehearsal) -> None:
    honest, informer = hands(stage)
    told = []
    for number in range(2):
        Person(stage).write("Please help.")
        stage.courier(informer.desk).taken([number])
        drop(stage, 5 * DAY)
        honest.sync()
        stage.clock.time += 3 * MINUTE
        honest.sync()
        told.append(since(honest.desk, "dropped_unread"))
    assert told[1] - told[0] >= 5 * DAY


def rubbish(stage: Rehearsal, words: str) -> int:
    """Send a letter that no key opens."""
    item = bytearray(Person(stage).item(words))
    item[-1] ^= 1
    return submit(stage.store, stage.office, bytes(item))


def states(stage: Rehearsal) -> list[int]:
    return [item.state for item in stage.courier(stage.desks["first"]).items(0, 1 << 20)]


@pytest.mark.attack
def test_rubbish_does_not_stay_unread_for_ever(stage: Rehearsal) -> None:
    honest, _ = hands(stage)
    rubbish(stage, "one")
    honest.sync()
    stage.clock.time += HOUR
    honest.sync()
    assert states(stage) == [ItemState.TAKEN]
    assert honest.desk.journal.store.value("SELECT count(*) FROM aside") == 1
    assert "letter_aside" in troubles(honest.desk)


@pytest.mark.attack
def test_stranger_with_rubbish_raises_no_alarm_of_a_loss(stage: Rehearsal) -> None:
    honest, absent = hands(stage)
    absent.sync()
    rubbish(stage, "one")
    honest.sync()
    stage.clock.time += HOUR
    honest.sync()
    drop(stage, 5 * DAY)
    honest.sync()
    for desk in (absent.desk, stage.join("late")):
        hand = Hand(desk, stage.courier(desk))
        hand.sync()
        stage.clock.time += 3 * MINUTE
        hand.sync()
        assert desk.journal.store.value("SELECT count(*) FROM dropped") == 0
        assert "dropped_unread" not in troubles(desk)


@pytest.mark.attack
def test_rubbish_does_not_fill_a_desk(stage: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    honest, _ = hands(stage)
    rubbish(stage, "one")
    honest.sync()
    held = honest.desk.journal.store.value("SELECT sum(length(item)) FROM aside")
    monkeypatch.setattr(aside, "ASIDE_MOST", held + 1)
    rubbish(stage, "two")
    Person(stage).write("Please help.")
    honest.sync()
    stage.clock.time += HOUR
    honest.sync()
    assert honest.desk.journal.store.value("SELECT count(*) FROM aside") == 1
    # What has no room here stays at the server, and stops no other.
    assert states(stage)[1:] == [ItemState.WAITS, ItemState.TAKEN]


def test_letter_for_a_key_that_is_not_here_stays_at_the_server(
    stage: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, _ = hands(stage)
    Person(stage).write("Please help.")
    monkeypatch.setattr(honest.desk.journal.keychain, "intake", lambda _: None)
    honest.sync()
    stage.clock.time += HOUR
    honest.sync()
    assert states(stage) == [ItemState.WAITS]
    assert honest.desk.journal.store.value("SELECT code FROM aside") == "no_intake_key"


class OneByOne(StoreCourier):
    """A relay that hands over one item at a time, and may break off."""

    def __init__(self, inner: StoreCourier) -> None:
        super().__init__(inner.store, inner.office, inner._capability)
        self.asked: list[int] = []
        self.breaks_at = -1

    def items(self, start: int, most: int) -> list[IntakeItem]:
        """Return the next item."""
        if start == self.breaks_at:
            raise Unreachable
        self.asked.append(start)
        return super().items(start, most)[:1]


def test_reading_again_goes_on_where_it_was_broken_off(stage: Rehearsal) -> None:
    stage.desks.pop("second").stop()
    shutil.copytree(stage.folder / "second", stage.folder / "copy")
    people = [Person(stage) for _ in range(4)]
    for person in people:
        person.write("Please help.")
    informer = Hand(stage.unlock("second"), stage.courier(stage.desks["second"]))
    informer.sync()
    relay = OneByOne(stage.courier(stage.desks["first"]))
    honest = Hand(stage.desks["first"], relay)
    honest.sync()
    twin = stage.unlock("copy")
    tell(Hand(twin, stage.courier(twin)), record(Person(stage), b"o" * 32))
    relay.asked, relay.breaks_at = [], 2
    with pytest.raises(Unreachable):
        honest.sync()
    assert relay.asked == [0, 1]
    stage.desks.pop("first").stop()
    relay.breaks_at = -1
    again = Hand(stage.unlock("first"), relay)
    again.sync()
    assert relay.asked == [0, 1, 2, 3]
    assert [talk(again.desk, person).messages[0].text for person in people] == ["Please help."] * 4


@pytest.mark.attack
def test_rubbish_that_claims_another_suite_is_refused_at_the_door(stage: Rehearsal) -> None:
    """Desks keep what may be of a newer page, so nobody would ever let it go."""
    item = bytearray(Person(stage).item("one"))
    item[21] = 99
    with pytest.raises(UnknownVersion):
        submit(stage.store, stage.office, bytes(item))
    assert states(stage) == []


@pytest.mark.attack
def test_letter_that_claims_another_version_inside_alone_is_rubbish(
    stage: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person(stage)
    monkeypatch.setattr("tests.sim.steps.Letter", lambda _, *rest: Letter(99, *rest))
    item = person.item("one")
    key = stage.desks["first"].journal.keychain.intake(1)
    assert key is not None
    with pytest.raises(aside.HOPELESS):
        open_letter(item, stage.office, key)
