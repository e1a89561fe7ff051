# SPDX-License-Identifier: AGPL-3.0-or-later
"""A steward signed that the office moved: the desk says so and asks, and goes nowhere by itself."""

import pytest

from safeconduct.edges.desk.moves_api import Onward
from safeconduct.kernel.words import FactId
from tests.unit.edges.desk.pages.window import Window

FACT = FactId(bytes(range(36)))


@pytest.fixture
def moved(window: Window) -> Window:
    """A desk that has read of a move."""
    desk = window.desk
    desk.moves.told = Onward(FACT, desk.device, desk.now(), "http://new.example", agreed=False)
    return window


@pytest.mark.parametrize(
    ("language", "ask"), [("en", "First ask by voice"), ("ru", "Сначала спросите голосом")]
)
def test_today_says_who_signed_for_which_address_and_asks(
    moved: Window, language: str, ask: str
) -> None:
    moved.client.headers["Accept-Language"] = language
    text = moved.pages.get("/today").text
    assert ask in text
    assert "http://new.example" in text


def test_one_goes_along_and_takes_it_back(moved: Window) -> None:
    page = moved.pages.get("/today")
    page = moved.pages.send(page.form("/moved/along"))
    assert moved.desk.moves.told is not None
    assert moved.desk.moves.told.agreed
    assert "Lock it and open it again" in page.text
    moved.pages.send(page.form("/moved/stay"))
    assert not moved.desk.moves.told.agreed


def test_a_button_of_a_move_that_stands_no_more_agrees_to_nothing(moved: Window) -> None:
    page = moved.pages.get("/today")
    assert moved.desk.moves.told is not None
    moved.desk.moves.told = moved.desk.moves.told._replace(fact=FactId(bytes(36)))
    page = moved.pages.send(page.form("/moved/along"))
    assert "elsewhere" in page.text
    assert not moved.desk.moves.told.agreed


def test_a_desk_that_is_where_the_office_is_asks_nothing(window: Window) -> None:
    actions = {form.get("action") for form in window.pages.get("/today").all("form")}
    assert actions.isdisjoint({"/moved/along", "/moved/stay"})
