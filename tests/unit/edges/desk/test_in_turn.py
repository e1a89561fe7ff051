# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page sent on leaving is kept before the next page is made, in the order it came."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

from safeconduct.edges.desk import in_turn
from safeconduct.edges.desk.in_turn import InTurn

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

DRAFT, PAGE, PART = "/hotline/aa/draft", "/hotline/aa", "/hotline/aa/thread"


def finished(*calls: tuple[str, str, str], slow: float = 0.1) -> list[str]:
    """Ask for paths at once, in order; return the names in which order they were done.

    What is called slow takes so many seconds.
    """
    done: list[str] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:  # noqa: ANN401
        await asyncio.sleep(slow if scope["name"] == "slow" else 0)
        done.append(scope["name"])

    async def all_at_once(asked: Sequence[tuple[str, str, str]]) -> None:
        turn = InTurn(app)
        nothing = cast("Any", None)
        async with asyncio.TaskGroup() as group:
            for name, path, mode in asked:
                headers = [(b"sec-fetch-mode", mode.encode())]
                scope = {"type": "http", "path": path, "headers": headers, "name": name}
                group.create_task(turn(cast("Any", scope), nothing, nothing))

    asyncio.run(all_at_once(calls))
    return done


def test_drafts_are_kept_in_the_order_in_which_they_came() -> None:
    assert finished(("slow", DRAFT, "cors"), ("later", DRAFT, "cors")) == ["slow", "later"]


def test_a_page_waits_for_the_draft_that_was_sent_on_leaving() -> None:
    draft, page = ("slow", DRAFT, "cors"), ("page", PAGE, "navigate")
    assert finished(draft, page) == ["slow", "page"]
    # Also when it is heard of first, because it is on another connection.
    assert finished(page, draft) == ["slow", "page"]


def test_nothing_else_waits() -> None:
    draft, part = ("slow", DRAFT, "cors"), ("part", PART, "cors")
    assert finished(draft, part, ("other", "/today", "navigate")) == ["part", "other", "slow"]


def test_a_page_is_shown_though_a_draft_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_turn, "WAITS", 0.01)
    draft, page = ("slow", DRAFT, "cors"), ("page", PAGE, "navigate")
    # Long enough for a machine that does other things meanwhile.
    assert finished(draft, page, slow=2) == ["page", "slow"]
