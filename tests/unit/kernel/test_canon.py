# SPDX-License-Identifier: AGPL-3.0-or-later
"""One encoding, read strictly (spec/seal.md 1)."""

from typing import Any

import msgspec
import pytest

from safeconduct.kernel.canon import Bytes16, Codec, Count, Record, encode
from safeconduct.kernel.errors import Malformed, NotCanonical, UnknownVersion


class Thing(Record, frozen=True):
    """A format with a version."""

    format: int
    id: Bytes16
    count: Count
    text: str


THING: Codec[Thing] = Codec(Thing, "thing", version=1)
ANY: Codec[Any] = Codec(Any, "any")
GOOD = Thing(1, bytes(16), 5, "ё")


def test_a_record_is_an_array_of_its_fields_and_comes_back() -> None:
    assert msgspec.msgpack.decode(encode(GOOD)) == [1, bytes(16), 5, "ё"]
    assert THING.decode(encode(GOOD)) == GOOD
    assert THING.decode_own(encode(GOOD)) == GOOD


@pytest.mark.parametrize(
    "fields",
    [
        [1, bytes(16), 5],
        [1, bytes(16), 5, "ё", 0],
        [1, bytes(15), 5, "ё"],
        [1, bytes(16), -1, "ё"],
        [1, bytes(16), 2**63, "ё"],
        [1, bytes(16), 5.0, "ё"],
        [1, bytes(16), 5, b"bytes"],
        ["1", bytes(16), 5, "ё"],
        {},
        [],
        None,
    ],
)
def test_another_shape_is_malformed(fields: object) -> None:
    with pytest.raises(Malformed) as refused:
        THING.decode(encode(fields))
    assert refused.value.format == "thing"


@pytest.mark.parametrize("fields", [[2, bytes(16), 5, "ё"], [2], [200, "anything", {}, 1, 2]])
def test_a_newer_version_is_told_from_broken_bytes_whatever_its_shape(fields: list[Any]) -> None:
    with pytest.raises(UnknownVersion) as newer:
        THING.decode(encode(fields))
    assert (newer.value.format, newer.value.version) == ("thing", fields[0])


def test_a_format_without_version_is_malformed_or_read() -> None:
    assert ANY.decode(encode([2, "x"])) == [2, "x"]
    with pytest.raises(Malformed):
        Codec[list[int]](list[int], "list").decode(encode([2, "x"]))


def test_a_longer_encoding_of_the_same_is_refused_from_outside_only() -> None:
    longer = encode(GOOD)[:-2].replace(b"\xa2", b"\xd9\x02") + "ё".encode()
    with pytest.raises(NotCanonical):
        THING.decode(longer)
    assert THING.decode_own(longer) == GOOD


@pytest.mark.parametrize(
    "data", [b"\xa2\xff\xff", b"\x94\x01\xc4\x10" + bytes(16) + b"\x05\xa1\xff"]
)
def test_text_that_is_not_utf_8_is_malformed(data: bytes) -> None:
    for codec in (ANY, THING):
        with pytest.raises(Malformed):
            codec.decode(data)


def test_depth_and_claimed_lengths_are_bounded() -> None:
    for data in (b"\x91" * 100_000 + b"\xc0", b"\xdd\xff\xff\xff\xff", b"\xdf\x7f\xff\xff\xff"):
        for codec in (ANY, THING):
            with pytest.raises(Malformed):
                codec.decode(data)


def test_an_error_does_not_quote_what_somebody_wrote() -> None:
    with pytest.raises(Malformed) as refused:
        THING.decode(b"\xa6secret\xff")
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
    assert "secret" not in repr(refused.value) + str(refused.value)
