# SPDX-License-Identifier: AGPL-3.0-or-later
"""An office's own forms on the pages: brought in, filled in, changed, and filled in on phones."""

from __future__ import annotations

import httpx
import pytest

from safeconduct.edges.desk.api import NewFile
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import Part
from safeconduct.rooms.cases.office_forms import OfficeForm, field_name
from safeconduct.rooms.cases.record_decide import Typed
from tests.kit.field_forms import filled_in, office_key, pem_of, seal, xlsform
from tests.kit.pages import text_of
from tests.unit.edges.desk.pages.window import Window


@pytest.fixture
def case(window: Window) -> CaseId:
    """A case that is open here."""
    return window.desk.cases.open({})


def bring(window: Window, raw: bytes | None = None) -> OfficeForm:
    """Bring the invented form in, with the parts that it names."""
    forms = window.desk.cases.forms
    draft = forms.look(NewFile("form.xlsx", "", raw or xlsform()))
    parts = {one.path: one.part for one in draft.items if one.part}
    return forms.bring(draft.form, draft.version, parts)


def field(form: OfficeForm, path: str) -> str:
    """The field of a question."""
    return next(field_name(one) for one in form.newest.questions if one.path == path)


def upload(window: Window, path: str, *files: tuple[str, bytes]) -> int:
    """Send files as a browser does."""
    return answer(window, path, *files).status_code


def answer(window: Window, path: str, *files: tuple[str, bytes]) -> httpx.Response:
    """Send files, and return what is answered."""
    token = window.pages.get(path.rpartition("/")[0]).form(path).fields["csrf"]
    return window.client.post(
        path,
        data={"csrf": token},
        files=[("files", (name, raw)) for name, raw in files],
        headers={"origin": "http://127.0.0.1:4321"},
        follow_redirects=False,
    )


def test_a_workbook_becomes_a_form_and_each_part_is_chosen(window: Window) -> None:
    line = ("text", "court", "Court?", "Суд?")
    assert upload(window, "/forms/look", ("form.xlsx", xlsform(line, ("geopoint", "spot")))) == 303
    page = window.pages.get("/forms")
    told = text_of(page.by_id("main"))
    assert "spot" in told
    assert "this type of question is not supported" in told
    form = page.form("/forms/bring")
    assert (form.fields["form"], form.fields["part-1"]) == ("arrival", "journey")
    answer = window.post("/forms/bring", form.fields)
    assert answer.status_code == 422
    assert "Choose a part of the case for each question" in answer.text
    assert window.desk.cases.forms.all() == ()
    sent = window.post("/forms/bring", form.fields | {"part-7": "legal"})
    assert sent.status_code == 303
    (found,) = window.desk.cases.forms.all()
    assert [one.part for one in found.newest.questions if one.path == "court"] == ["legal"]
    ended = f"/forms/{found.kind}/end"
    window.pages.send(window.pages.get("/forms").form(ended))
    assert "asked no more" in window.pages.get("/forms").text
    assert window.post(ended).status_code == 422
    assert window.post("/forms/form-00/end").status_code == 404


def test_what_is_no_form_is_refused_and_a_draft_can_be_dropped(window: Window) -> None:
    for name, raw in (("a.xlsx", b"PK\x03\x04"), ("a.txt", b"hello")):
        assert upload(window, "/forms/look", (name, raw)) == 422
    assert upload(window, "/forms/look") == 422
    assert upload(window, "/forms/look", ("form.xlsx", xlsform())) == 303
    window.pages.send(window.pages.get("/forms").form("/forms/drop"))
    assert window.desk.cases.forms.draft is None
    assert window.post("/forms/bring", {"form": "x"}).status_code == 422


@pytest.mark.parametrize("path", ["/forms/look", "/submissions/look"])
def test_what_is_wrong_with_a_file_is_said_of_this_page_alone(window: Window, path: str) -> None:
    assert "No file was chosen" in answer(window, path).text
    said = answer(window, path, ("broken.zip", b"PK\x03\x04")).text
    assert "Nothing was kept" in said
    assert "Telegram" not in said


def test_a_form_is_filled_in_by_hand_and_keeps_what_was_before(
    window: Window, case: CaseId
) -> None:
    form = bring(window)
    path = f"/cases/{case.hex()}"
    new = f"{path}/forms/{form.kind}/new"
    assert f'href="{new}"' in window.pages.get(path).html
    page = window.pages.get(new)
    assert "Asked only if: ${hurt} = 'y'" in page.text
    sent = page.form(f"{new}/saved")
    care, how, beds = (field(form, one) for one in ("care", "arrival/how", "beds"))
    refused = window.post(f"{new}/saved", sent.fields | {beds: "two", how: "By cart."})
    assert refused.status_code == 422
    assert "By cart." in refused.text
    assert window.post(f"{new}/saved", sent.fields | {beds: "2"}).status_code == 422
    said = {how: "By cart.", beds: "2", f"{care}-1": "yes"}
    assert window.post(f"{new}/saved", sent.fields | said).status_code == 303
    (sheet,) = window.desk.cases.forms.filled(case).sheets
    assert sheet.text(care) == "rest"
    assert "By cart." in window.pages.get(path).text


def test_what_is_changed_leaves_what_stood_before(window: Window, case: CaseId) -> None:
    form = bring(window)
    care, how = (field(form, one) for one in ("care", "arrival/how"))
    typed = {(Part.JOURNEY, how): Typed("By cart."), (Part.HEALTH, care): Typed("rest")}
    sheet_id = window.desk.cases.forms.write(case, form.kind, None, typed)
    at = f"/cases/{case.hex()}/forms/{form.kind}/{sheet_id.hex()}"
    changed = window.pages.get(at).form(f"{at}/saved")
    assert changed.fields[how] == "By cart."
    answer = window.post(f"{at}/saved", changed.fields | {how: "By night train."})
    assert answer.status_code == 303
    (sheet,) = window.desk.cases.forms.filled(case).sheets
    assert [one.text for one in sheet.entered(how)[0].standing] == ["By night train."]
    assert sheet.text(care) == ""
    assert "By cart." in window.pages.get(at).text


def test_a_filled_form_is_taken_off_with_a_reason_and_put_back(
    window: Window, case: CaseId
) -> None:
    form = bring(window)
    typed = {(Part.JOURNEY, field(form, "arrival/how")): Typed("By cart.")}
    sheet = window.desk.cases.forms.write(case, form.kind, None, typed)
    at = f"/cases/{case.hex()}/forms/{form.kind}/{sheet.hex()}"
    off = window.pages.get(at).form(f"{at}/off")
    assert window.post(f"{at}/off", off.fields).status_code == 422
    window.pages.send(off, reason="Another family.")
    assert window.desk.cases.forms.filled(case).sheets[0].taken_off == "Another family."
    page = window.pages.get(at)
    assert "Another family." in page.text
    assert "Another family." in window.pages.get(f"/cases/{case.hex()}").text
    window.pages.send(page.form(f"{at}/off"))
    assert not window.desk.cases.forms.filled(case).sheets[0].taken_off


def test_addresses_of_no_form_or_sheet_are_not_found(window: Window, case: CaseId) -> None:
    form = bring(window)
    path = f"/cases/{case.hex()}/forms"
    for last in ("form-00/new", f"{form.kind}/zz", f"{form.kind}/{'00' * 16}", "person/new"):
        assert window.client.get(f"{path}/{last}").status_code == 404
    window.desk.cases.forms.end(form.kind)
    assert f"{path}/{form.kind}/new" not in window.pages.get(f"/cases/{case.hex()}").html
    assert window.post(f"{path}/{form.kind}/new/saved").status_code == 422


def test_questions_speak_the_language_of_the_page(window: Window, case: CaseId) -> None:
    form = bring(window)
    new = f"/cases/{case.hex()}/forms/{form.kind}/new"
    answer = window.client.get(new, headers={"accept-language": "ru"})
    assert "Как добрались?" in answer.text
    assert "How did they come?" not in answer.text


def test_sealed_forms_of_phones_come_in_once_and_with_a_report(
    window: Window, case: CaseId
) -> None:
    form = bring(window)
    sealed = seal(filled_in(), {"a.jpg": b"pixels"})
    files = [("m.xml", sealed.manifest), *sealed.files.items()]
    assert upload(window, "/submissions/look", *files) == 303
    assert "bring the office’s private key" in window.pages.get("/submissions").text
    pem = ("key.pem", pem_of(office_key()))
    assert upload(window, "/submissions/look", *files, pem) == 303
    page = window.pages.get("/submissions")
    assert "and is whole" in page.text
    name = window.desk.cases.case(case).name  # type: ignore[union-attr]
    sent = page.form("/submissions/bring").fields | {"where-0": "case", "case-0": name.upper()}
    assert window.post("/submissions/bring", sent).status_code == 303
    page = window.pages.get("/submissions")
    assert "is in the case now" in page.text
    assert "File left out: a.jpg" in page.text
    (sheet,) = window.desk.cases.forms.filled(case).sheets
    assert sheet.text(field(form, "arrival/how")) == "By lantern cart."
    assert upload(window, "/submissions/look", *files, pem) == 303
    page = window.pages.get("/submissions")
    assert "It is here already" in page.text
    page = window.pages.send(page.form("/submissions/bring"))
    assert "nothing in it is new" in page.text
    assert len(window.desk.cases.forms.filled(case).sheets) == 1


def test_a_case_chosen_for_other_files_takes_none_of_these(window: Window, case: CaseId) -> None:
    bring(window)
    assert upload(window, "/submissions/look", ("a.xml", filled_in())) == 303
    name = window.desk.cases.case(case).name  # type: ignore[union-attr]
    sent = window.pages.get("/submissions").form("/submissions/bring").fields
    assert upload(window, "/submissions/look", ("b.xml", filled_in())) == 303
    answer = window.post("/submissions/bring", sent | {"where-0": "case", "case-0": name})
    assert answer.status_code == 422
    assert "Another file was looked at since this page came" in answer.text
    assert window.desk.cases.forms.filled(case).sheets == ()


def test_a_wrong_key_and_no_file_are_told(window: Window) -> None:
    assert upload(window, "/submissions/look") == 422
    wrong = ("key.pem", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    assert upload(window, "/submissions/look", ("a.xml", filled_in()), wrong) == 422
    assert upload(window, "/submissions/look", ("a.xml", filled_in())) == 303
    page = window.pages.get("/submissions")
    assert "The office has no form of this id" in page.text
    window.pages.send(page.form("/submissions/drop"))
    assert window.desk.cases.submissions.waiting == []


def test_an_edited_one_updates_and_another_version_is_said(window: Window) -> None:
    bring(window)
    submissions, forms = window.desk.cases.submissions, window.desk.cases.forms
    submissions.look([NewFile("a.xml", "", filled_in()), NewFile("b.xml", "", filled_in())], b"")
    assert [one.twice for one in submissions.waiting] == [False, True]
    fates = submissions.bring({0: "new", 1: "new"}).fates
    assert [one.code for one in fates] == ["new", "left"]
    assert fates[0].case
    case = fates[0].case[0]
    meta = "<orx:deprecatedID>uuid:1</orx:deprecatedID>"
    edited = filled_in({"beds": "5", "gone": "x"}, "uuid:2", version="2", meta=meta)
    submissions.look([NewFile("c.xml", "", edited)], b"")
    assert [one.fits for one in submissions.waiting] == [False]
    assert "does not have this version" in window.pages.get("/submissions").text
    (fate,) = submissions.bring({0: "same"}).fates
    assert (fate.code, fate.case and fate.case[0]) == ("updated", case)
    assert [one.name for one in fate.left] == ["gone"]
    (sheet,) = forms.filled(case).sheets
    assert "5" in {one.text for one in sheet.fields}
    submissions.look([NewFile("d.xml", "", filled_in(instance="uuid:7"))], b"")
    assert [one.code for one in submissions.bring({0: "nobody"}).fates] == ["no_such_case"]


def test_one_who_is_no_steward_brings_no_form_in(window: Window) -> None:
    bring(window)
    window.desk.cases.forms._shelf.steward = lambda: False  # type: ignore[method-assign]
    page = window.pages.get("/forms")
    assert "Stewards bring forms in." in page.text
    assert "/forms/look" not in page.html
    assert window.post("/forms/drop").status_code == 303
