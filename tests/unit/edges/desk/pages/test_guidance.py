# SPDX-License-Identifier: AGPL-3.0-or-later
"""On a conversation's page: flags with scripts, words to keep out, and one question before."""

import pytest

from safeconduct.edges.desk.scripted import script
from safeconduct.rooms.hotline.flags import Flag
from tests.kit.pages import Page, parse_part, text_of
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

MIRA = rehearsal_roster()[1][1]
NAME = "quiet orchard"
SCRIPT = {"HX_Request": "true"}


def flag(window: Window, which: Flag = Flag.SUICIDE) -> str:
    """Flag the conversation at this desk; its path."""
    path = window.path(NAME)
    fields = {"flag": which.value, "flag_reason": "They wrote a goodbye."}
    answer = window.post(f"{path}/flag", fields)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{path}#script-{which.value}"
    return path


def answers(window: Window) -> list[str]:
    """What was sent to the person."""
    talk = window.desk.conversation(window.talks[NAME])
    assert talk is not None
    return [answer.text for answer in talk.answers]


def ask(window: Window, text: str, **more: str) -> Page:
    """Send an answer; the page that asks."""
    path = window.path(NAME)
    form = window.pages.get(path).form(f"{path}/answer")
    form.fields.update(more)
    return window.pages.send(form, status=422, text=text)


def key_of(page: Page) -> str:
    """What the button that sends all the same says."""
    return page.by_id("send-all-the-same").get("value") or ""


@pytest.mark.parametrize("which", Flag)
def test_a_flag_stands_at_the_head_with_its_script_beside_and_in_the_queue(
    window: Window, which: Flag
) -> None:
    path = flag(window, which)
    page = window.pages.get(path)
    read = script(which, "en")
    assert "They wrote a goodbye." in text_of(page.by_id("flags"))
    said = text_of(page.by_id("scripts"))
    assert all(text in said for text in (read.title, *read.never, *(s.text for s in read.steps)))
    rows = text_of(window.pages.get("/hotline?show=all").by_id("rows"))
    assert {Flag.SUICIDE: "risk of suicide", Flag.MINOR: "a minor"}[which] in rows
    assert "They wrote a goodbye." not in rows


def test_a_step_that_a_colleague_ticked_is_done_here_and_can_be_taken_back(window: Window) -> None:
    path = flag(window)
    mira = window.desk.by(MIRA)
    mira.guidance.tick(window.talks[NAME], Flag.SUICIDE, "direct", 1, done=True)
    assert "done: Mira" in text_of(window.pages.get(path).by_id("scripts"))
    fields = {"flag": "suicide", "step": "direct", "done": "0"}
    part = window.post(f"{path}/step", fields, **SCRIPT)
    assert "to be done again: you" in text_of(parse_part(part.text))
    plain = window.post(f"{path}/step", fields | {"done": "1"})
    assert plain.headers["location"] == f"{path}#step-suicide-direct"
    assert "done: you" in text_of(window.pages.get(path).by_id("scripts"))


def test_a_step_under_another_version_of_the_text_is_to_be_read_again(window: Window) -> None:
    path = flag(window)
    window.desk.guidance.tick(window.talks[NAME], Flag.SUICIDE, "direct", 7, done=True)
    assert "another version of this text" in text_of(window.pages.get(path).by_id("scripts"))


def test_taken_away_the_script_goes_and_the_reason_stays(window: Window) -> None:
    path = flag(window)
    window.post(f"{path}/flag/end", {"flag": "suicide", "flag_reason": "I spoke with them."})
    page = window.pages.get(path)
    assert text_of(page.by_id("scripts")) == text_of(page.by_id("flags")) == ""
    assert "taken away by you" in page.text
    assert "I spoke with them." in page.text
    late = window.post(f"{path}/step", {"flag": "suicide", "step": "direct", "done": "1"})
    assert late.status_code == 422
    assert "does not stand any more" in late.text


def test_what_is_refused_keeps_what_was_typed(window: Window) -> None:
    path = window.path(NAME)
    none = window.post(f"{path}/flag", {"flag": "minor", "flag_reason": " "})
    assert none.status_code == 422
    assert "say in a few words why" in none.text
    many = window.post(f"{path}/avoid", {"avoid": ",".join(map(str, range(99)))})
    assert many.status_code == 422
    assert "fifty words at most" in many.text
    assert "97,98" in many.text


@pytest.mark.parametrize(
    ("path", "fields"),
    [("flag", {"flag": "else"}), ("step", {"flag": "suicide", "step": "nothing", "done": "1"})],
)
def test_what_no_page_of_ours_sends_leads_nowhere(
    window: Window, path: str, fields: dict[str, str]
) -> None:
    assert window.post(f"{window.path(NAME)}/{path}", fields).status_code == 404


def test_words_to_keep_out_are_said_before_anything_is_written(window: Window) -> None:
    path = window.path(NAME)
    window.post(f"{path}/avoid", {"avoid": "Madina, the green house"})
    page = window.pages.get(path)
    said = text_of(page.by_id("before-answer"))
    assert "Keep out of answers: Madina, the green house (you)" in said
    assert page.by_id("avoid").get("value") == "Madina, the green house"


def test_an_answer_with_such_a_word_leaves_after_one_more_press_and_not_before(
    window: Window,
) -> None:
    window.post(f"{window.path(NAME)}/avoid", {"avoid": "Madina"})
    text = "Your sister MADINA’s phone is watched."
    page = ask(window, text)
    assert answers(window) == []
    asked = page.by_id("ask-again")
    assert [text_of(mark) for mark in asked.iter("mark")] == ["MADINA"]
    assert "must not stand in answers" in text_of(asked)
    assert text_of(page.by_id("answer-text")).strip() == text
    path = window.path(NAME)
    form = window.pages.get(path).form(f"{path}/answer")
    form.fields["sure"] = key_of(page)
    window.pages.send(form, text=text)
    assert answers(window) == [text]


def test_the_press_counts_for_the_text_that_was_shown_alone(window: Window) -> None:
    window.post(f"{window.path(NAME)}/avoid", {"avoid": "Madina, brother"})
    key = key_of(ask(window, "Madina waits."))
    again = ask(window, "Madina and her brother wait.", sure=key)
    assert [text_of(mark) for mark in again.by_id("ask-again").iter("mark")] == [
        "Madina",
        "brother",
    ]
    assert answers(window) == []


def test_a_place_that_is_still_open_is_asked_about(window: Window) -> None:
    asked = ask(window, "We write {when}.").by_id("ask-again")
    assert "still to be filled in" in text_of(asked)
    assert [text_of(mark) for mark in asked.iter("mark")] == ["{when}"]
    assert answers(window) == []


def test_a_script_of_the_page_asks_within_the_form_that_stays(window: Window) -> None:
    path = window.path(NAME)
    fields = {"text": "We write {when}.", "seen": "none"}
    part = window.post(f"{path}/answer", fields, **SCRIPT)
    assert part.status_code == 422
    assert part.headers["hx-retarget"] == "#answer-refused"
    assert "send-all-the-same" in part.text


def test_a_file_name_is_looked_at_as_the_text_is(window: Window) -> None:
    path = window.path(NAME)
    window.post(f"{path}/avoid", {"avoid": "Madina"})
    form = window.pages.get(path).form(f"{path}/answer")
    files = [("Madina.pdf", b"%PDF")]
    page = window.pages.send_with_files(form, files, status=422, text="See this.")
    assert [text_of(mark) for mark in page.by_id("ask-again").iter("mark")] == ["Madina"]
    assert answers(window) == []


def test_an_ordinary_answer_is_not_asked_about(window: Window) -> None:
    path = window.path(NAME)
    window.post(f"{path}/avoid", {"avoid": "Madina"})
    form = window.pages.get(path).form(f"{path}/answer")
    window.pages.send(form, text="We are here.")
    assert answers(window) == ["We are here."]
