# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ready answers on the pages: written here, read by a colleague, put into an answer, withdrawn."""

import pytest

from safeconduct.kernel.words import DAY
from safeconduct.rooms.hotline.canned_decide import Text
from tests.kit.pages import parse_part, text_of
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

MIRA = rehearsal_roster()[1][1]
NAME = "quiet orchard"
SCRIPT = {"HX_Request": "true"}
WORDS = {"language": "ru", "title": "Мы читаем", "text": "Ответ будет {когда}."}


def offered(window: Window, language: str = "ru") -> str:
    """A ready answer that a colleague wrote and somebody here read; its version."""
    window.desk.by(MIRA).guidance.write_canned(Text(language, "Мы читаем", "Ответ {когда}."))
    version = window.desk.guidance.canned()[-1].version.hex()
    window.post("/ready/read", {"version": version, "days": "90"})
    return version


def sections(window: Window) -> dict[str, str]:
    """What stands under each heading of the page."""
    page = window.pages.get("/ready")
    return {
        label: text_of(section)
        for section in page.root.iter("section")
        if (label := section.get("aria-labelledby") or "")
    }


def test_nothing_is_offered_of_what_comes_with_the_program(window: Window) -> None:
    found = sections(window)
    assert "None yet." in found["ready-offered"]
    assert "First answer" in found["ready-drafts"]
    assert "Кто мы и как нас проверить" in found["ready-drafts"]
    assert 'name="ready"' not in window.pages.get(window.path(NAME)).text


def test_a_draft_that_is_taken_over_waits_for_somebody_else(window: Window) -> None:
    form = window.pages.get("/ready/new?draft=first.ru").form("/ready/write")
    assert form.fields["title"] == "Первый ответ"
    window.pages.send(form, language="ru")
    waits = sections(window)["ready-waits"]
    assert "Первый ответ" in waits
    assert "You wrote this. Somebody else has to read it." in waits
    version = window.desk.guidance.canned()[0].version.hex()
    own = window.post("/ready/read", {"version": version, "days": "90"})
    assert own.status_code == 422
    assert "You wrote this yourself" in own.text


def test_read_by_another_it_is_offered_until_its_day_and_then_due(window: Window) -> None:
    offered(window)
    assert "Мы читаем" in sections(window)["ready-offered"]
    window.desk.clock.move(90 * DAY)
    assert "Мы читаем" in sections(window)["ready-due"]
    assert 'name="ready"' not in window.pages.get(window.path(NAME)).text


def test_chosen_it_goes_behind_what_is_written_and_sends_nothing(window: Window) -> None:
    version, path = offered(window), window.path(NAME)
    window.post(f"{path}/ready", {"ready": version, "text": "Hello."})
    page = window.pages.get(path)
    assert page.form(f"{path}/answer").fields["text"].strip() == "Hello.\n\nОтвет {когда}."
    talk = window.desk.conversation(window.talks[NAME])
    assert talk is not None
    assert talk.answers == ()
    part = window.post(f"{path}/ready", {"ready": version, "text": ""}, **SCRIPT)
    (field,) = parse_part(part.text).iter("textarea")
    assert text_of(field) == "Ответ {когда}."


def test_what_the_person_reads_shows_nothing_of_it(window: Window) -> None:
    version, path = offered(window), window.path(NAME)
    window.post(f"{path}/ready", {"ready": version, "text": ""})
    form = window.pages.get(path).form(f"{path}/answer")
    del form.fields["ready"]
    window.pages.send(form, text="Ответ завтра.")
    typed = window.path("amber lantern")
    window.pages.send(window.pages.get(typed).form(f"{typed}/answer"), text="Ответ завтра.")
    answers = []
    for talk in (window.talks[NAME], window.talks["amber lantern"]):
        facts = [item.event for item in window.desk._told[talk]]
        answers += [one for one in facts if getattr(one, "text", "") == "Ответ завтра."]
    first, second = answers
    assert type(first) is type(second)
    assert first.__struct_fields__ == second.__struct_fields__
    assert "ready" not in repr(first)


@pytest.mark.parametrize("end", ["withdrawn", "due"])
def test_one_that_ended_meanwhile_is_put_into_no_answer(window: Window, end: str) -> None:
    version, path = offered(window), window.path(NAME)
    if end == "due":
        window.desk.clock.move(90 * DAY)
    else:
        window.post("/ready/withdraw", {"version": version, "reason": "The bus is gone."})
    late = window.post(f"{path}/ready", {"ready": version, "text": "Hello."})
    assert late.status_code == 422
    assert "does not stand any more" in late.text
    assert "Hello." in late.text


def test_withdrawn_it_is_nowhere(window: Window) -> None:
    version = offered(window)
    none = window.post("/ready/withdraw", {"version": version, "reason": ""})
    assert none.status_code == 422
    window.post("/ready/withdraw", {"version": version, "reason": "The bus is gone."})
    assert "Ответ {когда}." not in window.pages.get("/ready").text


def test_written_anew_the_one_before_stays_until_that_was_read(window: Window) -> None:
    version = offered(window)
    form = window.pages.get(f"/ready/new?from={version}").form("/ready/write")
    assert form.fields["version"] == version
    window.pages.send(form, language="ru", text="Лучше.")
    found = sections(window)
    assert "Лучше." in found["ready-waits"]
    assert "Ответ {когда}." in found["ready-offered"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (WORDS | {"title": " "}, "give it a short title"),
        (WORDS | {"text": " "}, "Nothing is written yet"),
        (WORDS | {"text": "x" * 5_000}, "too long"),
        (WORDS | {"version": "ab"}, "does not stand any more"),
    ],
)
def test_what_is_refused_keeps_what_was_typed(
    window: Window, fields: dict[str, str], said: str
) -> None:
    answer = window.post("/ready/write", fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert fields["title"].strip() in answer.text


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/ready/write", WORDS | {"language": "xx"}),
        ("/ready/read", {"version": "", "days": "4000"}),
    ],
)
def test_what_no_page_of_ours_sends_leads_nowhere(
    window: Window, path: str, fields: dict[str, str]
) -> None:
    assert window.post(path, fields).status_code == 404
    assert window.client.get("/ready/new?draft=../x").status_code == 404
