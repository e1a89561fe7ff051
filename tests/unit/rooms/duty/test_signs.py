# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signs that somebody watches: who can tell them, who can make them, and until when."""

import pytest

from safeconduct.kernel.words import DAY, HOUR, Instant
from safeconduct.rooms.duty.locked import days_of
from safeconduct.rooms.duty.signs import (
    OPEN,
    RANKS,
    SLOTS,
    WATCHES,
    address_of,
    board_of,
    called_by,
    day_of,
    own,
    proves,
    secret_of,
    sign_of,
    slot_of,
    start_of,
)

SECRET = secret_of(bytes(32), b"o" * 16)
NOW = Instant(20_000 * DAY + 22 * HOUR)
SLOT = slot_of(NOW)
LAST = slot_of(Instant(NOW + 13 * HOUR))


@pytest.mark.parametrize("slot", [SLOT, SLOT // SLOTS * SLOTS, SLOT // SLOTS * SLOTS + SLOTS - 1])
def test_a_sign_is_proved_in_its_slot_and_in_no_other(slot: int) -> None:
    day = day_of(SECRET, 0, slot // SLOTS, LAST)
    sign = sign_of(SECRET, OPEN, slot)
    assert proves(day.open, slot, sign)
    assert not proves(day.open, slot + 1, sign)
    assert not proves(day.open, slot, sign[:-1])
    assert not proves(day.open, slot, bytes(32))
    assert not proves(day.open, slot, sign_of(SECRET, WATCHES, slot))
    assert not proves(day_of(SECRET, 0, slot // SLOTS + 1, LAST + SLOTS).open, slot, sign)


def test_signs_of_two_offices_and_two_keys_differ() -> None:
    others = [secret_of(bytes(32), b"p" * 16), secret_of(b"k" * 32, b"o" * 16)]
    assert len({sign_of(one, OPEN, SLOT) for one in [SECRET, *others]}) == 3
    assert len({board_of(one, SLOT // SLOTS) for one in [SECRET, *others]}) == 3


def test_who_is_handed_its_own_signs_can_show_them_until_its_end_and_no_longer() -> None:
    (first, second) = days_of(SECRET, 1, NOW, Instant(NOW + 13 * HOUR))
    assert (first.day + 1, second.day) == (second.day, LAST // SLOTS)
    for day, slot in ((first, SLOT), (second, LAST), (second, second.day * SLOTS)):
        assert own(day.watches, slot) == sign_of(SECRET, WATCHES, slot)
        assert own(day.called, slot) == sign_of(SECRET, called_by(1), slot)
        assert address_of(day.board, slot) == address_of(board_of(SECRET, day.day), slot)
    assert own(second.watches, LAST + 1) is None
    assert own(first.watches, LAST) is None


@pytest.mark.parametrize(("rank", "proofs"), [(0, 0), (1, 1), (2, 2), (3, RANKS)])
def test_each_rank_hears_those_before_it_and_the_last_one_its_own(rank: int, proofs: int) -> None:
    day = day_of(SECRET, rank, SLOT // SLOTS, LAST)
    assert len(day.ranks) == proofs
    for at, proof in enumerate(day.ranks):
        assert proves(proof, SLOT, sign_of(SECRET, called_by(at), SLOT))


def test_a_slot_begins_where_the_one_before_ends() -> None:
    assert slot_of(start_of(SLOT)) == SLOT == slot_of(Instant(start_of(SLOT + 1) - 1))
