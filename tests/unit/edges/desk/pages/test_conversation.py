# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a helper does with a conversation, with and without script."""

import pytest

from safeconduct.edges.desk.i18n import translations
from safeconduct.kernel.words import MINUTE
from safeconduct.rooms.hotline.decide import TEXT_MOST
from tests.kit.pages import parse_part, text_of
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import ORIGIN, Window

MIRA = rehearsal_roster()[1][1]
DIFFERS = (
    "What our devices recorded here does not agree, so one record is false. Everything is shown, "
    "and answers go to every box that was named. Tell a steward in person."
)
SCRIPT = {"HX_Request": "true"}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_page_is_a_sound_page(window: Window, language: str) -> None:
    window.client.headers["Accept-Language"] = language
    paths = [
        *("/today", "/hotline", "/hotline?show=all", "/hotline?show=mine&start=40", "/search"),
        *("/search?q=phone", "/search?q=nothing-here", "/crew", "/settings"),
        *(window.path(name) for name in window.talks),
    ]
    for path in paths:
        page = window.pages.get(path)
        assert page.all("html")[0].get("lang") == language


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_part_is_the_part_of_its_page(window: Window, language: str) -> None:
    window.client.headers["Accept-Language"] = language
    path = window.path("amber lantern")
    for page, part, name in (
        ("/today", "/today/queue", "queue"),
        ("/today", "/head?at=today", "head"),
        ("/hotline?show=all", "/hotline/rows?show=all", "rows"),
        (path, f"{path}/thread", "thread"),
        (path, f"{path}/hold", "hold"),
        (path, f"{path}/before-answer", "before-answer"),
        (path, f"{path}/own-draft", "own-draft"),
        (path, f"{path}/touched", "touching"),
        ("/today", "/today/bulletins", "bulletins"),
        (path, f"{path}/place", "place"),
        ("/search?q=phone", "/search/hits?q=phone", "hits"),
    ):
        whole = text_of(window.pages.get(page).by_id(name))
        alone = parse_part(window.client.get(part).text)
        assert text_of(alone) == whole


def test_a_part_that_has_not_changed_is_not_sent_again(window: Window) -> None:
    part = window.pages.get("/today").by_id("queue").get("data-hx-get") or ""
    assert window.client.get(part).status_code == 204
    window.desk.receive("new name", "A new message.")
    again = window.client.get(part)
    assert again.status_code == 200
    assert "A new message." in again.text


@pytest.mark.parametrize("language", ["en", "ru"])
def test_records_that_contradict_each_other_are_said_in_their_conversation(
    window: Window, language: str
) -> None:
    window.client.headers["Accept-Language"] = language
    path, said = window.path("amber lantern"), translations(language).gettext(DIFFERS)

    def notices() -> list[str]:
        return [text_of(item) for item in window.pages.get(path).all("p")]

    assert said not in notices()
    talk = window.talks["amber lantern"]
    window.desk.receive("amber lantern", "Write here.", conversation=talk, address=b"a" * 32)
    assert said in notices()


def test_who_waits_longest_comes_first(window: Window) -> None:
    names = [text_of(link) for link in window.pages.get("/hotline").all("a") if link.get("class")]
    assert [name for name in names if name in window.talks] == [
        *("полынь и мост", "amber lantern", "quiet orchard", "paper harbour")
    ]


def test_a_long_inbox_is_paged(window: Window) -> None:
    for number in range(90):
        window.desk.receive(f"name {number}", "text")
    page = window.pages.get("/hotline?show=waiting&start=40")
    assert "41–80 of 94" in page.text
    for start in ("-1", "x", "9" * 30, "²"):
        assert "1–40 of 94" in window.pages.get(f"/hotline?start={start}").text


def test_an_answer_is_written_and_its_way_is_shown(window: Window) -> None:
    path = window.path("quiet orchard")
    form = window.pages.get(path).form(f"{path}/answer")
    page = window.pages.send_with_files(
        form, [("map.png", b"\x89PNG")], text="Yes.\r\n\r\nThis is us."
    )
    (answer,) = window.desk.conversation(window.talks["quiet orchard"]).answers  # type: ignore[union-attr]
    assert answer.text == "Yes.\n\nThis is us."
    assert [file.name for file in answer.attachments] == ["map.png"]
    assert window.desk.files[answer.attachments[0].blob] == b"\x89PNG"
    assert "The answer is saved here." in page.text
    assert "The server has it" in page.text
    assert "The answer is saved here." not in window.pages.get(path).text


def test_an_answer_written_offline_says_that_it_waits(window: Window) -> None:
    window.desk.relay_goes(online=False)
    path = window.path("quiet orchard")
    page = window.pages.send(window.pages.get(path).form(f"{path}/answer"), text="Yes.")
    assert "leaves as soon as the server answers" in page.text
    assert "The server has not answered since" in page.text
    assert "1 answer waits to be sent." in page.text
    window.desk.relay_goes(online=True)
    page = window.pages.get(path)
    assert "Connected to the server." in page.text
    assert "not left" not in page.text


@pytest.mark.parametrize(
    ("what", "text"),
    [
        *(("answer", " \n "), ("answer", "ж" * TEXT_MOST), ("note", "\t"), ("note", "x" * 40_001)),
        ("hand-over", "y" * 40_001),
    ],
)
def test_what_was_typed_is_still_there_after_a_refusal(
    window: Window, what: str, text: str
) -> None:
    path = window.path("quiet orchard")
    page = window.pages.get(path)
    before = window.desk.changes()
    refused = window.pages.send(page.form(f"{path}/{what}"), status=422, text=text)
    assert refused.form(f"{path}/{what}").fields["text"] == text
    assert (
        len([p for p in refused.all("p") if p.get("role") == "alert" and p.get("id") is None]) == 1
    )
    assert window.desk.changes() == before


def test_with_script_a_refusal_touches_only_the_place_for_it(window: Window) -> None:
    path = window.path("quiet orchard")
    answer = window.post(f"{path}/answer", {"text": "", "seen": "none"}, **SCRIPT)
    assert answer.status_code == 422
    assert answer.headers["hx-retarget"] == "#answer-refused"
    assert answer.headers["hx-reswap"] == "innerHTML"
    part = parse_part(answer.text)
    assert not list(part.iter("textarea"))
    assert not list(part.iter("form"))


def test_two_colleagues_do_not_answer_at_once_unawares(window: Window) -> None:
    path = window.path("quiet orchard")
    form = window.pages.get(path).form(f"{path}/answer")
    window.desk.by(MIRA).answer(window.talks["quiet orchard"], "We are real. I am Mira.")
    refused = window.pages.send(form, status=422, text="Mine.")
    assert "A colleague answered while you were writing." in refused.text
    assert "I am Mira" in refused.text
    again = refused.form(f"{path}/answer")
    assert again.fields["text"] == "Mine."
    window.pages.send(again)
    assert len(window.desk.conversation(window.talks["quiet orchard"]).answers) == 2  # type: ignore[union-attr]


def test_with_script_the_form_learns_what_was_answered_meanwhile(window: Window) -> None:
    path = window.path("quiet orchard")
    window.desk.by(MIRA).answer(window.talks["quiet orchard"], "We are real.")
    answer = window.post(f"{path}/answer", {"text": "Mine.", "seen": "none"}, **SCRIPT)
    (seen,) = parse_part(answer.text).iter("input")
    assert seen.get("id") == "answer-seen"
    sent = window.post(
        f"{path}/answer", {"text": "Mine.", "seen": seen.get("value") or ""}, **SCRIPT
    )
    assert sent.status_code == 200


def test_where_the_last_answer_is_stays_true(window: Window) -> None:
    window.desk.relay_goes(online=False)
    path = window.path("quiet orchard")
    sent = window.post(f"{path}/answer", {"text": "Yes.", "seen": "none"}, **SCRIPT)
    (part,) = [e for e in parse_part(sent.text).iter("div") if e.get("id") == "before-answer"]
    assert part.get("data-hx-swap-oob") == "true"
    assert "saved here. It leaves as soon as the server answers" in text_of(part)
    assert "answered, waits to be sent" in window.pages.get("/hotline?show=all").text
    window.desk.relay_goes(online=True)
    again = window.client.get(part.get("data-hx-get") or "").text
    assert "The server has your answer." in again
    assert "waits to be sent" not in window.pages.get("/hotline?show=all").text


def test_opening_a_conversation_marks_nothing_as_read_and_the_button_does(window: Window) -> None:
    path = window.path("quiet orchard")
    page = window.pages.get(path)
    assert window.desk.conversation(window.talks["quiet orchard"]).unread == 1  # type: ignore[union-attr]
    page = window.pages.send(page.form(f"{path}/read"))
    assert window.desk.conversation(window.talks["quiet orchard"]).unread == 0  # type: ignore[union-attr]
    assert not [form for form in page.all("form") if form.get("action") == f"{path}/read"]


def test_parts_in_which_something_is_typed_are_never_fetched_anew(window: Window) -> None:
    page = window.pages.get(window.path("amber lantern"))
    live = [e for e in page.root.iter() if "desk:change" in (e.get("data-hx-trigger") or "")]
    parts = {"head", "thread", "hold", "joined", "before-answer", "own-draft", "place", "touching"}
    parts |= {"flags", "scripts"}
    parts |= {"hostile", "kept", "looks", "vetted"}
    assert {part.get("id") for part in live} == parts
    for part in live:
        typed = [e for e in part.iter("input") if e.get("type") != "hidden"]
        assert not typed
        assert not [*part.iter("textarea"), *part.iter("select")]


def test_a_long_conversation_begins_with_its_newest_part(window: Window) -> None:
    talk = window.talks["quiet orchard"]
    for number in range(120):
        window.desk.clock.move(MINUTE)
        window.desk.receive("quiet orchard", f"message {number}.", conversation=talk)
    path = window.path("quiet orchard")
    page = window.pages.get(path)
    assert "message 119." in page.text
    assert "message 19." not in page.text
    assert "Show 21 earlier pieces" in page.text
    assert "message 19." in window.pages.get(f"{path}?all=1").text


def test_search_marks_what_it_found(window: Window) -> None:
    page = window.pages.get("/search?q=ostrel")
    assert [text_of(mark) for mark in page.all("mark")] == ["Ostrel", "Ostrel"]
    assert page.all("input")[-1].get("value") == "ostrel" or "ostrel" in page.html
    assert "note for colleagues" in page.text
    assert "Nothing was found" in window.pages.get("/search?q=zzz").text


def test_the_crew_is_shown_with_devices_and_roles(window: Window) -> None:
    text = window.pages.get("/crew").text
    for wanted in ("Mira’s second laptop", "ноутбук Тимура", "lawyer", "this desk", "founded"):
        assert wanted in text
    assert MIRA.hex() not in window.pages.get("/crew").text


def test_no_id_is_shown_to_a_reader(window: Window) -> None:
    for path in ("/today", "/hotline", window.path("amber lantern"), "/crew"):
        text = window.pages.get(path).text
        ids = [*window.talks.values(), *window.desk.roster().members, *window.desk.files]
        assert not [one for one in ids if one.hex()[:12] in text]


def test_troubles_are_worded_and_codes_are_not_shown(window: Window) -> None:
    from safeconduct.edges.desk.api import Trouble  # noqa: PLC0415

    codes = ("relay_rolled_back", "never_heard_of_it", "device_forked")
    window.desk.troubles = tuple(Trouble(code, window.desk.now()) for code in codes)
    text = window.pages.get("/today").text
    assert not [code for code in codes if code in text]
    assert "Tell a steward now." in text
    assert "The desk found something that does not fit." in text


def test_a_trouble_leads_to_whom_it_keeps_waiting(window: Window) -> None:
    from safeconduct.edges.desk.api import Trouble  # noqa: PLC0415

    waiting = [(window.talks[name], name) for name in ("quiet orchard", "amber lantern")]
    many = tuple(waiting * 3)
    for about, others in ((tuple(waiting), False), (many, True)):
        window.desk.troubles = (Trouble("letter_refused", window.desk.now(), about),)
        links = {link.get("href") for link in window.pages.get("/crew").all("a")}
        assert links >= {window.path(name) for _, name in waiting}
        assert ("/hotline?show=all" in links) == others


def test_a_form_too_large_says_that_the_text_is_still_there(window: Window) -> None:
    path = f"{window.path('quiet orchard')}/note"
    answer = window.client.post(
        path, data={"csrf": "x", "text": "y" * (2 << 20)}, headers={"Origin": ORIGIN}
    )
    assert answer.status_code == 413
    assert "your text is still there" in answer.text
