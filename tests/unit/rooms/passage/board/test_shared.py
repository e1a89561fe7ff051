# SPDX-License-Identifier: AGPL-3.0-or-later
"""Moves within a town that one escort is to go with: who goes together, and who cannot."""

from __future__ import annotations

import pytest

from safeconduct.rooms.passage.board.soon import Against
from tests.kit.board_facts import TODAY, Facts
from tests.unit.rooms.passage.board.test_board import coming


@pytest.mark.parametrize("at", ["", "18:00"])
def test_who_moves_within_two_towns_on_one_day_is_in_two_places(at: str) -> None:
    facts = Facts()
    escort = facts.sheet("escort", name="E", state="ready", most="3").hex()
    journeys = [facts.journey(facts.party()) for _ in range(2)]
    houses = facts.house(), facts.house()
    for journey, house in zip(journeys, houses, strict=True):
        facts.stay(journey, house, begins=TODAY, state="held")
        facts.ride(journey, leg="", at=at, escort=escort)
    assert [set(one.against) for one in coming(facts)] == [{Against.TWICE}] * 2
    facts.ride(journeys[0], leg="", at=at, escort=escort)
    (stay, _) = facts.network().of_kind("stay")
    facts.instead("stay", stay.id, house=houses[1].hex())
    assert [set(one.against) for one in coming(facts)] == [{Against.TOO_FEW_SEATS}] * 3


def test_moves_of_one_journey_go_together_though_no_house_is_said() -> None:
    facts = Facts()
    escort = facts.sheet("escort", name="E", state="ready", most="3").hex()
    journey = facts.journey(facts.party())
    for _ in range(2):
        facts.ride(journey, leg="", at="18:00", escort=escort)
    assert [set(one.against) for one in coming(facts)] == [{Against.WHICH_HOUSE}] * 2
