# SPDX-License-Identifier: AGPL-3.0-or-later
"""Attack: a helper's desk whose program was changed lets a stranger's machine pass as our line."""

import pytest

from safeconduct.edges.desk.engine import post
from safeconduct.rooms.hotline.line_decide import admit
from tests.kit.desk_twin_lines import TwinLine
from tests.sim.steps import Hand, settle


@pytest.mark.attack
def test_nobody_but_a_steward_makes_a_line_one_of_ours(hands: tuple[Hand, Hand]) -> None:
    first, second = (hand.desk for hand in hands)
    ours, theirs = TwinLine("signal"), TwinLine("matrix", b"t" * 32)
    first.lines.admit(ours.text, signed=False)
    second.journal.write([post.fact(second.journal, admit(theirs.card, "", ()))])
    settle(*hands)
    assert [one.key for one in first.lines.all()] == [ours.card.key]
