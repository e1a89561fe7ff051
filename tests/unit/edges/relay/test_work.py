# SPDX-License-Identifier: AGPL-3.0-or-later
"""Work: bound to office, payload and time; it grows with load and never closes the door."""

from __future__ import annotations

import pytest

from safeconduct.edges.relay.work import (
    EXPECTED_A_SECOND,
    IDLE_BLOB_BITS,
    IDLE_MESSAGE_BITS,
    PERIOD,
    Load,
    WorkPolicy,
)
from safeconduct.kernel.wire.work import MOST_BITS, item_payload, solve_work
from safeconduct.kernel.words import SECOND
from tests.kit.relay import SetClock

OFFICE, OTHER = b"o" * 16, b"p" * 16
IDLE = Load(unread=0, disk_low=False)
PAYLOAD = item_payload(b"item")


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def policy(clock: SetClock) -> WorkPolicy:
    return WorkPolicy(b"secret", clock)


def solved(policy: WorkPolicy, *, blob: bool = False) -> tuple[bytes, int]:
    terms = policy.terms(OFFICE, IDLE)
    bits = terms.blob_bits if blob else terms.message_bits
    return terms.seed, solve_work(terms.seed, PAYLOAD, bits)


def test_an_idle_office_asks_little(policy: WorkPolicy) -> None:
    terms = policy.terms(OFFICE, IDLE)
    assert (terms.message_bits, terms.blob_bits) == (IDLE_MESSAGE_BITS, IDLE_BLOB_BITS)
    assert len(terms.seed) == 16


def test_work_holds_for_its_office_and_payload_alone(policy: WorkPolicy) -> None:
    work = solved(policy)
    assert policy.holds(OFFICE, work, PAYLOAD, blob=False)
    assert not policy.holds(OTHER, work, PAYLOAD, blob=False)
    assert not policy.holds(OFFICE, work, item_payload(b"no"), blob=False)
    assert not policy.holds(OFFICE, (b"s" * 16, work[1]), PAYLOAD, blob=False)


def test_a_seed_cannot_be_made_cheaper(policy: WorkPolicy) -> None:
    seed, nonce = solved(policy)
    cheap = seed[:4] + b"\0" + seed[5:]
    assert not policy.holds(OFFICE, (cheap, nonce), PAYLOAD, blob=False)


def test_blobs_ask_for_their_own_bits(policy: WorkPolicy) -> None:
    assert policy.holds(OFFICE, solved(policy, blob=True), PAYLOAD, blob=True)
    nonce = next(
        nonce
        for nonce in range(100_000)
        if policy.holds(OFFICE, (solved(policy)[0], nonce), PAYLOAD, blob=False)
        and not policy.holds(OFFICE, (solved(policy)[0], nonce), PAYLOAD, blob=True)
    )
    assert nonce >= 0


def test_a_seed_lives_until_the_end_of_the_next_period(policy: WorkPolicy, clock: SetClock) -> None:
    clock.time -= clock.time % PERIOD
    work = solved(policy)
    clock.time += 2 * PERIOD - 1
    assert policy.holds(OFFICE, work, PAYLOAD, blob=False)
    clock.time += 1
    assert not policy.holds(OFFICE, work, PAYLOAD, blob=False)


def test_a_clock_set_back_keeps_announced_seeds(policy: WorkPolicy, clock: SetClock) -> None:
    work = solved(policy)
    clock.time -= 24 * 3600 * SECOND
    assert policy.holds(OFFICE, work, PAYLOAD, blob=False)


def test_a_restarted_relay_knows_what_it_announced(policy: WorkPolicy, clock: SetClock) -> None:
    work = solved(policy)
    assert WorkPolicy(b"secret", clock).holds(OFFICE, work, PAYLOAD, blob=False)
    assert not WorkPolicy(b"another", clock).holds(OFFICE, work, PAYLOAD, blob=False)


@pytest.mark.parametrize(
    ("load", "more"),
    [
        (IDLE, 0),
        (Load(19_999, disk_low=False), 0),
        (Load(20_000, disk_low=False), 1),
        (Load(40_000, disk_low=False), 2),
        (Load(0, disk_low=True), 1),
        (Load(40_000, disk_low=True), 3),
        (Load(10_000 << 60, disk_low=True), MOST_BITS),
    ],
)
def test_backlog_and_a_full_disk_raise_the_price(policy: WorkPolicy, load: Load, more: int) -> None:
    terms = policy.terms(OFFICE, load)
    assert terms.message_bits == min(IDLE_MESSAGE_BITS + more, MOST_BITS)
    assert terms.blob_bits == min(IDLE_BLOB_BITS + more, MOST_BITS)


def test_the_price_follows_the_rate_up_and_down(policy: WorkPolicy, clock: SetClock) -> None:
    expected = EXPECTED_A_SECOND * PERIOD // SECOND

    def price() -> int:
        return policy.terms(OFFICE, IDLE).message_bits - IDLE_MESSAGE_BITS

    for doubling in range(4):
        while price() < doubling:
            policy.count(OFFICE)
        counted = sum(count for _, count in policy._accepted[OFFICE]) if doubling else 0
        assert counted == (expected << doubling if doubling else 0)
    assert policy.terms(OTHER, IDLE).message_bits == IDLE_MESSAGE_BITS
    clock.time += PERIOD + 10 * SECOND
    assert price() == 0


def test_more_work_names_what_is_asked_now(policy: WorkPolicy) -> None:
    refusal = policy.more(OFFICE, IDLE, blob=True)
    assert (refusal.bits, len(refusal.seed)) == (IDLE_BLOB_BITS, 16)
    assert policy.more(OFFICE, IDLE, blob=False).bits == IDLE_MESSAGE_BITS
