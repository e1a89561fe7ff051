# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a letter tells of its call is read whatever stands there, and is no reason to lose it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.canon import encode
from safeconduct.rooms.hotline.spoken import (
    MEDIA_TYPE,
    MESSAGE_SECONDS,
    PIECE_BYTES,
    PIECES,
    RATE,
    CallMark,
    as_one,
    parse_call,
    piece_at,
    piece_name,
    said_of,
    write_call,
)

BEGUN = CallMark(left="message", cut=True)
ENDED = CallMark(left="message", seconds=25)
MARKS = st.builds(
    CallMark,
    silent=st.booleans(),
    duress=st.booleans(),
    left=st.sampled_from(["message", "hung_up", "talk"]),
    cut=st.booleans(),
    seconds=st.integers(0, 86_400),
)


@given(MARKS)
def test_what_a_line_says_of_a_call_is_read_again(mark: CallMark) -> None:
    assert parse_call(encode(write_call(mark))) == mark


def test_letters_of_pages_tell_of_no_call() -> None:
    assert parse_call(b"") is None
    assert parse_call(encode({"contact": {"version": 1}})) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", 2),
        ("silent", 1),
        ("left", "number"),
        ("cut", "no"),
        ("seconds", -1),
        ("seconds", 86_401),
        ("number", "5550100"),
    ],
)
def test_a_mark_of_another_form_is_none(field: str, value: object) -> None:
    assert parse_call(encode({"call": write_call(ENDED)["call"] | {field: value}})) is None


@given(
    st.recursive(
        st.none() | st.integers(-9, 99) | st.text(max_size=9) | st.binary(max_size=70),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
        max_leaves=9,
    )
)
def test_whatever_stands_there_is_no_error(value: Any) -> None:  # noqa: ANN401
    assert parse_call(encode({"call": value})) is None


@given(st.binary(max_size=60))
def test_bytes_of_no_meaning_are_no_error(extras: bytes) -> None:
    assert parse_call(extras) is None


@pytest.mark.parametrize("index", range(PIECES))
def test_each_piece_is_known_by_its_name(index: int) -> None:
    assert piece_at(piece_name(index), MEDIA_TYPE, PIECE_BYTES) == index


@pytest.mark.parametrize(
    ("name", "media_type", "size"),
    [
        ("voice-19", MEDIA_TYPE, PIECE_BYTES),
        ("voice-00", MEDIA_TYPE, PIECE_BYTES),
        ("voice-1", MEDIA_TYPE, PIECE_BYTES),
        ("voice-01", "audio/ogg", PIECE_BYTES),
        ("voice-01", MEDIA_TYPE, PIECE_BYTES + 1),
    ],
)
def test_other_files_are_no_piece(name: str, media_type: str, size: int) -> None:
    assert piece_at(name, media_type, size) is None


@given(st.integers(0, MESSAGE_SECONDS))
def test_what_was_said_lies_in_the_pieces_once(seconds: int) -> None:
    mark = CallMark(left="message", seconds=seconds)
    assert sum(said_of(mark, index) for index in range(PIECES)) == seconds * RATE


def test_a_message_whose_end_never_came_is_cut() -> None:
    assert as_one([BEGUN]) == BEGUN
    assert as_one([BEGUN, ENDED]) == ENDED
    assert as_one([]) is None


@given(MARKS)
def test_once_under_force_or_without_a_voice_is_always(mark: CallMark) -> None:
    forced = CallMark(left="hung_up", silent=True, duress=True)
    together = as_one([forced, mark])
    assert together is not None
    assert together.silent
    assert together.duress


def test_waiting_before_a_message_does_not_hide_it() -> None:
    waited = CallMark(left="hung_up")
    assert as_one([BEGUN, ENDED, waited]) == ENDED
    cut = msgspec.structs.replace(ENDED, cut=True)
    assert as_one([cut, ENDED]) == ENDED
