# SPDX-License-Identifier: AGPL-3.0-or-later
"""Vetting on the pages: the checklist, gates by two, what is guarded, and answers held back."""

from safeconduct.rooms.hotline.vetting import Gate, Vetting
from safeconduct.rooms.hotline.vetting_decide import Answered
from tests.kit.pages import text_of
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

NAME = "amber lantern"
NOTE = "Behind the wormwood gate, ask for Oren."
HELD = "Not sent. Something in it may go to this person only once"


def vetting(window: Window) -> Vetting:
    """What stands."""
    talk = window.desk.conversation(window.talks[NAME])
    assert talk is not None
    return talk.vetting


def say(window: Window, what: str, **fields: str) -> int:
    """Post one of the forms."""
    return window.post(f"{window.path(NAME)}/vetting/{what}", fields).status_code


def test_the_checklist_is_answered_and_two_open_a_gate(window: Window) -> None:
    path = f"{window.path(NAME)}/vetting"
    assert say(window, "open", gate="2", gate_reason="fits") == 422
    assert say(window, "item", item="nothing", holds="yes") == 404
    assert say(window, "item", item="voucher", holds="yes") == 422
    assert say(window, "item", item="voucher", holds="yes", item_note="lilac") == 303
    assert say(window, "open", gate="2", gate_reason="all of it fits") == 303
    page = window.pages.get(path)
    assert "waits for a second person" in text_of(page.by_id("main"))
    assert f"{path}/second" not in page.text
    assert say(window, "second", opening=vetting(window).waiting[0].word.fact.hex()) == 422
    other = window.desk.by(rehearsal_roster()[1][1]).vetting
    other.second_gate(window.talks[NAME], vetting(window).waiting[0].word.fact, "read it all")
    assert vetting(window).gate is Gate.VOUCHED
    window.pages.send(window.pages.get(path).form(f"{path}/withdraw"), withdraw_reason="doubt")
    assert vetting(window).gate is Gate.NONE
    assert "not vetted" in window.pages.get(window.path(NAME)).text


def test_a_guarded_note_is_withheld_and_holds_answers_until_its_gate(window: Window) -> None:
    talk, path = window.talks[NAME], window.path(NAME)
    assert say(window, "guard", gate="1", guard_text="there", guard_words="") == 422
    assert say(window, "guard", gate="1", guard_text=NOTE, guard_words="wormwood") == 303
    for address in (path, f"{path}/vetting", "/today", "/search?q=gate"):
        assert "wormwood" not in window.pages.get(address).text
    assert "You wrote it, and it is kept." in window.pages.get(f"{path}/vetting").text
    form = window.pages.get(path).form(f"{path}/answer").fields
    for text in ("Behind the wormwood.", "Ask oren"):
        held = window.post(f"{path}/answer", form | {"text": text})
        assert held.status_code == 422
        assert HELD in held.text
        assert text in held.text
        assert "<mark>" not in held.text
    window.desk.vetting.answer_item(talk, Answered("twice", "yes", "told twice", 1))
    window.desk.vetting.open_gate(talk, Gate.PLAUSIBLE, "fits")
    assert NOTE in window.pages.get(f"{path}/vetting").text
    assert window.post(f"{path}/answer", form | {"text": "Ask oren"}).status_code == 303
    note = vetting(window).guarded[0].fact.hex()
    assert say(window, "take-back", note=note, back_reason="moved") == 303
    assert vetting(window).guarded == ()


def test_two_passages_stand_side_by_side_until_they_are_settled(window: Window) -> None:
    talk, path = window.talks[NAME], window.path(NAME)
    window.desk.note(talk, "She said: we took the red bus.")
    pair = {"pin_first": "the red bus", "pin_second": "She said", "pin_note": "walked or not?"}
    assert say(window, "pin", **(pair | {"pin_second": "never written"})) == 422
    assert say(window, "pin", **pair) == 303
    assert "walked or not?" in text_of(window.pages.get(path).by_id("vetted"))
    pinned = vetting(window).open_contradictions[0].word.fact.hex()
    assert say(window, "settle", pinned=pinned, settle_reason="two trips") == 303
    assert say(window, "settle", pinned=pinned, settle_reason="two trips") == 422
    assert "walked or not?" not in text_of(window.pages.get(path).by_id("vetted"))
    assert "two trips" in window.pages.get(f"{path}/vetting").text


def test_stewards_alone_have_the_offices_guarded_words(window: Window) -> None:
    assert (
        window.post("/guarded/set", {"gate": "3", "words": "Ostrel\nblue ferry"}).status_code == 303
    )
    assert "blue ferry" in window.pages.get("/guarded").text
    assert window.post("/guarded/set", {"gate": "1", "words": "w" * 200}).status_code == 422
    path = window.path(NAME)
    form = window.pages.get(path).form(f"{path}/answer").fields
    held = window.post(f"{path}/answer", form | {"text": "Take the Blue Ferries."})
    assert HELD in held.text
    window.desk._device = rehearsal_roster()[1][1]
    assert window.client.get("/guarded").status_code == 404
    assert window.post("/guarded/set", {"gate": "3", "words": ""}).status_code == 404
