# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lines on the pages: admitted and taken back, the way an answer goes, codes, alarms, calls."""

import pytest

from safeconduct.edges.desk.line_words import channel
from safeconduct.kernel.words import DAY, HOUR
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.hotline.by_line import CARRIES, DOORS, KINDS, Kind
from safeconduct.rooms.hotline.spoken import CallMark, write_call
from tests.kit.desk_twin_lines import TwinLine
from tests.kit.pages import text_of
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

SIGNAL, DOOR, PHONE = TwinLine("signal"), TwinLine("telegram", b"t" * 32), TwinLine("phone")
MIRA = rehearsal_roster()[1][1]
SCRIPT = {"HX-Request": "true"}
NAME, TEXT = "hollow bridge", "Они стоят у двери."


def admit(window: Window, line: TwinLine, **more: str) -> int:
    """Paste its card; the status of the answer."""
    fields = {"card": line.text.lower().replace("-", "\n"), "instead": ""}
    return window.post("/lines/admit", fields | more).status_code


def lines(window: Window) -> str:
    """The page as it stands."""
    return text_of(window.pages.get("/lines").by_id("main"))


def test_a_line_is_admitted_by_its_card_and_taken_back(window: Window) -> None:
    assert "No line was admitted yet" in lines(window)
    assert admit(window, SIGNAL) == 303
    assert "Signal in use admitted:" in lines(window)
    assert admit(window, SIGNAL) == 422
    key = SIGNAL.card.key.hex()
    window.post("/lines/withdraw", {"line": key})
    assert "Signal in use no more taken back:" in lines(window)
    assert window.post("/lines/withdraw", {"line": key}).status_code == 422


def test_what_is_no_card_stays_in_the_form(window: Window) -> None:
    refused = window.post("/lines/admit", {"card": SIGNAL.text[:-9] + "<b>", "instead": ""})
    assert refused.status_code == 422
    assert "this is no card of a line" in refused.text
    assert SIGNAL.text[:40] in refused.text


def test_a_risky_line_is_admitted_by_who_read_and_signs(window: Window) -> None:
    found = lines(window)
    assert "What a line to Telegram risks" in found
    assert "What a line to WhatsApp risks" in found
    refused = window.post("/lines/admit", {"card": DOOR.text, "instead": ""})
    assert "admitted by who read what it risks" in refused.text
    assert window.desk.lines.all() == ()
    assert admit(window, DOOR, signed="1") == 303
    found = lines(window)
    assert "risk read and signed" in found
    assert "telegram-1" not in found
    assert DOOR.card.key[:8].hex() not in found


def test_one_line_takes_the_place_of_another(window: Window) -> None:
    admit(window, SIGNAL)
    newer = TwinLine("signal", b"n" * 32)
    assert admit(window, newer, instead=SIGNAL.card.key.hex()) == 303
    assert [one.key for one in window.desk.lines.all() if one.stands] == [newer.card.key]


def test_the_licence_is_shown_where_the_page_s_key_is(window: Window) -> None:
    admit(window, SIGNAL)
    key = SIGNAL.card.key
    without = window.post("/lines/licence", {"line": key.hex()})
    assert without.status_code == 422
    window.desk.lines.made[key] = b"signed"
    given = window.post("/lines/licence", {"line": key.hex()})
    assert given.content == b"signed"
    assert "line.licence" in given.headers["content-disposition"]


def test_who_is_no_steward_sees_lines_and_changes_none(window: Window) -> None:
    admit(window, SIGNAL)
    theirs = window.desk.by(MIRA).lines
    assert [one.key for one in theirs.all()] == [SIGNAL.card.key]
    for act in (
        lambda: theirs.admit(PHONE.text, signed=False),
        lambda: theirs.withdraw(SIGNAL.card.key),
        lambda: theirs.licence(SIGNAL.card.key),
    ):
        with pytest.raises(NotASteward):
            act()


@pytest.mark.parametrize("kind", KINDS)
def test_before_an_answer_stands_which_way_it_goes_and_what_it_shows(
    window: Window, kind: Kind
) -> None:
    line = TwinLine(kind)
    path = f"/hotline/{line.write(window.desk, NAME, TEXT).hex()}"
    page = window.pages.get(path)
    said = text_of(page.by_id("before-answer"))
    assert ("Your answer goes by:" in said) == (kind in CARRIES)
    assert ("What you write does not go." in said) == (kind not in CARRIES)
    assert ("goes only the way to the page" in said) == (kind in DOORS)
    assert (f"Send by {channel(kind, 'en')}" in text_of(page.by_id("main"))) == (kind in CARRIES)
    assert "a line that the office does not know" in said
    assert ("Send the way to the page" in text_of(page.by_id("main"))) == (kind in DOORS)
    actions = [one.get("action") for one in page.all("form")]
    assert (f"{path}/answer" in actions) == (kind in CARRIES)
    admit(window, line, signed="1")
    known = text_of(window.pages.get(path).by_id("before-answer"))
    assert "does not know" not in known


def test_by_a_door_the_way_goes_and_no_other_word(window: Window) -> None:
    admit(window, DOOR, signed="1")
    talk = DOOR.write(window.desk, NAME, TEXT)
    path = f"/hotline/{talk.hex()}"
    refused = window.post(f"{path}/answer", {"text": "Идите к реке.", "seen": "none"})
    assert refused.status_code == 422
    assert "what you write would not go by this channel" in refused.text
    window.post(f"{path}/way", {})
    kept = window.desk.conversation(talk)
    assert kept is not None
    (answer,) = kept.answers
    assert "The line was told to send the way" in answer.text
    signal = SIGNAL.write(window.desk, NAME, TEXT)
    assert window.post(f"/hotline/{signal.hex()}/way", {}).status_code == 422


def test_rows_name_the_channel_and_an_unknown_line(window: Window) -> None:
    DOOR.write(window.desk, NAME, TEXT)
    rows = "/hotline?show=all"
    assert "names a line of Telegram that the office does not know" in window.pages.get(rows).text
    admit(window, DOOR, signed="1")
    assert "by Telegram" in window.pages.get(rows).text


def test_a_line_s_alarm_is_no_person_in_the_queue(window: Window) -> None:
    waiting = window.desk.inbox(show="waiting", start=0, most=0)[1]
    talk = PHONE.write(window.desk, NAME, "", handle=b"", alarm="quiet")
    assert window.desk.inbox(show="waiting", start=0, most=0)[1] == waiting
    assert "a line that the office does not know" in lines(window)
    assert "Lines that need somebody" not in window.pages.get("/today").text
    admit(window, PHONE)
    said = "hears nothing from its channel"
    assert said in lines(window)
    today = window.pages.get("/today").text
    assert said in today
    assert "(admitted:" in today
    assert PHONE.card.key[:8].hex() not in today
    assert "nobody reads an answer" in window.pages.get(f"/hotline/{talk.hex()}").text
    window.desk.clock.move(DAY + HOUR)
    assert said not in window.pages.get("/today").text


def test_two_of_one_code_are_joined_with_one_press(window: Window) -> None:
    talk = DOOR.write(window.desk, NAME, TEXT, code="12345678")
    window.desk.clock.move(HOUR)
    page = SIGNAL.write(window.desk, "later one", "Это я.", said="1234 5678")
    for path in (f"/hotline/{talk.hex()}", f"/hotline/{page.hex()}"):
        assert "Probably one person" in window.pages.get(path).text
    path = f"/hotline/{talk.hex()}"
    window.post(f"{path}/one-code", {"other": page.hex()})
    joined = window.desk.conversation(talk)
    assert joined is not None
    assert joined.id == page
    assert joined.waiting_since == joined.messages[0].arrived
    found = window.pages.get(path)
    assert "Probably one person" not in found.text
    assert "Your answer goes by: Signal." in text_of(found.by_id("before-answer"))
    again = window.post(f"{path}/one-code", {"other": page.hex()})
    assert again.status_code == 422


def test_a_call_is_told_in_words_and_force_stands_first(window: Window) -> None:
    call = write_call(CallMark(left="hung_up", silent=True, duress=True, cut=True, seconds=75))
    talk = PHONE.write(window.desk, NAME, "", beside=call)
    thread = text_of(window.pages.get(f"/hotline/{talk.hex()}").by_id("thread"))
    for said in ("I am being forced", "cannot speak", "hung up", "1 min 15 s", "cut off"):
        assert said in thread
    assert window.desk.inbox(show="waiting", start=0, most=1)[0][0].conversation == talk


def test_who_asked_by_key_can_be_called_back_once_and_nobody_else(window: Window) -> None:
    plain = PHONE.write(window.desk, NAME, "", beside=write_call(CallMark(left="message")))
    assert "Call back" not in text_of(window.pages.get(f"/hotline/{plain.hex()}").by_id("main"))
    assert window.post(f"/hotline/{plain.hex()}/call-back", {"ring": ""}).status_code == 422
    mark = CallMark(left="message", seconds=9, back="now")
    path = f"/hotline/{PHONE.write(window.desk, NAME, '', beside=write_call(mark)).hex()}"
    unknown = window.post(f"{path}/call-back", {"ring": ""})
    assert unknown.status_code == 422
    admit(window, PHONE)
    said = text_of(window.pages.get(path).by_id("main"))
    assert "its list will show an unknown number" in said
    assert "it is not that time now" not in said
    window.desk.clock.move(2 * HOUR)
    assert "it is not that time now" in text_of(window.pages.get(path).by_id("main"))
    assert window.post(f"{path}/call-back", {"ring": "+15550100"}).status_code == 422
    window.post(f"{path}/call-back", {"ring": "Op1"})
    page = text_of(window.pages.get(path).by_id("main"))
    assert "The line was told to call them back" in page
    assert "its list will show" not in page
    assert window.post(f"{path}/call-back", {"ring": ""}).status_code == 422


def test_a_call_that_goes_on_is_not_told_as_one_that_somebody_took(window: Window) -> None:
    talk = PHONE.write(window.desk, NAME, "", beside=write_call(CallMark(left="talk")))
    thread = text_of(window.pages.get(f"/hotline/{talk.hex()}").by_id("thread"))
    assert "they may be waiting for somebody" in thread
    assert "spoke with them" not in thread


def test_one_sentence_says_where_an_answer_goes_by_page_and_line_at_once(window: Window) -> None:
    alone = f"/hotline/{next(iter(window.talks.values())).hex()}"
    said = text_of(window.pages.get(alone).by_id("before-answer"))
    assert "Your answer goes by: our page." in said
    talk = SIGNAL.write(window.desk, NAME, TEXT)
    window.desk.receive(NAME, TEXT, conversation=talk)
    both = text_of(window.pages.get(f"/hotline/{talk.hex()}").by_id("before-answer"))
    assert "Your answer goes by all of these at once: our page, Signal." in both
    assert "Your answer goes by:" not in both


def test_the_button_that_sends_names_the_way_anew_when_it_changes(window: Window) -> None:
    talk = SIGNAL.write(window.desk, NAME, TEXT)
    path = f"/hotline/{talk.hex()}"
    assert "Send by Signal" in text_of(window.pages.get(path).by_id("send-by"))
    window.desk.receive(NAME, TEXT, conversation=talk)
    part = window.client.get(f"{path}/before-answer", headers=SCRIPT)
    assert 'id="send-by" data-hx-swap-oob="true">Send the answer<' in part.text
    door = DOOR.write(window.desk, NAME, TEXT)
    part = window.client.get(f"/hotline/{door.hex()}/before-answer", headers=SCRIPT)
    assert "send-by" not in part.text


def test_who_waits_on_the_telephone_is_one_press_away_from_being_answered(window: Window) -> None:
    where = PHONE.write(window.desk, NAME, "", beside=write_call(CallMark(left="talk", waits=True)))
    path = f"/hotline/{where.hex()}"
    assert "A call: they wait" not in window.pages.get("/hotline").text
    admit(window, PHONE)
    assert "A call: they wait" in window.pages.get("/hotline").text
    assert "Answer the telephone" in text_of(window.pages.get(path).by_id("before-answer"))
    window.desk.mark_read(where)
    assert "A call; open it to see what was left." in window.pages.get("/hotline").text
