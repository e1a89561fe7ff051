# SPDX-License-Identifier: AGPL-3.0-or-later
"""A day on which the relay has taken all that it takes of an office (spec/crew.md 6)."""

from __future__ import annotations

from safeconduct.edges.desk import standing
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.relay.counts import LARGE_A_DAY, REST_A_DAY
from safeconduct.kernel.words import DAY, Instant, end_of_day
from tests.kit.relay import Kept, Office, wrote
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, sync
from tests.sim.test_access_epochs import suspended
from tests.sim.test_removed_devices import tell

LARGE = "many words " * 2_000


def fill(stage: Rehearsal, size: int) -> None:
    """Let the office have written so many bytes today."""
    office = Office()
    office.office = stage.office
    wrote(Kept(stage.store, office), rest=size)


def until(desk: Desk, hand: Hand) -> list[Instant | None]:
    """What a helper reads of a full day: until when."""
    troubles = standing.status(desk.journal.store, hand.loops, None).troubles
    return [one.until for one in troubles if one.code == "day_full"]


def test_small_frames_go_when_nine_tenths_are_written_and_the_rest_waits(
    stage: Rehearsal, person: Person
) -> None:
    first = stage.desks["first"]
    hand = Hand(first, stage.courier(first))
    fill(stage, LARGE_A_DAY)
    first.note(person.conversation, "short")
    first.note(person.conversation, LARGE)
    first.note(person.conversation, "after")
    hand.send()
    assert first.status().unsent == 2
    assert until(first, hand) == [end_of_day(stage.clock.now())]
    sync(stage, "second")
    folded = stage.desks["second"].conversation(person.conversation)
    assert folded is not None
    assert [note.text for note in folded.notes] == ["short"]
    stage.clock.time += DAY
    hand.send()
    assert first.status().unsent == 0
    assert until(first, hand) == []


def test_nothing_is_asked_of_a_relay_that_takes_nothing_more_today(
    stage: Rehearsal, person: Person
) -> None:
    first = stage.desks["first"]
    hand = Hand(first, stage.courier(first))
    fill(stage, REST_A_DAY)
    first.note(person.conversation, "kept")
    hand.send()
    fill(stage, 0)
    hand.send()
    assert first.status().unsent == 1
    assert until(first, hand) == [end_of_day(stage.clock.now())]
    stage.clock.time += DAY
    hand.send()
    assert first.status().unsent == 0


def test_day_that_a_thief_filled_ends_with_the_epoch_that_follows_a_removal(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    hand = Hand(first, stage.courier(first))
    tell(first, suspended(first, second))
    fill(stage, REST_A_DAY)
    hand.sync()
    assert first.status().unsent == 0
    assert until(first, hand) == []
