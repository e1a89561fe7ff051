# SPDX-License-Identifier: AGPL-3.0-or-later
"""The order of those who wait on the telephone (spec/phone.md 3)."""

from __future__ import annotations

from safeconduct.edges.lines.phone.queue import Queue, Waiting


def _line(*waiting: Waiting) -> Queue:
    queue = Queue()
    for each in waiting:
        queue.join(each)
    return queue


def test_order_is_duress_silent_return_code_and_then_who_waits_longer() -> None:
    queue = _line(
        Waiting("long", "en", 1.0),
        Waiting("longer", "en", 0.0),
        Waiting("code", "en", 2.0, said="12345678"),
        Waiting("silent", "en", 3.0, silent=True),
        Waiting("silent-code", "en", 4.0, silent=True, said="12345678"),
        Waiting("duress", "en", 5.0, duress=True),
    )
    order = [each.call for each in queue.in_order()]
    assert order == ["duress", "silent", "silent-code", "code", "longer", "long"]
    assert [queue.place(each) for each in queue.in_order()] == [1, 2, 3, 4, 5, 6]


def test_a_call_that_says_more_moves_forward_and_keeps_its_time() -> None:
    queue = _line(Waiting("a", "en", 0.0), Waiting("b", "en", 1.0))
    more = Waiting("b", "en", 1.0, said="12345678")
    # What is said of the place is right before the line knows of the code.
    assert queue.place(more) == 1
    queue.join(more)
    assert queue.place(more) == 1
    assert len(queue.in_order()) == 2
    less = Waiting("b", "en", 1.0)
    queue.join(less)
    assert queue.place(less) == 2


def test_who_left_has_no_place() -> None:
    queue = _line(Waiting("a", "en", 0.0))
    left = queue.leave("a")
    assert left is not None
    assert left.call == "a"
    assert "a" not in queue
    assert queue.leave("a") is None
