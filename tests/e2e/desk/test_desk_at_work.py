# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody is at work in a page while news comes: nothing typed is lost, nothing jumps."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from safeconduct.edges.desk.api import Drafts
from tests.kit.desk_window import FOCUSED, Served, listening
from tests.kit.rehearsal import rehearsal_roster

pytestmark = pytest.mark.browser
MIRA = rehearsal_roster()[1][1]
SECOND = 1_000


def test_news_leaves_what_is_being_typed_and_where_it_is(page: Page, served: Served) -> None:
    page.goto(served.path("quiet orchard"))
    listening(page)
    page.click("#answer-text")
    page.keyboard.type("Yes, we are")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    place = "document.querySelector('#answer-text').getBoundingClientRect().top"
    page.evaluate("document.querySelector('#answer-text').scrollIntoView({ block: 'center' })")
    top = page.evaluate(place)
    served.desk.receive(
        "quiet orchard", "One more thing.\n" * 12, conversation=served.talks["quiet orchard"]
    )
    served.desk.by(MIRA).note(served.talks["quiet orchard"], "I read this too.")
    expect(page.locator("#thread")).to_contain_text("One more thing.")
    expect(page.locator("#thread")).to_contain_text("I read this too.")
    assert page.evaluate(FOCUSED) == "answer-text"
    assert abs(page.evaluate(place) - top) < 2
    page.keyboard.type("lly ")
    assert page.input_value("#answer-text") == "Yes, we ally re"


def test_news_leaves_the_focus_in_a_list(page: Page, served: Served) -> None:
    listening(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    focused = page.evaluate(FOCUSED)
    assert focused.startswith("row-")
    served.desk.receive("new name", "A new message.")
    expect(page.locator("#queue")).to_contain_text("A new message.")
    expect(page.locator("#go-hotline .count")).to_contain_text("5")
    assert page.evaluate(FOCUSED) == focused


def test_news_waits_while_somebody_selects_text(page: Page, served: Served) -> None:
    page.goto(served.path("amber lantern"))
    listening(page)
    page.locator("#thread .text").first.click(click_count=3)
    chosen = page.evaluate("getSelection().toString()")
    assert "second phone" in chosen
    served.desk.note(served.talks["amber lantern"], "While you were selecting.")
    page.wait_for_timeout(SECOND)
    assert page.evaluate("getSelection().toString()") == chosen
    page.evaluate("getSelection().removeAllRanges()")
    expect(page.locator("#thread")).to_contain_text("While you were selecting.")


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize(("what", "name"), [("answer", "send"), ("note", "save")])
def test_a_press_is_never_lost(
    page: Page, served: Served, width: int, what: str, name: str
) -> None:
    """Neither leaving the field nor news that comes meanwhile moves the button from the finger."""
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(served.path("amber lantern"))
    listening(page)
    page.fill(f"#{what}-text", "Pressed slowly.")
    button = page.locator(f"#{what} [name={name}]")
    button.scroll_into_view_if_needed()
    place = button.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.mouse.down()
    served.desk.receive(
        "amber lantern", "Meanwhile.\n" * 9, conversation=served.talks["amber lantern"]
    )
    page.wait_for_timeout(SECOND / 2)
    expect(page.locator("#thread")).not_to_contain_text("Meanwhile.")
    page.mouse.up()
    expect(page.locator("#thread")).to_contain_text("Pressed slowly.")
    expect(page.locator(f"#{what}-text")).to_be_focused()
    expect(page.locator("#thread")).to_contain_text("Meanwhile.")


def test_claiming_and_noting_leave_a_half_written_answer(page: Page, served: Served) -> None:
    page.goto(served.path("quiet orchard"))
    page.fill("#answer-text", "Half of an answer")
    page.set_input_files("#answer-files", {"name": "a.txt", "mimeType": "x/y", "buffer": b"x"})
    page.click("#claim")
    expect(page.locator("#hold")).to_contain_text("Held by you")
    page.fill("#note-text", "She is nineteen.")
    page.click("#note button")
    expect(page.locator("#thread .note")).to_contain_text("She is nineteen.")
    expect(page.locator("#note-text")).to_have_value("")
    page.click(".passing summary")
    page.select_option("#hand-over-to", MIRA.hex())
    page.click("#hand-over button")
    expect(page.locator("#hold")).to_contain_text("Held by Mira")
    assert page.input_value("#answer-text") == "Half of an answer"
    assert page.evaluate("document.querySelector('#answer-files').files.length") == 1


def test_a_notice_lives_until_the_next_act(page: Page, served: Served) -> None:
    page.goto(served.path("quiet orchard"))
    listening(page)
    page.fill("#note-text", "She can be called.")
    page.click("#note button")
    expect(page.locator("#note .notice")).to_have_text("The note is saved.")
    page.click("#claim")
    expect(page.locator("#release")).to_be_visible()
    expect(page.locator("#note .notice")).to_have_count(0)
    page.click(".passing summary")
    page.click("#hand-over button")
    expect(page.locator("#notices")).to_contain_text("Handed over.")
    page.fill("#note-text", "After nine.")
    page.click("#note button")
    expect(page.locator("#note .notice")).to_have_text("The note is saved.")
    expect(page.locator("#notices .notice")).to_have_count(0)


def test_claiming_from_a_colleague_asks_once_and_the_place_stays(
    page: Page, served: Served
) -> None:
    talk = served.talks["quiet orchard"]
    served.desk.by(MIRA).claim(talk)
    page.goto(served.path("quiet orchard"))
    listening(page)
    expect(page.locator("#before-answer")).to_contain_text("Held by Mira")
    page.focus("#claim")
    page.keyboard.press("Enter")
    expect(page.locator("#hold")).to_contain_text("Have you agreed with them?")
    expect(page.locator("#hold")).to_be_focused()
    page.keyboard.press("Enter")
    page.click("#leave-it")
    expect(page.locator("#hold")).not_to_contain_text("Have you agreed")
    page.click("#claim")
    page.click("#claim-sure")
    expect(page.locator("#hold")).to_contain_text("Held by you")
    expect(page.locator("#hold")).to_be_focused()
    expect(page.locator(".passing")).to_be_visible()
    expect(page.locator("#before-answer")).not_to_contain_text("Held by")


def test_in_a_narrow_window_claiming_comes_before_answering(page: Page, served: Served) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    page.goto(served.path("quiet orchard"))
    tops = [
        page.evaluate(f"document.querySelector('{what}').getBoundingClientRect().top")
        for what in ("#thread", "#claim", "#answer", "#note")
    ]
    assert tops == sorted(tops)


def test_a_refused_answer_keeps_its_text_and_its_files_and_goes_the_second_time(
    page: Page, served: Served
) -> None:
    page.goto(served.path("quiet orchard"))
    page.fill("#answer-text", "Mine.")
    page.set_input_files("#answer-files", {"name": "a.txt", "mimeType": "x/y", "buffer": b"abc"})
    served.desk.by(MIRA).answer(served.talks["quiet orchard"], "We are real. I am Mira.")
    page.keyboard.press("Escape")
    page.focus("#answer-text")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer-refused")).to_contain_text("A colleague answered")
    assert page.input_value("#answer-text") == "Mine."
    served.complaints.clear()  # Browsers call every 422 an error of the page.
    page.keyboard.press("Control+Enter")
    expect(page.locator("#before-answer")).to_contain_text("The server has your answer.")
    assert page.input_value("#answer-text") == ""
    assert page.evaluate(FOCUSED) == "answer-text"
    *_, mine = served.desk.conversation(served.talks["quiet orchard"]).answers  # type: ignore[union-attr]
    assert (mine.text, mine.attachments[0].name) == ("Mine.", "a.txt")


def test_what_is_begun_is_there_on_return_and_gone_once_it_is_sent(
    page: Page, served: Served
) -> None:
    path = served.path("quiet orchard")
    page.on("dialog", lambda dialog: pytest.fail(dialog.type))
    page.goto(path)
    page.click("#answer-text")
    page.keyboard.type("half an answer")
    page.click("#go-crew")  # Left before the pause after which it is kept.
    expect(page.locator("h1")).to_have_text("Crew")
    page.goto(path)
    expect(page.locator("#answer-text")).to_have_value("half an answer")
    expect(page.locator("#answer-draft")).to_contain_text("This is your draft")
    page.click("#answer-text")
    page.keyboard.press("End")
    page.keyboard.type(", whole")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread")).to_contain_text("half an answer, whole")
    expect(page.locator("#answer-text")).to_have_value("")
    stored = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
    assert "half" not in page.evaluate(stored)


def test_a_draft_is_thrown_away_by_a_button(page: Page, served: Served) -> None:
    path = served.path("quiet orchard")
    page.goto(path)
    page.fill("#note-text", "a note")
    expect(page.locator("#note-draft")).to_contain_text("Draft saved on this computer.")
    assert served.desk.drafts(served.talks["quiet orchard"]) == Drafts("", "a note", "")
    page.goto(path)
    expect(page.locator("#note-text")).to_have_value("a note")
    page.click("#note-draft button")
    expect(page.locator("#note-text")).to_have_value("")
    expect(page.locator("#note-draft button")).not_to_be_visible()
    page.click("#note .thrown button")
    expect(page.locator("#note-text")).to_have_value("a note")
    page.fill("#note-text", "a note, again")
    page.click("#note-draft button")
    page.click("#note .thrown button")
    expect(page.locator("#note-text")).to_have_value("a note, again")
    page.click("#note-draft button")
    page.wait_for_timeout(700)
    assert served.desk.drafts(served.talks["quiet orchard"]) == Drafts("", "", "")


def test_locking_keeps_a_draft_first(page: Page, served: Served) -> None:
    page.goto(served.path("quiet orchard"))
    listening(page)
    page.click("#answer-text")
    page.keyboard.type("half an answer")
    page.click("#lock")
    expect(page.locator("h1")).to_have_text("Locked")
    assert served.desk.drafts(served.talks["quiet orchard"]).answer == "half an answer"
    served.complaints.clear()


def test_leaving_with_something_that_cannot_be_kept_asks_first(page: Page, served: Served) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.route("**/draft", lambda route: route.fulfill(status=422))
    page.goto(served.path("quiet orchard"))
    page.click("#answer-text")
    page.keyboard.type("not sent")
    page.wait_for_timeout(700)
    page.click("#go-crew")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.input_value("#answer-text") == "not sent"
    served.complaints.clear()


def test_a_message_in_sight_is_marked_as_read_without_a_press(page: Page, served: Served) -> None:
    page.goto(served.path("quiet orchard"))
    expect(page.locator("#thread .unread")).to_have_count(0)
    assert served.desk.conversation(served.talks["quiet orchard"]).unread == 0  # type: ignore[union-attr]


def test_the_relay_goes_and_comes_back_and_the_page_says_so(page: Page, served: Served) -> None:
    page.goto(served.path("quiet orchard"))
    listening(page)
    served.desk.relay_goes(online=False)
    expect(page.locator(".status")).to_contain_text("has not answered since")
    page.fill("#answer-text", "Written offline.")
    page.click("#answer button")
    expect(page.locator(".from-office .mark")).to_have_attribute("data-sent", "no")
    expect(page.locator(".status")).to_contain_text("1 answer waits to be sent.")
    served.desk.relay_goes(online=True)
    expect(page.locator(".from-office .mark")).to_have_attribute("data-sent", "yes")
    expect(page.locator(".status")).to_contain_text("Connected to the server.")


def test_everything_can_be_done_by_keyboard(page: Page, served: Served) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/hotline/*")
    page.keyboard.press("a")
    assert page.evaluate(FOCUSED) == "answer-text"
    page.keyboard.type("ahs")
    assert page.input_value("#answer-text") == "ahs"
    page.keyboard.press("Control+Enter")
    expect(page.locator("#before-answer")).to_contain_text("The server has your answer.")
    expect(page.locator("#answer-text")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    assert page.evaluate(FOCUSED) == "note-text"
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.wait_for_url("**/search")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("friend")
    expect(page.locator("#hits mark").first).to_have_text("friend")
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    page.wait_for_url("**/today")


def test_without_script_a_person_is_answered(plain: Page) -> None:
    plain.click(".row:has-text('quiet orchard') .name")
    plain.click("text=Mark as read")
    plain.click("#claim")
    expect(plain.locator("#hold")).to_contain_text("Held by you")
    plain.fill("#answer-text", " ")
    plain.click("#answer button")
    expect(plain.locator("#answer-refused")).to_contain_text("Nothing is written yet")
    plain.fill("#answer-text", "Yes, this is us.")
    plain.set_input_files("#answer-files", {"name": "a.txt", "mimeType": "x/y", "buffer": b"abc"})
    plain.click("#answer button")
    expect(plain.locator("#notices")).to_contain_text("The answer is saved here.")
    with plain.expect_download() as coming:
        plain.click(".file button")
    assert Path(coming.value.path()).read_bytes() == b"abc"


def test_without_script_colleagues_work_together(plain: Page) -> None:
    plain.click(".row:has-text('quiet orchard') .name")
    plain.fill("#note-text", "She is nineteen.")
    plain.click("#note button")
    expect(plain.locator(".passing")).not_to_be_visible()
    plain.click("#claim")
    plain.click(".passing summary")
    plain.select_option("#hand-over-to", MIRA.hex())
    plain.click("#hand-over button")
    expect(plain.locator("#hold")).to_contain_text("Held by Mira")
    expect(plain.locator(".passing")).not_to_be_visible()
    plain.click("#claim")
    plain.click("#claim-sure")
    expect(plain.locator("#hold")).to_contain_text("Held by you")
    plain.click("#go-search")
    plain.fill("#q", "nineteen")
    plain.click(".seeking button")
    expect(plain.locator("#hits mark")).to_have_text("nineteen")
    plain.click("#go-settings")
    plain.click("text=Русский")
    expect(plain.locator("h1")).to_have_text("Настройки")
    plain.click("#lock")
    expect(plain.locator("h1")).to_have_text("Заперто")
