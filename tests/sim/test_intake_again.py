# SPDX-License-Identifier: AGPL-3.0-or-later
"""An intake key that was on its way when the server was lost: pages seal to none that is gone."""

from __future__ import annotations

from typing import ClassVar

import pytest

from safeconduct.edges.desk import anew, check, moving
from safeconduct.edges.desk.engine import doors, intake_again
from safeconduct.edges.desk.office import Desk
from safeconduct.rooms.crew.recovery import sealing_of
from tests.kit.moves import backed_up, elsewhere, restore
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.steps import Hand, Person, pass_on
from tests.sim.test_intake_keys import NoParcels, current, epochs, texts, week_later
from tests.sim.test_keys_again import admitted
from tests.sim.test_own_rotation import MONTH
from tests.sim.test_roster_heads import STEWARD


@pytest.fixture
def newest(stage: Rehearsal, person: Person) -> int:
    """The epoch of a key that the first desk made, and of which no other took the parcel."""
    assert person.conversation
    pass_on(stage, "first", "second", "first")
    stage.clock.time += MONTH
    pass_on(stage, "first", "first")
    return current(stage)


def codes(desk: Desk) -> set[str]:
    """What a desk complains of."""
    return {trouble.code for trouble in desk.status().troubles}


def go_over(stage: Rehearsal, text: str) -> Desk:
    """Let the second desk follow the office, as it is told by hand."""
    second = stage.desks["second"]
    moving.follow(second.journal, moving.read(second.journal, text))
    second.stop()
    second = stage.unlock("second")
    courier = stage.courier(second)
    doors.let_in(second.journal, courier, lambda: moving.carry(second.journal, courier))
    return second


def test_colleague_who_had_not_taken_the_newest_key_has_it_at_the_new_server(
    stage: Rehearsal, person: Person, newest: int
) -> None:
    assert newest not in epochs(stage.desks["second"])
    with elsewhere(stage) as there:
        text = there.found()
        assert current(stage) == newest
        admitted(stage, "first")
        second = go_over(stage, text)
        admitted(stage, "second", "first", "second")
        assert epochs(second)[-1] == epochs(stage.desks["first"])[-1] == current(stage)
        person.write("At the new server.")
        admitted(stage, "second")
        assert texts(second, person)[-1] == "At the new server."
        assert codes(second) == set()
        assert check.verify_store(second.journal).findings == ()


def test_recovery_cards_open_the_key_that_was_given_again(stage: Rehearsal, newest: int) -> None:
    with elsewhere(stage) as there:
        there.found()
        admitted(stage, "first")
        first = stage.desks["first"]
        hand = Hand(first, stage.courier(first))
        found = hand.loops.turning.held.recovered(sealing_of(stage.recovery_secret))
        assert newest in [key.epoch for key in found]


def test_steward_who_founds_without_the_newest_key_makes_one_and_reads_what_comes(
    stage: Rehearsal, person: Person
) -> None:
    third = stage.join("third", STEWARD)
    pass_on(stage, "first", "second", "third", "first")
    stage.clock.time += MONTH
    pass_on(stage, "first", "first", "first")
    lost = current(stage)
    hand = Hand(third, stage.courier(third))
    hand.loops.puller.before_letters = lambda: None
    hand.loops.puller.pull()  # The log alone: the parcel was not asked for, and its maker is taken.
    with elsewhere(stage) as there:
        there.found("third")
        assert current(stage) in epochs(stage.desks["third"])
        person.write("Before there is a new key.")
        admitted(stage, "third", "third")
        third = stage.desks["third"]
        assert current(stage) > lost
        assert epochs(third)[-1] == current(stage)
        person.write("To the new key.")
        admitted(stage, "third")
        assert texts(third, person)[1:] == ["Before there is a new key.", "To the new key."]
        assert codes(third) == set()


def test_server_from_a_backup_is_told_of_the_newest_key_again(
    stage: Rehearsal, person: Person
) -> None:
    pass_on(stage, "first", "second", "first")
    copy, before = backed_up(stage), current(stage)
    stage.clock.time += MONTH
    pass_on(stage, "first", "first", "second", "first")
    newest = current(stage)
    week_later(stage, "first", "second", "first")
    assert epochs(stage.desks["first"]) == [newest]
    restore(stage, copy)
    assert current(stage) == before
    anew.restored(stage.desks["first"].journal, stage.courier(stage.desks["first"]))
    stage.desks["first"].stop()
    stage.unlock("first")
    admitted(stage, "first", "first")
    assert current(stage) == newest
    person.write("After the backup.")
    admitted(stage, "first")
    assert texts(stage.desks["first"], person)[-1] == "After the backup."


@pytest.mark.parametrize("after", [False, True])
def test_giving_again_goes_on_where_it_was_cut(
    stage: Rehearsal, newest: int, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    with elsewhere(stage) as there:
        text, put = there.found(), StoreCourier.put_parcel

        def ends(relay: StoreCourier, parcel: bytes) -> None:
            if after:
                put(relay, parcel)
            raise KeyboardInterrupt

        with monkeypatch.context() as cutting:
            cutting.setattr(StoreCourier, "put_parcel", ends)
            with pytest.raises(KeyboardInterrupt):
                admitted(stage, "first")
        first = there.again("first")
        admitted(stage, "first")
        assert (
            first.journal.store.value("SELECT 1 FROM settings WHERE name = ?", (intake_again.NAME,))
            is None
        )
        second = go_over(stage, text)
        admitted(stage, "second", "first", "second")
        assert epochs(second)[-1] == newest


class Publishing(NoParcels):
    """A relay that notes which certificates it is given."""

    published: ClassVar[list[bytes]] = []

    def publish(self, certificate: bytes) -> None:
        self.published.append(certificate)


def test_desk_tells_pages_of_no_key_that_it_lacks(stage: Rehearsal, newest: int) -> None:
    second = stage.desks["second"]
    relay = Publishing(stage.store, stage.office, second.journal.place.capability)
    hand = Hand(second, relay)
    hand.pull()
    assert newest not in epochs(second)
    relay.holds = True
    before = len(relay.published)
    hand.pull()
    told = hand.loops.turning.held.newest()
    assert told is not None
    assert relay.published[before:] == [told.fact.certificate]
    assert told.fact.certificate not in relay.published[:before]
