# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody who cannot speak any more once an operator has answered (spec/phone.md 2)."""

from __future__ import annotations

import pytest

from safeconduct.edges.lines.phone.acts import Brief, Hold, Join, Quieten, Tell
from safeconduct.edges.lines.phone.times import DOUBLE_WITHIN
from tests.unit.edges.lines.phone.test_flow import Rest


@pytest.mark.parametrize("keys", ["9", "55"])
def test_who_cannot_speak_says_so_in_a_talk_too_once_and_the_operator_is_told(keys: str) -> None:
    flow = Rest().in_line()
    flow.taken()
    assert [act for key in keys for act in flow.key(key, 1.0)] == [Tell("talk"), Brief()]
    assert (flow.silent, flow.waits, flow.stage) == (True, False, "talk")
    assert [act for key in keys for act in flow.key(key, 9.0)] == []


def test_one_five_in_a_talk_is_an_answer_and_leads_to_no_message_box() -> None:
    flow = Rest().in_line()
    flow.taken()
    assert flow.key("5", 1.0) == flow.tick(1.0 + DOUBLE_WITHIN) == flow.key("5", 9.0) == []
    assert (flow.silent, flow.stage) == (False, "talk")
    assert flow.cut(9.5) == [Join(), Hold()]
    assert flow.key("1", 9.6) == []
    assert flow.stage == "line"


def test_who_cannot_speak_and_is_in_line_again_hears_low_again() -> None:
    flow = Rest().in_line()
    flow.taken()
    flow.key("9", 1.0)
    assert flow.cut(2.0) == [Quieten(low=True), Join(), Hold()]
    assert flow.waits
