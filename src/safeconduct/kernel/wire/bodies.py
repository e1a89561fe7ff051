# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every MessagePack body of the relay's calls (spec/relay.md 2, 3 and 4).

Names follow the calls: what a caller sends, then what the relay answers.
Sizes of fields are checked here; what they mean is checked by the relay and by the desk.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from msgspec import Meta

from safeconduct.kernel.canon import Codec, Record, encode
from safeconduct.kernel.errors import Malformed

CHUNK_BYTES: Final = 1 << 20
CHUNK_TAG_BYTES: Final = 16
LARGEST_ITEM: Final = 256 << 10
LARGEST_LETTER: Final = 64 << 10
LARGEST_MEETING_ITEM: Final = 16 << 10
LARGEST_FRAME: Final = 1 << 20
LARGEST_PARCEL: Final = 4 << 20
LARGEST_RUN: Final = 16 << 20
LARGEST_BLOB: Final = 512 << 20
MOST_TRACED: Final = 256
"""Devices of one office that a tracing epoch can tell apart."""

U64 = Annotated[int, Meta(ge=0, le=2**63 - 1)]
U32 = Annotated[int, Meta(ge=0, le=2**32 - 1)]
Office = Annotated[bytes, Meta(min_length=16, max_length=16)]
Hash = Annotated[bytes, Meta(min_length=32, max_length=32)]
Seed = Annotated[bytes, Meta(min_length=16, max_length=16)]
LongKey = Annotated[bytes, Meta(min_length=1984, max_length=1984)]
ShortSignature = Annotated[bytes, Meta(min_length=64, max_length=64)]
Proof = Annotated[bytes, Meta(min_length=64, max_length=1984 + 3373)]
"""A short signature, or the root public long key and its long signature."""
One = Annotated[int, Meta(ge=1, le=1)]


class Terms(Record, frozen=True):
    """The work that is asked now: what a seed stands for."""

    seed: Seed
    message_bits: U32
    blob_bits: U32


class Limits(Record, frozen=True):
    """The largest intake item and the largest blob (its padded length), in bytes."""

    message: U64
    blob: U64


class IntakeTerms(Record, frozen=True):
    """Answer to `GET intake`: what a page needs before it seals."""

    certificate: bytes
    relay_key: LongKey
    work: Terms
    limits: Limits
    now: U64


class Submission(Record, frozen=True):
    """Body of `POST intake`."""

    seed: Seed
    nonce: U64
    item: bytes


class Receipt(Record, frozen=True):
    """Answer to `POST intake`: the item would survive a power cut."""

    index: U64
    hash: Hash
    time: U64
    signature: ShortSignature


class BoxAsk(Record, frozen=True):
    """Body of `POST box`: what waits at this address beyond a number."""

    address: Hash
    after: U64


class Meeting(Record, frozen=True):
    """Body of `POST meet`."""

    seed: Seed
    nonce: U64
    address: Hash
    item: bytes


class BlobOffer(Record, frozen=True):
    """Body of `POST blobs`; `length` is the padded length that spec/seal.md 7 gives."""

    seed: Seed
    nonce: U64
    blob: Hash
    chunks: U32
    length: U64
    token_hash: Hash


class NextChunk(Record, frozen=True):
    """Answer to `POST blobs` and `PUT chunk`; equal to `chunks` when all are there."""

    next: U32


class BlobState(Record, frozen=True):
    """Answer to `GET blobs/{id}`."""

    chunks: U32
    length: U64
    next: U32


class Health(Record, frozen=True):
    """Answer to `GET health`: `ok` or `words_first`."""

    status: str


class Appended(Record, frozen=True):
    """Answer to `POST log`."""

    indices: list[U64]
    size: U64


class Sizes(Record, frozen=True):
    """Answer to `GET wait`."""

    log: U64
    intake: U64


class Letter(Record, frozen=True):
    """One item on its way into a box."""

    address: Hash
    expires: U64
    item: bytes


class Access(Record, frozen=True):
    """Body of `POST access`: an opening, and its proof by the relay-control key or the root key."""

    opening: bytes
    proof: Proof


class Opening(Record, frozen=True):
    """What opens an access epoch."""

    version: One
    office: Office
    epoch: U64
    capability_hash: Hash
    next_control: Hash


class TracingOpening(Record, frozen=True):
    """What opens an access epoch in which each device has a capability of its own."""

    version: Annotated[int, Meta(ge=2, le=2)]
    office: Office
    epoch: U64
    capability_hashes: Annotated[list[Hash], Meta(min_length=1, max_length=MOST_TRACED)]
    next_control: Hash


class RootOpening(Record, frozen=True):
    """What opens an access epoch and names the root that follows; the root key alone signs it."""

    version: Annotated[int, Meta(ge=3, le=3)]
    office: Office
    epoch: U64
    capability_hash: Hash
    next_control: Hash
    root: Office


class OfficeCard(Record, frozen=True):
    """What a relay must know of an office to keep it."""

    version: One
    office: Office
    intake_signing: LongKey
    control: Hash
    capability_hash: Hash


class Founding(Record, frozen=True):
    """Body of `POST offices`: the code that the relay printed, and an office card's bytes."""

    code: str
    card: OfficeCard


class FoundingAnew(Record, frozen=True):
    """Body of `POST offices` for an office whose relay is gone: epoch and root go on from there."""

    code: str
    card: OfficeCard
    epoch: Annotated[int, Meta(ge=2, le=2**32 - 1)]
    root: Office


class Founded(Record, frozen=True):
    """Answer to `POST offices`."""

    relay_key: LongKey


# One reader for each body; all raise Malformed or NotCanonical.
parse_intake_terms: Final = Codec[IntakeTerms](IntakeTerms, "intake_terms").decode
parse_submission: Final = Codec[Submission](Submission, "submission").decode
parse_receipt: Final = Codec[Receipt](Receipt, "receipt").decode
parse_box_ask: Final = Codec[BoxAsk](BoxAsk, "box_ask").decode
parse_meeting: Final = Codec[Meeting](Meeting, "meeting").decode
parse_blob_offer: Final = Codec[BlobOffer](BlobOffer, "blob_offer").decode
parse_next_chunk: Final = Codec[NextChunk](NextChunk, "next_chunk").decode
parse_blob_state: Final = Codec[BlobState](BlobState, "blob_state").decode
parse_health: Final = Codec[Health](Health, "health").decode
parse_frame_list: Final = Codec[list[bytes]](list[bytes], "frame_list").decode
parse_appended: Final = Codec[Appended](Appended, "appended").decode
parse_indices: Final = Codec[list[int]](list[U64], "indices").decode
parse_sizes: Final = Codec[Sizes](Sizes, "sizes").decode
parse_proof: Final = Codec[list[bytes]](list[Hash], "proof").decode
parse_letters: Final = Codec[list[Letter]](list[Letter], "letters").decode
parse_access: Final = Codec[Access](Access, "access").decode
parse_office_card: Final = Codec[OfficeCard](OfficeCard, "office_card").decode
parse_founded: Final = Codec[Founded](Founded, "founded").decode
parse_nothing: Final = Codec[list[Any]](Annotated[list[Any], Meta(max_length=0)], "nothing").decode


AnyOpening = Opening | TracingOpening | RootOpening
_OPENINGS: Final[dict[bytes, Codec[AnyOpening]]] = {
    b"\x01": Codec(Opening, "opening"),
    b"\x02": Codec(TracingOpening, "opening"),
    b"\x03": Codec(RootOpening, "opening"),
}


def parse_opening(raw: bytes) -> AnyOpening:
    """Return an opening of one of the versions that are known.

    Raises:
        Malformed, NotCanonical: it is none.
    """
    codec = _OPENINGS.get(raw[1:2])
    if codec is None:
        raise Malformed("opening")
    return codec.decode(raw)


AnyFounding = Founding | FoundingAnew
_FOUNDINGS: Final[dict[bytes, Codec[AnyFounding]]] = {
    b"\x92": Codec(Founding, "founding"),
    b"\x94": Codec(FoundingAnew, "founding"),
}


def parse_founding(raw: bytes) -> AnyFounding:
    """Return what founds an office, or founds it anew.

    Raises:
        Malformed, NotCanonical: it is neither.
    """
    codec = _FOUNDINGS.get(raw[:1])
    if codec is None:
        raise Malformed("founding")
    return codec.decode(raw)


def write_body(value: Record | list[Any]) -> bytes:
    """Return the canonical bytes of any body above, or of a plain list of one."""
    return encode(value)


def receipt_message(index: int, item_hash: bytes, time: int) -> bytes:
    """Return what a receipt signs, with purpose `receipt` and the office as context."""
    return index.to_bytes(8, "big") + item_hash + time.to_bytes(8, "big")


def stored_length(length: int, index: int) -> int:
    """Return how many bytes chunk `index` has on the relay, in a blob of this padded length."""
    return min(CHUNK_BYTES, length - index * CHUNK_BYTES) + CHUNK_TAG_BYTES
