# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stages of a case on the pages: it is moved, kept, and its way and timeline are shown."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk.stage_drawing import WIDTH, draw
from safeconduct.kernel.words import DAY, CaseId, Instant
from safeconduct.rooms.cases import Part
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.cases.stages import STAGES
from safeconduct.rooms.cases.stages_decide import TypedStage
from safeconduct.rooms.cases.timeline import timeline
from tests.kit.pages import text_of
from tests.unit.edges.desk.pages.window import Window


@pytest.fixture
def case(window: Window) -> CaseId:
    """A case that is open here."""
    return window.desk.cases.open({})


def path_of(case: CaseId) -> str:
    """Where the stages of a case are."""
    return f"/cases/{case.hex()}/stages"


def moved(window: Window, case: CaseId, stage: str, days: int = 0, note: str = "") -> None:
    """Move a case as somebody does who sees where it stands."""
    stages = window.desk.cases.stages
    there = stages.of(case)
    assert there is not None
    saw = frozenset(one.entry.fact for one in there.now)
    since = Instant(window.desk.now() - days * DAY) if days else None
    stages.enter(case, TypedStage(stage, saw, note, since, confirmed=True))


def section(window: Window, case: CaseId, name: str) -> str:
    """What stands under one heading of the page."""
    page = window.pages.get(path_of(case))
    (found,) = [one for one in page.all("section") if one.get("aria-labelledby") == f"{name}-title"]
    return text_of(found)


def test_a_case_is_moved_through_every_stage_by_its_form(window: Window, case: CaseId) -> None:
    path = path_of(case)
    for stage in STAGES:
        form = window.pages.get(path).form(f"{path}/saved")
        told = {"stage": stage, "note": "Told by her.", "confirmed": "yes"}
        assert window.post(form.action, form.fields | told).status_code == 303
    found = window.desk.cases.stages.of(case)
    assert found is not None
    assert [one.entry.stage for one in found.way] == list(STAGES)
    assert [one.entry.stage for one in found.now] == [STAGES[-1]]


def test_what_is_refused_stays_in_the_form_with_what_to_do(window: Window, case: CaseId) -> None:
    path = path_of(case)
    form = window.pages.get(path).form(f"{path}/saved")
    for typed, words in (
        ({"stage": ""}, "Choose a stage first"),
        ({"stage": "closed"}, "Write why"),
        ({"stage": "died", "note": "Her sister told us."}, "tick the box"),
        ({"stage": "plan", "since": "soon", "note": "By road."}, "began earlier"),
        ({"stage": "plan", "since": "2099-01-01T10:00"}, "began earlier"),
    ):
        answer = window.post(form.action, form.fields | typed)
        assert answer.status_code == 422
        assert words in answer.text
        assert typed.get("note", "") in answer.text
        stage = typed["stage"]
        assert not stage or f'<option value="{stage}" selected>' in answer.text
    assert 'value="2099-01-01T10:00"' in answer.text
    assert "No stage is said yet." in section(window, case, "way")


def test_the_page_of_the_case_says_its_stage_beside_the_heading(
    window: Window, case: CaseId
) -> None:
    up = f"/cases/{case.hex()}"
    assert "No stage is said yet." in window.pages.get(up).text
    moved(window, case, "contact", 40)
    moved(window, case, "sheltered", 12)
    page = window.pages.get(up)
    (line,) = [one for one in page.all("p") if "stage-now" in (one.get("class") or "")]
    assert text_of(line) == "In a shelter 12 days"
    assert section(window, case, "way").count("28 days") == 1
    (current,) = [
        one for one in window.pages.get(path_of(case)).all("li") if one.get("aria-current")
    ]
    assert "12 days until now" in text_of(current)


def test_two_who_moved_it_at_once_are_both_shown_until_it_is_moved_again(
    window: Window, case: CaseId
) -> None:
    stages, path = window.desk.cases.stages, path_of(case)
    stages.enter(case, TypedStage("plan"))
    stages.enter(case, TypedStage("out"))
    page = window.pages.get(path)
    assert "two wrote at once" in page.text
    form = page.form(f"{path}/saved")
    assert window.post(form.action, form.fields | {"stage": "out"}).status_code == 303
    assert "two wrote at once" not in window.pages.get(path).text
    assert "put right" in section(window, case, "way")


def test_a_form_that_lay_open_moves_nothing_that_it_did_not_show(
    window: Window, case: CaseId
) -> None:
    stages, path = window.desk.cases.stages, path_of(case)
    moved(window, case, "plan", 4)
    old = window.pages.get(path).form(f"{path}/saved")
    moved(window, case, "lost", 0, "No answer.")
    window.post(old.action, old.fields | {"stage": "sheltered"})
    there = stages.of(case)
    assert there is not None
    assert {one.entry.stage for one in there.now} == {"lost", "sheltered"}
    window.post(old.action, old.fields | {"stage": "sheltered", "note": "By night."})
    both = section(window, case, "way")
    assert both.count("In a shelter") == 1
    assert "By night." in both
    form = window.pages.get(path).form(f"{path}/saved")
    window.pages.send(form, stage="abroad")
    there = stages.of(case)
    assert there is not None
    assert [one.entry.stage for one in there.now] == ["abroad"]


def test_blocks_are_named_and_lifted(window: Window, case: CaseId) -> None:
    path = path_of(case)
    moved(window, case, "documents", 9)
    form = window.pages.get(path).form(f"{path}/blocked")
    assert window.post(form.action, form.fields | {"text": " "}).status_code == 422
    window.pages.send(form, text="No consulate <b>takes</b> them.")
    assert "No consulate <b>takes</b> them." in section(window, case, "blocks")
    assert "blocked" in window.pages.get(f"/cases/{case.hex()}").text
    assert "No consulate <b>takes</b> them." in window.pages.get("/cases/stages").text
    lift = window.pages.get(path).form(f"{path}/lifted")
    window.pages.send(lift, note="By post.")
    assert "Nothing is named." in section(window, case, "blocks")
    assert "By post." in section(window, case, "blocks")
    assert window.post(lift.action, lift.fields).status_code == 422
    assert "No longer blocked" in section(window, case, "timeline")


def test_the_list_beside_the_drawing_says_the_same_in_words(window: Window, case: CaseId) -> None:
    assert window.pages.get(path_of(case)).all("svg") == []
    moved(window, case, "contact", 40)
    moved(window, case, "out", 3, "By night.")
    window.desk.cases.records.write(
        case, "place", None, {(Part.JOURNEY, "where"): Typed("The mill")}
    )
    window.desk.cases.note(case, Part.HEALTH, "Needs insulin.")
    page = window.pages.get(path_of(case))
    (svg,) = [one for one in page.root.iter() if str(one.tag).endswith("svg")]
    assert svg.get("role") == "img"
    assert "list says the same" in (svg.get("aria-label") or "")
    drawn, said = text_of(svg), section(window, case, "timeline")
    for lane, words in (
        ("In contact", "Stage: In contact"),
        ("Out of the region", "Stage: Out of the region"),
        ("Record", "Record begun: Place to avoid"),
        ("Notes", "Note in the part Health"),
    ):
        assert lane in drawn
        assert words in said
    assert "insulin" not in page.text
    assert not [one for one in svg.iter() if one.get("style")]


def test_a_drawing_keeps_every_stay_and_mark_within_its_edges(window: Window, case: CaseId) -> None:
    for days, stage in ((400, "contact"), (399, "plan"), (1, "abroad")):
        moved(window, case, stage, days)
    desk = window.desk
    desk.cases.note(case, Part.LEGAL, "x")
    file, stages = desk.cases.case(case), desk.cases.stages.of(case)
    assert file is not None
    assert stages is not None
    happened = timeline(file, desk.cases.records.record(case), stages)
    for now in (desk.now(), Instant(desk.now() - 500 * DAY)):
        picture = draw(stages, happened, now)
        assert picture is not None
        assert [one.name for one in picture.lanes] == ["contact", "plan", "abroad", "notes"]
        for lane in picture.lanes:
            assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in lane.bars)
            assert all(bar.width > 0 for bar in lane.bars)
            assert all(0 <= mark <= WIDTH for mark in lane.marks)
    assert draw(stages, (), desk.now()) is None


def test_all_cases_are_counted_with_who_waits_longest(window: Window, case: CaseId) -> None:
    assert "Stages of all cases" in window.pages.get("/cases").text
    other, third = window.desk.cases.open({}), window.desk.cases.open({})
    moved(window, case, "contact", 30)
    moved(window, case, "plan", 10)
    moved(window, other, "contact", 20)
    page = window.pages.get("/cases/stages")
    (contact,) = [row for row in map(text_of, page.all("tr")) if row.startswith("In contact")]
    assert contact.startswith("In contact 1 1: median 20 days, worst 20 days")
    assert contact.count("1: median 20 days, worst 20 days") == 2
    links = [one.get("href") for one in page.all("a") if one.get("class") == "name"]
    assert links == [path_of(other), path_of(case)]
    (unsaid,) = [one for one in page.all("ul") if one.get("class") == "talks"]
    assert [one.get("href") for one in unsaid.iter("a")] == [path_of(third)]


def test_who_may_not_write_sees_no_form_and_changes_nothing(
    window: Window, case: CaseId, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved(window, case, "plan", 2)
    window.desk.cases.stages.block(case, "No car.")
    path = path_of(case)
    form = window.pages.get(path).form(f"{path}/saved")
    monkeypatch.setattr(window.desk.cases, "may_write", lambda: False)
    page = window.pages.get(path)
    assert not [one for one in page.all("form") if (one.get("action") or "").startswith(path)]
    assert window.post(form.action, form.fields | {"stage": "out"}).status_code == 422
    assert "No car." in section(window, case, "blocks")


def test_what_is_not_there_is_answered_like_what_never_was(window: Window, case: CaseId) -> None:
    for path in (f"/cases/{'00' * 16}/stages", "/cases/zz/stages"):
        assert window.client.get(path).status_code == 404
        assert window.post(f"{path}/saved", {"stage": "plan"}).status_code == 404
    refused = window.post(f"{path_of(case)}/lifted", {"block": "zz"})
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Out of the region"), ("ru", "Вне региона")]
)
def test_no_stage_is_shown_as_a_code(
    window: Window, case: CaseId, language: str, words: str
) -> None:
    moved(window, case, "out", 1)
    for path in (path_of(case), "/cases/stages", f"/cases/{case.hex()}"):
        assert words in window.client.get(path, headers={"accept-language": language}).text
