# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record of a case on the pages: it is written, changed, settled between two, and taken off."""

from __future__ import annotations

import pytest

from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import Part
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.cases.sheets import ABROAD, COST, PLAN, SHEETS, Form
from tests.kit.pages import text_of
from tests.unit.edges.desk.pages.window import Window

FILLED = {
    Form.AMOUNT: "1200.50 EUR",
    Form.LINE: "words",
    Form.TEXT: "words",
    Form.DATE: "2026-11-20",
    Form.ONE: "",
}


@pytest.fixture
def case(window: Window) -> CaseId:
    """A case that is open here."""
    return window.desk.cases.open({})


def up(path: str, kind: str) -> str:
    """On which page a kind of sheet stands."""
    pages = {COST: "/money"} | dict.fromkeys(PLAN, "/plan") | dict.fromkeys(ABROAD, "/abroad")
    return path + pages.get(kind, "")


def test_every_kind_of_sheet_has_a_form_that_saves(window: Window, case: CaseId) -> None:
    path = f"/cases/{case.hex()}"
    for kind, fields in SHEETS.items():
        page = window.pages.get(f"{path}/record/{kind}/new")
        form = page.form(f"{path}/record/{kind}/new/saved")
        line = next(one.name for one in fields if one.form.value in {"line", "text"})
        needed = [one for one in fields if one.needed]
        named = {one.kind: one.id.hex() for one in window.desk.cases.records.record(case).sheets}
        typed = {one.name: named[one.of[0]] if one.of else FILLED[one.form] for one in needed}
        typed |= {one.name: one.choices[0] for one in fields if one.needed and one.choices}
        answer = window.post(form.action, form.fields | typed | {line: f"words of {kind}"})
        assert answer.status_code == 303
        at, _, name = answer.headers["location"].partition("#")
        assert at == up(path, kind)
        page = window.pages.get(at)
        assert page.by_id(name).get("tabindex") == "-1"
        assert f"words of {kind}" in text_of(page.by_id("main"))
    record = window.desk.cases.records.record(case)
    assert [one.kind for one in record.sheets] == list(SHEETS)


def test_a_change_keeps_what_was_before_and_says_who_wrote_it(window: Window, case: CaseId) -> None:
    path = f"/cases/{case.hex()}"
    new = f"{path}/record/person/new"
    window.pages.send(
        window.pages.get(new).form(f"{new}/saved"), name="Aru", born="1994-04", stands="asks"
    )
    (sheet,) = window.desk.cases.records.record(case).sheets
    at = f"{path}/record/person/{sheet.id.hex()}"
    form = window.pages.get(at).form(f"{at}/saved")
    assert window.post(f"{at}/saved", form.fields).status_code == 422
    window.pages.send(form, name="Aru K.")
    page = window.pages.get(at)
    told = text_of(page.by_id("main"))
    assert "Aru K." in told
    assert told.count("Aru") == 2
    (field,) = window.desk.cases.records.record(case).sheets[0].entered("name")
    assert [(one.text, one.stands) for one in field.written] == [("Aru", False), ("Aru K.", True)]


def test_a_sheet_that_is_taken_off_is_where_the_page_leads(window: Window, case: CaseId) -> None:
    path = f"/cases/{case.hex()}"
    what = {(Part.JOURNEY, "what"): Typed("Call")}
    for kind in ("goal", "task"):
        sheet = window.desk.cases.records.write(case, kind, None, what)
        off = f"{path}/record/{kind}/{sheet.hex()}/off"
        for act in ("off", "back"):
            answer = window.post(off, {"act": act, "reason": "Written twice."})
            at, _, name = answer.headers["location"].partition("#")
            assert window.pages.get(at).by_id(name).get("tabindex") == "-1"


def test_dates_are_said_in_the_reader_s_language(window: Window, case: CaseId) -> None:
    typed = {
        (Part.IDENTITY, "born"): Typed("1994-04"),
        (Part.IDENTITY, "name"): Typed("2026-11-27"),
    }
    sheet = window.desk.cases.records.write(case, "person", None, typed)
    expires = {(Part.JOURNEY, "expires"): Typed("2026-11-27")}
    window.desk.cases.records.write(case, "document", None, expires)
    path = f"/cases/{case.hex()}"
    told = text_of(window.pages.get(path).by_id("main"))
    assert "April 1994" in told
    assert "27 November 2026" in told
    window.settings.session.language = "ru"
    told = text_of(window.pages.get(path).by_id("main"))
    assert "апрель 1994" in told
    assert "27 ноября 2026" in told
    assert "27 ноября 2026" in window.pages.get("/cases/papers").text
    before = window.pages.get(f"{path}/record/person/{sheet.hex()}").by_id("before-title")
    assert before is not None
    assert "апрель 1994" in window.pages.get(f"{path}/record/person/{sheet.hex()}").text


def test_what_cannot_be_read_is_marked_and_stays_in_the_form(window: Window, case: CaseId) -> None:
    new = f"/cases/{case.hex()}/record/person/new"
    fields = window.pages.get(new).form(f"{new}/saved").fields | {"name": "Aru", "born": "May"}
    answer = window.post(f"{new}/saved", fields)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert 'value="May"' in answer.text
    assert 'value="Aru"' in answer.text
    assert window.desk.cases.records.record(case).sheets == ()


def test_two_words_at_once_are_both_shown_and_one_is_chosen(window: Window, case: CaseId) -> None:
    records, name = window.desk.cases.records, (Part.IDENTITY, "name")
    sheet = records.write(case, "person", None, {name: Typed("Aru")})
    records.write(case, "person", sheet, {name: Typed("Daru")})
    path = f"/cases/{case.hex()}"
    assert text_of(window.pages.get(path).by_id("main")).count("two wrote at once") == 2
    at = f"{path}/record/person/{sheet.hex()}"
    form = window.pages.get(at).form(f"{at}/saved")
    window.post(form.action, form.fields | {"name": "Aru", "settle-name": "yes"})
    assert "two wrote at once" not in window.pages.get(path).text
    assert records.record(case).sheets[0].text("name") == "Aru"


def test_a_sheet_is_taken_off_with_a_reason_and_put_back(window: Window, case: CaseId) -> None:
    records = window.desk.cases.records
    sheet = records.write(case, "place", None, {(Part.JOURNEY, "where"): Typed("The mill")})
    path = f"/cases/{case.hex()}"
    at = f"{path}/record/place/{sheet.hex()}"
    off = window.pages.get(at).form(f"{at}/off")
    assert window.post(f"{at}/off", off.fields | {"reason": " "}).status_code == 422
    window.pages.send(off, reason="Another town.")
    page = window.pages.get(path)
    assert "Taken off the record" in page.text
    window.pages.send(window.pages.get(at).form(f"{at}/off"))
    assert "Taken off the record" not in window.pages.get(path).text


def test_what_is_not_there_is_answered_like_what_never_was(window: Window, case: CaseId) -> None:
    path = f"/cases/{case.hex()}/record"
    for last in ("ghost/new", f"person/{'00' * 16}", "person/zz", f"ghost/{'00' * 16}"):
        assert window.client.get(f"{path}/{last}").status_code == 404
    typed = {(Part.JOURNEY, "where"): Typed("x")}
    sheet = window.desk.cases.records.write(case, "place", None, typed)
    assert window.client.get(f"{path}/person/{sheet.hex()}").status_code == 404
