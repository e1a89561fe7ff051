# SPDX-License-Identifier: AGPL-3.0-or-later
"""A ring wakes who waits for that office, and nobody who left."""

import asyncio

from safeconduct.edges.relay.bell import Bell


def test_a_ring_wakes_who_waits_for_that_office() -> None:
    bell = Bell()
    with bell.listen(1) as one, bell.listen(1) as same, bell.listen(2) as other:
        bell.ring({1, 9})
        assert (one.is_set(), same.is_set(), other.is_set()) == (True, True, False)
        bell.ring_all()
        assert other.is_set()
    assert not bell._waiting


def test_who_leaves_first_leaves_the_others_waiting() -> None:
    bell = Bell()
    with bell.listen(1) as stays:
        with bell.listen(1):
            pass
        bell.ring({1})
        assert stays.is_set()


def test_a_loop_that_ended_while_it_listened_is_passed_over() -> None:
    bell = Bell()
    loop = asyncio.new_event_loop()
    entered = []

    async def enter() -> None:
        listening = bell.listen_async(1)
        listening.__enter__()
        entered.append(listening)

    loop.run_until_complete(enter())
    loop.close()
    bell.ring({1})
    assert bell._waiting
