# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a desk does each time it looks whom to call."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from safeconduct.edges.desk.calls import Caller
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.ports import Courier


def test_desk_shows_that_it_is_open_though_the_relay_refuses_its_timers() -> None:
    done: list[str] = []

    def keep(_: Courier) -> None:
        done.append("keep")
        raise Malformed("timer_turn")

    calls: Any = SimpleNamespace(
        look=lambda: done.append("look"),
        prepare=lambda _: done.append("prepare"),
        show_sign=lambda: done.append("sign"),
    )
    loops: Any = SimpleNamespace(puller=SimpleNamespace(read_to=0), courier=None)
    with pytest.raises(Malformed):
        Caller(calls, keep, loops, print)._look()
    assert done == ["look", "prepare", "sign", "keep"]
