# SPDX-License-Identifier: AGPL-3.0-or-later
"""A relay that takes calls and answers none is noticed within seconds, and a slow line is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from safeconduct.edges.desk.line_watch import LineWatch
from safeconduct.kernel.errors import Refused, Unreachable

MIB = 1 << 20


class Slow:
    """A courier whose answers come when a test lets them."""

    office = bytes(16)

    def __init__(self) -> None:
        self.now = 0.0
        self.heard = 0
        self.meanwhile: Callable[[], Any] = lambda: None
        self.watch = LineWatch(self, self.hear, lambda: self.now)  # type: ignore[arg-type]

    def hear(self) -> None:
        self.heard += 1

    def __getattr__(self, _name: str) -> Callable[..., Any]:
        return lambda *_: self.meanwhile()


@pytest.mark.parametrize(
    ("name", "arguments", "patience"),
    [
        ("append", ([b"x" * 1024],), 5),
        ("checkpoint", ("log",), 5),
        ("post", ([(b"a", 1, b"item")],), 5),
        ("wait", (0, 0, 10.0), 15),
        ("put_chunk", (b"blob", 0, bytes(MIB), b"token"), 37),
        ("frames", (0, 4 * MIB), 30),
    ],
)
def test_a_call_without_an_answer_is_noticed(
    name: str, arguments: tuple[Any, ...], patience: int
) -> None:
    slow = Slow()
    seen = []

    def pass_time() -> None:
        for slow.now in (patience - 0.5, patience + 0.6):
            seen.append(slow.watch.late())

    slow.meanwhile = pass_time
    getattr(slow.watch.courier, name)(*arguments)
    assert seen == [False, True]
    assert not slow.watch.late()
    assert slow.heard == 1


def test_a_refusal_is_an_answer_and_a_broken_line_is_none() -> None:
    slow = Slow()

    def refuse() -> None:
        raise Refused

    def break_off() -> None:
        raise Unreachable

    for what, error in ((refuse, Refused), (break_off, Unreachable)):
        slow.meanwhile = what
        with pytest.raises(error):
            slow.watch.courier.checkpoint("log")
        slow.now += 60
        assert not slow.watch.late()
    assert slow.heard == 1


def test_what_is_no_call_passes_unchanged() -> None:
    slow = Slow()
    assert slow.watch.courier.office == slow.office
