# SPDX-License-Identifier: AGPL-3.0-or-later
"""An answer that the server does not take: the desk says whom it keeps waiting."""

from __future__ import annotations

from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.words import DAY
from tests.kit.relay import SetClock
from tests.sim.courier import PASSPHRASE, Rehearsal
from tests.sim.steps import Hand, Person


def test_whom_a_refused_answer_keeps_waiting_is_named(stage: Rehearsal, person: Person) -> None:
    behind = SetClock(stage.clock.time - 40 * DAY)
    stage.desks.pop("first").stop()
    desk = Desk.open(stage.folder / "first", PASSPHRASE, clock=behind, rng=stage.world.rng)
    stage.desks["first"] = desk
    hand = Hand(desk, stage.courier(desk))
    desk.answer(person.conversation, "We are here.")
    assert not desk.status().troubles
    hand.send()
    (row,) = [
        row
        for row in desk.inbox(show="all", start=0, most=20)[0]
        if row.conversation == person.conversation
    ]
    assert row.unsent
    about = {trouble.code: trouble.about for trouble in desk.status().troubles}
    assert about["expired"] == ((person.conversation, row.code_name),)
    behind.time = stage.clock.time
    hand.send()
    assert "expired" not in {trouble.code for trouble in desk.status().troubles}
