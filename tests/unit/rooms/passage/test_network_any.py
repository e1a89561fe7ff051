# SPDX-License-Identifier: AGPL-3.0-or-later
"""The network whatever is written: one state in any order, and the safer is believed."""

from __future__ import annotations

from datetime import date
from random import Random

from hypothesis import given
from hypothesis import strategies as some

from safeconduct.kernel.words import DAY
from safeconduct.rooms.passage import Freshness, Told
from safeconduct.rooms.passage.believed import choice, holds_on, number
from safeconduct.rooms.passage.kinds import FRESH_DAYS
from tests.unit.rooms.passage.test_network import (
    HOUSE,
    OTHER,
    house,
    network,
    sure,
    the,
    told,
    wrote,
)


@given(
    some.lists(
        some.tuples(
            some.sampled_from(["burned", "resting", "fit", ""]),
            some.sampled_from(["0", "2", "7", ""]),
            some.sets(some.integers(0, 5)),
        ),
        min_size=1,
        max_size=6,
    ),
    some.randoms(use_true_random=False),
)
def test_any_words_in_any_order_give_one_state_never_better_than_any_that_stands(
    wrote_: list[tuple[str, str, set[int]]], chance: Random
) -> None:
    facts: list[Told] = []
    for n, (state, count, saw) in enumerate(wrote_, 1):
        over = tuple(facts[at] for at in sorted(saw) if at < len(facts))
        facts.append(told(n, wrote("house", HOUSE, over, state=state, beds=count)))
    mixed = list(facts)
    chance.shuffle(mixed)
    found = network(*mixed)
    assert found == network(*facts)
    sheet = the(found)
    order = ["burned", "closed", "resting", "fit"]
    stands = [one.text for entered in sheet.entered("state") for one in entered.standing]
    if stands:
        assert choice(sheet, "state") == min((one or "burned" for one in stands), key=order.index)
    told_beds = [one.text for entered in sheet.entered("beds") for one in entered.standing]
    assert number(sheet, "beds") == min((int(one) for one in told_beds if one), default=None)


@given(some.dates(), some.dates(), some.dates())
def test_a_span_holds_from_its_first_to_its_last_day(first: date, last: date, day: date) -> None:
    said = {"begins": first.isoformat(), "ends": last.isoformat()}
    sheet = the(network(told(1, wrote("nights", OTHER, **said))), "nights")
    assert holds_on(sheet, day.isoformat()) == (first <= day <= last)


@given(some.integers(0, 4_000), some.integers(0, 4_000))
def test_nothing_is_fresh_for_longer_than_its_limit(made: int, later: int) -> None:
    there = house(1)
    found = network(there, sure(made + 2, network(there)))
    fresh = found.freshness(the(found), (made + 2 + later) * DAY) is Freshness.FRESH
    assert fresh == (later < FRESH_DAYS["house"])
