# SPDX-License-Identifier: AGPL-3.0-or-later
"""Attack: another machine passes as our line: a stranger's, or one that was taken from us."""

import pytest

from safeconduct.edges.desk.engine import post
from safeconduct.rooms.hotline.line_decide import admit
from tests.kit.desk_twin_lines import TwinLine
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, settle
from tests.sim.test_lines_at_desk import Caller


@pytest.mark.attack
def test_nobody_but_a_steward_makes_a_line_one_of_ours(hands: tuple[Hand, Hand]) -> None:
    first, second = (hand.desk for hand in hands)
    ours, theirs = TwinLine("signal"), TwinLine("matrix", b"t" * 32)
    first.lines.admit(ours.text, signed=False)
    second.journal.write([post.fact(second.journal, admit(theirs.card, "", ()))])
    settle(*hands)
    assert [one.key for one in first.lines.all()] == [ours.card.key]


@pytest.mark.attack
def test_who_has_the_machine_of_a_line_that_was_taken_back_passes_as_ours_no_more(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first, ours = hands[0].desk, TwinLine("signal")
    first.lines.admit(ours.text, signed=False)
    caller = Caller(stage, ours, b"h" * 32)
    caller.write("Помогите.")
    settle(*hands)
    assert known(hands) == [True, True]
    first.lines.withdraw(ours.card.key)
    caller.write("Где вы?")
    settle(*hands)
    assert known(hands) == [False, False]


def known(hands: tuple[Hand, Hand]) -> list[bool]:
    """Whether each desk says of who waits that they wrote by a line of the office."""
    rows = [hand.desk.inbox(show="waiting", start=0, most=9)[0] for hand in hands]
    return [row.line.known for found in rows for row in found if row.line]
