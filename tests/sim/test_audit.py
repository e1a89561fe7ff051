# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who can see a conversation, who opened it, and what a device did, on desks of one office."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk.audit_api import OPENED, Deed, Reported
from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine import openings, rotating
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.key_shelf import _LAST
from safeconduct.edges.desk.engine.openings import WAITING_MOST
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.store_facts import _OF_CREW
from safeconduct.kernel.words import DAY, ConversationId, Instant
from safeconduct.rooms.crew.holders import Holder
from tests.sim.courier import Rehearsal
from tests.sim.on_duty import OnDuty
from tests.sim.steps import Person, pass_on
from tests.sim.test_new_keys import interrupt

MOST = 1_000


def seeing(desk: Desk, person: Person) -> dict[tuple[str, bool], Holder]:
    """Who holds keys, by name and by whether they stand."""
    found = desk.audit.who_can_see(person.conversation)
    assert found.cards
    return {(one.person, one.stands): one for one in found.holders}


def kinds(desk: Desk, of: Desk) -> list[str]:
    """What a device did, as a desk tells it."""
    found, more = desk.audit.deeds(of.device, start=0, most=MOST)
    assert not more
    return [deed.kind.partition(".")[2] for deed in found]


def test_who_was_admitted_and_who_was_removed_hold_keys(stage: Rehearsal, person: Person) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    member = first.roster().members[second.device]
    assert [one.now for one in seeing(first, person).values()] == [True, True]
    first.removals.suspend(second.device, "")
    gone = seeing(first, person)[member.person, False]
    assert gone.now
    rotating.Rotator(first.journal, stage.courier(first)).rotate_all()
    gone = seeing(first, person)[member.person, False]
    assert not gone.now
    assert gone.devices == (second.device,)


def test_what_one_desk_did_another_reads(stage: Rehearsal, person: Person) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    second.mark_read(person.conversation)
    second.note(person.conversation, "She is safe.")
    assert "NoteWritten" not in kinds(first, second)
    pass_on(stage, "second", "first")
    assert kinds(first, second)[:2] == ["NoteWritten", "MessageRead"]
    reported, total = first.audit.reported(person.conversation, start=0, most=1)
    assert total == 2
    assert len(reported) == 1
    assert reported[0].device == second.device
    assert "DeviceAdmitted" in kinds(first, first)


def test_what_a_removed_device_wrote_since_is_told_as_what_does_not_count(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    second.note(person.conversation, "before")
    pass_on(stage, "second", "first")
    first.removals.suspend(second.device, "")
    second.note(person.conversation, "after")
    pass_on(stage, "second", "first")
    deeds, _ = first.audit.deeds(second.device, start=0, most=MOST)
    notes = [deed for deed in deeds if deed.kind == "hotline.NoteWritten"]
    assert [deed.counts for deed in notes] == [False, True]
    assert isinstance(notes[1], Deed)
    assert [where for where, _ in notes[1].talks] == [person.conversation]
    reported, _ = first.audit.reported(person.conversation, start=0, most=MOST)
    assert [one.kind for one in reported].count("hotline.NoteWritten") == 1


def on_duty(stage: Rehearsal) -> tuple[OnDuty, OnDuty]:
    """Two desks that are open, and have read what there is."""
    first, second = (OnDuty(desk, stage.courier(desk)) for desk in stage.desks.values())
    for desk in (first, second, first):
        desk.sync()
    return first, second


def looked(desk: OnDuty, conversation: ConversationId) -> list[Reported]:
    """When somebody looked at a conversation, as a desk was told."""
    found, _ = desk.desk.audit.reported(conversation, start=0, most=MOST)
    return [one for one in found if one.kind == OPENED]


def beat(desk: OnDuty, *, online: bool) -> None:
    """Let a quarter of an hour pass at a desk, minute by minute."""
    for _ in range(16):
        desk.seconds += 60
        desk.beats.look(online=online)
    if online:
        desk.send()


def tell(desk: OnDuty, *others: OnDuty) -> None:
    """Let a desk be on duty for long enough for one heartbeat or two; others read what it says."""
    beat(desk, online=True)
    for one in (desk, *others):
        one.pull()


def day_of(stage: Rehearsal) -> Instant:
    return Instant(stage.clock.now() // DAY * DAY)


def test_a_desk_reports_once_a_day_beside_its_heartbeat_what_was_looked_at(
    stage: Rehearsal, person: Person
) -> None:
    first, second = on_duty(stage)
    for _ in range(3):
        second.desk.audit.opened(person.conversation)
    before = second.desk.journal.pen.sequence
    second.sync()
    assert second.desk.journal.pen.sequence == before  # No frame of its own.
    tell(second, first)
    said = Reported(day_of(stage), second.device, OPENED, 1)
    assert looked(first, person.conversation) == [said]
    second.desk.audit.opened(person.conversation)
    tell(second, first)
    assert looked(first, person.conversation) == [said]
    assert kinds(first.desk, second.desk).count("ConversationsOpened") == 1
    assert [verify_store(one.desk.journal).findings for one in (first, second)] == [(), ()]


def test_who_holds_keys_is_read_anew_for_new_facts_and_for_no_heartbeat(
    stage: Rehearsal, person: Person
) -> None:
    first, second = on_duty(stage)
    read = first.desk.removals.key_history
    before, reach = read(), read().readers(first.desk.journal.hotline_vault)
    second.desk.audit.opened(person.conversation)
    tell(second, first)
    assert looked(first, person.conversation)
    assert read() is before
    assert read().readers(first.desk.journal.hotline_vault) is reach
    stage.join("third")
    first.pull()
    assert read() is not before
    store = first.desk.journal.store
    for query, values in ((_LAST, ()), (_OF_CREW, (1, b""))):
        plan = store.rows(f"EXPLAIN QUERY PLAN {query}", values)
        assert any("entries_crew" in row[3] for row in plan)


def test_what_was_looked_at_without_the_server_is_told_with_its_own_day(
    stage: Rehearsal, person: Person
) -> None:
    first, second = on_duty(stage)
    then = day_of(stage)
    second.desk.audit.opened(person.conversation)
    beat(second, online=False)
    second.desk.stop()
    again = OnDuty(stage.unlock("second"), stage.courier(stage.desks["second"]))
    stage.clock.time += 2 * DAY
    again.desk.audit.opened(person.conversation)
    tell(again, first)
    tell(again, first)
    days = [one.at for one in looked(first, person.conversation)]
    assert days == [Instant(then + 2 * DAY), then]


def test_a_removed_device_reports_nothing_that_counts(stage: Rehearsal, person: Person) -> None:
    first, second = on_duty(stage)
    first.desk.removals.suspend(second.device, "")
    second.desk.audit.opened(person.conversation)
    before = second.desk.journal.pen.sequence
    beat(second, online=True)
    first.pull()
    assert second.desk.journal.pen.sequence > before
    assert looked(first, person.conversation) == []
    (talk,) = first.desk.removals.could_read(second.device).handled
    assert talk.conversation == person.conversation
    assert not first.desk.audit.deeds(second.device, start=0, most=1)[0][0].counts


def test_a_heartbeat_has_one_length_whether_it_reports_or_not(
    stage: Rehearsal, person: Person
) -> None:
    _, second = on_duty(stage)
    sizes: set[int] = set()
    reports = []
    for ids in (0, 1, 40):
        for number in range(ids):
            openings.note(second.desk.journal, ConversationId(number.to_bytes(16, "big")))
        before = second.desk.journal.pen.sequence
        tell(second)
        query = "SELECT length(frame) FROM frames ORDER BY idx DESC LIMIT ?"
        count = second.desk.journal.pen.sequence - before
        assert count
        sizes |= {row[0] for row in second.desk.journal.store.rows(query, (count,))}
        reports.append(kinds(second.desk, second.desk).count("ConversationsOpened"))
    assert len(sizes) == 1
    assert reports[0] == 0 < reports[1] < reports[2]
    assert person.conversation


def test_a_report_that_is_not_written_stays_due(stage: Rehearsal, person: Person) -> None:
    journal = stage.desks["second"].journal
    openings.note(journal, person.conversation)
    fact = openings.due(journal)
    assert fact is not None
    journal.load()
    assert openings.due(journal) == fact
    with journal.store.transaction():
        openings.told(journal.store, fact)
    assert openings.due(journal) is None
    openings.note(journal, person.conversation)
    assert openings.due(journal) is None


@pytest.mark.parametrize("step", [(Journal, "write"), (openings, "told")])
def test_a_report_that_is_cut_at_any_step_is_due_or_told_and_never_both(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch, step: tuple[object, str]
) -> None:
    _, second = on_duty(stage)
    journal = second.desk.journal
    openings.note(journal, person.conversation)
    fact, before = openings.due(journal), journal.pen.sequence
    assert fact is not None
    with monkeypatch.context() as cutting:
        cutting.setattr(*step, interrupt)
        with pytest.raises(KeyboardInterrupt):
            beat(second, online=True)
    journal.load()
    assert openings.due(journal) == fact
    assert journal.pen.sequence == before
    beat(second, online=True)
    assert openings.due(journal) is None
    assert openings.looked_at(journal.store, second.device) == {person.conversation}


def test_on_a_full_disk_somebody_reads_on_and_nothing_is_reported(
    stage: Rehearsal, person: Person
) -> None:
    second = stage.desks["second"]
    store = second.journal.store
    with store.transaction() as writer:
        pages = writer.pragma("page_count")
    writer.pragma("max_page_count", pages)
    for number in range(WAITING_MOST):
        openings.note(second.journal, ConversationId(number.to_bytes(16, "big")))
        if store.full:
            break
    assert store.full
    kept = openings.due(second.journal)
    second.audit.opened(person.conversation)
    assert second.conversation(person.conversation) is not None
    assert openings.due(second.journal) == kept
    writer.pragma("max_page_count", 1 << 30)
    second.audit.opened(person.conversation)
    assert not store.full
