# SPDX-License-Identifier: AGPL-3.0-or-later
"""One encoding for everything sealed or signed: canonical MessagePack (spec/seal.md 1).

Bytes from outside become values here and are refused when they are not the one encoding that
the spec allows, so that two readers can never see two meanings in the same bytes.
"""

from __future__ import annotations

from typing import Any, Final, Generic, TypeVar

import msgspec

from safeconduct.kernel.errors import Malformed, NotCanonical

T = TypeVar("T")

_ENCODER: Final = msgspec.msgpack.Encoder(order="deterministic")


class Record(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """Base of every encoded structure: a MessagePack array of exactly its fields."""


def encode(value: Any) -> bytes:  # noqa: ANN401  (anything msgspec knows)
    """Return the canonical bytes of a value."""
    return _ENCODER.encode(value)


class Codec(Generic[T]):
    """Reads one format strictly."""

    __slots__ = ("_decoder", "_format")

    def __init__(self, kind: Any, name: str) -> None:  # noqa: ANN401  (a type form)
        """Read values of `kind`; errors name the format `name`."""
        self._decoder = msgspec.msgpack.Decoder(kind)
        self._format = name

    def decode(self, data: bytes) -> T:
        """Return the value.

        Raises:
            Malformed: the bytes are not of this format.
            NotCanonical: they are, but in another encoding than the canonical one.
        """
        value = self.decode_own(data)
        if _ENCODER.encode(value) != data:
            raise NotCanonical(self._format)
        return value

    def decode_own(self, data: bytes) -> T:
        """Return the value of bytes whose hash or signature was checked; no canonical check.

        Raises:
            Malformed: the bytes are not of this format.
        """
        try:
            value: T = self._decoder.decode(data)
        except (msgspec.DecodeError, msgspec.ValidationError, RecursionError) as error:
            raise Malformed(self._format) from error
        return value
