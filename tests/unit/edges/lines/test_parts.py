# SPDX-License-Identifier: AGPL-3.0-or-later
"""No name, media type or number of files makes a letter that no relay takes (spec/lines.md 6)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.edges.lines.parts import (
    ANY_TYPE,
    BODY_BYTES,
    FILES_MOST,
    LETTER_BYTES,
    MEDIA_TYPE_MOST,
    NAME_MOST,
    TEXT_BYTES,
    clean,
    media_type_of,
    name_of,
    parts_of,
    size_of,
)
from safeconduct.edges.lines.post import Told, letter_of
from safeconduct.edges.lines.secret import LineKeys
from safeconduct.edges.person.device import new_file
from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.rooms.hotline.letters import ITEM_MOST, Certificate, Letter, seal_letter
from safeconduct.rooms.hotline.line_licence import LineLicence

KEYS = LineKeys.of(bytes(32))
KEY = SealingKey.from_seed(bytes(32)).public
CERTIFICATE = Certificate(1, bytes(16), 1, KEY.raw, 0, 0)
LICENCE = LineLicence(1, bytes(16), "signal", bytes(32), 0, ("http://[::1]",), bytes(1984), "")
CONTACT = b"c" * 254


def test_the_longest_of_all_is_an_item_that_a_relay_takes() -> None:
    name, kind = name_of("\U0001f4a1" * 5000 + ".png"), media_type_of("a/" + "x" * 27_041)
    files = [new_file(name, 1 << 40, kind)[0] for _ in range(250)]
    parts = parts_of("я" * 150_000, files)
    letters = [letter_of(KEYS, LICENCE, Told(CONTACT, *one[:1], "en"), one.files) for one in parts]
    assert max(len(encode(letter)) for letter in letters) <= LETTER_BYTES
    assert all(len(seal_letter(letter, CERTIFICATE)) <= ITEM_MOST for letter in letters)
    assert [file for letter in letters for file in letter.files] == files
    assert "".join(letter.text for letter in letters) == "я" * 150_000


def test_a_letter_of_the_longest_length_is_an_item_that_a_relay_takes() -> None:
    own = bytes(32), bytes(32), KEYS.seal.public.raw
    letter = Letter(1, *own, "en", "a" * (LETTER_BYTES - 1400), (), {})
    rest = LETTER_BYTES - len(encode(letter))
    longest = Letter(1, *own, "en", letter.text + "a" * rest, (), {})
    assert len(encode(longest)) == LETTER_BYTES
    assert len(seal_letter(longest, CERTIFICATE)) <= ITEM_MOST


@given(st.text(max_size=400), st.integers(0, 300), st.integers(0, TEXT_BYTES * 3))
def test_nothing_is_left_out_and_no_part_is_too_large(name: str, count: int, length: int) -> None:
    files = [new_file(name_of(name), 1, "a/b")[0]] * count
    parts = parts_of("a" * length, files)
    assert "".join(one.text for one in parts) == "a" * length
    assert [file for one in parts for file in one.files] == files
    for one in parts:
        assert len(one.text.encode()) + sum(map(size_of, one.files)) <= BODY_BYTES
        assert len(one.files) <= FILES_MOST


@given(st.text())
def test_a_name_is_short_and_keeps_its_ending(told: str) -> None:
    assert len(name_of(told)) <= NAME_MOST
    name_of(told).encode()
    assert name_of(told[:50]) == clean(told[:50])


def test_a_long_name_keeps_its_ending_unless_that_is_long_too() -> None:
    assert name_of("a" * 300 + ".jpeg") == "a" * 195 + ".jpeg"
    assert name_of("a" * 300 + "." + "b" * 300) == "a" * NAME_MOST


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("image/png", "image/png"),
        ("text/plain; charset=utf-8", "text/plain; charset=utf-8"),
        ("a/" + "b" * MEDIA_TYPE_MOST, ANY_TYPE),
        ("", ANY_TYPE),
        ("image/\r\n png", ANY_TYPE),
        ("картинка", ANY_TYPE),
    ],
)
def test_a_media_type_that_is_none_says_nothing(told: str, kept: str) -> None:
    assert media_type_of(told) == kept
