# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who looked at which part of a case file, as desks report it beside their heartbeats."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.audit_api import OPENED, PART_READ, Deed, Reported
from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine import openings, readings
from safeconduct.edges.desk.engine.case_keys import case_fact
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.readings import WAITING_MOST
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.words import DAY, CaseId, ConversationId, Instant
from safeconduct.rooms.cases import Part, PartRead
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.events import DAYS_MOST
from tests.sim.courier import Rehearsal
from tests.sim.on_duty import OnDuty
from tests.sim.test_audit import beat, day_of, kinds
from tests.sim.test_case_pages import window_of
from tests.sim.test_cases import case_name, meet, opened, parts, three_desks
from tests.sim.test_new_keys import interrupt

MOST = 1_000


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def look(desk: Desk, case: CaseId) -> None:
    """Open the page of a case at a desk."""
    file = desk.cases.case(case)
    assert file is not None
    desk.cases.opened(file)


def tell(office: Rehearsal, desk: Desk, quarters: int = 6) -> None:
    """Let a desk be on duty for so many quarters of an hour; all read what it says."""
    duty = OnDuty(desk, office.courier(desk))
    duty.sync()
    for _ in range(quarters):
        beat(duty, online=True)
    meet(office)


def looked(desk: Desk, case: CaseId, part: Part) -> list[Reported]:
    """When somebody looked at a part, as a desk was told."""
    found, _ = desk.cases.reported(case, part, start=0, most=MOST)
    return [one for one in found if one.kind == PART_READ]


def did(desk: Desk, of: Desk) -> list[Deed]:
    """What a desk says that another looked at in case files."""
    found, _ = desk.audit.deeds(of.device, start=0, most=MOST)
    return [one for one in found if one.kind == PART_READ]


def test_who_holds_a_part_reads_who_looked_at_it_and_nobody_else(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    case = opened(office, second, health=("third",))
    for _ in range(3):
        look(second, case)
    tell(office, second)
    said = [Reported(day_of(office), second.device, PART_READ, 1)]
    assert [looked(first, case, part) for part in Part] == [said] * 6
    assert looked(third, case, Part.HEALTH) == said
    with pytest.raises(NoSuchPart):
        looked(third, case, Part.LEGAL)
    look(second, case)
    tell(office, second)
    assert looked(first, case, Part.HEALTH) == said
    assert {one.files[0].part for one in did(first, second)} == {*Part}
    assert [one.files[0].part for one in did(third, second)] == [Part.HEALTH]
    assert all(not verify_store(one.journal).findings for one in (first, second, third))


def test_a_desk_reports_the_parts_that_it_read_and_no_others(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    case = opened(office, second, health=("third",))
    look(third, case)
    tell(office, third)
    seen = {part: [one.device for one in looked(first, case, part)] for part in Part}
    assert seen == {part: [third.device] if part is Part.HEALTH else [] for part in Part}


def test_days_without_the_server_are_told_of_each_part_at_once(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    case = opened(office, second, health=("third",))
    for _ in range(DAYS_MOST + 1):
        look(third, case)
        office.clock.time += DAY
    before = len(kinds(third, third))
    tell(office, third)
    days = [one.at for one in looked(first, case, Part.HEALTH)]
    last = Instant(day_of(office) - DAY)
    assert days == [Instant(last - number * DAY) for number in range(DAYS_MOST + 1)]
    assert len(kinds(third, third)) == before + 2
    assert sorted(len(one.days) for one in did(first, third)) == [1, DAYS_MOST]
    assert not readings.waiting(third.journal)


def test_a_heartbeat_has_one_length_whatever_was_looked_at(office: Rehearsal) -> None:
    _, second, _ = office.desks.values()
    cases = [opened(office, second) for _ in range(2)]
    sizes: set[int] = set()
    for looks in (0, 1, 2):
        for case in cases[:looks]:
            look(second, case)
        for number in range(20 * looks):
            openings.note(second.journal, ConversationId(bytes([number]) * 16))
        before = second.journal.pen.sequence
        tell(office, second)
        count = second.journal.pen.sequence - before
        query = "SELECT length(frame) FROM frames ORDER BY idx DESC LIMIT ?"
        sizes |= {row[0] for row in second.journal.store.rows(query, (count,))}
        office.clock.time += DAY
    assert len(sizes) == 1
    assert {"PartRead", "ConversationsOpened"} <= {*kinds(second, second)}


def test_many_conversations_hold_no_report_of_a_case_up_nor_the_other_way(
    office: Rehearsal,
) -> None:
    first, second, _ = office.desks.values()
    for case in [opened(office, second) for _ in range(2)]:
        look(second, case)
    for number in range(200):
        openings.note(second.journal, ConversationId(bytes([number]) * 16))
    tell(office, second, quarters=3)
    told = [deed.kind for deed in first.audit.deeds(second.device, start=0, most=8)[0]]
    assert {OPENED, PART_READ} <= {*told}


@pytest.mark.parametrize("step", [(Journal, "write"), (readings, "told")])
def test_a_report_that_is_cut_at_any_step_is_due_or_told_and_never_both(
    office: Rehearsal, monkeypatch: pytest.MonkeyPatch, step: tuple[object, str]
) -> None:
    first, second, third = office.desks.values()
    case = opened(office, second, health=("third",))
    look(third, case)
    journal = third.journal
    due, before = readings.due(journal), journal.pen.sequence
    assert len(due) == 1
    with monkeypatch.context() as cutting:
        cutting.setattr(*step, interrupt)
        with pytest.raises(KeyboardInterrupt):
            tell(office, third)
    journal.load()
    assert (readings.due(journal), journal.pen.sequence) == (due, before)
    tell(office, third)
    assert readings.due(journal) == []
    assert len(did(first, third)) == 1


def test_on_a_full_disk_somebody_reads_on_and_nothing_is_reported(office: Rehearsal) -> None:
    _, second, _ = office.desks.values()
    case = opened(office, second)
    store = second.journal.store
    with store.transaction() as writer:
        pages = writer.pragma("page_count")
    writer.pragma("max_page_count", pages)
    for _ in range(WAITING_MOST):
        office.clock.time += DAY
        look(second, case)
        if store.full:
            break
    assert store.full
    kept = readings.waiting(second.journal)
    look(second, case)
    assert parts(second, case) == [*Part]
    assert readings.waiting(second.journal) == kept
    writer.pragma("max_page_count", 1 << 30)
    look(second, case)
    assert not store.full


def test_what_a_vault_of_another_case_says_of_this_one_is_shown_nowhere(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case, other = opened(office, second), opened(office, second)
    file = second.cases.case(other)
    assert file is not None
    false = case_fact(file.parts[0].vault, PartRead(case, (day_of(office) // DAY,)))
    second.journal.write([false])
    meet(office)
    assert all(looked(first, case, part) == [] for part in Part)
    assert [one.files for one in did(first, second)] == [()]


def test_pages_say_who_opened_a_part_who_asked_for_it_and_what_a_device_read(
    office: Rehearsal,
) -> None:
    first, second, third = office.desks.values()
    case = opened(office, second)
    name = case_name(second, case)
    third.cases.ask(name, Part.HEALTH, "She is ill.")
    meet(office)
    (asked,) = second.cases.requests()
    second.cases.answer(asked.request.fact, give=True, word="Spoke.")
    meet(office)
    with window_of(third) as window:
        window.pages.get(f"/cases/{case.hex()}")
    tell(office, third)
    with window_of(first) as window:
        page = window.pages.get(f"/cases/{case.hex()}/health/who")
        assert "Bo third: She is ill." in page.text
        assert "Bo second: gave the key" in page.text
        assert "Bo third: looked at a part of a case file" in page.text
        proofs = [one.get("data-proof") for one in page.all("p")]
        assert [one for one in proofs if one] == ["keys", "requests", "reported"]
        other = window.pages.get(f"/cases/{case.hex()}/legal/who").text
        assert "third" not in other
        did_page = window.pages.get(f"/crew/{third.device.hex()}/did")
        line = next(text for text in did_page.text.split("\n") if "looked at a part" in text)
        assert name.casefold() in line.casefold()
