# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of shares are frozen, made by their rule, and read back without a doubt."""

import hashlib
import re

from safeconduct.kernel import phrase
from safeconduct.rooms.crew.share_words import LISTS, RUSSIAN

# A list that changes voids every card that was written with it: these never change.
FROZEN = {
    "en": "0e3ea826bde1b1bc77e39a8d9b3682efb2c0946087d911ee6550f29bd12e87c6",
    "ru": "d063dd54c5c8f6b9d69a54a92250a14e33fa05d153381c18fbe338e549824300",
}


def test_the_lists_never_change() -> None:
    hashes = {
        language: hashlib.sha256("\n".join(words).encode()).hexdigest()
        for language, words in LISTS.items()
    }
    assert hashes == FROZEN


def test_both_lists_have_a_word_for_each_ten_bit_number() -> None:
    assert {language: len(set(words)) for language, words in LISTS.items()} == {
        "en": 1024,
        "ru": 1024,
    }


def test_the_first_four_letters_tell_a_word_of_both_lists() -> None:
    words = [word for words in LISTS.values() for word in words]
    assert len({word[:4] for word in words}) == len(words)
    assert min(len(word) for word in words) == 4
    assert all(phrase.fold(word) == word for word in words)


def test_the_russian_list_is_made_by_its_rule() -> None:
    kept: list[str] = []
    near: set[str] = set()
    for word in phrase.LISTS["ru"]:
        gaps, cuts, swaps = slips(word)
        if set(word) & {"е", "ъ"} or {word, *gaps} & near or {*cuts, *swaps} & set(kept):
            continue
        kept.append(word)
        near |= {*gaps, *cuts}
    assert sorted(sorted(kept, key=len)[:1024]) == list(RUSSIAN)


def slips(word: str) -> tuple[set[str], set[str], set[str]]:
    """A word with a gap for one letter, without one letter, and with two neighbours swapped."""
    places = range(len(word))
    return (
        {f"{word[:place]}?{word[place + 1 :]}" for place in places},
        {f"{word[:place]}{word[place + 1 :]}" for place in places},
        {f"{word[:place]}{word[place : place + 2][::-1]}{word[place + 2 :]}" for place in places}
        - {word},
    )


def test_no_russian_word_can_be_spelled_with_yo_or_a_hard_sign() -> None:
    assert all(re.fullmatch(r"[абвгджзийклмнопрстуфхцчшщыьэюя]{4,8}", word) for word in RUSSIAN)


def test_every_russian_word_was_read_for_the_list_that_people_are_seen_with() -> None:
    assert set(RUSSIAN) <= set(phrase.LISTS["ru"])
