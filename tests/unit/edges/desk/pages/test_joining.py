# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conversations of one person on the pages: joined with a reason, shown as one, taken back."""

from dataclasses import replace

from safeconduct.kernel.words import HOUR, ConversationId
from tests.kit.pages import text_of
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

MIRA = rehearsal_roster()[1][1]
EARLIER = "quiet orchard"
LATER = "narrow lantern"


def wrote_anew(window: Window) -> str:
    """She writes with new words; the path of what that began."""
    window.desk.clock.move(HOUR)
    talk = window.desk.receive(LATER, "I wrote before. The words are lost.")
    return f"/hotline/{talk.hex()}"


def join(window: Window, path: str, chosen: str = "") -> None:
    """Join her earlier conversation."""
    form = window.pages.get(path).form(f"{path}/join")
    reason = "She knew the lilacs."
    window.pages.send(form, join_chosen=chosen, join_name=EARLIER, join_reason=reason)


def rows(window: Window) -> list[str]:
    """Whose rows the list of all shows."""
    links = window.pages.get("/hotline?show=all").all("a")
    return [text_of(link) for link in links if link.get("class") == "name"]


def test_joined_by_code_name_they_are_one_row_and_one_page(window: Window) -> None:
    path, before = wrote_anew(window), len(rows(window)) - 1
    join(window, path)
    assert len(rows(window)) == before
    assert EARLIER not in rows(window)
    for seen in (path, window.path(EARLIER)):
        page = window.pages.get(seen)
        assert text_of(page.all("h1")[0]) == LATER
        said = text_of(page.by_id("joined"))
        assert "Joined by you" in said
        assert "She knew the lilacs." in said
        thread = text_of(page.by_id("thread"))
        assert thread.index(f"Written as {EARLIER}") < thread.index(f"Written as {LATER}")
        assert f"Answers go to {LATER} alone" in text_of(page.by_id("before-answer"))


def test_before_joining_the_page_says_that_the_vetting_begins_anew(window: Window) -> None:
    path = wrote_anew(window)
    (form,) = [
        form for form in window.pages.get(path).all("form") if form.get("action") == f"{path}/join"
    ]
    assert "Vet them anew first" in text_of(form)
    assert "Say nothing from the earlier one" in text_of(form)


def test_what_cannot_be_joined_says_why_and_keeps_what_was_typed(window: Window) -> None:
    path = wrote_anew(window)
    for fields, words in (
        ({"join_reason": ""}, "say in a few words why"),
        ({"join_name": "nobody here"}, "no conversation here has that code name"),
        ({"join_name": LATER}, "one conversation already"),
    ):
        form = window.pages.get(path).form(f"{path}/join")
        typed = {"join_name": EARLIER, "join_reason": "Her voice."} | fields
        filled = replace(form, fields=form.fields | typed)
        page = window.pages.send(filled, status=422)
        assert words in text_of(page.by_id("join-refused"))
        assert page.by_id("join-name").get("value") == typed["join_name"]


def test_taken_back_both_are_as_they_were(window: Window) -> None:
    path, before = wrote_anew(window), sorted(rows(window))
    join(window, path, window.talks[EARLIER].hex())
    window.pages.send(window.pages.get(path).form(f"{path}/part"))
    assert sorted(rows(window)) == before
    assert text_of(window.pages.get(window.path(EARLIER)).all("h1")[0]) == EARLIER


def test_an_answer_begun_for_the_earlier_one_is_kept_in_sight(window: Window) -> None:
    path = wrote_anew(window)
    window.desk.keep_draft(window.talks[EARLIER], "answer", "The bus leaves at")
    join(window, path)
    page = window.pages.get(path)
    assert "The bus leaves at" in text_of(page.by_id("joined"))
    window.pages.send(page.form(f"{path}/begun/drop"))
    assert "The bus leaves at" not in text_of(window.pages.get(path).by_id("joined"))


def test_an_answer_begun_before_they_were_joined_is_not_sent_another_way(window: Window) -> None:
    path, old = wrote_anew(window), window.path(EARLIER)
    form = window.pages.get(old).form(f"{old}/answer")
    join(window, path)
    page = window.pages.send(form, status=422, text="At the bridge.")
    assert "your answer would go another way" in text_of(page.by_id("answer-refused"))
    assert text_of(page.by_id("answer-text")).strip() == "At the bridge."
    window.pages.send(page.form(f"{path}/answer"), text="At the bridge.")
    talk = window.desk.conversation(window.talks[EARLIER])
    assert talk is not None
    assert talk.part_of(talk.answers[-1].id) == talk.parts[-1]


def test_who_did_not_join_them_is_asked_before_an_answer_goes(window: Window) -> None:
    path = wrote_anew(window)
    talk = window.talks[EARLIER]
    anew = ConversationId(bytes.fromhex(path.removeprefix("/hotline/")))
    window.desk.by(MIRA).joining.join(anew, talk, "She said so.")
    page = window.pages.get(path)
    assert "it was Mira" in text_of(page.by_id("before-answer"))
    page = window.pages.send(page.form(f"{path}/answer"), status=422, text="At the bridge.")
    assert "ask them by voice" in text_of(page.by_id("answer-refused"))
    window.pages.send(page.form(f"{path}/asked"))
    window.pages.send(window.pages.get(path).form(f"{path}/answer"), text="At the bridge.")
    found = window.desk.conversation(talk)
    assert found is not None
    assert found.answers[-1].text == "At the bridge."


def test_what_comes_under_the_lost_words_is_marked(window: Window) -> None:
    path = wrote_anew(window)
    join(window, path)
    window.desk.clock.move(HOUR)
    window.desk.receive(EARLIER, "Where do we meet?", conversation=window.talks[EARLIER])
    assert "words that were said to be lost" in text_of(window.pages.get(path).by_id("thread"))
