# SPDX-License-Identifier: AGPL-3.0-or-later
"""A ring wakes who waits for that office, and nobody who left; places to wait are few."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from functools import wraps
from typing import Any

import pytest

from safeconduct.edges.relay import bell as bells
from safeconduct.edges.relay.bell import Bell, Place


def in_a_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run a test in an event loop of its own."""

    @wraps(test)
    def run(*fixtures: object, **named: object) -> None:
        asyncio.run(test(*fixtures, **named))

    return run


async def woken(place: Place) -> bool:
    """Tell whether a place was rung since it was asked last."""
    try:
        async with asyncio.timeout(0.01):
            await place.rung()
    except TimeoutError:
        return False
    return True


@in_a_loop
async def test_a_ring_wakes_who_waits_for_that_office() -> None:
    bell = Bell()
    with bell.listen(1) as one, bell.listen(1) as same, bell.listen(2) as other:
        bell.ring({1, 9})
        assert [await woken(place) for place in (one, same, other)] == [True, True, False]
        bell.ring_all()
        assert await woken(other)
        assert not await woken(other)
    assert not bell._waiting


@in_a_loop
async def test_who_leaves_first_leaves_the_others_waiting() -> None:
    bell = Bell()
    with bell.listen(1) as stays:
        with bell.listen(1):
            pass
        bell.ring({1})
        assert await woken(stays)


@in_a_loop
async def test_the_oldest_of_an_office_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bells, "MOST_OF_AN_OFFICE", 3)
    bell = Bell()
    with ExitStack() as stack:
        other = stack.enter_context(bell.listen(2))
        mine = [stack.enter_context(bell.listen(1)) for _ in range(5)]
        assert [place.dismissed for place in mine] == [True, True, False, False, False]
        assert [await woken(place) for place in mine] == [True, True, False, False, False]
        assert not other.dismissed
    assert not bell._waiting


@in_a_loop
async def test_the_office_that_has_most_makes_room_for_all() -> None:
    bell = Bell()
    bell.most = 6
    with ExitStack() as stack:
        many = [stack.enter_context(bell.listen(1)) for _ in range(4)]
        few = [stack.enter_context(bell.listen(2)) for _ in range(2)]
        assert not any(place.dismissed for place in many + few)
        newcomers = [stack.enter_context(bell.listen(office)) for office in (3, 2)]
        assert [place.dismissed for place in many] == [True, True, False, False]
        assert not any(place.dismissed for place in few + newcomers)
    assert not bell._waiting


def test_a_loop_that_ended_while_it_listened_is_passed_over() -> None:
    bell = Bell()
    loop = asyncio.new_event_loop()
    entered = []

    async def enter() -> None:
        listening = bell.listen(1)
        listening.__enter__()
        entered.append(listening)

    loop.run_until_complete(enter())
    loop.close()
    bell.ring({1})
    assert bell._waiting
