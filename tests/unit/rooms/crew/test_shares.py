# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each fault of a card is told apart, with the card and the word, and the fault changes nothing."""

import pytest
from shamir_mnemonic import combine_mnemonics, generate_mnemonics
from shamir_mnemonic.constants import CUSTOMIZATION_STRING_EXTENDABLE
from shamir_mnemonic.rs1024 import create_checksum

from safeconduct.rooms.crew.shares import (
    Scheme,
    Share,
    ShareDamaged,
    ShareForeign,
    ShareOfAnotherSplit,
    SharesContradict,
    SharesTooFew,
    ShareTwice,
    ShareWordCount,
    ShareWordUnknown,
    check_together,
    combine,
    read_share,
    read_words,
    share_of,
    split,
)

SECRET = bytes(range(32))
CARDS = split(SECRET, Scheme(2, 3))
ENGLISH = CARDS[0].words("en")
RUSSIAN = CARDS[0].words("ru")


def changed(share: Share, *changes: tuple[int, int]) -> list[int]:
    """The numbers of a share with some bits of some words turned."""
    numbers = list(share.numbers)
    for place, bits in changes:
        numbers[place - 1] ^= bits
    return numbers


def test_a_card_says_its_place_and_how_many_are_needed() -> None:
    assert [(card.place, card.needed) for card in CARDS] == [(1, 2), (2, 2), (3, 2)]
    assert len({card.split for card in CARDS}) == 1
    assert str(CARDS[0].numbers) not in repr(CARDS[0])


def test_any_slip39_program_combines_the_english_cards() -> None:
    assert combine_mnemonics([" ".join(card.words("en")) for card in CARDS[1:]]) == SECRET


@pytest.mark.parametrize("words", [ENGLISH, RUSSIAN])
def test_a_card_is_read_as_people_type(words: tuple[str, ...]) -> None:
    for typed in (
        " ".join(words),
        "  ".join(words).upper() + "\n",
        " ".join(word[:4] for word in words),
        "\n".join(f"{number}. {word}" for number, word in enumerate(words, start=1)),
    ):
        assert read_share(typed) == CARDS[0]


def test_the_languages_may_be_mixed_on_the_way_back() -> None:
    assert read_share(" ".join((*RUSSIAN[:16], *ENGLISH[16:]))) == CARDS[0]


@pytest.mark.parametrize(("words", "slip"), [(ENGLISH, "albmu"), (RUSSIAN, "альбмо")])
def test_a_word_of_no_list_is_named_with_the_nearest(words: tuple[str, ...], slip: str) -> None:
    typed = " ".join((*words[:6], slip, *words[7:]))
    with pytest.raises(ShareWordUnknown) as told:
        read_share(typed, 2)
    assert (told.value.card, told.value.position) == (2, 7)
    assert told.value.nearest[0] in {"album", "альбом"}


@pytest.mark.parametrize("typed", ["alb", "albumen", "альбомы", "ал", "qqqqqqqq", "мир" * 999])
def test_other_endings_and_shorter_beginnings_are_refused(typed: str) -> None:
    with pytest.raises(ShareWordUnknown):
        read_words(typed)


def test_a_word_is_counted_from_where_the_line_began() -> None:
    with pytest.raises(ShareWordUnknown) as told:
        read_words("album albmu", card=3, start=17)
    assert (told.value.card, told.value.position) == (3, 18)


@pytest.mark.parametrize("count", [0, 1, 20, 32, 34])
def test_too_few_or_too_many_words_are_counted(count: int) -> None:
    with pytest.raises(ShareWordCount) as told:
        share_of((CARDS[0].numbers * 2)[:count], 3)
    assert (told.value.card, told.value.got, told.value.wanted) == (3, count, 33)


@pytest.mark.parametrize("place", [1, 2, 3, 4, 17, 30, 31, 33])
def test_one_wrong_word_is_found_by_the_check_words(place: int) -> None:
    with pytest.raises(ShareDamaged) as told:
        share_of(changed(CARDS[0], (place, 0b1000100001)), 2)
    assert (told.value.card, told.value.suspect) == (2, place)


def test_of_more_than_one_wrong_word_none_is_suspected() -> None:
    with pytest.raises(ShareDamaged) as told:
        share_of(changed(CARDS[0], (5, 3), (20, 77)))
    assert told.value.suspect == 0


@pytest.mark.parametrize(
    ("extendable", "exponent", "groups"), [(False, 1, 1), (True, 0, 1), (True, 1, 2)]
)
def test_another_kind_of_slip39_card_is_no_offices(
    extendable: bool, exponent: int, groups: int
) -> None:
    made = generate_mnemonics(1, [(2, 3)] * groups, SECRET, b"", extendable, exponent)
    with pytest.raises(ShareForeign):
        read_share(made[0][0])


def test_too_few_cards_say_how_many_are_lacking() -> None:
    cards = split(SECRET, Scheme(4, 5))
    with pytest.raises(SharesTooFew) as told:
        combine(cards[:1])
    assert (told.value.got, told.value.needed, told.value.lacking) == (1, 4, 3)


def test_cards_of_two_offices_or_two_splits_are_told_apart() -> None:
    for secret, scheme in (
        (bytes(32), Scheme(2, 3)),
        (SECRET, Scheme(2, 3)),
        (SECRET, Scheme(3, 3)),
    ):
        other = split(secret, scheme)
        with pytest.raises(ShareOfAnotherSplit) as told:
            combine([CARDS[0], other[1], CARDS[2]])
        assert (told.value.card, told.value.other) == (2, 1)


def test_the_same_card_twice_is_named() -> None:
    with pytest.raises(ShareTwice) as told:
        combine([CARDS[0], CARDS[1], CARDS[0]])
    assert (told.value.card, told.value.other) == (3, 1)


def test_a_card_that_was_rewritten_as_a_whole_is_noticed() -> None:
    forged = rewritten(CARDS[1])
    with pytest.raises(SharesContradict):
        combine([CARDS[0], forged])
    with pytest.raises(SharesContradict):
        combine([CARDS[0], CARDS[2], forged])
    with pytest.raises(ShareOfAnotherSplit):
        check_together([CARDS[1], forged])


def rewritten(share: Share) -> Share:
    """A share of the same place and split with another value, and check words that fit it."""
    other = split(bytes(32), Scheme(2, 3))[1].numbers
    told = (*share.numbers[:4], *other[4:-3])
    return share_of((*told, *create_checksum(told, CUSTOMIZATION_STRING_EXTENDABLE)))


@pytest.mark.parametrize("sizes", [(0, 0), (1, 2), (0, 3), (3, 2), (2, 17), (-1, -1)])
def test_a_scheme_that_cannot_be_is_never_made(sizes: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="shared"):
        Scheme(*sizes)
