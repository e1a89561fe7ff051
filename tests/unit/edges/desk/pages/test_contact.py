# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person told beside her messages, as a helper sees it before answering."""

import pytest

from safeconduct.edges.desk.contact_words import before_answering, told_lines
from safeconduct.edges.desk.gallery import examples_of
from safeconduct.edges.desk.i18n import translations
from safeconduct.kernel.canon import encode
from safeconduct.kernel.words import HOUR, ConversationId, Instant
from safeconduct.rooms.hotline.first_contact import FirstContact, write_contact
from tests.kit.pages import Page, text_of
from tests.unit.edges.desk.pages.window import Window

TOLD = FirstContact(
    danger_today="yes",
    safe_to_read="no",
    for_whom="taken",
    from_whom="uncle",
    region="north",
    answer_how="nowhere else",
    answer_when="late",
    answer_hours=("night", "evening"),
    if_silent="Wait.",
    not_alone_word="lilac",
)


def block(page: Page) -> dict[str, str]:
    """The lines of the block above the thread."""
    (first, *_) = (item for item in page.all("dl") if item.get("class") == "told")
    asked, answers = first.findall(".//dt"), first.findall(".//dd")
    return {text_of(one): text_of(other) for one, other in zip(asked, answers, strict=True)}


def beside(told: FirstContact) -> bytes:
    return encode(write_contact(told))


def path_of(talk: ConversationId) -> str:
    return f"/hotline/{talk.hex()}"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_was_told_stands_above_the_thread_in_the_readers_language(
    window: Window, language: str
) -> None:
    window.client.headers["Accept-Language"] = language
    talk = window.desk.receive("new name", "", extras=beside(TOLD))
    say = translations(language).gettext
    told = block(window.pages.get(path_of(talk)))
    assert told[say("In danger on the day of writing")] == say("yes")
    assert told[say("Safe to read, when it was written")] == say("no")
    assert told[say("It is about")] == say("somebody who was taken")
    assert told[say("Hours when an answer is safe")] == "0–6, 18–24"
    assert {"uncle", "north", "nowhere else", "late", "Wait.", "lilac"} < set(told.values())


def test_what_was_not_told_takes_no_place(window: Window) -> None:
    page = window.pages.get(window.path("amber lantern"))
    assert not [item for item in page.all("dl") if item.get("class") == "told"]


def test_what_was_told_later_stands_and_what_it_was_before_stays_with_its_message(
    window: Window,
) -> None:
    talk = window.desk.receive("new name", "Help.", extras=beside(TOLD))
    later = FirstContact(danger_today="no")
    window.desk.receive("new name", "Better.", conversation=talk, extras=beside(later))
    page = window.pages.get(path_of(talk))
    assert block(page)["In danger on the day of writing"] == "no"
    lists = [item for item in page.all("dl") if item.get("class") == "told"]
    assert [text_of(item.findall(".//dd")[0]) for item in lists] == ["no", "yes", "no"]


def test_her_word_is_marked_for_who_reads_the_conversation_and_in_no_list(window: Window) -> None:
    talk = window.desk.receive("new name", "I like lilac.", extras=beside(TOLD))
    assert not window.pages.get(path_of(talk)).all("mark")
    other = FirstContact(not_alone_word="maple")
    window.desk.receive("new name", "All is well.", conversation=talk, extras=beside(other))
    window.desk.receive("new name", "We bought <b>LILACS</b>.", conversation=talk)
    page = window.pages.get(path_of(talk))
    assert [text_of(item) for item in page.all("mark")] == ["<b>LILACS</b>."]
    assert "somebody may be reading along" in page.text
    for path in ("/today", "/hotline", "/hotline?show=all"):
        assert not window.pages.get(path).all("mark")
        assert "reading along" not in window.pages.get(path).text


def test_outside_the_hours_that_were_named_a_helper_is_warned_and_not_stopped(
    window: Window,
) -> None:
    told = FirstContact(answer_hours=("morning",), clock_shows=9)
    talk = window.desk.receive("new name", "Help.", extras=beside(told))
    assert "By the person’s clock" not in window.pages.get(path_of(talk)).text
    window.desk.clock.move(6 * HOUR)
    page = window.pages.get(path_of(talk))
    assert "By the person’s clock it is about 15:00" in page.text
    sent = window.pages.send(page.form(f"{path_of(talk)}/answer"), text="We are here.")
    assert "We are here." in sent.text


def test_without_the_hour_there_a_helper_is_asked_to_find_out() -> None:
    told = FirstContact(answer_hours=("day",))
    assert "Find out what time it is there" in before_answering(told, Instant(0), "en")
    assert before_answering(FirstContact(), Instant(0), "en") == ""


def test_only_what_asks_for_care_stands_out() -> None:
    lines = told_lines(TOLD, Instant(0), "en")
    assert [line.asked for line in lines if line.careful] == [
        "In danger on the day of writing",
        "Safe to read, when it was written",
    ]
    calm = told_lines(FirstContact(danger_today="no", safe_to_read="yes"), Instant(0), "en")
    assert not [line for line in calm if line.careful]


def test_what_this_program_does_not_read_is_said() -> None:
    shown = examples_of("contact", "en")
    assert shown.count("than this program reads") == 1
