# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calls and meetings on the pages: typed in, kept while unfinished, answered by another way."""

import json
from dataclasses import replace

import pytest

from safeconduct.kernel.words import ConversationId
from tests.kit.pages import Page, PageForm, text_of
from tests.unit.edges.desk.pages.window import Window

NEW = "/hotline/by-hand"
SAVE = f"{NEW}/save"
SAID = "Her brother was taken on Thursday."


def form(window: Window, path: str = NEW) -> PageForm:
    """The form for a contact, as one finds it."""
    return window.pages.get(path).form(f"{path}/save")


def note(window: Window, path: str = NEW, **typed: str) -> Page:
    """Type a contact in and save it."""
    filled = form(window, path)
    return window.pages.send(replace(filled, fields=filled.fields | {"text": SAID} | typed))


def newest(window: Window) -> str:
    """Where the conversation is that was begun last."""
    known = set(window.talks.values())
    (found,) = [where for where in window.desk._told if where not in known]
    return f"/hotline/{found.hex()}"


def test_a_call_becomes_a_conversation_in_the_queue_with_all_that_was_told(window: Window) -> None:
    page = note(
        window,
        way="behalf",
        danger_today="yes",
        speaker="A sister, for her brother",
        languages="some Russian",
        region="the north",
        answer_how="The neighbour’s phone",
        happened="2026-11-20T01:30",
    )
    assert "The contact is noted." in page.text
    thread = text_of(page.by_id("thread"))
    for said in (
        SAID,
        "A relative or a friend, on their behalf",
        "Written down by you",
        "A sister, for her brother",
        "some Russian",
        "the north",
        "The neighbour’s phone",
        "01:30",
    ):
        assert said in thread
    assert "says: in danger today" in text_of(page.by_id("place"))
    row = next(
        link for link in window.pages.get("/hotline").all("a") if link.get("href") == newest(window)
    )
    assert text_of(row) == page.heading


def test_whoever_has_no_words_gets_a_note_and_no_answer(window: Window) -> None:
    note(window)
    path = newest(window)
    page = window.pages.get(path)
    answer = text_of(page.by_id("answer"))
    assert "has no words of ours" in answer
    assert not [one for one in page.all("form") if one.get("action") == f"{path}/answer"]
    told = window.pages.send(page.form(f"{path}/told"), text="Stay with the neighbour.")
    assert "Noted. Nothing was sent." in told.text
    assert "Told by another way, by you" in text_of(told.by_id("thread"))
    assert "The server has" not in told.text
    assert f'href="{path}"' not in window.pages.get("/hotline?show=waiting").html


def test_an_answer_posted_all_the_same_is_refused_and_kept(window: Window) -> None:
    note(window)
    path = newest(window)
    answer = window.post(f"{path}/answer", {"text": "We come.", "seen": "none"})
    assert answer.status_code == 422
    assert "no words of ours" in answer.text
    assert "We come." in answer.text


def test_what_was_told_in_the_call_answers_it(window: Window) -> None:
    page = note(window, told="Call again at six.")
    assert "Call again at six." in text_of(page.by_id("thread"))
    assert f'href="{newest(window)}"' not in window.pages.get("/hotline?show=waiting").html


def test_a_further_call_stands_in_the_same_conversation(window: Window) -> None:
    path = window.path("amber lantern")
    page = note(window, f"{path}/by-hand", way="call")
    assert page.heading == "amber lantern"
    assert "A call from the person" in text_of(page.by_id("thread"))
    assert "Send the answer" in text_of(page.by_id("answer"))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"text": "  "}, "Nothing is written yet"),
        ({"happened": "2026-11-20T09:00"}, "still to come"),
        ({"happened": "2024-11-20T09:00"}, "more than a year ago"),
        ({"speaker": "x" * 501}, "500 characters"),
    ],
)
def test_what_cannot_be_says_why_and_keeps_what_was_typed(
    window: Window, typed: dict[str, str], words: str
) -> None:
    fields = {"text": SAID, "region": "the north"} | typed
    page = window.pages.send(form(window), status=422, **fields)
    assert words in text_of(page.by_id("by-hand-refused"))
    kept = page.form(SAVE).fields
    assert {name: kept[name].strip("\n") for name in fields} == fields


def test_the_same_form_sent_twice_is_noted_once(window: Window) -> None:
    filled = form(window)
    for _ in range(2):
        window.pages.send(filled, text=SAID)
    (talk,) = [where for where in window.desk._told if where not in window.talks.values()]
    assert len(window.desk._conversation(ConversationId(talk)).messages) == 1


def test_a_form_that_was_begun_is_there_again_until_it_is_saved(window: Window) -> None:
    filled = form(window)
    begun = {"message": filled.fields["message"], "text": "She was t", "way": "meeting"}
    draft = {"kind": "by-hand", "text": json.dumps(begun)}
    assert window.post(f"{NEW}/draft", draft).status_code == 204
    again = form(window)
    assert again.fields["message"] == begun["message"]
    assert again.fields["text"].strip("\n") == "She was t"
    window.pages.send(again, text=SAID)
    window.post(f"{NEW}/draft", draft)
    assert form(window).fields["text"].strip("\n") == ""


@pytest.mark.parametrize("text", ["{", "[]", '{"text": 1}', '"x"', "null"])
def test_a_draft_that_is_none_of_ours_opens_an_empty_form(window: Window, text: str) -> None:
    window.desk.by_hand.keep_draft(None, b"", text)
    assert form(window).fields["text"].strip("\n") == ""


def test_a_form_without_its_name_is_not_found(window: Window) -> None:
    assert window.post(SAVE, {"text": SAID, "message": "zz"}).status_code == 404
