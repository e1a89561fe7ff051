# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages by which conversations leave the office, as a person and as an attacker uses them."""

import json
import re
from dataclasses import replace

import pytest

from safeconduct.edges.desk import verified
from safeconduct.edges.desk.troubles import problem
from safeconduct.edges.desk.verified import StillChecking
from safeconduct.kernel.errors import Refused
from safeconduct.rooms.crew import Role, exports
from tests.kit.age_files import open_age
from tests.kit.pages import Page
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

SANA, MIRA, TIMUR, *_ = rehearsal_roster()[1]
WHY = {"reason": "The court asks for it.", "recipient": "the lawyer"}


def two_stewards(window: Window) -> None:
    """Let Mira be a steward, too, as the founder alone may say."""
    window.desk.removals.change_roles(MIRA, frozenset({Role.STEWARD, Role.OPERATOR}))


def ask(window: Window, status: int = 200, **typed: str) -> Page:
    """Open the page, fill it in, and press the button."""
    form = window.pages.get("/exports").form("/exports/asked")
    return window.pages.send(form, status=status, **({"scope": "all"} | WHY | typed))


def hold(window: Window) -> str:
    """Take a conversation; return its page."""
    (name, talk), *_ = window.talks.items()
    window.desk.claim(talk)
    return window.path(name)


def test_ones_own_conversation_is_a_download_sealed_with_the_words_on_the_page(
    window: Window,
) -> None:
    path = hold(window)
    assert f"{path}/export" in window.pages.get(path).html
    page = window.pages.get(f"{path}/export")
    form = page.form(f"{path}/exported")
    assert form.fields["words"] in page.text
    (chosen,) = [one for one in page.all("input") if one.get("checked") is not None]
    assert chosen.get("value") == "sealed"
    answer = window.post(form.action, form.fields | {"how": "sealed"})
    assert answer.headers["content-type"] == "application/octet-stream"
    assert re.search(r'"export-2026-11-20\.json\.age"', answer.headers["content-disposition"])
    assert answer.headers["cache-control"] == "no-store"
    content = json.loads(open_age(answer.content, form.fields["words"]))
    assert content["conversations"][0]["messages"]


def test_open_file_is_given_only_when_it_was_chosen(window: Window) -> None:
    path = hold(window)
    form = window.pages.get(f"{path}/export").form(f"{path}/exported")
    answer = window.post(form.action, form.fields | {"how": "open"})
    assert json.loads(answer.content)["format"] == "safeconduct-export"
    for how in ("", "OPEN"):
        assert window.post(form.action, form.fields | {"how": how}).content.startswith(b"age-")


def test_words_that_nobody_drew_seal_nothing(window: Window) -> None:
    path = hold(window)
    form = window.pages.get(f"{path}/export").form(f"{path}/exported")
    for words in ("", "password", "abacus " * 7):
        answer = window.post(form.action, form.fields | {"how": "sealed", "words": words})
        assert answer.status_code == 422
        assert "attachment" not in answer.headers.get("content-disposition", "")
    assert window.desk.exports.made == []


def test_what_takes_two_is_asked_for_signed_on_today_and_then_made(window: Window) -> None:
    two_stewards(window)
    asked = ask(window)
    assert "Asked. A steward who is somebody else" in asked.text
    assert "It waits for a steward" in asked.text
    window.desk._device = MIRA
    today = window.pages.get("/today")
    assert f"Take {len(window.talks)} conversations out of the office" in today.text
    assert "The court asks for it." in today.text
    assert (
        "Signed. The colleague who asked can"
        in window.pages.send(today.form("/exports/seconded")).text
    )
    assert "It is signed. You can make" not in window.pages.get("/exports").text
    window.desk._device = SANA
    link = re.search(r'href="(/exports/[0-9a-f]{72})"', window.pages.get("/exports").html)
    assert link
    form = window.pages.get(link[1]).form(f"{link[1]}/made")
    content = json.loads(window.post(form.action, form.fields | {"how": "open"}).content)
    assert len(content["conversations"]) == len(window.talks)
    assert "The file was made 1 time." in window.pages.get("/exports").text


def test_one_steward_alone_is_told_that_nobody_else_signs(window: Window) -> None:
    nobody = "You are the only steward, so nobody else signs."
    assert nobody in window.pages.get("/exports").text
    page = ask(window)
    assert page.text.count(nobody) == 3
    assert "sees it on Today" not in page.text
    assert "It is signed" not in page.text


def test_requests_are_said_to_be_of_whom_they_name(window: Window) -> None:
    text = window.pages.get("/exports").text
    assert "is by the person named beside it" in text
    assert "This device wrote all" not in text


def test_button_names_what_is_signed(window: Window) -> None:
    two_stewards(window)
    ask(window)
    window.desk._device = MIRA
    assert f"Sign: let {len(window.talks)} conversations out" in window.pages.get("/today").text


def test_who_made_three_files_alone_is_told_why_a_steward_has_to_sign(window: Window) -> None:
    two_stewards(window)
    path = hold(window)
    form = window.pages.get(f"{path}/export").form(f"{path}/exported")
    for _ in range(3):
        assert window.post(form.action, form.fields | {"how": "open"}).status_code == 200
    assert "You have made three files alone this week." in window.pages.get(f"{path}/export").text
    assert "three files alone" not in window.pages.get("/exports").text


def test_colleague_makes_no_file_of_what_another_asked_for(window: Window) -> None:
    two_stewards(window)
    ask(window)
    fact = window.desk.exports.asked()[0].fact.hex()
    assert window.client.get(f"/exports/{fact}").status_code == 404
    assert window.post(f"/exports/{fact}/made", {"how": "open"}).status_code == 404
    window.desk._device = MIRA
    assert window.post(f"/exports/{fact}/made", {"how": "open"}).status_code == 404
    assert window.desk.exports.made == []


def test_who_is_no_steward_is_offered_no_signature(window: Window) -> None:
    two_stewards(window)
    ask(window)
    fact = window.desk.exports.asked()[0].fact.hex()
    window.desk._device = TIMUR
    assert "conversations out of the office" not in window.pages.get("/today").text
    assert "Only a steward" in window.post("/exports/seconded", {"fact": fact}).text
    assert window.desk.exports.waiting()


def test_what_was_asked_is_taken_back_with_one_button(window: Window) -> None:
    two_stewards(window)
    page = ask(window)
    form = page.form("/exports/taken-back")
    assert "Taken back. No file" in window.pages.send(form).text
    assert "nothing to take back" in window.pages.send(form).text
    window.desk._device = MIRA
    assert "Waits for a second steward" not in window.pages.get("/today").text


def test_what_was_typed_stays_where_it_was_refused(window: Window) -> None:
    page = ask(window, status=422, reason=" ")
    assert "Say for whom it is" in page.text
    assert page.form("/exports/asked").fields["recipient"] == "the lawyer"
    chosen = [one.get("value") for one in page.all("input") if one.get("checked") is not None]
    assert chosen == ["all"]
    page = ask(window, status=422, scope="00" * 16)
    assert "no conversation in what you chose" in page.text
    assert window.desk.exports.asked() == []


def test_while_signatures_are_checked_the_page_says_to_wait(window: Window) -> None:
    path = hold(window)
    form = window.pages.get(f"{path}/export").form(f"{path}/exported")
    window.desk.exports.refuses = StillChecking()
    answer = window.post(form.action, form.fields)
    assert "signatures are still being checked" in answer.text
    answer = window.post(form.action, form.fields | {"script": "1"})
    assert answer.status_code == 204
    assert "signatures are still being checked" in window.pages.get("/today").text


def test_conversation_that_one_does_not_hold_is_asked_for(window: Window) -> None:
    (name, talk), *_ = window.talks.items()
    window.desk._roster = replace(window.desk._roster, stewards=frozenset({SANA, MIRA}))
    for held in window.desk._conversation(talk).claims:
        window.desk.by(held.holder).release(talk)
    page = window.pages.get(f"{window.path(name)}/export")
    (chosen,) = [one for one in page.all("input") if one.get("checked") is not None]
    assert chosen.get("value") == talk.hex()
    answer = window.post(f"{window.path(name)}/exported", {"how": "open"})
    assert answer.status_code == 422
    assert "This takes a steward who is somebody else" in answer.text


def test_forms_of_other_pages_export_nothing(window: Window) -> None:
    path = hold(window)
    for headers, fields in (({"Origin": "http://evil.invalid"}, {}), ({}, {"csrf": "guessed"})):
        for where in (f"{path}/exported", "/exports/asked", "/exports/seconded"):
            assert window.post(where, fields, **headers).status_code == 403
    assert window.client.get(f"{path}/exported").status_code in {404, 405}
    assert window.desk.exports.made == []


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_refusal_of_exporting_has_words_of_its_own(language: str) -> None:
    refusals: list[type[Refused]] = [
        found
        for module in (exports, verified)
        for found in vars(module).values()
        if isinstance(found, type)
        and issubclass(found, Refused)
        and found.__module__ == module.__name__
    ]
    said = {problem(one(), language) for one in refusals}
    general = problem(type("Unheard", (Refused,), {"code": "unheard"})(), language)
    assert len(said) == len(refusals) == 7
    assert general not in said
