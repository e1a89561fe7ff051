# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who holds a conversation, and passing it on, with and without script."""

import pytest

from tests.kit.pages import parse_part, text_of
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

MIRA, TIMUR = rehearsal_roster()[1][1:3]
SCRIPT = {"HX_Request": "true"}


def test_claiming_letting_go_and_handing_over(window: Window) -> None:
    path = window.path("quiet orchard")
    page = window.pages.send(window.pages.get(path).form(f"{path}/claim"))
    assert text_of(page.by_id("hold")).startswith("Held by you")
    page = window.pages.send(page.form(f"{path}/release"))
    assert "Nobody holds this conversation." in page.text
    page = window.pages.send(
        page.form(f"{path}/hand-over"), to=MIRA.hex(), text="She can be called after nine."
    )
    hold = text_of(page.by_id("hold"))
    assert "Held by Mira" in hold
    assert "Handed over by you." in hold
    # The words stand once, in the thread, and who looks only here is told so.
    assert "The words that came with it stand in the conversation." in hold
    assert "after nine" not in hold
    assert "after nine" in text_of(page.by_id("thread"))


def test_the_words_of_a_hand_over_stay_when_the_claim_is_gone(window: Window) -> None:
    path, talk = window.path("quiet orchard"), window.talks["quiet orchard"]
    mira = window.desk.by(MIRA)
    mira.hand_over(talk, window.desk.device, "She can be called after nine.")
    page = window.pages.send(window.pages.get(path).form(f"{path}/release"))
    assert "after nine" not in text_of(page.by_id("hold"))
    thread = text_of(page.by_id("thread"))
    assert "Handed over to you by Mira" in thread
    assert "She can be called after nine." in thread
    assert "words of a hand-over" in window.pages.get("/search?q=nine").text


@pytest.mark.parametrize("does", ["opens it", "answers"])
def test_what_was_handed_to_this_desk_is_marked_until_it_was_seen(
    window: Window, does: str
) -> None:
    path, talk = window.path("quiet orchard"), window.talks["quiet orchard"]

    def marks() -> list[str]:
        return [
            text_of(mark)
            for place in ("/today", "/hotline?show=mine")
            for mark in window.pages.get(place).all("span")
            if mark.get("class") == "handed"
        ]

    window.desk.mark_read(talk)
    window.desk.by(MIRA).hand_over(talk, window.desk.device, "")
    assert marks() == ["handed over by Mira"] * 2
    page = window.pages.get(path)
    assert len(marks()) == 2
    if does == "answers":
        window.pages.send(page.form(f"{path}/answer"), text="Yes.")
    else:
        page = window.pages.send(page.form(f"{path}/read"))
        assert not [form for form in page.all("form") if form.get("action") == f"{path}/read"]
    assert marks() == []
    window.desk.by(MIRA).hand_over(talk, window.desk.device, "again")
    assert len(marks()) == 2


@pytest.mark.parametrize(
    ("language", "mine", "yours", "theirs"),
    [
        (
            "en",
            "You handed it over to Тимур",
            "Handed over to you by Mira",
            "Handed over by Mira to Тимур",
        ),
        (
            "ru",
            "Вы передали разговор коллеге: Тимур",
            "Разговор передан вам коллегой: Mira",
            "Разговор передан, от кого: Mira, кому: Тимур",
        ),
    ],
)
def test_the_thread_says_who_handed_it_to_whom(
    window: Window, language: str, mine: str, yours: str, theirs: str
) -> None:
    window.client.headers["Accept-Language"] = language
    talk, mira = window.talks["quiet orchard"], window.desk.by(MIRA)
    window.desk.hand_over(talk, TIMUR, "")
    mira.hand_over(talk, window.desk.device, "")
    mira.hand_over(talk, TIMUR, "")
    thread = text_of(window.pages.get(window.path("quiet orchard")).by_id("thread"))
    assert [said for said in (mine, yours, theirs) if said in thread] == [mine, yours, theirs]


def test_what_a_colleague_read_and_handed_over_stands_out_until_it_was_seen(
    window: Window,
) -> None:
    talk, mira = window.talks["quiet orchard"], window.desk.by(MIRA)

    def stands_out() -> bool:
        rows = window.pages.get("/today").all("li")
        (row,) = [row for row in rows if "quiet orchard" in text_of(row)]
        return "unread" in (row.get("class") or "") and "new to you" in text_of(row)

    mira.mark_read(talk)
    assert not stands_out()
    mira.hand_over(talk, window.desk.device, "")
    assert stands_out()
    assert "held by you handed over by Mira" in window.pages.get("/today").text
    window.desk.mark_read(talk)
    assert not stands_out()


def test_who_hands_over_hears_that_a_draft_of_an_answer_stays(window: Window) -> None:
    path, talk = window.path("quiet orchard"), window.talks["quiet orchard"]

    def said() -> str:
        return text_of(window.pages.get(path).by_id("own-draft"))

    window.desk.keep_draft(talk, "hand_over", "begun")
    assert said() == ""
    window.desk.keep_draft(talk, "answer", "begun")
    assert "your colleague does not see it" in said()
    window.client.headers["Accept-Language"] = "ru"
    assert "коллега его не увидит" in said()


def test_before_an_answer_it_is_said_who_holds_the_conversation(window: Window) -> None:
    path, talk = window.path("quiet orchard"), window.talks["quiet orchard"]

    def said() -> str:
        return text_of(window.pages.get(path).by_id("before-answer"))

    assert "Nobody holds this conversation. Sending an answer makes it yours." in said()
    window.desk.by(MIRA).claim(talk)
    assert "Held by Mira. Agree with them before you answer." in said()
    window.desk.claim(talk)
    assert "Held by" not in said()
    assert "holds this conversation" not in said()


def test_answering_what_nobody_holds_makes_it_ones_own(window: Window) -> None:
    path, talk = window.path("quiet orchard"), window.talks["quiet orchard"]
    page = window.pages.send(window.pages.get(path).form(f"{path}/answer"), text="Yes.")
    assert text_of(page.by_id("hold")).startswith("Held by you")
    window.desk.by(MIRA).claim(talk)
    page = window.pages.send(window.pages.get(path).form(f"{path}/answer"), text="And this.")
    assert "Held by Mira" in text_of(page.by_id("hold"))


def test_a_colleagues_conversation_is_claimed_only_after_a_question(window: Window) -> None:
    path, talk = window.path("quiet orchard"), window.talks["quiet orchard"]
    early = window.pages.get(path).form(f"{path}/claim")
    window.desk.by(MIRA).claim(talk)
    asked = window.pages.send(early)
    assert "Have you agreed with them?" in asked.text
    assert window.desk.conversation(talk).claims[0].holder == MIRA  # type: ignore[union-attr]
    sure = asked.form(f"{path}/claim")
    # A "yes" counts for the claim that was shown, and for no later one.
    window.desk.by(MIRA).release(talk)
    window.desk.by(MIRA).claim(talk)
    again = window.pages.send(sure)
    assert "Have you agreed with them?" in again.text
    page = window.pages.send(again.form(f"{path}/claim"))
    assert text_of(page.by_id("hold")).startswith("Held by you")


def test_nobody_is_told_to_ask_at_a_device_that_was_removed(window: Window) -> None:
    path, talk = window.path("quiet orchard"), window.talks["quiet orchard"]
    window.desk.by(MIRA).claim(talk)
    window.desk.removals.suspend(MIRA, "")
    page = window.pages.get(path)
    before = text_of(page.by_id("before-answer"))
    assert "Held by Mira. That device was removed: do not ask there." in before
    assert "Agree with them" not in page.text
    claimed = window.pages.send(page.form(f"{path}/claim"))
    assert "Have you agreed" not in claimed.text
    assert text_of(claimed.by_id("hold")).startswith("Held by you")


def test_the_question_stays_while_other_news_comes(window: Window) -> None:
    path, talk = window.path("quiet orchard"), window.talks["quiet orchard"]
    window.desk.by(MIRA).claim(talk)
    part = parse_part(window.post(f"{path}/claim", **SCRIPT).text)
    (hold,) = [e for e in part.iter("div") if e.get("id") == "hold"]
    again = hold.get("data-hx-get") or ""
    window.desk.note(talk, "Something else.")
    assert window.client.get(again).status_code == 204
    window.desk.by(MIRA).release(talk)
    assert "Have you agreed" not in window.client.get(again).text


def test_handing_over_to_nobody_of_ours_is_refused(window: Window) -> None:
    path = window.path("quiet orchard")
    for to in ("", "00" * 16, "zz", MIRA.hex().upper()):
        answer = window.post(f"{path}/hand-over", {"to": to, "text": "kept"})
        assert answer.status_code == 422
        assert ">\nkept</textarea>" in answer.text


def test_two_who_claimed_at_once_are_both_named(window: Window) -> None:
    talk = window.talks["quiet orchard"]
    mira = window.desk.by(MIRA)
    before = window.desk.conversation(talk)
    window.desk.claim(talk)
    mira._conversation = lambda _: before  # type: ignore[method-assign,assignment,return-value]
    mira.claim(talk)
    page = window.pages.get(window.path("quiet orchard"))
    assert "Two of you hold this conversation." in page.text
    assert "held by two: you, Mira" in window.pages.get("/hotline").text
