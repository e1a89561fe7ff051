# SPDX-License-Identifier: AGPL-3.0-or-later
"""Second looks on the pages of who asks, who is asked, and a steward's counts."""

import pytest

from safeconduct.edges.desk.looks_api import ToAsk
from safeconduct.kernel.words import HOUR, DeviceId, Instant
from safeconduct.rooms.hotline.triage import Danger
from tests.kit.desk_twin import TwinDesk
from tests.kit.pages import Page, text_of
from tests.kit.rehearsal import NIGHT, rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

NAME = "amber lantern"
DRAFT = "Come to the second door."
QUESTION = "Does this say too much?"


def mira() -> DeviceId:
    """Mira's laptop."""
    return rehearsal_roster()[1][1]


def colleague(window: Window) -> TwinDesk:
    """The same office at Mira's desk."""
    return window.desk.by(mira())


def ask(window: Window, **typed: str) -> Page:
    """Ask for a second look from the page, with an answer that was begun."""
    path = window.path(NAME)
    window.desk.keep_draft(window.talks[NAME], "answer", DRAFT)
    answer = window.post(f"{path}/look/ask", {"question": QUESTION, "with_draft": "1"} | typed)
    assert answer.status_code == 303
    return window.pages.get(path)


def test_who_is_asked_finds_the_question_and_the_draft(window: Window) -> None:
    page = ask(window, look_to=mira().hex(), look_in="60")
    looks = text_of(page.by_id("looks"))
    for said in ("You asked for a second look", QUESTION, DRAFT, "Mira", "needed by"):
        assert said in looks
    (asked,) = colleague(window).looks.for_us()
    assert (asked.code_name, asked.look.draft, asked.look.until) == (NAME, DRAFT, NIGHT + HOUR)
    assert not window.desk.looks.for_us()
    assert "Send the answer" in text_of(page.by_id("answer"))


def test_what_came_back_stands_on_today_until_it_was_read(window: Window) -> None:
    ask(window)
    other = colleague(window)
    (asked,) = other.looks.for_us()
    other.looks.give(asked.conversation, asked.look.fact, "change", "Leave the door out.")
    assert not other.looks.for_us()
    assert "A colleague has looked" in window.pages.get("/today").text
    page = window.pages.get(window.path(NAME))
    assert "Leave the door out." in text_of(page.by_id("looks"))
    window.pages.send(page.form(f"{window.path(NAME)}/look/withdraw"))
    assert "A colleague has looked" not in window.pages.get("/today").text


def test_a_look_is_given_on_the_page_and_taking_over_claims(window: Window) -> None:
    other, talk = colleague(window), window.talks[NAME]
    other.looks.ask(talk, ToAsk(QUESTION))
    today = window.pages.get("/today")
    assert "A colleague asks for your eyes" in today.text
    assert QUESTION in text_of(today.by_id("looks-today"))
    path = window.path(NAME)
    form = window.pages.get(path).form(f"{path}/look/give")
    empty = window.post(f"{path}/look/give", form.fields | {"verdict": "change"})
    assert empty.status_code == 422
    assert window.post(f"{path}/look/give", form.fields | {"verdict": "x"}).status_code == 404
    assert window.post(f"{path}/look/give", form.fields | {"verdict": "takes"}).status_code == 303
    folded = window.desk.conversation(talk)
    assert folded is not None
    assert [claim.holder for claim in folded.claims] == [window.desk.device]
    assert "A colleague asks" not in window.pages.get("/today").text
    late = window.post(f"{path}/look/give", form.fields | {"verdict": "fine"})
    assert "waits for nobody any more" in late.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [({"question": " "}, "Nothing is written yet"), ({"look_to": "ab" * 16}, "no longer belongs")],
)
def test_what_cannot_be_asked_says_why_and_keeps_the_question(
    window: Window, typed: dict[str, str], words: str
) -> None:
    path = window.path(NAME)
    answer = window.post(f"{path}/look/ask", {"question": QUESTION} | typed)
    assert answer.status_code == 422
    assert words in answer.text
    # The form stands far down the page: without the focus nobody sees why.
    assert 'role="alert" tabindex="-1" autofocus' in answer.text
    assert typed.get("question", QUESTION) in answer.text


def test_load_stands_where_one_hands_over_and_ranks_nobody(window: Window) -> None:
    other, talk = colleague(window), window.talks[NAME]
    other.claim(talk)
    other.triage.judge(talk, Danger.LIFE)
    page = window.pages.get(window.path(NAME))
    options = [text_of(one) for one in page.by_id("hand-over-to").iter("option")]
    assert "Mira · Mira’s laptop · open: 1, waiting: 1, in danger: 1" in options
    assert options == sorted(options, key=lambda one: one.split(" · ")[:2])


def test_a_stewards_overview_counts_and_names_no_person(window: Window) -> None:
    other, talk = colleague(window), window.talks[NAME]
    other.claim(talk)
    other.triage.deadline(talk, Instant(NIGHT + 1), "the bus")
    other.looks.ask(talk, ToAsk(QUESTION))
    page = window.pages.get("/overview")
    counts = text_of(page.by_id("overview"))
    assert "Second looks that wait1" in counts
    assert "Mira · Mira’s laptop 110" in counts
    for name in window.talks:
        assert name not in page.text
    assert QUESTION not in page.text
    for link in page.all("a"):
        if "show=" in (href := link.get("href") or ""):
            window.pages.get(href)


def test_on_no_other_desk_is_there_an_overview(window: Window) -> None:
    window.desk.__dict__["_device"] = mira()
    assert window.client.get("/overview").status_code == 404
    assert window.client.get("/overview/counts").status_code == 404
    assert "overview-link" not in window.pages.get("/hotline").html
