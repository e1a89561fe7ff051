# SPDX-License-Identifier: AGPL-3.0-or-later
"""A device's own key, while the office moves to another server: sizes of two logs are not one."""

from __future__ import annotations

from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.own_keys import own_keys
from safeconduct.edges.desk.engine.own_rotation import waited_for
from safeconduct.kernel.words import DeviceId
from tests.kit.moves import elsewhere
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, pass_on, sync
from tests.sim.test_own_rotation import MONTH, beat, halves, read_of_it
from tests.sim.test_server_gone import sound

MANY = 30
"""More commits than a new server has when a key is told there."""


def goes_on_unread(stage: Rehearsal) -> None:
    """Let the second desk read and tell much that the first one does not read any more."""
    for _ in range(MANY):
        beat(stage.desks["second"])
        pass_on(stage, "second")


def unheard(stage: Rehearsal) -> frozenset[DeviceId] | None:
    """Who did not show to the first desk yet that it read of its newest key."""
    journal = stage.desks["first"].journal
    own = own_keys(journal)
    assert own is not None
    assert own.number
    return waited_for(journal, journal.device, own.sequence)


def bring_what_was_held(stage: Rehearsal, name: str) -> None:
    """Let a desk send what the new log lacks, before it read anything there."""
    desk = stage.desks[name]
    while post.push(desk.journal, stage.courier(desk)):
        pass


def test_old_half_waits_for_who_read_of_the_key_at_the_new_server(
    stage: Rehearsal, person: Person
) -> None:
    del person
    pass_on(stage, "first", "second", "first")
    goes_on_unread(stage)
    with elsewhere(stage) as there:
        text = there.found()
        stage.clock.time += MONTH
        sync(stage, "first")
        second = stage.desks["second"].device
        assert (halves(stage.desks["first"]), unheard(stage)) == (2, frozenset({second}))
        there.follow("second", text)
        bring_what_was_held(stage, "second")
        Hand(stage.desks["first"], stage.courier(stage.desks["first"])).pull()
        beats = stage.desks["first"].journal.rosters.beats.known
        assert beats[second].seen > MANY
        assert (halves(stage.desks["first"]), unheard(stage)) == (2, frozenset({second}))
        sync(stage, "second")
        read_of_it(stage, "second", "first")
        assert (halves(stage.desks["first"]), unheard(stage)) == (1, frozenset())
        sound(stage)
