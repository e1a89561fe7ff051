# SPDX-License-Identifier: AGPL-3.0-or-later
"""No call to phones is lost to kill -9: it is on the disk before it is made, and made after all."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.kernel.words import HOUR, Instant, instant_of
from safeconduct.rooms.hotline.triage import Danger
from tests.e2e.test_desk_crash import KILLS, write_until_killed
from tests.kit.desk_writer import make_calls
from tests.kit.phones import phones
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person


@pytest.mark.timeout(600 + 10 * KILLS)
def test_kill_9_loses_no_call_and_makes_none_that_is_not_on_the_disk(tmp_path: Path) -> None:
    rng, said = random.Random(41), list[str]()
    with Rehearsal(tmp_path) as stage, phones() as server:
        desk, person = stage.found(), Person(stage)
        person.write("Please help.")
        Hand(desk, stage.courier(desk)).sync()
        desk.triage.judge(person.conversation, Danger.LIFE)
        desk.duty.calls.set_place(server.address)
        desk.duty.calls.set_own(on=True)
        desk.stop()
        words = (str(tmp_path / "first"), "")
        for turn in range(KILLS):
            seconds, after = rng.uniform(0.01, 0.4), (turn + 1) % 2
            said += write_until_killed(make_calls, words, seconds, after=after)
        desk = stage.unlock("first")
        stage.clock.time = instant_of(desk.journal.pen.hlc)
        calls = {one.fact.hex(): one.taken for one in desk.duty.calls.pages().calls}
        assert said
        assert all(calls[one] == 1 for one in said)
        made = sum(taken or 0 for taken in calls.values())
        assert made <= len(server.heard) <= len(calls)
        stage.clock.time = Instant(instant_of(desk.journal.pen.hlc) + HOUR)
        before = len(server.heard)
        assert desk.duty.calls.look()
        assert len(server.heard) == before + 1
        assert verify_store(desk.journal).findings == ()
        desk.duty.calls.pager.close()
