# SPDX-License-Identifier: AGPL-3.0-or-later
"""The network of a case, papers that run out, and who may be one person in two cases, on pages."""

from __future__ import annotations

import pytest

from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.cases.sheets import SHEETS
from tests.kit.desk_twin import TwinDesk
from tests.kit.pages import Page, text_of
from tests.unit.edges.desk.pages.window import Window


@pytest.fixture
def case(window: Window) -> CaseId:
    """A case that is open here."""
    return window.desk.cases.open({})


def wrote(desk: TwinDesk, case: CaseId, kind: str, **values: str) -> SheetId:
    """Write a sheet, each field into its part."""
    part = {one.name: one.part for one in SHEETS[kind]}
    typed = {(part[name], name): Typed(text) for name, text in values.items()}
    return desk.cases.records.write(case, kind, None, typed)


def drawn(page: Page) -> list[str]:
    """The lines of text in the picture of a page."""
    return [text_of(one) for one in page.root.iter() if str(one.tag).endswith("}text")]


def test_a_network_is_drawn_and_told_in_sentences(window: Window, case: CaseId) -> None:
    desk, path = window.desk, f"/cases/{case.hex()}"
    assert "No tie is written here yet." in window.pages.get(f"{path}/network").text
    aru = wrote(desk, case, "person", name="Aru", stands="asks")
    wrote(desk, case, "pursuer", name="The uncle", hunts=aru.hex())
    daru = wrote(desk, case, "person", name="Daru <b>")
    wrote(desk, case, "tie", one=aru.hex(), relation="sibling", other=daru.hex())
    assert f'href="{path}/network"' in window.pages.get(path).html
    page = window.pages.get(f"{path}/network")
    assert {"Aru", "The uncle", "Daru <b>", "hunts", "brother or sister"} <= set(drawn(page))
    told = text_of(page.by_id("main"))
    assert "(The uncle) hunts" in told
    assert "are brothers or sisters." in told
    assert "Without a tie" not in told
    assert page.html.count('role="img"') == 1
    assert " style=" not in page.html


def test_too_many_people_are_told_in_a_list(window: Window, case: CaseId) -> None:
    for at in range(31):
        wrote(window.desk, case, "person", name=f"Aru {at}")
    page = window.pages.get(f"/cases/{case.hex()}/network")
    assert drawn(page) == []
    assert "Too much for one picture" in page.text
    assert "Aru 30" in page.text
    assert window.client.get(f"/cases/{'00' * 16}/network").status_code == 404


def test_papers_say_how_soon_they_run_out(window: Window, case: CaseId) -> None:
    desk = window.desk
    assert "None." in window.pages.get("/cases/papers").text
    aru = wrote(desk, case, "person", name="Aru")
    wrote(desk, case, "document", of=aru.hex(), paper="passport", state="held", expires="2999")
    wrote(desk, case, "document", expires="1999-04")
    page = window.pages.get(f"/cases/{case.hex()}")
    assert text_of(page.by_id("main")).count("expired") == 1
    page = window.pages.get("/cases/papers")
    told = text_of(page.by_id("main"))
    assert told.index("April 1999") < told.index("2999")
    assert "passport for abroad" in told
    assert 'href="/cases/papers"' in window.pages.get("/cases").html


def test_a_sheet_that_may_be_of_another_case_says_so_and_is_judged(
    window: Window, case: CaseId
) -> None:
    desk, other = window.desk, window.desk.cases.open({})
    wrote(desk, other, "person", name="Магомед Хаджиев", born="1994")
    new = f"/cases/{case.hex()}/record/person/new"
    form = window.pages.get(new).form(f"{new}/saved")
    page = window.pages.send(form, name="Mukhammad Hadschijew")
    assert "This may be the person of another case: see below" in page.text
    assert f'href="/cases/{other.hex()}#sheet-' in page.html
    for told in ("/cases", "/today"):
        assert "One person in two cases? (1)" in window.pages.get(told).text
    page = window.pages.get("/cases/alike")
    assert "another script" in page.text
    judging = page.form("/cases/alike/judged")
    refused = window.post(judging.action, judging.fields | {"answer": "same", "why": " "})
    assert refused.status_code == 422
    assert "Write how you know it." in refused.text
    answer = {"answer": "not", "why": "An uncle and his nephew."}
    assert window.post(judging.action, judging.fields | answer).status_code == 303
    page = window.pages.get("/cases/alike")
    assert "An uncle and his nephew." in page.text
    assert "This may be" not in window.pages.get(f"/cases/{case.hex()}").text
    for told in ("/cases", "/today"):
        assert "two cases? (" not in window.pages.get(told).text
    answer = {"answer": "same", "why": "He said it himself."}
    judging = window.pages.get("/cases/alike").form("/cases/alike/judged")
    assert window.post(judging.action, judging.fields | answer).status_code == 303
    assert "This is the person of another case" in window.pages.get(f"/cases/{case.hex()}").text


def test_a_word_on_a_form_of_before_covers_no_word_that_came_since(
    window: Window, case: CaseId
) -> None:
    desk, other = window.desk, window.desk.cases.open({})
    for at in (case, other):
        wrote(desk, at, "person", name="Aru Kett")
    form = window.pages.get("/cases/alike").form("/cases/alike/judged")
    for answer, why in (("not", "Two cousins."), ("same", "One scar.")):
        fields = form.fields | {"answer": answer, "why": why}
        assert window.post(form.action, fields).status_code == 303
    told = window.pages.get("/cases/alike").text
    assert "Two said otherwise at once." in told
    assert "written over since" not in told
    form = window.pages.get("/cases/alike").form("/cases/alike/judged")
    both = form.fields | {"answer": "same", "why": "We spoke of it."}
    assert window.post(form.action, both).status_code == 303
    assert "Two said otherwise" not in window.pages.get("/cases/alike").text


def test_what_was_typed_of_a_pair_stays_when_it_is_refused(window: Window, case: CaseId) -> None:
    desk, other = window.desk, window.desk.cases.open({})
    for at in (case, other):
        wrote(desk, at, "person", name="Aru Kett")
    form = window.pages.get("/cases/alike").form("/cases/alike/judged")
    long = "x" * 2_001
    answer = window.post(form.action, form.fields | {"answer": "same", "why": long})
    assert answer.status_code == 422
    assert long in answer.text
    for wrong in ("", "zz", form.fields["pair"] + " 00", "00 " * 4):
        assert window.post(form.action, form.fields | {"pair": wrong}).status_code == 404
    gone = " ".join(["00" * 16] * 4)
    answer = window.post(form.action, {"pair": gone, "answer": "same", "why": "x"})
    assert answer.status_code == 422
    assert "Aru Kett" in answer.text


def test_nobody_is_named_twice_within_one_case(window: Window, case: CaseId) -> None:
    for _ in range(2):
        wrote(window.desk, case, "person", name="Aru Kett")
    assert "Nobody." in window.pages.get("/cases/alike").text
    part = (Part.IDENTITY, "name")
    assert window.desk.cases.records.record(case).sheets[0].text(part[1]) == "Aru Kett"
