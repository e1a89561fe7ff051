# SPDX-License-Identifier: AGPL-3.0-or-later
"""Going abroad on the pages: a checklist by one press, what is urgent, options, and letters."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime

import pytest

from safeconduct.kernel.sheets import Typed as Said
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.checklist import ALWAYS
from safeconduct.rooms.cases.consent_decide import Answer
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.cases.sheets import ITEM, SHEETS
from safeconduct.rooms.passage import Book
from tests.kit.age_files import open_age
from tests.kit.pages import Page, check_page, text_of
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

OWN, MIRA, *_ = rehearsal_roster()[1]
LISTS = ("/today", "/cases", "/cases/abroad", "/cases/tasks", "/cases/papers", "/cases/risk")


@pytest.fixture
def case(window: Window) -> CaseId:
    """A case that is open here."""
    return window.desk.cases.open({})


def write(
    window: Window, case: CaseId, kind: str, sheet: SheetId | None = None, /, **said: str
) -> SheetId:
    """Write a sheet, each field into its part."""
    parts = {one.name: one.part for one in SHEETS[kind]}
    typed = {(parts[name], name): Typed(text) for name, text in said.items()}
    return window.desk.cases.records.write(case, kind, sheet, typed)


@pytest.fixture
def person(window: Window, case: CaseId) -> SheetId:
    """Somebody in its record, with a child."""
    write(window, case, "person", stands="child", name="Small Vess")
    return write(window, case, "person", stands="asks", name="Aru", health="Needs insulin.")


def way(window: Window, case: CaseId, person: SheetId, **said: str) -> SheetId:
    """Write down that somebody goes to an invented country."""
    ordinary = {"of": person.hex(), "country": "Vessland", "children": "yes"}
    return write(window, case, "relocation", **(ordinary | said))


def main(page: Page) -> str:
    """What stands in the middle of a page."""
    return text_of(page.by_id("main"))


def test_a_checklist_is_begun_by_one_press_and_with_what_the_book_says_of_the_country(
    window: Window, case: CaseId, person: SheetId
) -> None:
    window.desk.ways.office.readers[Book.ABROAD] = {window.desk.device}
    said = {
        "name": "VESSLAND",
        "route": "By air.",
        "state": "open",
        "documents": "A photo\n\nForm 9",
    }
    window.desk.ways.write("country", None, {name: Said(text) for name, text in said.items()})
    at = way(window, case, person)
    page = window.pages.get(f"/cases/{case.hex()}/abroad")
    assert "No interpreter is on the list" in main(page)
    form = page.form(f"/cases/{case.hex()}/abroad/{at.hex()}/begun")
    page = window.pages.send(form)
    assert "The checklist is begun." in page.text
    assert main(page).count("not there yet") == len(ALWAYS) + 2 + 2
    assert "Form 9" in main(page)
    assert form.action not in page.html
    assert window.post(form.action).status_code == 422
    assert window.post(f"/cases/{case.hex()}/abroad/{person.hex()}/begun").status_code == 404


def test_a_thing_is_there_by_one_press_and_taken_off_with_a_reason(
    window: Window, case: CaseId, person: SheetId
) -> None:
    at = way(window, case, person)
    thing = write(window, case, ITEM, of=at.hex(), what="ticket")
    path = f"/cases/{case.hex()}"
    page = window.pages.get(f"{path}/abroad")
    page = window.pages.send(page.form(f"{path}/abroad/{thing.hex()}/there"))
    assert "ticket it is there" in main(page)
    assert window.post(f"{path}/abroad/{thing.hex()}/there").status_code == 303
    (field,) = window.desk.cases.records.record(case).sheet(thing, ITEM).entered("state")  # type: ignore[union-attr]
    saw = {"saw-state": " ".join(one.fact.hex() for one in field.standing)}
    window.post(f"{path}/abroad/{thing.hex()}/there", saw)
    assert window.post(f"{path}/abroad/{at.hex()}/there").status_code == 404
    off = f"{path}/record/item/{thing.hex()}"
    form = window.pages.get(off).form(f"{off}/off")
    page = window.pages.send(form, reason="They walk.")
    assert "They walk." in page.text
    assert "No ticket is on the list." not in main(page)


def test_a_form_shows_what_belongs_to_the_thing_and_what_stands_there(
    window: Window, case: CaseId, person: SheetId
) -> None:
    at = way(window, case, person)
    new = f"/cases/{case.hex()}/record/item/new"
    form = window.pages.get(f"{new}?of={at.hex()}&what=meets").form(f"{new}/saved")
    assert "Vessland (" in window.pages.get(new).text
    assert (form.fields["of"], form.fields["what"]) == (at.hex(), "meets")
    assert "who" in form.fields
    assert "medicine" not in form.fields
    assert {one.name for one in SHEETS[ITEM]} <= window.pages.get(new).form(
        f"{new}/saved"
    ).fields.keys()
    thing = write(window, case, ITEM, of=at.hex(), what="meets", medicine="Written here by mistake")
    path = f"/cases/{case.hex()}/record/item/{thing.hex()}"
    assert "medicine" in window.pages.get(path).form(f"{path}/saved").fields


def test_what_is_urgent_stands_on_today_on_the_case_and_in_the_list(
    window: Window, case: CaseId, person: SheetId
) -> None:
    assert "abroad-due" not in window.pages.get("/today").html
    at = way(window, case, person, travels="2026-12-30")
    assert "abroad-due" not in window.pages.get("/today").html
    write(window, case, ITEM, of=at.hex(), what="appointment", day="2026-11-21", at="9:30")
    assert "1 thing is urgent for somebody who goes abroad." in window.pages.get("/today").text
    write(window, case, "relocation", at, travels="2026-12-01")
    shown = main(window.pages.get("/cases/abroad"))
    assert "Today or tomorrow: appointment." in shown
    assert "1 thing more" in shown
    assert "Nobody is on the list who meets them on arrival." in shown
    told = main(window.pages.get(f"/cases/{case.hex()}"))
    assert "Going abroad: Vessland (being prepared)" in told
    assert "Nobody is on the list who meets them on arrival." in told


def test_the_calendar_has_the_days_and_no_word_of_it(
    window: Window, case: CaseId, person: SheetId
) -> None:
    at = way(window, case, person, travels="2026-12-24")
    write(window, case, ITEM, of=at.hex(), what="visa", due="2026-12-11")
    form = window.pages.get("/reminders").form("/reminders/made")
    answer = window.post(form.action, form.fields).text
    assert "DTSTART:20261224T090000" in answer
    assert "DTSTART:20261211T090000" in answer
    assert set(re.findall("SUMMARY:.*", answer)) == {"SUMMARY:Open the desk\r"}
    assert "Vessland" not in answer


def test_who_declines_is_told_from_nobody_in_any_list(
    window: Window, case: CaseId, person: SheetId
) -> None:
    way(window, case, person, travels="2026-12-01")
    option = write(window, case, "option", **{"for": person.hex()}, country="Morrow")
    own = f"/cases/{case.hex()}"

    def answers() -> list[str]:
        pages = [window.pages.get(path).html for path in LISTS]
        form = window.pages.get("/reminders").form("/reminders/made")
        page = window.pages.get(f"{own}/abroad").html
        kept = page.replace("declined", "accepted").replace("no answer yet", "accepted")
        case_page = window.pages.get(own).html
        return [*pages, window.post(form.action, form.fields).text, kept, case_page]

    write(window, case, "option", option, answer="accepted")
    before = [re.sub(r"[0-9a-f]{72}", "", one) for one in answers()]
    (field,) = window.desk.cases.records.record(case).sheet(option, "option").entered("answer")  # type: ignore[union-attr]
    typed = Typed("declined", frozenset(one.fact for one in field.standing))
    window.desk.cases.records.write(case, "option", option, {(Part.JOURNEY, "answer"): typed})
    assert "declined" in window.pages.get(f"{own}/abroad").text
    assert [re.sub(r"[0-9a-f]{72}", "", one) for one in answers()] == before
    assert "needed" not in main(window.pages.get(f"{own}/record/option/new")).replace(
        "What is marked as needed", ""
    ).replace("Country, as people call it needed", "")


def consent(window: Window, case: CaseId, person: SheetId, purpose: str = "authorities") -> bytes:
    """Write down that she allows a letter to a consulate."""
    now = window.desk.now() / 1000
    day, until = (
        datetime.fromtimestamp(now + days * 86_400, UTC).date().isoformat() for days in (0, 60)
    )
    said = purpose, "The consulate", "", "Read.", "en", 1, "spoken", "", day, until, "No brother."
    return window.desk.cases.consents.give(case, Answer(person, *said))


def letter(window: Window, case: CaseId, given: bytes, **said: str) -> Page:
    """Fill the form of a letter in, with her name ticked, and see it."""
    path = f"/cases/{case.hex()}/abroad/letter"
    page = window.pages.get(f"{path}?consent={given.hex()}")
    assert not [one for one in page.all("input") if one.get("checked") is not None]
    name = next(one for one in page.all("label") if "Aru" in text_of(one)).get("for")
    fields = {"language": "ru", "opening": "We know her.", "signed": "The office", str(name): "on"}
    form = page.form(f"{path}/seen")
    answer = window.post(form.action, form.fields | fields | said)
    assert answer.status_code == 200
    return check_page(answer.text)


def test_a_letter_says_what_was_ticked_and_is_reported(
    window: Window, case: CaseId, person: SheetId
) -> None:
    given = consent(window, case, person)
    assert "Write a letter" in window.pages.get(f"/cases/{case.hex()}/abroad").text
    page = letter(window, case, given)
    assert "No brother." in page.text
    assert "Needs insulin." not in page.text
    form = page.form(f"/cases/{case.hex()}/abroad/letter/made")
    answer = window.post(form.action, form.fields | {"how": "open"})
    assert answer.status_code == 200
    assert "letter-2026-11-20.html" in answer.headers["content-disposition"]
    assert "Aru" in answer.text
    assert 'lang="ru"' in answer.text
    assert "Needs insulin." not in answer.text
    (made,) = window.desk.cases.letters.of(case)
    assert (made.said.person, made.said.recipient) == (person, "The consulate")
    assert made.said.digest == hashlib.sha256(answer.content).digest()
    assert made.said.sealed == 0
    shown = main(window.pages.get(f"/cases/{case.hex()}/abroad"))
    assert "The consulate" in shown
    assert "taken back" not in shown
    window.desk.cases.consents.withdraw(case, given, "")
    assert "Ask them to destroy the letter." in main(
        window.pages.get(f"/cases/{case.hex()}/abroad")
    )
    assert window.post(form.action, form.fields | {"how": "open"}).status_code == 422
    assert len(window.desk.cases.letters.of(case)) == 1


def test_a_letter_is_sealed_with_words_and_one_that_changed_is_not_made(
    window: Window, case: CaseId, person: SheetId
) -> None:
    page = letter(window, case, consent(window, case, person))
    form = page.form(f"/cases/{case.hex()}/abroad/letter/made")
    answer = window.post(form.action, form.fields | {"how": "sealed"})
    assert answer.headers["content-disposition"].count("letter-2026-11-20.html.age")
    assert "We know her." in open_age(answer.content, form.fields["words"]).decode()
    changed = window.post(form.action, form.fields | {"how": "open", "opening": "Another word."})
    assert changed.status_code == 422
    assert "The record was changed" in changed.text
    back = page.form(f"/cases/{case.hex()}/abroad/letter/seen")
    again = check_page(window.post(back.action, back.fields | {"back": "1"}).text)
    assert again.form(back.action).fields["opening"] == "We know her."


def test_no_letter_without_a_consent_for_it(window: Window, case: CaseId, person: SheetId) -> None:
    path = f"/cases/{case.hex()}/abroad"
    assert "Ask them first" in window.pages.get(path).text
    research = consent(window, case, person, "research")
    assert "Ask them first" in window.pages.get(path).text
    for wrong in (research.hex(), "00" * 16, "x"):
        assert window.client.get(f"{path}/letter?consent={wrong}").status_code == 404
        assert window.post(f"{path}/letter/made", {"consent": wrong}).status_code == 404
    given = consent(window, case, person)
    answer = window.post(f"{path}/letter/seen", {"consent": given.hex(), "language": "en"})
    assert answer.status_code == 422
    assert "Nothing stands in this letter yet." in answer.text
