# SPDX-License-Identifier: AGPL-3.0-or-later
"""No call that a desk acknowledged, and no draft of one, is lost to kill -9."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.rooms.hotline.by_hand import begun_by
from tests.e2e.test_desk_crash import KILLS, served, write_until_killed
from tests.kit.desk_writer import type_in_calls
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand


@pytest.mark.timeout(600 + 10 * KILLS)
def test_kill_9_loses_no_call_and_no_draft_of_one(tmp_path: Path) -> None:
    rng, said = random.Random(9), list[tuple[str, str]]()
    with Rehearsal(tmp_path) as stage:
        stage.found().stop()
        with served(stage) as url:
            words = (str(tmp_path / "first"), url)
            for turn in range(KILLS):
                seconds, after = rng.uniform(0.01, 0.3), 2 * ((turn + 1) % 2)
                said += write_until_killed(type_in_calls, words, seconds, after=after)
        desk = stage.unlock("first")
        Hand(desk, stage.courier(desk)).sync()
        for kind, text in said:
            talk = desk.conversation(begun_by(bytes.fromhex(text)))
            assert talk is not None or (kind, text) == ("draft", desk.by_hand.draft(None))
            if talk is not None:
                assert [one.text for one in talk.messages] == [text]
                assert [one.text for one in talk.answers] == [f"told {text}"]
                assert talk.waiting == ()
        begun = desk.by_hand.draft(None)
        assert not begun or desk.conversation(begun_by(bytes.fromhex(begun))) is None
        assert verify_store(desk.journal).findings == ()
        assert {kind for kind, _ in said} == {"draft", "call"}
