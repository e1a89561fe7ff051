# SPDX-License-Identifier: AGPL-3.0-or-later
"""New cards from old ones: only enough of those that count make them, and then count no more."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import BadKey, BadSignature, Malformed, NotCanonical
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.seal.sign import sign_long
from safeconduct.kernel.words import OfficeId
from safeconduct.rooms.crew import office_id
from safeconduct.rooms.crew.events import SIGNED, Signed
from safeconduct.rooms.crew.recovery import OtherSecret, key_check, root_of, sealing_of
from safeconduct.rooms.crew.recovery_facts import (
    NewSplit,
    RecoverySplit,
    RecoveryUsed,
    parse_recovery_fact,
    split_again,
    write_recovery_fact,
)
from safeconduct.rooms.crew.shares import (
    Scheme,
    ShareOfAnotherSplit,
    SharesTooFew,
    combine,
    split,
)

SPLIT, USED = "crew.RecoverySplit", "crew.RecoveryUsed"


class Office(NamedTuple):
    """An office as its cards know it."""

    secret: bytes
    root: LongSigningKey
    id: OfficeId


OLD = b"o" * 32
FRESH = b"f" * 32
OFFICE = Office(OLD, root_of(OLD), office_id(root_of(OLD).public.raw))
CARDS = split(OLD, Scheme(2, 3))
USE = RecoveryUsed(7, (b"c" * 36, b"d" * 36))


def anew() -> NewSplit:
    """Four new cards, three of them needed, from the first and the last of the old ones."""
    old = (CARDS[2], CARDS[0])
    return split_again(OFFICE.id, old, OFFICE.root.public.raw, FRESH, Scheme(3, 4))


def test_the_new_cards_make_the_new_secret_and_the_fact_names_it() -> None:
    made = anew()
    assert combine(made.shares[1:]) == FRESH
    fact = parse_recovery_fact(SPLIT, made.body, OFFICE.id, OFFICE.root.public)
    assert fact == made.fact
    assert fact == RecoverySplit(
        root_of(FRESH).public.raw, sealing_of(FRESH).public.raw, 3, 4, key_check(FRESH)
    )


def test_old_and_new_cards_do_not_mix() -> None:
    with pytest.raises(ShareOfAnotherSplit):
        combine([CARDS[0], *anew().shares])


def test_old_cards_make_nothing_once_a_new_root_counts() -> None:
    now = anew().fact.root_key
    with pytest.raises(OtherSecret):
        split_again(OFFICE.id, CARDS, now, b"x" * 32, Scheme(2, 3))


def test_too_few_old_cards_make_no_new_ones() -> None:
    with pytest.raises(SharesTooFew):
        split_again(OFFICE.id, CARDS[:1], OFFICE.root.public.raw, FRESH, Scheme(2, 3))


@pytest.mark.parametrize("fresh", [OLD, b"", b"f" * 31, b"f" * 33])
def test_the_new_secret_is_a_new_one(fresh: bytes) -> None:
    with pytest.raises(ValueError, match="new secret"):
        split_again(OFFICE.id, CARDS, OFFICE.root.public.raw, fresh, Scheme(2, 3))


def test_a_new_split_does_not_show_its_cards() -> None:
    assert str(anew().shares[0].numbers) not in repr(anew())
    assert "numbers" not in repr(anew())


@pytest.mark.parametrize(("kind", "fact"), [(SPLIT, anew().fact), (USED, USE)])
def test_a_fact_counts_by_the_root_key_of_its_office_alone(
    kind: str, fact: RecoverySplit | RecoveryUsed
) -> None:
    body = write_recovery_fact(fact, OFFICE.id, OFFICE.root)
    assert parse_recovery_fact(kind, body, OFFICE.id, OFFICE.root.public) == fact
    signed = SIGNED.decode(body)
    in_a_devices_name = encode(Signed(signed.fact, b"d" * 16, signed.signature))
    other_kind = {SPLIT: USED, USED: SPLIT}[kind]
    for wrong in (
        (kind, body, OFFICE.id, root_of(FRESH).public),
        (kind, body, OfficeId(bytes(16)), OFFICE.root.public),
        (other_kind, body, OFFICE.id, OFFICE.root.public),
        (kind, in_a_devices_name, OFFICE.id, OFFICE.root.public),
    ):
        with pytest.raises(BadSignature):
            parse_recovery_fact(*wrong)


def signed_by_root(kind: str, fact: object) -> bytes:
    """A roster entry with anything in it, signed by the root key."""
    raw = encode(fact)
    message = kind.encode() + b"\0" + raw
    return encode(Signed(raw, b"", sign_long(OFFICE.root, "roster", OFFICE.id, message)))


@pytest.mark.parametrize(
    ("kind", "fact"),
    [
        (SPLIT, [anew().fact.root_key, anew().fact.recovery_key, 4, 3, bytes(16)]),
        (SPLIT, [anew().fact.root_key, anew().fact.recovery_key, 1, 3, bytes(16)]),
        (SPLIT, [anew().fact.root_key, anew().fact.recovery_key, 2, 17, bytes(16)]),
        (SPLIT, [anew().fact.root_key, anew().fact.recovery_key, 2, 3, bytes(15)]),
        (SPLIT, [anew().fact.root_key[:-1], anew().fact.recovery_key, 2, 3, bytes(16)]),
        (SPLIT, [anew().fact.root_key, b"", 2, 3, bytes(16)]),
        (USED, [7, [b"c" * 35]]),
        (USED, [-1, []]),
        (USED, []),
    ],
)
def test_a_fact_that_cannot_be_is_refused_though_the_root_signed_it(
    kind: str, fact: list[object]
) -> None:
    with pytest.raises((Malformed, NotCanonical, BadKey)):
        parse_recovery_fact(kind, signed_by_root(kind, fact), OFFICE.id, OFFICE.root.public)


@given(st.binary(min_size=32, max_size=32), st.permutations(range(5)))
def test_any_enough_of_the_old_cards_name_the_same_new_root(fresh: bytes, order: list[int]) -> None:
    cards = split(OLD, Scheme(3, 5))
    given_cards = [cards[place] for place in order[:3]]
    root_key = OFFICE.root.public.raw
    if fresh == OLD:
        return
    made = split_again(OFFICE.id, given_cards, root_key, fresh, Scheme(2, 2))
    assert made.fact.root_key == root_of(fresh).public.raw
    assert combine(made.shares) == fresh
    parse_recovery_fact(SPLIT, made.body, OFFICE.id, OFFICE.root.public)
