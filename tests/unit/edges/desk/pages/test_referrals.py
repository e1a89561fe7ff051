# SPDX-License-Identifier: AGPL-3.0-or-later
"""Referrals on the pages: chosen, seen word for word, made, handed over, withdrawn."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from safeconduct.edges.desk.referral_words import package
from safeconduct.kernel.phrase import LISTS
from safeconduct.kernel.words import DAY, CaseId, ConversationId, Instant
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.consent import ConsentId
from safeconduct.rooms.cases.consent_decide import Answer
from safeconduct.rooms.cases.record_decide import Typed as Field
from safeconduct.rooms.cases.referral_files import field_of
from safeconduct.rooms.cases.referrals import Piece
from tests.kit.pages import Page, check_page, text_of
from tests.kit.strangers_files import photograph
from tests.unit.edges.desk.pages.window import Window

WORDS = "Can you take her in from Monday?"


@pytest.fixture
def case(window: Window) -> CaseId:
    """A case that is open here."""
    return window.desk.cases.open({})


@pytest.fixture
def person(window: Window, case: CaseId) -> SheetId:
    """Somebody in its record."""
    typed = {(Part.IDENTITY, "name"): Field("Aru"), (Part.HEALTH, "needs"): Field("Insulin.")}
    return window.desk.cases.records.write(case, "person", None, typed)


@pytest.fixture
def consent(window: Window, case: CaseId, person: SheetId) -> ConsentId:
    """Her yes to the clinic."""
    given, until = (day(window, ahead) for ahead in (0, 90))
    read = "", "Read.", "ru", 1, "spoken", "", given, until, "No address."
    said = Answer(person, "referral", "The clinic", *read)
    return window.desk.cases.consents.give(case, said)


def day(window: Window, ahead: int) -> str:
    """A day from the desk's today on."""
    then = datetime.fromtimestamp((window.desk.now() + ahead * DAY) / 1000, UTC)
    return f"{then:%Y-%m-%d}"


def path(case: CaseId) -> str:
    """Where the referrals of a case are."""
    return f"/cases/{case.hex()}/referrals"


def look(window: Window, case: CaseId, consent: ConsentId, **typed: str) -> Page:
    """Fill in the form of a new one; return what is shown then."""
    page = window.pages.get(f"{path(case)}/new?consent={consent.hex()}")
    fields = page.form(f"{path(case)}/seen").fields | {"words": WORDS} | typed
    found = window.post(f"{path(case)}/seen", fields)
    return check_page(found.text, found.status_code)


def made(window: Window, case: CaseId, seen: Page) -> Page:
    """Make what was seen."""
    fields = seen.form(f"{path(case)}/made").fields
    found = window.post(f"{path(case)}/made", fields)
    return check_page(found.text, found.status_code)


def ticks(page: Page) -> list[str]:
    """The names of the boxes that are ticked."""
    return [one.get("name") or "" for one in page.all("input") if one.get("checked") is not None]


def everything(person: SheetId) -> dict[str, str]:
    """The tick that brings all of her sheet."""
    return {f"all-person-{person.hex()}": "1"}


def came(window: Window, case: CaseId) -> str:
    """Somebody writes with the words; return the referral's id."""
    (shown,) = window.desk.cases.referrals.of(case) or ()
    talk = ConversationId(shown.referral.talk)
    window.desk.cases.referrals.heard[talk] = [Instant(window.desk.now())]
    return shown.referral.fact.hex()


def test_a_referral_goes_from_the_case_to_its_words_and_is_handed_over(
    window: Window, case: CaseId, person: SheetId, consent: ConsentId
) -> None:
    assert f'href="{path(case)}"' in window.pages.get(f"/cases/{case.hex()}").html
    form = window.pages.get(path(case)).form(f"{path(case)}/new")
    assert form.fields["consent"] == consent.hex()
    seen = look(window, case, consent, **everything(person))
    assert all(one in seen.text for one in (WORDS, "Aru", "Insulin.", "No address."))
    drawn = made(window, case, seen)
    words = text_of(drawn.by_id("eight")).split()
    assert len(words) == 8
    assert set(words) <= set(LISTS["en"])
    assert " ".join(words) not in window.pages.get(path(case)).text
    assert "nobody has written with the words yet" in window.pages.get(path(case)).text
    fact = came(window, case)
    hand = window.pages.get(f"{path(case)}/{fact}")
    assert all(one in hand.text for one in (WORDS, "Aru", "Insulin.", "No address."))
    window.pages.send(hand.form(f"{path(case)}/handed"))
    assert window.desk.cases.referrals.sent[-1].startswith(WORDS)
    told = window.pages.get(path(case)).text
    assert "Whether it was read nobody can see" in told
    assert "(handed over)" in window.pages.get(f"/cases/{case.hex()}").text
    happened = window.pages.get(f"/cases/{case.hex()}/stages").text
    assert "Referral made" in happened
    assert "Referral handed over" in happened


def test_what_goes_along_is_what_was_ticked(
    window: Window, case: CaseId, person: SheetId, consent: ConsentId
) -> None:
    seen = look(window, case, consent, **{f"go-person-{person.hex()}-name": "1"})
    assert "Aru" in seen.text
    assert "Insulin." not in seen.text
    made(window, case, seen)
    fact = came(window, case)
    assert "Insulin." not in window.pages.get(f"{path(case)}/{fact}").text


def test_what_was_typed_and_ticked_is_there_again(
    window: Window, case: CaseId, person: SheetId, consent: ConsentId
) -> None:
    ticked = f"go-person-{person.hex()}-needs"
    refused = look(window, case, consent, until="", **{ticked: "1"})
    assert refused.status == 422
    assert "the fields are marked" in refused.text
    assert WORDS in refused.text
    assert ticks(refused) == [ticked]
    seen = look(window, case, consent, **{ticked: "1"})
    fields = seen.form(f"{path(case)}/made").fields | {"back": "1"}
    again = check_page(window.post(f"{path(case)}/seen", fields).text, 200)
    assert WORDS in again.text
    assert ticks(again) == [ticked]


def test_nothing_is_made_of_what_was_changed_since_it_was_seen(
    window: Window, case: CaseId, person: SheetId, consent: ConsentId
) -> None:
    seen = look(window, case, consent, **everything(person))
    entered = window.desk.cases.records.record(case).sheets[0].entered("needs")[0]
    saw = frozenset(one.fact for one in entered.standing)
    typed = {(Part.HEALTH, "needs"): Field("Insulin, cold.", saw)}
    window.desk.cases.records.write(case, "person", person, typed)
    again = made(window, case, seen)
    assert "was changed since this was shown" in again.text
    assert "Insulin, cold." in again.text
    assert not window.desk.cases.referrals.of(case)
    assert "The eight words" in made(window, case, again).text


def test_pressing_twice_makes_one(
    window: Window, case: CaseId, person: SheetId, consent: ConsentId
) -> None:
    seen = look(window, case, consent, **everything(person))
    made(window, case, seen)
    assert "waits already" in made(window, case, seen).text
    assert len(window.desk.cases.referrals.of(case) or ()) == 1


def test_without_a_consent_that_holds_nothing_is_made(
    window: Window, case: CaseId, consent: ConsentId
) -> None:
    seen = look(window, case, consent)
    window.desk.cases.consents.withdraw(case, consent, "")
    assert "took back their consent" in made(window, case, seen).text
    assert not window.desk.cases.referrals.of(case)
    page = window.pages.get(path(case))
    assert "Ask them first" in page.text
    assert window.client.get(f"{path(case)}/new?consent={bytes(16).hex()}").status_code == 404


def test_it_is_withdrawn_in_time_or_too_late_and_the_page_says_which(
    window: Window, case: CaseId, consent: ConsentId
) -> None:
    made(window, case, look(window, case, consent))
    window.pages.send(window.pages.get(path(case)).form(f"{path(case)}/withdrawn"))
    assert "Nothing has left us" in window.pages.get(path(case)).text
    (first,) = window.desk.cases.referrals.of(case) or ()
    refused = window.post(f"{path(case)}/handed", {"referral": first.referral.fact.hex()})
    assert "was withdrawn, or its last day is over" in refused.text
    made(window, case, look(window, case, consent))
    newest = (window.desk.cases.referrals.of(case) or ())[0].referral
    window.desk.cases.referrals.heard[newest.talk] = [Instant(window.desk.now())]
    window.desk.cases.referrals.hand_over(case, newest.fact)
    form = window.pages.get(path(case)).form(f"{path(case)}/withdrawn")
    long = window.post(form.action, form.fields | {"reason": "x" * 1_001})
    assert long.status_code == 422
    assert "x" * 1_001 in long.text
    window.pages.send(form)
    assert "cannot be called back" in window.pages.get(path(case)).text


def test_nobody_came_yet_or_nothing_is_there(
    window: Window, case: CaseId, consent: ConsentId
) -> None:
    made(window, case, look(window, case, consent))
    (shown,) = window.desk.cases.referrals.of(case) or ()
    refused = window.post(f"{path(case)}/handed", {"referral": shown.referral.fact.hex()})
    assert "Nobody has written with the words yet" in refused.text
    for at in (bytes(36).hex(), "x"):
        found = window.client.get(f"{path(case)}/{at}")
        assert "no such referral" in found.text
        assert found.status_code == 422


def test_a_desk_without_the_contact_part_shows_that_and_nothing_else(
    window: Window, case: CaseId, consent: ConsentId
) -> None:
    made(window, case, look(window, case, consent))
    parts = window.desk.cases.referrals.parts
    contact = next(vault for vault, part in parts.items() if part is Part.CONTACT)
    parts.pop(contact)
    page = window.pages.get(path(case))
    assert "this desk has no key to it" in page.text
    assert "The clinic" not in page.text


def test_a_package_names_no_sheet_that_does_not_go_along() -> None:
    aru, daru = SheetId(b"1" * 16), SheetId(b"2" * 16)
    tie = SheetId(b"3" * 16)
    pieces = (
        Piece(aru, "person", "name", "Aru", Part.IDENTITY),
        Piece(tie, "tie", "one", aru.hex(), Part.IDENTITY),
        Piece(tie, "tie", "relation", "parent", Part.IDENTITY),
        Piece(tie, "tie", "other", daru.hex(), Part.IDENTITY),
    )
    text = package("en", "", pieces)
    assert "Person 1\nName, as they use it: Aru" in text
    assert "Who: Person 1" in text
    assert "The other" not in text
    assert not re.search(r"[0-9a-f]{32}", text)
    assert "Имя" in package("ru", "", pieces)


def with_file(window: Window, case: CaseId, content: bytes, name: str = "Aru.jpg") -> str:
    """Let somebody of the case send a file; return how the form calls it."""
    window.talks["new"] = window.desk.receive("new", "My papers.", files=[(name, content)])
    window.desk.cases.links.link(case, window.talks["new"])
    return field_of(list(window.desk.files)[-1])


def test_a_file_goes_along_as_a_copy_and_is_shown_before(
    window: Window, case: CaseId, person: SheetId, consent: ConsentId
) -> None:
    name = with_file(window, case, photograph())
    ticks = {name: "1", f"{name}-in-{person.hex()}": "1"}
    seen = look(window, case, consent, **ticks)
    assert "file-1: our copy of what it shows." in seen.text
    assert re.search(r"It shows or names: Person \S+ \(Aru\)", seen.text)
    made(window, case, seen)
    fact = came(window, case)
    assert "file-1: a clean copy" in window.pages.get(path(case)).text
    hand = window.pages.get(f"{path(case)}/{fact}")
    assert re.search(r"It shows or names: Person \S+ \(Aru\)", hand.text)
    window.pages.send(hand.form(f"{path(case)}/handed"))
    (file,) = window.desk.cases.referrals.sent_files
    assert (file.name, file.media_type) == ("file-1.png", "image/png")
    assert window.desk.saved == []


def test_a_file_of_nobody_and_an_original_without_a_reason_are_marked(
    window: Window, case: CaseId, person: SheetId, consent: ConsentId
) -> None:
    name = with_file(window, case, photograph())
    original = {name: "1", f"{name}-in-{person.hex()}": "1", f"{name}-as": "original"}
    for typed in ({name: "1"}, original):
        refused = look(window, case, consent, **typed)
        assert refused.status == 422
        assert "who can be seen or is named" in refused.text
        assert name in ticks(refused)
        assert any(one.get("aria-invalid") == "true" for one in refused.all("fieldset"))
    seen = look(window, case, consent, **original, **{f"{name}-why": "The embassy asks."})
    assert "file-1: as it came to us." in seen.text
    assert "The embassy asks." in seen.text
    fields = seen.form(f"{path(case)}/made").fields | {"back": "1"}
    again = check_page(window.post(f"{path(case)}/seen", fields).text, 200)
    assert again.by_id(f"{name}-why").get("value") == "The embassy asks."


def test_of_what_cannot_be_copied_the_page_says_so_and_which_it_is(
    window: Window, case: CaseId, person: SheetId, consent: ConsentId
) -> None:
    name = with_file(window, case, b"PK\x03\x04 an archive", "all.zip")
    refused = look(window, case, consent, **{name: "1", f"{name}-in-{person.hex()}": "1"})
    assert "No clean copy could be made" in refused.text
    assert "This file:" in refused.text
    assert any(one.get("aria-invalid") == "true" for one in refused.all("fieldset"))
    assert not window.desk.cases.referrals.of(case)


def test_who_reads_the_names_of_whom_a_file_shows_is_noted(
    window: Window, case: CaseId, person: SheetId, consent: ConsentId
) -> None:
    name = with_file(window, case, photograph())
    made(window, case, look(window, case, consent, **{name: "1", f"{name}-in-{person.hex()}": "1"}))
    fact, cases = came(window, case), window.desk.cases
    cases._looked.clear()
    window.pages.get(f"{path(case)}/{fact}")
    noted = {one for one in Part if cases.reported(case, one, start=0, most=1)[1]}
    assert noted == {Part.CONTACT, Part.IDENTITY}
