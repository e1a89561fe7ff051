# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a steward asks of a relay with the control key's signature (spec/relay.md 4).

An order names its epoch, so that one that was seen before is worth nothing in the next.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta

from safeconduct.kernel.canon import Codec, Record
from safeconduct.kernel.wire.bodies import U64, Hash, Office, ShortSignature

MOST_DROPPED: Final = 256


class SignedOrder(Record, frozen=True):
    """Body of a call that a steward signs: an order's bytes and their signature."""

    order: bytes
    signature: ShortSignature


class TracedOrder(Record, frozen=True):
    """Order of `POST traced`."""

    kind: Literal["traced"]
    office: Office
    epoch: U64


class DropOrder(Record, frozen=True):
    """Order of `POST parcels`: let these parcels go."""

    kind: Literal["drop"]
    office: Office
    epoch: U64
    hashes: Annotated[list[Hash], Meta(min_length=1, max_length=MOST_DROPPED)]


class DropFilesOrder(Record, frozen=True):
    """Order of `POST parcels`: let these files go."""

    kind: Literal["drop_files"]
    office: Office
    epoch: U64
    blobs: Annotated[list[Hash], Meta(min_length=1, max_length=MOST_DROPPED)]


class Traced(Record, frozen=True):
    """How many bytes one capability of a tracing epoch wrote: in all, and of this day.

    The day's are those of files and of the rest, to which the two daily amounts are.
    """

    capability_hash: Hash
    written: U64
    files: U64
    rest: U64


parse_signed_order: Final = Codec[SignedOrder](SignedOrder, "signed_order").decode
parse_traced_order: Final = Codec[TracedOrder](TracedOrder, "order").decode
parse_drop_order: Final = Codec[DropOrder](DropOrder, "order").decode
parse_drop_files_order: Final = Codec[DropFilesOrder](DropFilesOrder, "order").decode
parse_traced: Final = Codec[list[Traced]](list[Traced], "traced").decode
