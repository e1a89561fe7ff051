# SPDX-License-Identifier: AGPL-3.0-or-later
"""A door is read from its newest letter on, and all of it in the end."""

from __future__ import annotations

import random

import pytest

from safeconduct.edges.desk.engine import door_reading
from safeconduct.edges.desk.engine.door_reading import MOST_ANSWERS, STEP, newest_first
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.words import Address, Instant
from safeconduct.rooms.crew.doors import ITEM_BYTES, check_length
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.test_recovery import troubles

DOOR = Address(bytes(32))
ITEM = bytes(ITEM_BYTES)


class Filled(StoreCourier):
    """A relay with letters under these numbers in every door."""

    numbers: tuple[int, ...] = ()
    asked = 0

    def collect(self, _: Address, after: int) -> list[tuple[int, Instant, bytes]]:
        self.asked += 1
        most = door_reading.ANSWER_BYTES // ITEM_BYTES
        found = [number for number in self.numbers if number > after][:most]
        return [(number, Instant(0), ITEM) for number in found]


def filled(stage: Rehearsal, seed: int, letters: int) -> Filled:
    """A door of so many letters, some of which ended in between."""
    rng = random.Random(seed)
    numbers, last = [], 1 << 52
    for place in range(letters):
        last += rng.randint(1, STEP)
        if not letters // 3 < place < letters // 2:
            numbers.append(last)
    first = stage.desks["first"]
    relay = Filled(stage.store, stage.office, first.journal.place.capability)
    relay.numbers = tuple(numbers)
    return relay


def one_look(stage: Rehearsal, relay: Filled) -> list[int]:
    relay.asked = 0
    found = [
        number
        for some in newest_first(stage.desks["first"].journal, relay, DOOR)
        for number, _, _ in some
    ]
    assert relay.asked <= MOST_ANSWERS
    return found


@pytest.mark.parametrize("letters", [0, 1, 25, 40, 900, 6_000])
@pytest.mark.parametrize("seed", range(3))
def test_every_letter_is_read_and_the_newest_first(
    stage: Rehearsal, seed: int, letters: int
) -> None:
    relay, seen, looks = filled(stage, seed, letters), list[int](), 0
    while set(seen) != set(relay.numbers):
        found = one_look(stage, relay)
        assert found == sorted(found, reverse=True)
        assert not found or looks or found[0] == relay.numbers[-1]
        seen += found
        looks += 1
        assert looks < 60
    assert len(seen) == len(relay.numbers)
    one_look(stage, relay)


def test_what_comes_between_two_looks_is_read_before_what_is_left(stage: Rehearsal) -> None:
    relay = filled(stage, 7, 6_000)
    first = one_look(stage, relay)
    newest = relay.numbers[-1] + 5
    relay.numbers = (*relay.numbers, newest)
    second = one_look(stage, relay)
    assert second[0] == newest
    assert min(second) < min(first)


def test_more_than_a_look_reads_is_said_until_the_door_is_read(stage: Rehearsal) -> None:
    first, relay = stage.desks["first"], filled(stage, 3, 6_000)
    one_look(stage, relay)
    assert "door_flooded" in troubles(first)
    relay.numbers = relay.numbers[:3]
    one_look(stage, relay)
    assert "door_flooded" not in troubles(first)


def test_what_has_another_length_is_refused_before_it_is_opened() -> None:
    whole = b"\x01" + bytes(ITEM_BYTES - 1)
    check_length(whole)
    check_length(b"\x02 of a newer program")
    for other in (whole[:-1], whole + b"\0"):
        with pytest.raises(Malformed):
            check_length(other)
