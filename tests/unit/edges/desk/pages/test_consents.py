# SPDX-License-Identifier: AGPL-3.0-or-later
"""Consent on the pages: the text is read out, the answer kept, shown by person, and taken back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from safeconduct.edges.desk.consent_texts import LANGUAGES, consent_text
from safeconduct.kernel.words import DAY, CaseId, Instant, VaultId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.consent import Purpose
from safeconduct.rooms.cases.consent_decide import Answer
from safeconduct.rooms.cases.record_decide import Typed as Field
from tests.kit.desk_twin_records import VAULTS
from tests.kit.pages import Page, check_page, text_of
from tests.unit.edges.desk.pages.window import Window


@pytest.fixture
def case(window: Window) -> CaseId:
    """A case that is open here."""
    return window.desk.cases.open({})


@pytest.fixture
def person(window: Window, case: CaseId) -> SheetId:
    """Somebody in its record."""
    typed = {(Part.CONTACT, "languages"): Field("Some Russian")}
    return window.desk.cases.records.write(case, "person", None, typed)


def day_from(now: Instant, ahead: int) -> str:
    """A day from now on, as a field shows it."""
    return f"{datetime.fromtimestamp(now / 1000 + ahead * 86_400, UTC):%Y-%m-%d}"


def day(window: Window, ahead: int) -> str:
    """A day from the desk's today on."""
    return day_from(window.desk.now(), ahead)


def asked(case: CaseId, person: SheetId, purpose: str = "referral", read: str = "ru") -> str:
    """Where the text is read out."""
    return f"/cases/{case.hex()}/consent/ask?person={person.hex()}&purpose={purpose}&read={read}"


def answer(window: Window, at: str, says: str = "yes", **typed: str) -> Page | None:
    """Fill in the form of the page that reads out; return the page if that is refused."""
    page = window.pages.get(at)
    (action,) = [one.get("action") or "" for one in page.all("form") if "saved" in str(one.attrib)]
    kept = {"recipient": "The clinic", "how": "spoken", "until": day(window, 90)}
    fields = page.form(action).fields | kept | typed | {"answer": says}
    found = window.post(action, fields)
    assert found.status_code in {303, 422}
    if found.status_code == 303:
        assert found.headers["location"] == action.removesuffix("/saved")
        return None
    return check_page(found.text, 422)


def test_every_text_is_read_out_in_its_language_and_kept_as_it_was_read(
    window: Window, case: CaseId, person: SheetId
) -> None:
    for purpose in Purpose:
        for language in LANGUAGES:
            page = window.pages.get(asked(case, person, purpose.value, language))
            text = consent_text(purpose, language)
            assert all(one in page.text for one in (text.title, *text.paragraphs))
            assert "Some Russian" in page.text
            assert ("has read this text yet" in page.text) is (language not in {"en", "ru"})
    answer(window, asked(case, person))
    (consent,) = window.desk.cases.consents.of(case).given
    assert consent.said.text == consent_text(Purpose.REFERRAL, "ru").whole
    assert (consent.said.language, consent.said.version) == ("ru", 1)


def test_the_way_leads_from_the_case_to_the_text_and_back_to_what_stands(
    window: Window, case: CaseId, person: SheetId
) -> None:
    path = f"/cases/{case.hex()}"
    assert f'href="{path}/consent"' in window.pages.get(path).html
    page = window.pages.get(f"{path}/consent")
    assert "Nobody has been asked yet." in page.text
    form = page.form(f"{path}/consent/ask")
    assert (form.method, form.fields["person"]) == ("get", person.hex())
    answer(window, asked(case, person), limits="No name.")
    told = window.pages.get(f"{path}/consent").text
    for words in ("The clinic", "holds until", "No name.", "spoken", "Written down. They can take"):
        assert words in told
    assert "Lapses within 30 days" not in told
    answer(window, asked(case, person, "testimony"), until=day(window, 20))
    told = window.pages.get(f"{path}/consent").text
    assert "Lapses within 30 days" in told
    assert "holds, and lapses soon" in told


def test_a_text_that_was_typed_is_kept_with_its_language(
    window: Window, case: CaseId, person: SheetId
) -> None:
    at = asked(case, person, "other", "typed")
    page = answer(window, at, text="", language="ce", other="a film")
    assert page is not None
    assert "the fields are marked" in page.text
    answer(window, at, text="Said aloud.", language="ce", other="a film")
    (consent,) = window.desk.cases.consents.of(case).given
    assert (consent.said.text, consent.said.language, consent.said.version) == (
        *("Said aloud.", "ce", 0),
    )
    told = window.pages.get(f"/cases/{case.hex()}/consent").text
    assert "Chechen; typed by who asked them" in told
    assert "a film" in told


def test_a_form_cannot_say_that_another_text_was_read(
    window: Window, case: CaseId, person: SheetId
) -> None:
    answer(window, asked(case, person), text="You must.", language="fr")
    (consent,) = window.desk.cases.consents.of(case).given
    assert consent.said.text == consent_text(Purpose.REFERRAL, "ru").whole


def test_what_is_wrong_is_marked_and_stays_in_the_form(
    window: Window, case: CaseId, person: SheetId
) -> None:
    page = answer(window, asked(case, person), until="", limits="No name.", how="through")
    assert page is not None
    marked = {one.get("name") for one in page.root.iter() if one.get("aria-invalid") == "true"}
    assert marked == {"until", "through"}
    assert "No name." in page.text
    assert page.by_id("consent-recipient").get("value") == "The clinic"
    assert window.desk.cases.consents.of(case).given == ()


def test_a_no_is_kept_and_nobody_is_asked_again_in_a_week(
    window: Window, case: CaseId, person: SheetId
) -> None:
    warned = "Do not ask them again"
    assert warned not in window.pages.get(asked(case, person)).text
    answer(window, asked(case, person), "no", how="", until="")
    told = window.pages.get(f"/cases/{case.hex()}/consent").text
    assert "Said no to" in told
    assert warned in window.pages.get(asked(case, person)).text
    assert warned not in window.pages.get(asked(case, person, "research")).text
    answer(window, asked(case, person))
    (consent,) = window.desk.cases.consents.of(case).given
    assert consent.holds(window.desk.now() // DAY)


def test_a_no_drops_no_words_that_were_typed(window: Window, case: CaseId, person: SheetId) -> None:
    page = answer(window, asked(case, person), "no", limits="Not to the army.", through="Her aunt")
    assert page is not None
    marked = {one.get("name") for one in page.root.iter() if one.get("aria-invalid") == "true"}
    assert marked == {"limits", "through"}
    assert "A no is kept without limits" in page.text
    assert "Not to the army." in page.text
    assert window.desk.cases.consents.of(case).noes == ()
    assert answer(window, asked(case, person), "no") is None
    assert len(window.desk.cases.consents.of(case).noes) == 1


def test_a_no_that_a_colleague_wrote_meanwhile_is_shown_before_a_yes_stands(
    window: Window, case: CaseId, person: SheetId
) -> None:
    page = window.pages.get(asked(case, person))
    action = f"/cases/{case.hex()}/consent/saved"
    no = Answer(person, "referral", "the clinic", given=day(window, 0))
    window.desk.cases.consents.refuse(case, no)
    kept = {"recipient": "The clinic", "how": "spoken", "until": day(window, 90), "answer": "yes"}
    found = window.post(action, page.form(action).fields | kept)
    assert found.status_code == 422
    again = check_page(found.text, 422)
    assert "had not seen" in again.text
    assert "What they said no to before" in again.text
    assert window.post(action, again.form(action).fields | {"answer": "yes"}).status_code == 303


def test_a_consent_is_taken_back_with_or_without_a_reason(
    window: Window, case: CaseId, person: SheetId
) -> None:
    answer(window, asked(case, person))
    path = f"/cases/{case.hex()}/consent"
    form = window.pages.get(path).form(f"{path}/withdrawn")
    refused = window.post(form.action, form.fields | {"reason": "x" * 1_001})
    assert refused.status_code == 422
    assert "x" * 1_001 in refused.text
    assert window.post(form.action, form.fields).status_code == 303
    page = window.pages.get(path)
    assert "taken back" in text_of(page.by_id("main"))
    assert not [one for one in page.all("form") if one.get("action") == form.action]
    again = window.post(form.action, form.fields)
    assert "nothing left to do" in again.text
    assert again.status_code == 422


def test_a_desk_without_the_contact_part_shows_that_and_nothing_else(
    window: Window, case: CaseId, person: SheetId
) -> None:
    path, consents = f"/cases/{case.hex()}/consent", window.desk.cases.consents
    contact = next(vault for vault, part in VAULTS.items() if part is Part.CONTACT)
    consents.parts.pop(VaultId(contact))
    before = window.client.get(path).content
    assert b"no key to it" in before
    consents.parts[contact] = Part.CONTACT
    answer(window, asked(case, person))
    window.pages.get(path)
    consents.parts.pop(contact)
    assert window.client.get(path).content == before
    refused = answer(window, asked(case, person))
    assert refused is not None
    assert "cannot read that part" in refused.text


def test_what_is_not_there_is_answered_like_what_never_was(
    window: Window, case: CaseId, person: SheetId
) -> None:
    for at in (
        asked(case, SheetId(bytes(16))),
        asked(case, person, "espionage"),
        asked(case, person, read="xx"),
        asked(CaseId(bytes(16)), person),
        f"/cases/{case.hex()}/consent/ask",
        f"/cases/{bytes(16).hex()}/consent",
    ):
        assert window.client.get(at).status_code == 404
    fields = {"person": person.hex(), "purpose": "referral", "read": "ru"}
    saved = f"/cases/{case.hex()}/consent/saved"
    assert window.post(saved, fields | {"answer": "perhaps"}).status_code == 404


def test_without_anybody_in_the_record_the_page_leads_there(window: Window, case: CaseId) -> None:
    page = window.pages.get(f"/cases/{case.hex()}/consent")
    assert f'href="/cases/{case.hex()}/record/person/new"' in page.html
    assert f"/cases/{case.hex()}/consent/ask" not in page.html
