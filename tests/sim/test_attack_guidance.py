# SPDX-License-Identifier: AGPL-3.0-or-later
"""A colleague's changed desk puts its own words into what everybody answers."""

import pytest

from safeconduct.edges.desk.engine import post
from safeconduct.kernel.words import DAY
from safeconduct.rooms.hotline.canned import CannedRead, offered
from safeconduct.rooms.hotline.canned_decide import Text
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand

pytestmark = pytest.mark.attack


def test_nobody_is_offered_a_ready_answer_that_its_writer_alone_has_read(stage: Rehearsal) -> None:
    first, second = (Hand(desk, stage.courier(desk)) for desk in stage.desks.values())
    turned = second.desk
    turned.guidance.write_canned(Text("en", "First answer", "Come to the bridge at six."))
    (written,) = turned.guidance.canned()
    read = CannedRead(written.id, written.version, turned.now() + 90 * DAY)
    turned.journal.write([post.fact(turned.journal, read)])
    second.sync()
    first.sync()
    assert first.desk.guidance.canned() == turned.guidance.canned()
    assert offered(first.desk.guidance.canned(), first.desk.now()) == ()
