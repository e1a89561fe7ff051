# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms of an office on desks that hold other keys, write apart and meet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.api import NewFile
from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.decide import MayNotWrite, NoSuchPart
from safeconduct.rooms.cases.office_forms import OfficeForm, field_name
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.crew.decide import NotASteward
from tests.kit.field_forms import filled_in, xlsform
from tests.sim.courier import Rehearsal
from tests.sim.test_case_pages import Answers, answers, window_of
from tests.sim.test_cases import case_name, meet, opened, three_desks
from tests.unit.edges.desk.pages.window import Window


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def bring(office: Rehearsal) -> OfficeForm:
    """Let the steward bring the invented form in, and all hear of it."""
    first, *_ = office.desks.values()
    draft = first.cases.forms.look(NewFile("form.xlsx", "", xlsform()))
    parts = {one.path: one.part for one in draft.items if one.part}
    form = first.cases.forms.bring(draft.form, draft.version, parts)
    meet(office)
    return form


def write(
    desk: Desk, case: CaseId, form: OfficeForm, sheet: SheetId | None = None, **said: str
) -> SheetId:
    """Write answers over what this desk sees; a path has two lines for each slash."""
    record = desk.cases.forms.filled(case)
    there = record.sheet(sheet or b"", form.kind)
    typed = {}
    for path, text in said.items():
        item = next(one for one in form.newest.questions if one.path == path.replace("__", "/"))
        name = field_name(item)
        saw = [one.fact for of in (there.entered(name) if there else ()) for one in of.standing]
        typed[Part(item.part), name] = Typed(text, frozenset(saw), settles=True)
    return desk.cases.forms.write(case, form.kind, sheet, typed)


def said(desk: Desk, case: CaseId, form: OfficeForm) -> dict[str, tuple[str, ...]]:
    """What stands in the one filled form of a case, as this desk reads it."""
    (sheet,) = desk.cases.forms.filled(case).sheets
    names = {field_name(one): one.path for one in form.newest.questions}
    return {names[one.name]: tuple(w.text for w in one.standing) for one in sheet.fields}


def seen(window: Window, desk: Desk, case: CaseId, form: OfficeForm, sheet: SheetId) -> Answers:
    """What a desk answers on pages that could tell of a filled form."""
    path = f"/cases/{case.hex()}/forms/{form.kind}"
    paths = ("/forms", "/submissions", f"{path}/new", f"{path}/{sheet.hex()}")
    found = {one: window.client.get(one) for one in paths}
    told = {one: (answer.status_code, answer.content) for one, answer in found.items()}
    return told | answers(window, desk, case, "lantern", "cart", "doctor")


def test_who_lacks_health_does_not_even_see_that_it_was_answered(office: Rehearsal) -> None:
    _, second, third = office.desks.values()
    form, case = bring(office), opened(office, second, journey=("third",))
    sheet = write(second, case, form, arrival__how="By lantern cart.", beds="2")
    meet(office)
    with window_of(third) as window:
        before = seen(window, third, case, form, sheet)
        at = f"/cases/{case.hex()}/forms/{form.kind}/{sheet.hex()}"
        assert b"By lantern cart." in before[at][1]
        assert b"hurt" not in before[at][1]
        write(second, case, form, sheet, hurt="y", care="doctor")
        meet(office)
        assert seen(window, third, case, form, sheet) == before
    assert set(said(third, case, form)) == {"arrival/how", "beds"}
    assert set(said(second, case, form)) == {"arrival/how", "beds", "hurt", "care"}


def test_a_form_of_health_alone_leaves_no_trace_where_health_is_not_read(
    office: Rehearsal,
) -> None:
    _, second, third = office.desks.values()
    form, case = bring(office), opened(office, second, legal=("third",))
    unknown = SheetId(bytes(16))
    with window_of(third) as window:
        before = seen(window, third, case, form, unknown)
        sheet = write(second, case, form, arrival__how="By lantern cart.", hurt="y")
        meet(office)
        assert seen(window, third, case, form, unknown) == before
        html = window.client.get(f"/cases/{case.hex()}").text
        assert "forms-title" not in html
        at = f"/cases/{case.hex()}/forms/{form.kind}"
        for last in (sheet.hex(), "new"):
            assert window.client.get(f"{at}/{last}").status_code == 404
    assert third.cases.forms.filled(case).sheets == ()
    with pytest.raises(NoSuchPart):
        write(third, case, form, hurt="n")


def test_answers_that_two_wrote_apart_both_stand_until_somebody_settles(
    office: Rehearsal,
) -> None:
    first, second, _ = office.desks.values()
    form, case = bring(office), opened(office, second)
    sheet = write(second, case, form, arrival__how="By cart.", beds="2")
    meet(office)
    write(first, case, form, sheet, beds="3")
    write(second, case, form, sheet, beds="4", hurt="n")
    meet(office)
    assert said(first, case, form) == said(second, case, form)
    assert sorted(said(first, case, form)["beds"]) == ["3", "4"]
    write(first, case, form, sheet, beds="4")
    meet(office)
    assert said(second, case, form)["beds"] == ("4",)
    assert all(not verify_store(desk.journal).findings for desk in office.desks.values())


def test_the_same_submission_at_two_desks_is_one_sheet(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    form, case = bring(office), opened(office, second, contact=("third",))
    file = [NewFile("a.xml", "", filled_in())]
    for desk in (first, second):
        desk.cases.submissions.look(file, b"")
        (fate,) = desk.cases.submissions.bring({0: case_name(desk, case)}).fates
        assert (fate.code, fate.left) == ("new", ())
    meet(office)
    assert said(first, case, form) == said(second, case, form)
    assert len(first.cases.forms.filled(case).sheets) == 1
    first.cases.submissions.look(file, b"")
    assert [one.case and one.case[0] for one in first.cases.submissions.waiting] == [case]
    (fate,) = first.cases.submissions.bring({0: "same"}).fates
    assert fate.code == "same"
    third.cases.submissions.look(file, b"")
    assert [one.case for one in third.cases.submissions.waiting] == [None]
    with pytest.raises(MayNotWrite):
        third.cases.submissions.bring({0: case_name(third, case)})


def test_answers_to_parts_that_are_not_held_are_named_as_left_out(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    bring(office)
    case = second.cases.open({part: {first.device} for part in Part})
    meet(office)
    other = first.cases.open({Part.JOURNEY: {second.device}})
    meet(office)
    assert second.cases.case(case)
    second.cases.submissions.look([NewFile("a.xml", "", filled_in())], b"")
    (fate,) = second.cases.submissions.bring({0: case_name(second, other)}).fates
    assert [(one.code, one.name) for one in fate.left] == [("no_key", "hurt"), ("no_key", "care")]


def test_a_new_case_is_opened_for_a_submission_and_words_in_it_are_found(
    office: Rehearsal,
) -> None:
    first, second, third = office.desks.values()
    form = bring(office)
    second.cases.submissions.look([NewFile("a.xml", "", filled_in())], b"")
    (fate,) = second.cases.submissions.bring({0: "new"}).fates
    assert fate.code == "new"
    assert fate.case
    meet(office)
    case = fate.case[0]
    assert said(first, case, form) == said(second, case, form)
    for desk, there in ((first, True), (second, True), (third, False)):
        with window_of(desk) as window:
            assert ("cart" in window.client.get("/search?q=lantern").text) is there


def test_only_a_steward_says_what_the_office_asks(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    with pytest.raises(NotASteward):
        second.cases.forms.look(NewFile("form.xlsx", "", xlsform()))
    form = bring(office)
    with pytest.raises(NotASteward):
        second.cases.forms.end(form.kind)
    assert [one.id for one in second.cases.forms.all()] == ["arrival"]
    first.cases.forms.end(form.kind)
    meet(office)
    assert [one.asked for one in second.cases.forms.all()] == [False]
