# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bytes from outside: what is changed is refused, and nothing but our own errors comes out."""

import contextlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.canon import Codec, encode
from safeconduct.kernel.errors import SafeconductError
from safeconduct.rooms.hotline.events import parse_fact, write_fact
from tests.property.formats import FORMATS, GUARDED, RECEIVED, Format

MESSAGE_PACK = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.binary() | st.text(),
    lambda inner: st.lists(inner, max_size=12) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def by_name(table: dict[str, Format]) -> pytest.MarkDecorator:
    """One test for each format."""
    return pytest.mark.parametrize("told", table.values(), ids=list(table))


@by_name(FORMATS)
def test_the_good_example_is_read(told: Format) -> None:
    told.read(told.good)


@by_name(GUARDED)
@given(data=st.data())
def test_a_changed_byte_is_refused(told: Format, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(told.good) - 1), label="place")
    change = data.draw(st.integers(1, 255), label="change")
    changed = bytearray(told.good)
    changed[place] ^= change
    if same_text(bytes(changed), told.good):
        return
    with pytest.raises(SafeconductError):
        told.read(bytes(changed))


def same_text(one: bytes, other: bytes) -> bool:
    """Tell whether the two are the same invite: case and dashes do not matter there."""
    texts = [data.decode("utf-8", "replace").upper() for data in (one, other)]
    bare = ["".join(char for char in text if char.isalnum()) for text in texts]
    return other[:1].isalpha() and bare[0] == bare[1]


@by_name(GUARDED)
@given(data=st.data())
def test_cut_or_lengthened_bytes_are_refused(told: Format, data: st.DataObject) -> None:
    cut = told.good[: data.draw(st.integers(0, len(told.good) - 1), label="cut")]
    longer = told.good + data.draw(st.binary(min_size=1, max_size=64), label="more")
    for changed in (cut, longer):
        if not same_text(changed, told.good):
            with pytest.raises(SafeconductError):
                told.read(changed)


@by_name(FORMATS)
@given(data=st.binary(max_size=2048))
def test_random_bytes_raise_nothing_of_anybody_elses(told: Format, data: bytes) -> None:
    with contextlib.suppress(SafeconductError):
        told.read(data)


@by_name(FORMATS)
@given(value=MESSAGE_PACK)
def test_any_message_pack_raises_nothing_of_anybody_elses(told: Format, value: object) -> None:
    with contextlib.suppress(SafeconductError):
        told.read(encode(value))


@by_name(FORMATS)
@given(data=st.data())
def test_mutated_bytes_raise_nothing_of_anybody_elses(told: Format, data: st.DataObject) -> None:
    pieces = []
    for _ in range(data.draw(st.integers(1, 4), label="pieces")):
        start = data.draw(st.integers(0, len(told.good)), label="start")
        end = data.draw(st.integers(start, len(told.good)), label="end")
        pieces += [told.good[start:end], data.draw(st.binary(max_size=16), label="filling")]
    with contextlib.suppress(SafeconductError):
        told.read(b"".join(pieces))


@given(value=MESSAGE_PACK)
def test_any_value_comes_back_from_its_one_encoding(value: object) -> None:
    codec: Codec[object] = Codec(object, "any")
    assert encode(codec.decode(encode(value))) == encode(value)


@given(data=st.binary(max_size=64))
def test_bytes_that_are_read_are_the_ones_that_would_be_written(data: bytes) -> None:
    codec: Codec[object] = Codec(object, "any")
    with contextlib.suppress(SafeconductError):
        assert encode(codec.decode(data)) == data


@given(text=st.text(), arrived=st.integers(0, 2**63 - 1), extras=st.binary())
def test_a_fact_comes_back(text: str, arrived: int, extras: bytes) -> None:
    fact = msgspec.structs.replace(RECEIVED, text=text, arrived=arrived, extras=extras)
    assert parse_fact("hotline.MessageReceived", 1, write_fact(fact)) == fact
