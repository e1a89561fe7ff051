# SPDX-License-Identifier: AGPL-3.0-or-later
"""One encoding for everything sealed or signed: canonical MessagePack (spec/seal.md 1).

Bytes from outside become values here and are refused when they are not the one encoding that
the spec allows, so that two readers can never see two meanings in the same bytes.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Generic, TypeVar

import msgspec

from safeconduct.kernel.errors import Malformed, NotCanonical, SafeconductError, UnknownVersion

T = TypeVar("T")

_ENCODER: Final = msgspec.msgpack.Encoder(order="deterministic")
_FIELDS: Final = msgspec.msgpack.Decoder(list[msgspec.Raw])
_NUMBER: Final = msgspec.msgpack.Decoder(int)

Bytes16 = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
Bytes32 = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
Bytes36 = Annotated[bytes, msgspec.Meta(min_length=36, max_length=36)]
Bytes64 = Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]
Count32 = Annotated[int, msgspec.Meta(ge=0, le=(1 << 32) - 1)]
Count = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
"""A count or a time: never negative, and one more still fits every reader."""


class Record(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, gc=False):
    """Base of every encoded structure: a MessagePack array of exactly its fields.

    It holds values alone, none of which could refer back to it, so the collector need not look into
    it for a cycle (`tests/house/test_records.py`).
    """


def encode(value: Any) -> bytes:  # noqa: ANN401  (anything msgspec knows)
    """Return the canonical bytes of a value."""
    return _ENCODER.encode(value)


class Codec(Generic[T]):
    """Reads one format strictly."""

    __slots__ = ("_decoder", "_format", "_version")

    def __init__(self, kind: Any, name: str, *, version: int | None = None) -> None:  # noqa: ANN401  (a type form)
        """Read values of `kind`; errors name the format `name`.

        A format that has a `version` has it as its first field, called `format`.
        """
        self._decoder = msgspec.msgpack.Decoder(kind)
        self._format = name
        self._version = version

    def decode(self, data: bytes) -> T:
        """Return the value.

        Raises:
            Malformed: the bytes are not of this format.
            UnknownVersion: they are of a version of it that this program does not know.
            NotCanonical: they are of this format, in another encoding than the canonical one.
        """
        value = self.decode_own(data)
        try:
            again = _ENCODER.encode(value)
        except (TypeError, ValueError, RecursionError):
            # Something that has no canonical form, as a map whose keys are not text.
            raise Malformed(self._format) from None
        if again != data:
            raise NotCanonical(self._format)
        return value

    def decode_own(self, data: bytes) -> T:
        """Return the value of bytes whose hash or signature was checked; no canonical check.

        Raises:
            Malformed, UnknownVersion: see `decode`.
        """
        try:
            value: T = self._decoder.decode(data)
        except (ValueError, RecursionError):
            # Without its cause, which may quote what somebody wrote.
            raise self._refusal(data) from None
        if self._version is not None and value.format != self._version:  # type: ignore[attr-defined]
            raise self._refusal(data)
        return value

    def _refusal(self, data: bytes) -> SafeconductError:
        """Tell a newer version, which is kept, from bytes that mean nothing."""
        if self._version is None:
            return Malformed(self._format)
        try:
            first = _NUMBER.decode(_FIELDS.decode(data)[0])
        except (ValueError, IndexError, RecursionError):
            return Malformed(self._format)
        if first == self._version:
            return Malformed(self._format)
        return UnknownVersion(self._format, first)
