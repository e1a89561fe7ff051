# SPDX-License-Identifier: AGPL-3.0-or-later
"""A changed desk tells of an old answer to the face of a crowd, to hide all behind it."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine import post
from safeconduct.rooms.hotline.imported import AnswerImported
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand
from tests.sim.test_crowds import shown
from tests.sim.test_likeness import HERS, write

pytestmark = pytest.mark.attack


def test_an_old_answer_to_the_face_of_a_crowd_lets_the_next_step_forward(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first, turned = hands
    same = [write(stage, HERS) for _ in range(3)]
    for hand in (turned, first):
        hand.sync()
    for one in same[:2]:
        talk = turned.desk.conversation(one)
        assert talk is not None
        said = tuple(message.id for message in talk.messages)
        old = AnswerImported(one, b"a" * 32, "mail", 1, "us", "Soon.", (), said)
        turned.desk.journal.write([post.fact(turned.desk.journal, old)])
    for hand in (turned, first):
        hand.sync()
    assert shown(first) == [(same[2], 0)]
    assert not verify_store(first.desk.journal).findings
