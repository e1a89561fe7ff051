# SPDX-License-Identifier: AGPL-3.0-or-later
"""A helper fears for a person, works through the script, chooses a ready answer, is asked."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from safeconduct.rooms.hotline.canned_decide import Text
from safeconduct.rooms.hotline.flags import Flag
from tests.kit.desk_window import Served, listening
from tests.kit.rehearsal import rehearsal_roster

pytestmark = pytest.mark.browser
MIRA = rehearsal_roster()[1][1]
NAME = "amber lantern"


def flag_it(page: Page) -> None:
    """Say that one fears for the person's life, and why."""
    page.click("summary >> text=Risk of suicide, or a minor")
    page.fill("#flag-suicide", "Wrote that Friday will not come.")
    page.click("form:has(#flag-suicide) button")
    page.wait_for_url("**#script-suicide")
    listening(page)
    expect(page.locator("#flags")).to_contain_text("Wrote that Friday will not come.")


def work_through(page: Page, served: Served) -> None:
    """Tick a step; a colleague ticks the next, and it shows by itself."""
    expect(page.locator(".script .steps li")).not_to_have_count(0)
    page.click("#do-suicide-second")
    expect(page.locator('[data-done="yes"]')).to_have_count(1)
    mira = served.desk.by(MIRA)
    mira.guidance.tick(served.talks[NAME], Flag.SUICIDE, "alone", 1, done=True)
    expect(page.locator('[data-done="yes"]')).to_have_count(2)
    expect(page.locator("#scripts")).to_contain_text("done: Mira")
    expect(page.locator("#do-suicide-second")).to_be_in_viewport()


def answer_with_a_ready_one(page: Page, served: Served) -> None:
    """Put it behind what is typed; the open place and the word to keep out are asked about."""
    page.fill("#answer-text", "Your brother is not with us.")
    page.click("#put-ready")
    expect(page.locator("#answer-text")).to_have_value(
        "Your brother is not with us.\n\nWe are here. We write {when}."
    )
    page.click("form#answer button.main")
    asked = page.locator("#ask-again")
    expect(asked.locator("mark")).to_have_text(["brother", "{when}"])
    page.fill("#answer-text", "Your brother is not with us.\n\nWe are here. We write at six.")
    page.click("form#answer button.main")
    expect(asked.locator("mark")).to_have_text(["brother"])
    page.click("#send-all-the-same")
    served.complaints.clear()  # Browsers call every 422 an error of the page.
    expect(page.locator("#answer-text")).to_have_value("")
    expect(page.locator("#thread")).to_contain_text("We write at six.")
    talk = served.desk.conversation(served.talks[NAME])
    assert talk is not None
    assert talk.answers[-1].text.endswith("We write at six.")


def test_a_helper_goes_from_a_fear_to_an_answer(page: Page, served: Served) -> None:
    served.desk.by(MIRA).guidance.write_canned(
        Text("en", "We are here", "We are here. We write {when}.")
    )
    served.desk.guidance.read_canned(served.desk.guidance.canned()[0].version, 90)
    served.desk.by(MIRA).guidance.avoid(served.talks[NAME], "brother")
    page.goto(served.path(NAME))
    listening(page)
    flag_it(page)
    work_through(page, served)
    expect(page.locator("#before-answer")).to_contain_text("Keep out of answers: brother (Mira)")
    answer_with_a_ready_one(page, served)
    page.keyboard.press("Escape")
    page.goto(f"{served.url}/today")
    first = page.locator("#queue .rows .row", has_text=NAME)
    expect(first).to_contain_text("risk of suicide")


def test_without_script_the_question_keeps_text_and_time(plain: Page, served: Served) -> None:
    plain.goto(served.path(NAME))
    plain.fill("#answer-text", "We write {when}.")
    plain.select_option("#answer-next", "30")
    plain.click("form#answer button.main")
    expect(plain.locator("#ask-again mark")).to_have_text(["{when}"])
    assert plain.input_value("#answer-next") == "30"
    plain.click("#send-all-the-same")
    expect(plain.locator("#thread")).to_contain_text("We write {when}.")
