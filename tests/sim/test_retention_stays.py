# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was destroyed stays destroyed, and nothing that one person writes holds destroying up."""

from __future__ import annotations

from pathlib import Path

import pytest

from safeconduct.edges.desk.engine import destroying, intake, post
from safeconduct.kernel.ports import IntakeItem, ItemState
from safeconduct.rooms.hotline.letters import message_id
from safeconduct.rooms.hotline.triage_facts import ContactLost, ContactLostSeconded
from tests.sim.courier import Rehearsal, submit
from tests.sim.steps import Hand, Person
from tests.sim.test_imports import box, bring, first_rows
from tests.sim.test_retention import GONE_BY, begin, end, holds, pass_days, sync_all
from tests.sim.test_travel import contents, pack


def test_packing_for_a_trip_brings_nothing_back(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]
) -> None:
    begin(stage, hands)
    end(hands[0].desk, person.conversation)
    sync_all(hands)
    pass_days(stage, hands, GONE_BY)
    assert hands[1].desk.conversation(person.conversation) is None
    light = pack(stage, "second", [hands[1].desk.journal.hotline_vault])
    assert light.conversation(person.conversation) is None
    assert b"Please" not in contents(light)
    assert light.retention.gone(9)


@pytest.mark.attack
def test_what_an_import_told_of_goes_with_its_conversation(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand], tmp_path: Path
) -> None:
    first = hands[0].desk
    begin(stage, hands)
    bring(first, box(tmp_path))
    (row,) = [one for one in first_rows(first, "waiting", 9) if one.place.imported]
    first.mark_read(row.conversation)
    first.by_hand.tell(row.conversation, "Come at once.", None)
    first.triage.close(row.conversation, "she came")
    first.by_hand.keep_draft(row.conversation, bytes(32), "He has called.")
    sync_all(hands)
    assert holds(first, "reed@example.org")
    pass_days(stage, hands, GONE_BY)
    assert first.conversation(row.conversation) is None
    assert not holds(first, "reed@example.org")
    assert not holds(first, "He has called.")
    assert bring(first, box(tmp_path)) == {"known": 2, "gone": 1}
    assert not holds(first, "reed@example.org")


def test_a_server_that_kept_a_letter_cannot_have_it_recorded_again(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]
) -> None:
    first = hands[0].desk
    item = person.item("They took him.")
    at = submit(stage.store, stage.office, item)
    sync_all(hands)
    begin(stage, hands)
    end(first, person.conversation)
    sync_all(hands)
    pass_days(stage, hands, GONE_BY)
    assert first.conversation(person.conversation) is None
    kept = IntakeItem(at, first.now(), ItemState.WAITS, item)
    assert intake.receive(first.journal, kept, message_id(item))
    assert first.conversation(person.conversation) is None
    assert not holds(first, "They took him.")


def test_what_one_person_calls_lost_holds_up_nothing_else(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, turned = hands
    monkeypatch.setattr(destroying, "AT_ONCE", 1)
    desk = stage.join("third", person="Bo second")
    other = Hand(desk, stage.courier(desk))
    laid = Person(stage)
    laid.write("Nobody.")
    sync_all(hands)
    begin(stage, hands)
    first.desk.answer(laid.conversation, "Where are you?")
    sync_all(hands)
    lost = ContactLost(laid.conversation, "gone", 1, ())
    turned.desk.journal.write([post.fact(turned.desk.journal, lost)])
    sync_all(hands)
    other.sync()
    (said,) = [one for one in [desk.conversation(laid.conversation)] if one is not None]
    assert said.triage.lost is not None
    second = ContactLostSeconded(laid.conversation, said.triage.lost.fact)
    desk.journal.write([post.fact(desk.journal, second)])
    other.sync()
    pass_days(stage, hands, 1)
    end(first.desk, person.conversation)
    sync_all(hands)
    pass_days(stage, hands, GONE_BY)
    assert first.desk.conversation(laid.conversation) is not None
    assert first.desk.conversation(person.conversation) is None
