# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calls to phones on their page and on Today: what they show, to whom they go, and the button."""

from collections.abc import Iterator

import pytest

from safeconduct.kernel.wire.pages import SENTENCE
from safeconduct.kernel.words import HOUR, MINUTE
from safeconduct.rooms.duty.pager_facts import PagerPlaceSet, PagerSet
from safeconduct.rooms.hotline.triage import Danger
from tests.kit.phones import Phones, phones
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

SANA, MIRA, TIMUR, NADIA, _ = rehearsal_roster()[1]
PLACE, OWN, TRIED, DONE = (
    f"/duty/calls/{what}" for what in ("place", "own", "tried", "acknowledged")
)


@pytest.fixture
def server() -> Iterator[Phones]:
    """A server of calls."""
    with phones() as book:
        yield book


def endanger(window: Window) -> None:
    """Somebody in danger waits for longer than ten minutes."""
    window.desk.triage.judge(window.talks["quiet orchard"], Danger.IN_DANGER)
    window.desk.clock.move(30 * MINUTE)


def test_page_says_the_sentence_and_what_calls_show_to_whom(window: Window) -> None:
    page = window.pages.get("/duty/calls")
    assert SENTENCE in page.text
    assert "sees when phones are called, which phones, and from where desks call" in page.text
    assert "Where every computer sleeps or is off, nobody is called." in page.text


def test_steward_sets_the_server_and_everyone_their_own_address(
    window: Window, server: Phones
) -> None:
    page = window.pages.get("/duty/calls")
    refused = window.pages.send(page.form(PLACE), status=422, address="calls.example.org")
    assert "this is no address of a server" in refused.text
    page = window.pages.send(page.form(PLACE), address=server.address)
    page = window.pages.send(page.form(OWN))
    own = window.desk.duty.calls.calling().own
    assert own.startswith(server.address)
    assert own in page.text
    page = window.pages.send(page.form(TRIED))
    assert "The server took the call." in page.text
    assert server.topics == [own.rpartition("/")[2]]
    server.answers = 403
    page = window.pages.send(page.form(TRIED))
    assert "did not take it" in page.text
    window.desk.duty.calls.pager.close()


def test_who_is_no_steward_sets_no_server_and_who_answers_nobody_nothing(window: Window) -> None:
    window.desk._device = TIMUR
    assert PLACE not in window.pages.get("/duty/calls").html
    assert "Only a steward" in window.post(PLACE, {"address": "https://a.example"}).text
    assert "a steward has to say first" in window.post(OWN, {"on": "1"}).text
    window.desk._device = NADIA
    for path in (PLACE, OWN):
        assert "nobody takes shifts" in window.post(path, {"address": "", "on": "1"}).text
    assert window.post(DONE).status_code == 303
    assert window.desk.duty.book.facts == []


def test_today_says_that_phones_are_called_until_somebody_sees_to_it(window: Window) -> None:
    endanger(window)
    assert DONE not in window.pages.get("/today").html
    window.desk.duty.book.tell(SANA, PagerPlaceSet("https://calls.example", ()))
    page = window.pages.get("/today")
    assert "calls the people on duty" in page.text or "call the people on duty" in page.text
    assert "Nobody can be called" in page.text
    window.desk.duty.book.tell(SANA, PagerSet("a" * 32))
    page = window.pages.get("/today")
    assert "Nobody can be called" not in page.text
    page = window.pages.send(page.form(DONE))
    assert "Nobody is called any more for an hour." in page.text
    assert "it is seen to by you" in page.text
    assert DONE not in page.html
    window.desk._device = MIRA
    assert "it is seen to by Sana" in window.pages.get("/today").text
    window.desk.clock.move(HOUR)
    assert DONE in window.pages.get("/today").html
