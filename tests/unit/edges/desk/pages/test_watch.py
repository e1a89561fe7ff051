# SPDX-License-Identifier: AGPL-3.0-or-later
"""Check-ins on their page and on Today: setting, judging a word, alarms by name, moving, ending."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from safeconduct.edges.desk.watch_api import RelayKeeps
from safeconduct.kernel.words import HOUR, MINUTE
from safeconduct.rooms.duty.pager_facts import PagerPlaceSet, PagerSet
from tests.kit.pages import Page
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

SANA, MIRA, TIMUR, NADIA, _ = rehearsal_roster()[1]
SET, MOVED, HEARD, SEEN, ENDED = (
    f"/watch/{what}" for what in ("set", "moved", "heard", "seen", "ended")
)
RIGHT, DURESS = "dry branch", "full kettle"


def due(window: Window, after: int) -> str:
    """A time as the field gives it."""
    at = datetime.fromtimestamp((window.desk.clock.now() + after) / 1000, UTC)
    return at.strftime("%Y-%m-%dT%H:%M")


def expect(window: Window, **other: str) -> Page:
    """Fill the form in and send it."""
    calls = window.desk.duty.book
    calls.tell(SANA, PagerPlaceSet("https://calls.example", ()))
    for device, topic in ((SANA, "a" * 32), (MIRA, "b" * 32)):
        calls.tell(device, PagerSet(topic))
    fields = {
        "label": "Rowan",
        "due": due(window, 2 * HOUR),
        "grace": "15",
        "right": RIGHT,
        "duress": DURESS,
        "first": SANA.hex(),
        "second": MIRA.hex(),
    }
    page = window.pages.get("/watch")
    return window.pages.send(page.form(SET), status=422 if other else 200, **(fields | other))


def later(window: Window, milliseconds: int) -> None:
    """Let time pass."""
    window.desk.clock.move(milliseconds)


def test_somebody_is_expected_and_the_page_says_by_when_and_who_is_called(window: Window) -> None:
    assert "Nobody is expected." in window.pages.get("/watch").text
    page = expect(window)
    assert "Rowan" in page.text
    assert "The server does not keep it yet" in page.text
    assert "Called, in this order: " in page.text
    for word in (RIGHT, DURESS):
        assert word not in page.html
    assert "1 check-in" in window.pages.get("/today").text


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("label", " ", "give it a code name"),
        ("right", DURESS, "two different words"),
        ("second", SANA.hex(), "who is called"),
    ],
)
def test_what_makes_no_check_in_is_refused_beside_the_form(
    window: Window, field: str, value: str, why: str
) -> None:
    page = expect(window, **{field: value})
    assert why in page.text
    assert window.desk.check_ins.facts == []


def test_time_that_is_too_soon_is_refused(window: Window) -> None:
    assert "at least ten minutes" in expect(window, due=due(window, MINUTE)).text


def test_silence_names_who_is_to_be_called_until_somebody_sees_to_it(window: Window) -> None:
    expect(window)
    later(window, 2 * HOUR + MINUTE)
    assert "Late." in window.pages.get("/watch").text
    assert "late; the alarm begins" in window.pages.get("/today").text
    later(window, 16 * MINUTE)
    today = window.pages.get("/today").text
    assert "Silence" in today
    assert "It is your turn: see to it now." in today
    later(window, 10 * MINUTE)
    assert "To telephone (a call can be lost): Mira" in window.pages.get("/today").text
    assert "1 check-in went wrong." in window.pages.get("/hotline").text
    page = window.pages.get("/watch")
    page = window.pages.send(page.form(SEEN))
    assert "It is seen to by you." in page.text
    assert "It is your turn" not in page.text
    assert "To telephone" not in page.text


@pytest.mark.parametrize(
    ("word", "title", "others"),
    [(DURESS, "Duress word", ("Wrong word",)), ("other", "Wrong word", ("Duress word",))],
)
def test_duress_word_and_wrong_word_are_alarms_of_their_own(
    window: Window, word: str, title: str, others: tuple[str, ...]
) -> None:
    page = expect(window)
    page = window.pages.send(page.form(HEARD), word=word)
    assert "Say nothing of it to whoever said the word." in page.text
    assert title in page.text
    assert not [other for other in (*others, "Silence:") if f"{other}:" in page.text]
    page = window.pages.send(page.form(HEARD), word=RIGHT)
    assert title in page.text
    page = window.pages.send(page.form(ENDED))
    assert "Nobody is expected." in page.text


def test_each_person_can_be_named_once_whatever_devices_they_have(window: Window) -> None:
    expect(window)
    page = window.pages.get("/watch")
    first = page.html.partition('name="first"')[2].partition("</select>")[0]
    assert (first.count("Sana"), first.count("Mira")) == (1, 1)


def test_right_word_ends_the_wait(window: Window) -> None:
    page = expect(window)
    page = window.pages.send(page.form(HEARD), word=RIGHT.upper())
    assert "That is the agreed word." in page.text
    assert "Nobody is expected." in page.text
    later(window, 3 * HOUR)
    assert "Silence" not in window.pages.get("/today").text


def test_moved_check_in_is_late_at_the_other_time(window: Window) -> None:
    page = expect(window)
    page = window.pages.send(page.form(MOVED), due=due(window, 4 * HOUR))
    later(window, 3 * HOUR)
    assert "Silence:" not in window.pages.get("/watch").text
    page = window.pages.send(window.pages.get("/watch").form(MOVED), status=422, due=" ")
    assert "or type a time" in page.text


def test_time_that_was_typed_is_kept_where_it_is_refused(window: Window) -> None:
    page = expect(window)
    typed = due(window, MINUTE)
    page = window.pages.send(page.form(MOVED), status=422, due=typed)
    assert "at least ten minutes" in page.text
    assert page.form(MOVED).fields["due"] == typed


@pytest.mark.parametrize("hours", ["1", "8"])
def test_hours_can_be_chosen_instead_of_a_time(window: Window, hours: str) -> None:
    page = expect(window)
    window.pages.send(page.form(MOVED), soon=hours)
    (one,) = window.desk.check_ins.watched()
    assert 0 <= one.check_in.due - (window.desk.now() + int(hours) * HOUR) < 5 * MINUTE


def test_alarm_that_nobody_knows_is_seen_to_by_nobody(window: Window) -> None:
    expect(window)
    later(window, 3 * HOUR)
    page = window.pages.get("/watch")
    page = window.pages.send(page.form(SEEN), status=422, danger="fire")
    assert "Nothing was changed" in page.text


def test_who_answers_nobody_sets_and_ends_nothing(window: Window) -> None:
    expect(window)
    window.desk._device = NADIA
    page = window.pages.get("/watch")
    assert SET not in page.html
    assert ENDED not in page.html
    told = len(window.desk.check_ins.facts)
    for path in (SET, MOVED, HEARD, SEEN, ENDED):
        assert window.post(path, {}).status_code == 422
    assert len(window.desk.check_ins.facts) == told


def test_today_says_that_the_server_is_silent(window: Window) -> None:
    later(window, 20 * MINUTE)
    assert "has not answered as it should for a quarter" not in window.pages.get("/today").text
    expect(window)
    later(window, 20 * MINUTE)
    assert window.desk.check_ins.relay_keeps() is RelayKeeps.SILENT
    assert "has not answered as it should for a quarter" in window.pages.get("/today").text


def test_today_says_that_the_server_calls_nobody(window: Window) -> None:
    assert "calls nobody" not in window.pages.get("/today").text
    window.desk.check_ins._mute = True
    assert "The server calls nobody, though calls are due." in window.pages.get("/today").text
