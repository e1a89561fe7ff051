# SPDX-License-Identifier: AGPL-3.0-or-later
"""New cards from old ones: only enough of those that count make them, and then count no more."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import BadSignature, Malformed, NotCanonical
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.seal.sign import sign_long
from safeconduct.kernel.words import OfficeId
from safeconduct.rooms.crew import office_id
from safeconduct.rooms.crew.card_facts import CardFact, RecoverySplit, RecoveryUsed
from safeconduct.rooms.crew.events import (
    SIGNED,
    CrewFact,
    Signed,
    check_fact,
    parse_fact,
    write_fact,
)
from safeconduct.rooms.crew.recovery import OtherSecret, key_check, root_of, sealing_of
from safeconduct.rooms.crew.recovery_facts import Before, NewSplit, split_again
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
BEFORE = Before(OFFICE.id, OFFICE.root.public.raw)
CARDS = split(OLD, Scheme(2, 3))
USE = RecoveryUsed(7, (b"c" * 36, b"d" * 36))


def anew() -> NewSplit:
    """Four new cards, three of them needed, from the first and the last of the old ones."""
    old = (CARDS[2], CARDS[0])
    return split_again(BEFORE, old, FRESH, Scheme(3, 4))


def test_the_fact_names_the_keys_of_the_new_secret() -> None:
    made = anew()
    assert read(SPLIT, made.body) == made.fact
    assert made.fact == RecoverySplit(
        root_of(FRESH).public.raw, sealing_of(FRESH).public.raw, 3, 4, key_check(FRESH), ()
    )


def test_old_and_new_cards_do_not_mix() -> None:
    with pytest.raises(ShareOfAnotherSplit):
        combine([CARDS[0], *split(FRESH, Scheme(3, 4))])


def test_old_cards_make_nothing_once_a_new_root_counts() -> None:
    now = anew().fact.root_key
    with pytest.raises(OtherSecret):
        split_again(Before(OFFICE.id, now), CARDS, b"x" * 32, Scheme(2, 3))


def test_too_few_old_cards_make_no_new_ones() -> None:
    with pytest.raises(SharesTooFew):
        split_again(BEFORE, CARDS[:1], FRESH, Scheme(2, 3))


@pytest.mark.parametrize("fresh", [OLD, b"", b"f" * 31, b"f" * 33])
def test_the_new_secret_is_a_new_one(fresh: bytes) -> None:
    with pytest.raises(ValueError, match="new secret"):
        split_again(BEFORE, CARDS, fresh, Scheme(2, 3))


def read(kind: str, body: bytes, office: OfficeId = OFFICE.id) -> CrewFact:
    """A fact that the root key signed."""
    signed = SIGNED.decode(body)
    check_fact(kind, signed, office, OFFICE.root.public)
    return parse_fact(kind, signed)


@pytest.mark.parametrize(("kind", "fact"), [(SPLIT, anew().fact), (USED, USE)])
def test_a_fact_is_of_its_kind_and_its_office(kind: str, fact: CardFact) -> None:
    body = write_fact(fact, OFFICE.id, b"", OFFICE.root)
    assert read(kind, body) == fact
    with pytest.raises(BadSignature):
        read({SPLIT: USED, USED: SPLIT}[kind], body)
    with pytest.raises(BadSignature):
        read(kind, body, OfficeId(bytes(16)))


KEYS = (anew().fact.root_key, anew().fact.recovery_key)


def signed_by_root(kind: str, fact: object) -> bytes:
    """A roster entry with anything in it, signed by the root key."""
    raw = encode(fact)
    message = kind.encode() + b"\0" + raw
    return encode(Signed(raw, b"", sign_long(OFFICE.root, "roster", OFFICE.id, message)))


@pytest.mark.parametrize(
    ("kind", "fact"),
    [
        (SPLIT, [*KEYS, 4, 3, bytes(16), []]),
        (SPLIT, [*KEYS, 1, 3, bytes(16), []]),
        (SPLIT, [*KEYS, 2, 17, bytes(16), []]),
        (SPLIT, [*KEYS, 2, 3, bytes(15), []]),
        (SPLIT, [KEYS[0][:-1], KEYS[1], 2, 3, bytes(16), []]),
        (SPLIT, [KEYS[0], b"", 2, 3, bytes(16), []]),
        (SPLIT, [*KEYS, 0, 1, bytes(16), []]),
        (SPLIT, [*KEYS, 2, 3, bytes(16)]),
        (SPLIT, [*KEYS, 2, 3, bytes(16), [b"c" * 35]]),
        (USED, [7, [b"c" * 35]]),
        (USED, [-1, []]),
        (USED, []),
    ],
)
def test_a_fact_that_cannot_be_is_refused_though_the_root_signed_it(
    kind: str, fact: list[object]
) -> None:
    with pytest.raises((Malformed, NotCanonical)):
        read(kind, signed_by_root(kind, fact))


@given(st.binary(min_size=32, max_size=32), st.permutations(range(5)))
def test_any_enough_of_the_old_cards_name_the_same_new_root(fresh: bytes, order: list[int]) -> None:
    cards = split(OLD, Scheme(3, 5))
    given_cards = [cards[place] for place in order[:3]]
    if fresh == OLD:
        return
    made = split_again(BEFORE, given_cards, fresh, Scheme(2, 2))
    assert made.fact.root_key == root_of(fresh).public.raw
    assert read(SPLIT, made.body) == made.fact
