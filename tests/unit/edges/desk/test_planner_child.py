# SPDX-License-Identifier: AGPL-3.0-or-later
"""A search can be ended at each of its stages, and says what it then does not know."""

from __future__ import annotations

from io import BytesIO

from safeconduct.edges.desk.engine.planner_child import STANDINGS, _Search
from safeconduct.edges.desk.engine.worker import read_message
from safeconduct.rooms.passage.planner.plan import plan
from tests.unit.rooms.passage.gathering.test_gather import Land


def test_who_says_stop_ends_the_search_and_then_the_weighing() -> None:
    search = _Search(60, BytesIO())
    search.end()
    assert search.stopped.is_set()
    assert not search.cut.is_set()
    search.weighing = True
    search.end()
    assert search.cut.is_set()


def test_a_weighing_that_was_cut_is_told_as_unknown() -> None:
    sink = BytesIO()
    found = plan(Land().gathered().operation, work=20, watch=lambda _: True)
    _Search(60, sink).say(found, ended=True)
    _Search(60, sink).say(found, ended=True, expenses=())
    sink.seek(0)
    said = [STANDINGS.decode_own(read_message(sink)) for _ in range(2)]
    assert [one.weighed for one in said] == [0, 1]
