# SPDX-License-Identifier: AGPL-3.0-or-later
"""A colleague's changed desk marks somebody hostile, to hide that another judged her in danger."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk.alarms import alarms
from safeconduct.edges.desk.engine import post
from safeconduct.kernel.words import HOUR, Instant
from safeconduct.rooms.hotline.triage import Danger
from safeconduct.rooms.hotline.triage_facts import DangerSet, HostileMarked
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand
from tests.sim.test_likeness import HERS, queue, write

pytestmark = pytest.mark.attack


def test_a_colleagues_changed_desk_hides_nobody_who_was_judged_to_be_in_danger(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first, informer = hands
    hers = write(stage, HERS)
    first.sync()
    first.desk.triage.judge(hers, Danger.IN_DANGER)
    first.sync()
    informer.sync()
    stood = informer.desk.conversation(hers)
    assert stood is not None
    journal, stood_danger = informer.desk.journal, stood.triage.standing.danger
    for event in (DangerSet(hers, Danger.NONE_KNOWN, (), stood_danger), HostileMarked(hers, 1, ())):
        journal.write([post.fact(journal, event)])
    informer.sync()
    first.sync()
    assert queue(first) == [hers]
    row = first.desk.inbox(show="waiting", start=0, most=1)[0][0]
    assert row.place.said_hostile_by == informer.desk.device
    assert row.place.judged_by == first.desk.device
    # She is judged again, and phones are called for her.
    first.desk.triage.judge(hers, Danger.LIFE)
    inbox = first.desk.inbox
    late = Instant(stage.clock.time + HOUR)
    assert alarms(lambda show, most: inbox(show=show, start=0, most=most)[0], late)
