# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person's own file on the pages: chosen line by line, signed by another, made after that."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import UTC, datetime

import pytest

from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.consent_decide import Answer
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.crew import Role
from tests.kit.age_files import open_age
from tests.kit.pages import Page, check_page, text_of
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

OWN, MIRA, *_ = rehearsal_roster()[1]


@pytest.fixture
def case(window: Window) -> CaseId:
    """A case that is open here, in an office of two stewards."""
    window.desk.removals.change_roles(MIRA, frozenset({Role.STEWARD, Role.OPERATOR}))
    return window.desk.cases.open({})


def write(window: Window, case: CaseId, kind: str, part: Part, **said: str) -> SheetId:
    """Write a sheet."""
    typed = {(part, name): Typed(text) for name, text in said.items()}
    return window.desk.cases.records.write(case, kind, None, typed)


@pytest.fixture
def person(window: Window, case: CaseId) -> SheetId:
    """Somebody in its record who is hunted and has a brother here."""
    aru = write(window, case, "person", Part.IDENTITY, name="Aru")
    write(window, case, "person", Part.IDENTITY, name="Brother Daru")
    write(window, case, "pursuer", Part.IDENTITY, name="Uncle Kett", hunts=aru.hex())
    return aru


def wish(window: Window, case: CaseId, person: SheetId) -> bytes:
    """Write down that she wants her file."""
    now = window.desk.now() / 1000
    day, until = (
        datetime.fromtimestamp(now + days * 86_400, UTC).date().isoformat() for days in (0, 60)
    )
    said = "own_file", "by hand, at the office", "", "Read.", "en", 1, "spoken", "", day, until
    return window.desk.cases.consents.give(case, Answer(person, *said))


def ask(window: Window, case: CaseId, person: SheetId, status: int = 303, **more: str) -> Page:
    """Open the page that asks line by line, and ask with what is ticked, and more."""
    path = f"/cases/{case.hex()}/own"
    page = window.pages.get(f"{path}/choose?person={person.hex()}")
    form = page.form(f"{path}/asked?start=0")
    ticked = {
        str(one.get("name")): "on" for one in page.all("input") if one.get("checked") is not None
    }
    fields = {"person": person.hex(), "language": "ru"} | ticked | more
    answer = window.post(form.action, fields)
    assert answer.status_code == status
    return check_page(answer.text, status) if status != 303 else page


def line(page: Page, text: str) -> str:
    """The box of a line."""
    found = next(one for one in page.all("label") if text in text_of(one))
    return str(found.get("for"))


def test_what_is_of_others_is_not_ticked_or_not_there_at_all(
    window: Window, case: CaseId, person: SheetId
) -> None:
    wish(window, case, person)
    page = ask(window, case, person)
    assert "Brother Daru" not in page.text
    boxes = {str(one.get("id")): one.get("checked") for one in page.all("input")}
    assert boxes[line(page, "Aru")] is not None
    assert boxes[line(page, "Uncle Kett")] is None


def test_it_is_asked_for_signed_by_another_and_made_sealed(
    window: Window, case: CaseId, person: SheetId
) -> None:
    wish(window, case, person)
    ask(window, case, person)
    window.desk._device = MIRA
    today = window.pages.get("/today")
    (at,) = re.findall(r'href="(/cases/[0-9a-f]+/own/file/[0-9a-f]+)"', today.html)
    page = window.pages.get(at)
    assert "Aru" in page.text
    assert f"{at}/made" not in page.html
    window.pages.send(page.form(f"/cases/{case.hex()}/own/seconded"))
    window.desk._device = OWN
    form = window.pages.get(at).form(f"{at}/made")
    answer = window.post(form.action, form.fields | {"how": "sealed"})
    assert 'file-2026-11-20.zip.age"' in answer.headers["content-disposition"]
    plain = open_age(answer.content, form.fields["words"])
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        html, told = archive.read("file.html").decode(), json.loads(archive.read("file.json"))
    assert {one["text"] for one in told["lines"]} >= {"Aru"}
    assert told["lines_left_out"] is True
    assert "Что мы о вас храним" in html
    assert "Kett" not in html + json.dumps(told)
    assert "File made" in window.pages.get(f"/cases/{case.hex()}/own").text


def test_without_her_wish_nothing_is_asked_and_what_was_ticked_stays(
    window: Window, case: CaseId, person: SheetId
) -> None:
    path = f"/cases/{case.hex()}/own"
    page = window.pages.get(f"{path}/choose?person={person.hex()}")
    page = ask(window, case, person, 422, **{line(page, "Uncle Kett"): "on"})
    boxes = {str(one.get("id")): one.get("checked") for one in page.all("input")}
    assert boxes[line(page, "Uncle Kett")] is not None
    assert window.desk.cases.own_files.of(case) == ()


def test_a_wish_that_was_taken_back_stops_what_was_signed(
    window: Window, case: CaseId, person: SheetId
) -> None:
    consent = wish(window, case, person)
    ask(window, case, person)
    (asked,) = window.desk.cases.own_files.of(case)
    window.desk._device = MIRA
    window.desk.cases.own_files.second(case, asked.fact)
    window.desk._device = OWN
    at = f"/cases/{case.hex()}/own/file/{asked.fact.hex()}"
    form = window.pages.get(at).form(f"{at}/made")
    window.desk.cases.consents.withdraw(case, consent, "")
    assert window.post(form.action, form.fields | {"how": "open"}).status_code == 422
    (found,) = window.desk.cases.own_files.of(case)
    assert found.given == ()


def test_who_asked_takes_it_back_and_nobody_signs_their_own(
    window: Window, case: CaseId, person: SheetId
) -> None:
    wish(window, case, person)
    ask(window, case, person)
    (asked,) = window.desk.cases.own_files.of(case)
    path = f"/cases/{case.hex()}/own"
    window.post(f"{path}/seconded", {"fact": asked.fact.hex()})
    assert window.desk.cases.own_files.of(case) == (asked,)
    page = window.pages.get(f"{path}/file/{asked.fact.hex()}")
    assert "seconded" not in page.html
    window.pages.send(page.form(f"{path}/taken-back"))
    (found,) = window.desk.cases.own_files.of(case)
    assert found.taken_back
    for wrong in ("00" * 36, "zz"):
        assert window.client.get(f"{path}/file/{wrong}").status_code == 404
