# SPDX-License-Identifier: AGPL-3.0-or-later
"""The plan of a case on the pages, the tasks of all cases, and how many of mine are due."""

from __future__ import annotations

import pytest

from safeconduct.kernel.words import CaseId, DeviceId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.plan import fold_plan
from safeconduct.rooms.cases.record_decide import Typed
from tests.kit.pages import text_of
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

TODAY = "2026-11-20"
OWN, MIRA, *_ = rehearsal_roster()[1]


@pytest.fixture
def case(window: Window) -> CaseId:
    """A case that is open here."""
    return window.desk.cases.open({})


def write(
    window: Window, case: CaseId, kind: str, sheet: SheetId | None = None, **said: str
) -> SheetId:
    """Write a sheet of a plan."""
    typed = {(Part.JOURNEY, name): Typed(text) for name, text in said.items()}
    return window.desk.cases.records.write(case, kind, sheet, typed)


def task(window: Window, case: CaseId, what: str, due: str, owner: DeviceId | None) -> SheetId:
    """Write a task."""
    whose = owner.hex() if owner else ""
    return write(window, case, "task", what=what, due=due, owner=whose)


def test_a_plan_is_written_and_a_task_is_done_by_one_press(window: Window, case: CaseId) -> None:
    path = f"/cases/{case.hex()}"
    new = f"{path}/record/goal/new"
    window.pages.send(window.pages.get(new).form(f"{new}/saved"), what="Safe until spring")
    (goal,) = fold_plan(window.desk.cases.records.record(case)).goals
    new = f"{path}/record/task/new"
    form = window.pages.get(f"{new}?goal={goal.sheet.id.hex()}").form(f"{new}/saved")
    assert form.fields["goal"] == goal.sheet.id.hex()
    window.pages.send(form, what="Ask for a date", due="2026-11-18", owner=MIRA.hex())
    page = window.pages.get(f"{path}/plan")
    told = text_of(page.by_id("main"))
    assert "overdue · until 18 November · Mira" in told
    assert MIRA.hex() not in told
    (found,) = fold_plan(window.desk.cases.records.record(case)).tasks
    done = f"{path}/plan/{found.id.hex()}/done"
    page = window.pages.send(page.form(done), came="On Friday at ten.")
    assert "done · until 18 November" in text_of(page.by_id("main"))
    assert "On Friday at ten." in page.text
    assert done not in page.html
    assert window.post(done, {"came": ""}).status_code == 303


def test_a_press_that_says_nothing_new_is_refused_where_it_was_made(
    window: Window, case: CaseId
) -> None:
    sheet = write(window, case, "task", what="Call", state="done")
    (field,) = window.desk.cases.records.record(case).sheets[0].entered("state")
    done = f"/cases/{case.hex()}/plan/{sheet.hex()}/done"
    answer = window.post(done, {"saw-state": field.standing[0].fact.hex(), "came": ""})
    assert answer.status_code == 422
    for wrong in ("00" * 16, "zz", write(window, case, "goal", what="Safe").hex()):
        assert window.post(f"/cases/{case.hex()}/plan/{wrong}/done").status_code == 404


def test_the_plan_stands_on_its_own_page_and_not_among_people(window: Window, case: CaseId) -> None:
    sheet = write(window, case, "service", service="shelter", state="asked", what="A room for two")
    path = f"/cases/{case.hex()}"
    assert "A room for two" not in window.pages.get(path).text
    assert "Plan and services" in window.pages.get(path).text
    told = text_of(window.pages.get(f"{path}/plan").by_id("main"))
    assert "shelter" in told
    assert "A room for two" in told
    window.desk.cases.records.take_off(case, "service", sheet, "Written twice.")
    assert "Written twice." not in window.pages.get(path).text
    assert "Written twice." in window.pages.get(f"{path}/plan").text


def test_a_closing_review_says_what_it_needs_and_keeps_what_was_typed(
    window: Window, case: CaseId
) -> None:
    new = f"/cases/{case.hex()}/record/review/new"
    page = window.pages.get(new)
    assert text_of(page.by_id("main")).count("needed") == 6
    answer = window.post(f"{new}/saved", page.form(f"{new}/saved").fields | {"reached": "Safe."})
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 4
    assert "What is marked as needed is empty." in answer.text
    assert "Safe." in answer.text
    assert window.desk.cases.records.record(case).sheets == ()


def test_an_owner_is_a_colleague_by_name_and_nothing_else(window: Window, case: CaseId) -> None:
    new = f"/cases/{case.hex()}/record/task/new"
    fields = window.pages.get(new).form(f"{new}/saved").fields | {"what": "Call"}
    assert window.post(f"{new}/saved", fields | {"owner": "f" * 32}).status_code == 422
    assert window.post(f"{new}/saved", fields | {"owner": MIRA.hex()}).status_code == 303
    (sheet,) = window.desk.cases.records.record(case).sheets
    page = window.pages.get(f"/cases/{case.hex()}/record/task/{sheet.id.hex()}")
    assert "Mira · Mira’s laptop" in page.text
    assert MIRA.hex() not in text_of(page.by_id("main"))


def test_tasks_of_all_cases_are_mine_overdue_or_nobodys(window: Window, case: CaseId) -> None:
    other = window.desk.cases.open({})
    task(window, case, "Mine and late", "2026-11-19", OWN)
    task(window, other, "Mine and later", "2026-12", OWN)
    task(window, other, "Hers and late", "2026-10", MIRA)
    task(window, case, "Nobody's", "", None)
    write(window, case, "task", what="Over", state="done")
    shown = {
        "mine": ["Mine and late", "Mine and later"],
        "overdue": ["Hers and late", "Mine and late"],
        "nobody": ["Nobody's"],
    }
    for name, named in shown.items():
        page = window.pages.get(f"/cases/tasks?show={name}")
        rows = [text_of(one) for one in page.all("a") if one.get("class") == "name"]
        assert rows == named
    assert "nobody does it yet" in page.text
    assert "/cases/tasks" in window.pages.get("/cases").html


def test_who_is_shown_a_task_of_a_case_has_looked_at_its_journey_alone(
    window: Window, case: CaseId
) -> None:
    task(window, case, "Hers", "", MIRA)
    for show, times in (("mine", 0), ("overdue", 0), ("nobody", 0)):
        window.pages.get(f"/cases/tasks?show={show}")
        assert window.desk.cases.reported(case, Part.JOURNEY, start=0, most=9)[1] == times
    task(window, case, "Mine", "", OWN)
    window.pages.get("/today")
    assert window.desk.cases.reported(case, Part.JOURNEY, start=0, most=9)[1] == 0
    window.pages.get("/cases/tasks")
    found = [window.desk.cases.reported(case, part, start=0, most=9)[1] for part in Part]
    assert found == [part is Part.JOURNEY for part in Part]


@pytest.mark.parametrize(("due", "count"), [("2026-11-19", 1), (TODAY, 1), ("2026-11-21", 0)])
def test_today_says_how_many_of_mine_are_due(
    window: Window, case: CaseId, due: str, count: int
) -> None:
    task(window, case, "Hers", due, MIRA)
    assert "tasks-due" not in window.pages.get("/today").html
    task(window, case, "Mine", due, OWN)
    page = window.pages.get("/today")
    assert ("1 task of yours in cases is due today or overdue." in page.text) == bool(count)


@pytest.mark.parametrize(("language", "words"), [("en", "needed"), ("ru", "нужно")])
def test_pages_of_a_plan_stand_in_both_languages(
    window: Window, case: CaseId, language: str, words: str
) -> None:
    window.client.headers["Accept-Language"] = language
    write(window, case, "goal", what="<b>\u202eSafe</b>")
    task(window, case, "<i>Call</i>", "2026", None)
    for last in ("plan", "record/goal/new", "record/service/new", "record/review/new"):
        window.pages.get(f"/cases/{case.hex()}/{last}")
    assert words in window.pages.get(f"/cases/{case.hex()}/record/task/new").text
    assert "&lt;i&gt;Call" in window.pages.get("/cases/tasks?show=nobody").html
