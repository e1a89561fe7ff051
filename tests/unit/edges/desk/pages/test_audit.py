# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who can see a conversation and what a device did, as pages say it."""

import re

import pytest

from safeconduct.edges.desk import audit_words
from safeconduct.edges.desk.audit_api import REPORTS
from safeconduct.rooms.crew import EpochOpened
from safeconduct.rooms.crew.events import KINDS
from safeconduct.rooms.crew.vaults import OFFICE_KEY
from tests.kit.pages import text_of
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

SANA, MIRA, TIMUR, NADIA, SECOND = rehearsal_roster()[1]


@pytest.fixture
def keys(window: Window) -> Window:
    """The founder gave keys to everybody; four people have five devices."""
    opened = EpochOpened(OFFICE_KEY, 1, bytes(32), (SANA, MIRA, TIMUR, NADIA, SECOND))
    window.desk.removals.write(opened)
    return window


def test_a_conversation_says_in_a_sentence_who_can_see_it(keys: Window) -> None:
    page = keys.pages.get(f"/hotline/{keys.talks['amber lantern'].hex()}")
    assert "Keys are held by: you (hotline operator, steward), Mira" in page.text
    assert "and 1 more colleague." in page.text
    assert "enough recovery cards" in page.text
    assert not any(device.hex() in page.text for device in (MIRA, TIMUR, NADIA, SECOND))


def test_its_list_names_everybody_and_says_what_is_proved(keys: Window) -> None:
    keys.desk.by(MIRA).mark_read(keys.talks["amber lantern"])
    page = keys.pages.get(f"/hotline/{keys.talks['amber lantern'].hex()}/who")
    keyed, opened = page.text.split("Who opened it", 1)
    assert "Proved by keys and signatures." in keyed
    assert "Mira’s laptop , Mira’s second laptop" in keyed.replace("laptop,", "laptop ,")
    assert keyed.count("Everything, to this day.") == 4
    assert "Reported by their desks." in opened
    assert "Proved" not in opened


def test_a_removed_device_stays_on_the_list(keys: Window) -> None:
    keys.desk.removals.suspend(TIMUR, "")
    talk = f"/hotline/{keys.talks['amber lantern'].hex()}"
    assert "still have its key" in keys.pages.get(talk).text
    assert "Removed, but the key has not been changed" in keys.pages.get(f"{talk}/who").text


def test_a_search_is_counted_by_its_page_and_by_no_other(keys: Window) -> None:
    for path in ("/search", "/search?q=", "/today"):
        keys.pages.get(path)
    assert keys.desk.audit.searches == []
    keys.pages.get("/search?q=boathouse")
    assert keys.desk.audit.searches == ["boathouse"]


def test_what_a_device_did_stands_in_words(keys: Window) -> None:
    crew = keys.pages.get(f"/crew/{SANA.hex()}/did")
    for said in ("admitted a device", "made a new key", "Proved by signatures.", "reported"):
        assert said in crew.text
    first = crew.text.index("opened the conversation and saw new messages")
    assert first < crew.text.index("founded this office")
    assert keys.pages.get(f"/crew/{NADIA.hex()}/did").text.count("It wrote nothing.") == 1
    keys.pages.get(f"/crew/{'00' * 16}/did", status=404)


def test_a_long_list_goes_on_another_page(keys: Window) -> None:
    for number in range(41):
        keys.desk.note(keys.talks["amber lantern"], f"note {number}")
    page = keys.pages.get(f"/crew/{SANA.hex()}/did")
    assert page.text.count("note for colleagues") == 40
    assert "Further in the list" in page.text
    assert "Earlier in the list" in keys.pages.get(f"/crew/{SANA.hex()}/did?start=40").text


def test_only_a_steward_sees_what_others_did(shut: Window) -> None:
    shut.desk = shut.desk.by(MIRA)
    shut.unlock()
    assert shut.pages.get(f"/crew/{MIRA.hex()}/did").heading == "What this device did"
    assert shut.pages.get(f"/crew/{SANA.hex()}/did", status=422).heading != "What this device did"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_deed_has_words(language: str) -> None:
    unknown = audit_words.deed("road.Something", language)
    for kind in (*KINDS, *REPORTS):
        assert audit_words.deed(kind, language) != unknown


def test_the_page_gives_the_day_of_erasure_or_says_what_it_waits_for(keys: Window) -> None:
    page = keys.pages.get("/crew/gone")
    assert "We cannot yet name the day" in page.text
    assert "nobody seems to open this desk" in page.text
    assert "The one before stays until this was read at:" in page.text
    assert not re.search(r"\d\d:\d\d|\.[A-Z]", text_of(page.all("ul")[-1]))
    assert "Recovery cards: those of" in page.text
    keys.desk.audit.asleep = 10
    page = keys.pages.get("/crew/gone")
    assert "no device of this office opens any more after" in page.text
    assert "We cannot yet name the day" not in page.text
    assert "What is gone for good" in keys.pages.get("/crew").text
