# SPDX-License-Identifier: AGPL-3.0-or-later
"""A secret is told from another, by its key check and by the root key that it gives."""

import pytest

from safeconduct.rooms.crew.recovery import (
    OtherSecret,
    check_words,
    hold_to_check,
    hold_to_root,
    key_check,
    read_check,
    root_of,
    sealing_of,
)
from safeconduct.rooms.crew.shares import ShareWordCount, ShareWordUnknown

SECRET = bytes(range(32))


def test_the_keys_and_the_check_of_a_secret_never_change() -> None:
    assert key_check(SECRET).hex() == "3013e87406dc92020e221aa3ae765cd5"
    assert root_of(SECRET).public.raw[:8].hex() == "89c339841fe99da5"
    assert sealing_of(SECRET).public.raw[:8].hex() == "be525453b11111c6"


def test_a_key_check_holds_for_its_secret_alone() -> None:
    check = key_check(SECRET)
    hold_to_check(SECRET, check)
    hold_to_check(SECRET, check[:5])
    for other in (check[1:], check + b"\0", bytes(16)):
        with pytest.raises(OtherSecret):
            hold_to_check(SECRET, other)
    with pytest.raises(OtherSecret):
        hold_to_check(bytes(32), check)
    with pytest.raises(ValueError, match="empty"):
        hold_to_check(SECRET, b"")


def test_a_root_key_holds_for_its_secret_alone() -> None:
    hold_to_root(SECRET, root_of(SECRET).public.raw)
    with pytest.raises(OtherSecret):
        hold_to_root(SECRET, root_of(bytes(32)).public.raw)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_check_words_of_a_card_are_the_beginning_of_the_key_check(language: str) -> None:
    words = check_words(SECRET, language)
    assert len(words) == 4
    assert read_check(" ".join(words).upper()) == key_check(SECRET)[:5]
    assert read_check(" ".join(word[:4] for word in words)) == key_check(SECRET)[:5]


def test_check_words_that_cannot_be_are_refused() -> None:
    first, *others = check_words(SECRET, "en")
    with pytest.raises(ShareWordCount) as told:
        read_check(" ".join(others))
    assert (told.value.card, told.value.got, told.value.wanted) == (0, 3, 4)
    with pytest.raises(ShareWordUnknown) as unknown:
        read_check(" ".join((*others, first + "s")))
    assert (unknown.value.card, unknown.value.position) == (0, 4)
