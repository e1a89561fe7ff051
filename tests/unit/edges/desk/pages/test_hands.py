# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk that is left alone: what counts as somebody there, and by which clock."""

from __future__ import annotations

import pytest
from litestar.testing import TestClient

from safeconduct.edges.desk.hands import CHOICES, MINUTE, USUAL, Hands
from tests.unit.edges.desk.pages.window import ORIGIN, Seconds, Window

ALMOST = USUAL * MINUTE - 1


def test_desk_is_left_alone_after_the_usual_time() -> None:
    seconds = Seconds()
    hands = Hands(seconds, seconds)
    seconds.now += ALMOST
    before = hands.gone
    seconds.now += 1
    after = hands.gone
    hands.seen()
    assert (before, after, hands.gone) == (False, True, False)


def test_time_in_which_the_computer_slept_counts() -> None:
    steady, wall = Seconds(), Seconds()
    hands = Hands(steady, wall)
    wall.now += ALMOST + 1
    assert hands.gone


def test_clock_that_is_set_back_keeps_no_desk_open() -> None:
    steady, wall = Seconds(), Seconds()
    hands = Hands(steady, wall)
    wall.now -= 7 * 24 * 60 * MINUTE
    steady.now += ALMOST + 1
    assert hands.gone


def here(window: Window) -> bool:
    """Tell whether what a test does next is done while somebody was seen in between."""
    seen = not window.hands.gone
    window.hands.seen()
    window.seconds.now += ALMOST + 1
    return seen


def test_pages_that_a_person_opens_and_what_she_sends_keep_the_desk_open(window: Window) -> None:
    here(window)
    for path in ("/today", "/hotline?show=all", window.path("amber lantern")):
        window.pages.get(path)
        assert here(window)
    for path in ("/here", "/keys", f"{window.path('amber lantern')}/note"):
        assert window.post(path, {"text": "She can be called."}).status_code < 400
        assert here(window)


def test_news_that_a_page_fetches_by_itself_keeps_no_desk_open(window: Window) -> None:
    here(window)
    news = ("/head?at=today", "/notices", f"{window.path('amber lantern')}/thread")
    for path in news:
        assert window.client.get(path, headers={"HX-Request": "true"}).is_success
    assert window.client.get("/static/desk.js").is_success
    assert not here(window)


def test_another_program_on_this_computer_keeps_no_desk_open(window: Window) -> None:
    here(window)
    assert window.post("/here", {"csrf": "guessed"}).status_code == 403
    window.client.cookies.clear()
    window.client.get("/today")
    assert window.post("/here").status_code == 403
    assert not here(window)


def test_time_that_was_chosen_is_known_in_the_next_shift(window: Window) -> None:
    page = window.pages.get("/settings")
    assert [option.get("value") for option in page.all("option")] == [str(one) for one in CHOICES]
    window.pages.send(page.form("/locking"), minutes="5")
    assert window.hands.minutes == 5
    later = Window(window.desk, window.talks, Seconds(), None)
    with TestClient(later.app, base_url=ORIGIN) as client:
        later.use(client)
        later.unlock()
        assert later.hands.minutes == 5


@pytest.mark.parametrize("minutes", ["0", "-5", "6", "999999", "", "x", "5.0"])
def test_time_that_cannot_be_chosen_changes_nothing(window: Window, minutes: str) -> None:
    window.post("/locking", {"minutes": minutes})
    assert window.hands.minutes == USUAL
