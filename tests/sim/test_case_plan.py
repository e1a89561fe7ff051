# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plans and conversations of cases on desks of one office that write apart and meet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.case_links_api import NamedCase
from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine.case_keys import case_fact
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.words import CaseId, ConversationId, DeviceId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.decide import MayNotWrite, NoSuchPart
from safeconduct.rooms.cases.link_facts import ConversationLinked
from safeconduct.rooms.cases.plan import Task, fold_plan
from safeconduct.rooms.cases.record_decide import Typed
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, pass_on
from tests.sim.test_case_pages import Answers, answers, window_of
from tests.sim.test_cases import case_name, meet, opened, three_desks
from tests.unit.edges.desk.pages.window import Window


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def write(desk: Desk, case: CaseId, sheet: SheetId | None = None, **said: str) -> SheetId:
    """Write a task over what this desk sees of it."""
    there = desk.cases.records.record(case).sheet(sheet or b"", "task")
    typed = {
        (Part.JOURNEY, name): Typed(
            text,
            frozenset(
                one.fact
                for entered in (there.entered(name) if there else ())
                for one in entered.standing
            ),
            settles=True,
        )
        for name, text in said.items()
    }
    return desk.cases.records.write(case, "task", sheet, typed)


def task(desk: Desk, case: CaseId) -> Task:
    """The one task of a case."""
    (found,) = fold_plan(desk.cases.records.record(case)).tasks
    return found


def to_do(desk: Desk) -> list[str]:
    """The open tasks of all cases that a desk shows."""
    return [one.task.what for one in desk.cases.plans.tasks()]


def talk(stage: Rehearsal) -> ConversationId:
    """Somebody writes, and all desks have it."""
    person = Person(stage)
    person.write("Please come on Friday.")
    meet(stage)
    return person.conversation


def seen(window: Window, desk: Desk, case: CaseId, talk: ConversationId) -> Answers:
    """What a desk answers on pages that could tell of a plan or a link."""
    paths = [
        *(f"/cases/{case.hex()}/plan", f"/hotline/{talk.hex()}", f"/cases/new?from={talk.hex()}"),
        *(f"/cases/tasks?show={show}" for show in ("mine", "overdue", "nobody")),
        *(f"/cases/{case.hex()}/record/{kind}/new" for kind in ("goal", "task", "review")),
    ]
    found = {path: window.client.get(path) for path in paths}
    told = {path: (answer.status_code, answer.content) for path, answer in found.items()}
    return told | answers(window, desk, case, "consul", "friday")


def test_what_two_wrote_apart_of_one_task_holds_the_safer_on_both(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case = opened(office, second)
    sheet = write(second, case, what="Ask the consul", owner=second.device.hex())
    meet(office)
    write(first, case, sheet, state="done", owner=first.device.hex())
    write(second, case, sheet, state="dropped", due="2026-11-25", owner="")
    assert (task(first, case).state, task(second, case).state) == ("done", "dropped")
    meet(office)
    assert task(first, case) == task(second, case)
    found = task(first, case)
    assert (found.state, found.due, found.owners) == ("open", "2026-11-25", (first.device,))
    assert to_do(first) == to_do(second) == ["Ask the consul"]
    write(first, case, sheet, state="done")
    meet(office)
    assert to_do(first) == to_do(second) == []
    assert all(not verify_store(desk.journal).findings for desk in office.desks.values())


def test_a_desk_that_reads_no_plan_answers_the_same_bytes_whatever_is_written(
    office: Rehearsal,
) -> None:
    _, second, third = office.desks.values()
    case, where = opened(office, second, health=("third",)), talk(office)
    with window_of(third) as window:
        before = seen(window, third, case, where)
        write(second, case, what="Ask the consul", owner=third.device.hex(), due="2020-01-01")
        second.cases.links.link(case, where)
        other = opened(office, second)
        write(second, other, what="Ask the consul")
        second.cases.links.link(other, where)
        meet(office)
        assert seen(window, third, case, where) == before
    assert to_do(third) == []
    assert third.cases.links.choices(9) == third.cases.links.of_talks({where}) == []
    assert third.cases.links.named(case_name(third, case)) == []
    with pytest.raises(NoSuchPart):
        third.cases.links.link(case, where)


def test_a_desk_that_reads_the_journey_sees_tasks_and_no_link(office: Rehearsal) -> None:
    _, second, third = office.desks.values()
    case, where = opened(office, second, journey=("third",)), talk(office)
    write(second, case, what="Ask the consul", owner=third.device.hex(), due="2020-01-01")
    meet(office)
    with window_of(third) as window:
        before = seen(window, third, case, where)
        assert b"1 task of yours" in before["/today"][1]
        assert b"Ask the consul" in before["/cases/tasks?show=mine"][1]
        assert b"record/task/new" not in before[f"/cases/{case.hex()}/plan"][1]
        second.cases.links.link(case, where)
        meet(office)
        assert seen(window, third, case, where) == before
    with pytest.raises(MayNotWrite):
        write(third, case, what="x")


def test_links_meet_and_what_a_colleague_said_unseen_stands(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case, where = opened(office, second), talk(office)
    named = [NamedCase(case, case_name(first, case))]
    first.cases.links.link(case, where)
    assert first.cases.links.of_talks({where}) == first.cases.links.choices(9) == named
    second.cases.links.link(case, where)
    first.cases.links.unlink(case, where, first.cases.links.of_case(case)[0].facts)
    assert first.cases.links.of_talks({where}) == []
    meet(office)
    assert first.cases.links.of_talks({where}) == second.cases.links.of_talks({where}) == named
    assert first.cases.links.of_case(case) == second.cases.links.of_case(case)
    assert first.cases.links.named(named[0].name.upper()) == [case]
    second.cases.links.unlink(case, where, second.cases.links.of_case(case)[0].facts)
    meet(office)
    assert first.cases.links.of_case(case) == ()


def test_what_comes_by_a_key_or_goes_with_a_device_changes_the_lists(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    case = opened(office, second)
    write(second, case, what="Ask the consul")
    meet(office)
    assert (to_do(first), to_do(third)) == (["Ask the consul"], [])
    third.cases.ask(case_name(second, case), Part.JOURNEY, "I plan the way.")
    meet(office)
    (asked,) = second.cases.requests()
    second.cases.answer(asked.request.fact, give=True, word="")
    meet(office)
    assert to_do(third) == ["Ask the consul"]
    third.journal.read_again()
    assert to_do(third) == ["Ask the consul"]
    first.removals.suspend(second.device, "")
    write(second, case, what="Not for them")
    pass_on(office, "second", "first")
    assert to_do(first) == ["Ask the consul"]


def test_a_link_from_another_part_or_into_another_case_counts_nowhere(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case, other, where = opened(office, second), opened(office, second), talk(office)
    files = [second.cases.case(one) for one in (case, other)]
    vaults = [{one.part: one.vault for one in file.parts} for file in files if file]
    for vault, of in ((vaults[0][Part.HEALTH], case), (vaults[1][Part.CONTACT], case)):
        second.journal.write([case_fact(vault, ConversationLinked(of, where))])
    meet(office)
    for desk in (first, second):
        assert desk.cases.links.of_talks({where}) == []


def test_a_case_is_begun_from_a_conversation_on_pages(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    where = talk(office)
    last = where.hex()
    with window_of(second) as window:
        form = window.pages.get(f"/cases/new?from={last}").form("/cases/opened")
        wrong = {f"health-{third.device.hex()}": "on", "from": form.fields["from"]}
        refused = window.post("/cases/opened", wrong)
        assert refused.status_code == 422
        assert f'name="from" value="{last}"' in refused.text
        chosen = {f"{part.value}-{first.device.hex()}": "on" for part in Part}
        answer = window.post("/cases/opened", chosen | {"from": last})
        at = answer.headers["location"]
        assert f'href="/hotline/{last}"' in window.pages.get(at).html
    meet(office)
    with window_of(first) as window:
        assert f'href="{at}"' in window.pages.get(f"/hotline/{last}").html
        assert "said that a conversation belongs to a case" in (
            window.pages.get(f"/crew/{second.device.hex()}/did").text
        )
    with window_of(third) as window:
        html = window.pages.get(f"/hotline/{last}").html
        assert "of-cases" not in html
        assert at not in html
    (link,) = first.cases.links.of_case(CaseId(bytes.fromhex(at[-32:])))
    assert link.talk == where


def test_an_owner_who_left_is_named_and_not_chosen_anew(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case = opened(office, second)
    gone = DeviceId(b"\xee" * 16)
    with window_of(first) as window:
        new = f"/cases/{case.hex()}/record/task/new"
        fields = window.pages.get(new).form(f"{new}/saved").fields | {"what": "Call"}
        assert window.post(f"{new}/saved", fields | {"owner": gone.hex()}).status_code == 422
        fields |= {"owner": second.device.hex()}
        assert window.post(f"{new}/saved", fields).status_code == 303
        first.removals.suspend(second.device, "")
        sheet = task(first, case).id.hex()
        at = f"/cases/{case.hex()}/record/task/{sheet}"
        form = window.pages.get(at).form(f"{at}/saved")
        assert form.fields["owner"] == second.device.hex()
        answer = window.post(form.action, form.fields | {"due": "2026-12"})
        assert answer.status_code == 303
    assert task(first, case).owners == (second.device,)
