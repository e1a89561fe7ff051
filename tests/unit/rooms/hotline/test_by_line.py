# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a letter tells of its line: signed, read whatever stands there, and no reason to lose it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.words import OfficeId
from safeconduct.rooms.hotline.by_line import (
    CARRIES,
    DOORS,
    KINDS,
    LineMark,
    Sender,
    parse_mark,
    read_code,
    sign_mark,
    write_mark,
)

OFFICE = OfficeId(b"o" * 16)
KEY = SigningKey.from_seed(b"s" * 32)
SENDER = Sender(b"v" * 32, b"a" * 32, b"k" * 1216)
MARK = LineMark(
    kind="signal",
    key=KEY.public.raw,
    voice=b"w" * 32,
    handle=b"h" * 300,
    code="12345678",
    said="",
    signature=bytes(64),
)
SIGNED = sign_mark(MARK, OFFICE, SENDER, KEY)


def test_what_a_line_signed_is_read_again() -> None:
    assert parse_mark(encode(write_mark(SIGNED)), OFFICE, SENDER) == SIGNED


def test_letters_of_pages_tell_of_no_line() -> None:
    assert parse_mark(b"", OFFICE, SENDER) is None
    assert parse_mark(encode({"contact": {"version": 1}}), OFFICE, SENDER) is None


@pytest.mark.parametrize("field", ["kind", "key", "voice", "handle", "code", "said", "alarm"])
def test_nobody_changes_what_a_line_said(field: str) -> None:
    other = LineMark(
        kind="phone",
        key=SigningKey.from_seed(b"t" * 32).public.raw,
        voice=b"x" * 32,
        handle=b"i",
        code="87654321",
        said="11111111",
        alarm="quiet",
        signature=bytes(64),
    )
    changed = msgspec.structs.replace(SIGNED, **{field: getattr(other, field)})
    assert parse_mark(encode(write_mark(changed)), OFFICE, SENDER) is None


@pytest.mark.parametrize("at", range(3))
def test_nobody_takes_a_lines_words_over_for_another_person(at: int) -> None:
    own = [SENDER.voice, SENDER.address, SENDER.key]
    own[at] = own[at][::-1][:-1] + b"!"
    assert parse_mark(encode(write_mark(SIGNED)), OFFICE, Sender(*own)) is None


def test_a_mark_for_another_office_is_none_of_ours() -> None:
    assert parse_mark(encode(write_mark(SIGNED)), OfficeId(b"p" * 16), SENDER) is None


@given(
    st.recursive(
        st.none() | st.integers(-9, 99) | st.text(max_size=9) | st.binary(max_size=70),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
        max_leaves=9,
    )
)
def test_whatever_stands_there_is_no_error(value: Any) -> None:  # noqa: ANN401
    assert parse_mark(encode({"line": value}), OFFICE, SENDER) is None


@given(st.binary(max_size=60))
def test_bytes_of_no_meaning_are_no_error(extras: bytes) -> None:
    assert parse_mark(extras, OFFICE, SENDER) is None


def test_no_kind_both_carries_answers_and_is_a_door() -> None:
    assert not CARRIES & DOORS
    assert set(KINDS) == CARRIES | DOORS | {"phone"}


@pytest.mark.parametrize(
    "typed", ["12345678", " 1234-5678", "12 34 56 78\n", "1.2.3.4.5.6.7.8", "١٢٣٤٥٦٧٨", "۱۲۳۴ ۵۶۷۸"]
)
def test_a_code_is_read_whatever_stands_between(typed: str) -> None:
    assert read_code(typed) == "12345678"


@pytest.mark.parametrize(
    "typed", ["", "1234567", "123456789", "1234567a", "１２３４５６７８", "call 12345678"]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) == ""
