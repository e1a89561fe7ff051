# SPDX-License-Identifier: AGPL-3.0-or-later
"""Any m of n cards make the secret, any fewer say how many lack, and no text brings a surprise."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.errors import SafeconductError
from safeconduct.rooms.crew.share_words import LISTS
from safeconduct.rooms.crew.shares import (
    Scheme,
    Share,
    ShareDamaged,
    SharesTooFew,
    combine,
    read_share,
    share_of,
    split,
)

SECRETS = st.binary(min_size=32, max_size=32)
SCHEMES = st.integers(2, 7).flatmap(
    lambda needed: st.integers(needed, 9).map(lambda cards: Scheme(needed, cards))
)


def some(data: st.DataObject, cards: tuple[Share, ...], count: int) -> list[Share]:
    """So many of the cards, in any order."""
    return data.draw(st.permutations(cards))[:count]


@given(SECRETS, SCHEMES, st.data())
def test_any_m_of_n_cards_make_the_secret(
    secret: bytes, scheme: Scheme, data: st.DataObject
) -> None:
    cards = split(secret, scheme)
    assert len(cards) == scheme.cards
    count = data.draw(st.integers(scheme.needed, scheme.cards))
    assert combine(some(data, cards, count)) == secret


@given(SECRETS, SCHEMES, st.data())
def test_any_fewer_do_not_and_say_how_many_lack(
    secret: bytes, scheme: Scheme, data: st.DataObject
) -> None:
    got = data.draw(st.integers(1, scheme.needed - 1))
    with pytest.raises(SharesTooFew) as told:
        combine(some(data, split(secret, scheme), got))
    assert told.value.lacking == scheme.needed - got


@given(SECRETS)
def test_one_card_alone_makes_its_secret(secret: bytes) -> None:
    assert combine(split(secret, Scheme(1, 1))) == secret


@given(SECRETS, SCHEMES, st.sampled_from(sorted(LISTS)), st.data())
def test_a_card_written_in_either_language_is_the_same_card(
    secret: bytes, scheme: Scheme, language: str, data: st.DataObject
) -> None:
    card = data.draw(st.sampled_from(split(secret, scheme)))
    cut = data.draw(st.integers(4, 8))
    typed = " ".join(word[:cut] for word in card.words(language))
    assert read_share(data.draw(st.sampled_from([typed, typed.upper(), f" {typed}\n"]))) == card


@given(st.data())
def test_up_to_three_wrong_words_are_always_noticed(data: st.DataObject) -> None:
    numbers = list(split(bytes(32), Scheme(2, 2))[0].numbers)
    places = data.draw(st.sets(st.integers(0, 32), min_size=1, max_size=3))
    for place in places:
        numbers[place] ^= data.draw(st.integers(1, 1023))
    with pytest.raises(ShareDamaged) as told:
        share_of(numbers)
    if len(places) == 1:
        assert told.value.suspect - 1 in places


WORDS = st.sampled_from([word for words in LISTS.values() for word in words])


@given(st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=400))
def test_whatever_is_typed_brings_our_own_faults_alone(typed: str) -> None:
    with contextlib.suppress(SafeconductError):
        read_share(typed)
