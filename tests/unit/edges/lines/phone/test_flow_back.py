# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking by key to be called back, in line and after a message (spec/phone.md, "Calling back")."""

from __future__ import annotations

import pytest

from safeconduct.edges.lines.phone.acts import AskNumber, HangUp, Hush, Join, Leave, Tell
from safeconduct.edges.lines.phone.times import MENU_WAITS
from tests.unit.edges.lines.phone.test_flow import Rest, said_in


def test_who_waits_asks_to_be_called_back_and_keeps_the_place() -> None:
    flow = Rest().in_line(now=1.0)
    assert said_in(flow.key("8", 5.0)) == ["en/back_when"]
    assert flow.key("4", 6.0) == [Hush(), AskNumber("evening")]
    acts = flow.numbered("evening", 7.0)
    assert acts[0] == Tell("talk")
    assert said_in(acts) == ["en/back_yes"]
    assert (flow.back, flow.since, flow.stage) == ("evening", 1.0, "line")
    assert flow.hung_up() == [Leave(), Tell("hung_up")]


def test_after_a_message_a_call_can_be_asked_for() -> None:
    flow = Rest(anybody=False).flow
    flow.key("1", 0.0)
    flow.spoken(5.0)
    flow.key("#", 9.0)
    assert said_in(flow.key("8", 10.0)) == ["en/back_when"]
    assert flow.key("1", 11.0) == [Hush(), AskNumber("now")]
    acts = flow.numbered("now", 12.0)
    assert acts[0] == Tell("message")
    assert said_in(acts) == ["en/back_yes", "en/goodbye"]
    assert flow.key("8", 13.0) == []
    assert flow.spoken(20.0) == [HangUp()]


@pytest.mark.parametrize("how", ["0", "9", "#", "time"])
def test_who_chooses_no_time_is_not_called_and_no_number_is_asked_for(how: str) -> None:
    flow = Rest().in_line()
    flow.key("8", 5.0)
    flow.spoken(9.0)
    acts = flow.tick(9.0 + MENU_WAITS) if how == "time" else flow.key(how, 10.0)
    assert said_in(acts) == ["en/place", "en/n1"]
    assert (flow.back, flow.stage) == ("", "line")
    assert not [act for act in acts if isinstance(act, AskNumber)]


def test_a_number_that_is_not_shown_is_said_to_be_none() -> None:
    flow = Rest().in_line()
    flow.key("8", 5.0)
    flow.key("1", 6.0)
    acts = flow.numbered(None, 7.0)
    assert said_in(acts) == ["en/back_no"]
    assert (flow.back, Tell("talk") in acts) == ("", False)


def test_a_star_is_duress_while_a_time_is_chosen() -> None:
    flow = Rest().in_line()
    flow.key("8", 5.0)
    assert flow.key("*", 6.0) == [Join(), Tell("talk")]
    assert flow.stage == "when"
