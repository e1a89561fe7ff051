# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages say of calls from a locked desk, and what the panic key leaves of them: nothing."""

import pytest

from safeconduct.edges.desk.doorkeeper import locked_page
from safeconduct.edges.desk.locked_watch import Says
from tests.kit.phones import phones
from tests.unit.edges.desk.pages.window import Window


def sets_calls(window: Window) -> None:
    """Let the office call phones, and make ready what is handed over."""
    calls = window.desk.duty.calls
    with phones() as server:
        calls.set_place(server.address)
    calls.set_own(on=True)
    calls.prepare(0)


def test_settings_offer_it_where_the_office_calls_phones_and_it_is_on(window: Window) -> None:
    assert "/locked-calls" not in window.pages.get("/settings").text
    sets_calls(window)
    page = window.pages.get("/settings")
    assert page.by_id("calls").get("checked") is not None
    assert window.pages.get("/today").by_id("locked").get("data-watched")
    assert "no phone is called from here" in window.client.get("/locked").text
    window.post("/locked-calls")
    assert not window.desk.preferences().calls
    assert window.pages.get("/settings").by_id("calls").get("checked") is None
    assert window.pages.get("/today").by_id("locked").get("data-watched") is None
    assert "phones are called" not in window.client.get("/locked").text
    window.post("/locked-calls", {"calls": "on"})
    assert window.desk.preferences().calls


def test_a_locked_page_says_the_same_words_whatever_calls() -> None:
    page = locked_page("en", phones=True)
    assert "<h1>Locked</h1>" in page
    assert "phones are called for you" in page
    assert "You can close this window" not in page
    assert "phones are called" not in locked_page("en")
    assert "phones are called for you" in locked_page("en", Says.SOMETHING, phones=True)
    assert locked_page("ru", phones=True) != page


@pytest.mark.attack
def test_the_panic_key_leaves_no_topic_behind(window: Window) -> None:
    sets_calls(window)
    window.post("/lock", {"panic": "1"})
    assert window.locked == 1
    assert not window.app.state.front.session.calls
    assert window.desk.preferences().calls
