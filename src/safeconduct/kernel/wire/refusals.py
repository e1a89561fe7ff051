# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a relay answers when it does not do what was asked (spec/relay.md 7).

Each class is one row of the table there.  `write_refusal` and `parse_refusal` carry them over
the wire; `STATUS` gives the HTTP status of each code.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import ClassVar, Final

import msgspec

from safeconduct.kernel.canon import Codec, encode
from safeconduct.kernel.errors import (
    BadKey,
    BadSignature,
    Defect,
    Malformed,
    NotCanonical,
    Refused,
    SafeconductError,
    UnknownVersion,
    Unreachable,
)


@dataclass(eq=False)
class TooLarge(Refused):
    """The body is larger than this call takes."""

    code: ClassVar[str] = "too_large"
    largest: int


@dataclass(eq=False)
class MoreWork(Refused):
    """The work is missing, too little, or for a seed that is over: solve for this one."""

    code: ClassVar[str] = "more_work"
    seed: bytes
    bits: int


@dataclass(eq=False)
class KeyClosed(Refused):
    """The item is sealed to an intake key that is no longer current: seal to this one."""

    code: ClassVar[str] = "key_closed"
    certificate: bytes


class WordsFirst(Refused):
    """The disk is kept for text now: send the words, the file later."""

    code = "words_first"


class UnknownCapability(Refused):
    """The capability is missing or not the one of this office's epoch."""

    code = "unknown_capability"


class UnknownOffice(Refused):
    """This relay does not keep that office."""

    code = "unknown_office"


class NotFound(Refused):
    """No such blob, chunk, parcel, certificate or call."""

    code = "not_found"


class BlobDiffers(Refused):
    """The id exists with another length, the chunk with other bytes, or the token is wrong."""

    code = "blob_differs"


class Conflict(Refused):
    """The epoch is open or does not stand, the code is used, or the meeting box is full."""

    code = "conflict"


class Expired(Refused):
    """A letter's end is past by the relay's clock; nothing of what came with it was stored."""

    code = "expired"


@dataclass(eq=False)
class Busy(Unreachable):
    """Nothing was stored; try again after a moment."""

    code: ClassVar[str] = "busy"
    seconds: int


STATUS: Final[dict[str, int]] = {
    "malformed": 400,
    "unknown_capability": 401,
    "bad_signature": 403,
    "unknown_office": 404,
    "not_found": 404,
    "blob_differs": 409,
    "conflict": 409,
    "expired": 409,
    "key_closed": 409,
    "too_large": 413,
    "more_work": 428,
    "defect": 500,
    "busy": 503,
    "words_first": 507,
}

_PLAIN: Final = (
    WordsFirst,
    UnknownCapability,
    UnknownOffice,
    NotFound,
    BlobDiffers,
    Conflict,
    Expired,
    Defect,
)
_LISTS: Final[Codec[list[object]]] = Codec(list[object], "error")
_FIELDS: Final[dict[str, tuple[type[SafeconductError], object]]] = {
    "malformed": (Malformed, tuple[str]),
    "bad_signature": (BadSignature, tuple[str]),
    "too_large": (TooLarge, tuple[int]),
    "more_work": (MoreWork, tuple[bytes, int]),
    "key_closed": (KeyClosed, tuple[bytes]),
    "busy": (Busy, tuple[int]),
    **{kind.code: (kind, tuple[()]) for kind in _PLAIN},
}


def on_the_wire(error: SafeconductError) -> SafeconductError:
    """Return the error as the table knows it; what it does not know becomes a `Defect`."""
    if isinstance(error, NotCanonical | UnknownVersion):
        return Malformed(error.format)
    if isinstance(error, BadKey):
        return Malformed("key")
    return error if error.code in _FIELDS else Defect()


def write_refusal(error: SafeconductError) -> bytes:
    """Return `[code, fields...]`."""
    told = on_the_wire(error)
    has_fields = hasattr(told, "__dataclass_fields__")
    fields = astuple(told) if has_fields else ()  # type: ignore[call-overload]
    return encode([told.code, *fields])


def parse_refusal(raw: bytes) -> SafeconductError:
    """Return the error that these bytes name.

    Raises:
        Malformed: they name none that this version knows.
        NotCanonical: they are not in the one encoding.
    """
    code, *fields = _LISTS.decode(raw) or [None]
    if not isinstance(code, str) or code not in _FIELDS:
        raise Malformed("error")
    kind, shape = _FIELDS[code]
    try:
        values = msgspec.convert(fields, shape)
    except msgspec.ValidationError as error:
        raise Malformed("error") from error
    refusal: SafeconductError = kind(*values)
    return refusal
