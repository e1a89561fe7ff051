# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is destroyed when, on the pages: times, what comes up, what keeps it, and the reasons."""

from __future__ import annotations

from safeconduct.edges.desk.retention_api import Going
from safeconduct.kernel.words import DAY, Instant
from tests.kit.pages import Page, text_of
from tests.unit.edges.desk.pages.window import Window

NAME = "quiet orchard"


def set_times(window: Window, *, files: str = "40", status: int = 200) -> Page:
    """Set the office's times as a steward."""
    form = window.pages.get("/retention").form("/retention/times")
    return window.pages.send(
        form, status=status, conversation_days="60", file_days=files, reply_days="14"
    )


def close(window: Window) -> str:
    """Answer and close a conversation; return its path."""
    path = window.path(NAME)
    talk = window.talks[NAME]
    window.desk.answer(talk, "You are safe now.")
    window.desk.triage.close(talk, "she arrived")
    return path


def test_a_steward_sets_times_and_everybody_sees_from_when_they_count(window: Window) -> None:
    page = window.pages.get("/retention")
    assert "Until then nothing is destroyed" in text_of(page.by_id("main"))
    page = set_times(window, files="soon", status=422)
    assert "The bounds stand beside each field" in text_of(page.by_id("times-refused"))
    assert page.by_id("conversation_days").get("value") == "60"
    page = set_times(window)
    assert "other times count" in text_of(page.by_id("main"))
    assert "New times" in text_of(window.pages.get("/today").by_id("due-soon"))


def test_a_conversation_says_when_it_goes_and_is_kept_with_a_reason(window: Window) -> None:
    path = close(window)
    assert "no steward has set yet" in text_of(window.pages.get(path).by_id("kept"))
    set_times(window)
    assert "Destroyed after" in text_of(window.pages.get(path).by_id("kept"))
    longer = window.pages.get(path).form(f"{path}/keep/longer")
    refused = window.pages.send(longer, status=422, keep_days="90", keep_reason=" ")
    assert text_of(refused.by_id("keep-refused"))
    window.pages.send(longer, keep_days="90", keep_reason="A trial.")
    assert "A trial." in text_of(window.pages.get(path).by_id("kept"))
    hold = window.pages.get(path).form(f"{path}/keep/hold")
    page = window.pages.send(hold, keep_reason="A court has it.")
    assert "until a steward ends that" in text_of(page.by_id("kept"))
    page = window.pages.send(page.form(f"{path}/keep/end"), keep_reason="The court is done.")
    assert "a week later" in text_of(page.by_id("kept"))


def test_what_went_is_listed_without_a_word_of_what_stood_in_it(window: Window) -> None:
    now = window.desk.now()
    went = Going(window.talks[NAME], "pale river", files=False, day=now, days=60)
    window.desk.retention.destroyed.append(went)
    path = close(window)
    set_times(window)
    said = text_of(window.pages.get("/retention").by_id("main"))
    assert "pale river: all of it" in said.lower()
    soon = window.desk.retention.coming(Instant(now + 100 * DAY), 9)
    assert [one.conversation for one in soon] == [window.talks[NAME]]
    assert path
