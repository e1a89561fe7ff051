# SPDX-License-Identifier: AGPL-3.0-or-later
"""A tracing epoch on a running office, by its pages: real programs, and kill -9 in between."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.kit.offices import Hands, Office, an_office, desk_of, wait
from tests.kit.pages import PageForm

PATH = "/crew/tracing"
WHY = "The server is full every noon."
RUNS = "The server can tell our devices apart"


def button(hands: Hands, act: str) -> PageForm:
    """A button on the page about it."""
    return hands.pages.get(PATH).form(f"{PATH}/{act}")


def says(hands: Hands) -> bool:
    """Tell whether Today says that it runs."""
    return RUNS in hands.pages.client.get("/today").text


def ask_and_die(office: Office) -> None:
    """Let the steward's desk be killed as soon as it said that it kept the wish."""
    with desk_of(office, 0) as desk, Hands.on(desk) as hands:
        hands.pages.send(button(hands, "opened"), reason=WHY)
        desk.stop(signal.SIGKILL)


def test_it_begins_shows_shares_and_ends_whatever_was_killed(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        office.stop()
        ask_and_die(office)
        office.start()
        with (
            desk_of(office, 0) as first,
            desk_of(office, 1) as second,
            Hands.on(first) as steward,
            Hands.on(second) as helper,
        ):
            wait(lambda: says(steward) and says(helper))
            wait(lambda: WHY in helper.pages.get("/today").text)
            office.stop()
            office.start()
            wait(lambda: "How much reached the server" in steward.pages.get(PATH).text)
            steward.pages.send(button(steward, "ended"))
            wait(lambda: not says(steward) and not says(helper))
            assert 'class="trouble' not in helper.pages.get("/today").text
