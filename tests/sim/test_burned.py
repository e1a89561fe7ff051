# SPDX-License-Identifier: AGPL-3.0-or-later
"""The burned drill on real desks: one press at one desk stops what another would hand over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.burned_api import Knowers
from safeconduct.rooms.crew import Role
from safeconduct.rooms.passage import Book
from safeconduct.rooms.passage.burned.drills import Called
from safeconduct.rooms.passage.burned.knower import Kind
from safeconduct.rooms.passage.decide import NoSuchBook
from safeconduct.rooms.passage.errand.slips import SlipState
from tests.sim.errands import Night, nights, today


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A steward, two coordinators, of whom the third holds no book, and a journey."""
    with nights(tmp_path, Role.COORDINATOR, Role.COORDINATOR) as night:
        yield night


def test_one_press_freezes_what_another_desk_would_hand_over(night: Night) -> None:
    escort = night.told(night.make())
    of = Knowers(Kind.ESCORT, night.ids["driver"])
    night.second.burned.press(of, today(night.second), "", rehearsal=False)
    night.meet()
    escort.say("opened")
    night.meet()
    for desk in (night.first, night.second):
        desk.slips.look()
    night.meet()
    assert escort.found() == []
    assert night.shown(night.first).state is SlipState.FROZEN
    driver = night.first.ways.network().sheet(night.ids["driver"], "escort")
    assert driver is not None
    assert driver.text("state") == "arrested"


def test_a_press_on_a_house_is_one_commit_in_two_books(night: Night) -> None:
    night.make(row="stay", who="host")
    drill = night.first.burned.press(
        Knowers(Kind.HOUSE, night.ids["house"]), today(night.first), "Seen.", rehearsal=False
    )
    night.meet()
    network = night.second.ways.network()
    closed = network.of_kind("house_closed")
    assert {one.text("closes") for one in closed} == {
        night.ids["house"].hex(), night.ids["spare"].hex(),
    }  # fmt: skip
    commits = {entered.written[0].fact[:32] for one in closed for entered in one.fields}
    assert commits == {drill[:32]}
    assert night.shown(night.second).state is SlipState.FROZEN


def test_two_who_call_see_each_others_ticks(night: Night) -> None:
    of = Knowers(Kind.ESCORT, night.ids["driver"])
    drill = night.first.burned.press(of, today(night.first), "", rehearsal=False)
    night.meet()
    whom = night.second.burned.look(of, today(night.second)).calls[0].whom
    night.first.burned.tick(drill, whom, reached=False)
    night.second.burned.tick(drill, whom, reached=True)
    night.meet()
    for desk in (night.first, night.second):
        assert desk.burned.drills()[0].called(whom) is Called.NOT_REACHED
    night.second.burned.tick(drill, whom, reached=True)
    night.meet()
    assert night.first.burned.drills()[0].called(whom) is Called.REACHED


def test_a_colleague_reveals_what_stands_in_the_books_they_hold(night: Night) -> None:
    of = Knowers(Kind.COLLEAGUE, night.second.device)
    found = night.first.burned.look(of, today(night.first)).ledger
    assert set(found.knower.books) == set(Book)
    named = {one.key for one in found.lines}
    assert ("party", night.ids["party"].hex()) in named
    assert ("house", night.ids["house"].hex()) in named
    third = Knowers(Kind.COLLEAGUE, night.stage.desks["third"].device)
    assert night.first.burned.look(third, today(night.first)).ledger.lines == ()


def test_a_desk_without_the_book_finds_nothing_whatever_was_pressed(night: Night) -> None:
    third = night.stage.desks["third"]
    of = Knowers(Kind.ESCORT, night.ids["driver"])
    night.first.burned.press(of, today(night.first), "", rehearsal=False)
    night.meet()
    assert not third.burned.shown()
    assert third.burned.drills() == ()
    with pytest.raises(NoSuchBook):
        third.burned.look(of, today(third))
