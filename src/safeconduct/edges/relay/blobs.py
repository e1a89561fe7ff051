# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealed files in chunks, and key parcels (docs/spec/relay.md 2 and 4).

A chunk is durable when it is answered; an upload that was cut goes on at the first missing one.
Only a steward's order drops a blob, days later, and no time does: who holds the capability could
else remove what nobody saved.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

import apsw

from safeconduct.edges.relay import leaving
from safeconduct.edges.relay.leaving import CHUNK_BITS
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.wire.bodies import (
    CHUNK_BYTES,
    LARGEST_BLOB,
    BlobOffer,
    BlobState,
    stored_length,
)
from safeconduct.kernel.wire.orders import DropFilesOrder, DropOrder
from safeconduct.kernel.wire.refusals import BlobDiffers, NotFound, TooLarge
from safeconduct.kernel.words import Instant


@dataclass(frozen=True, slots=True)
class Blob:
    """One blob as its row stands."""

    number: int
    chunks: int
    length: int
    token_hash: bytes
    next: int

    @property
    def state(self) -> BlobState:
        """What anyone who knows the id may know."""
        return BlobState(self.chunks, self.length, self.next)

    def is_as(self, offer: BlobOffer) -> bool:
        """Tell whether an offer is of this blob, by whoever holds its token."""
        mine = (self.chunks, self.length, self.token_hash)
        return mine == (offer.chunks, offer.length, offer.token_hash)


def check_offer(offer: BlobOffer) -> None:
    """Refuse a blob that is too large or whose numbers do not fit together.

    Raises:
        TooLarge: beyond the largest blob.
        Malformed: `chunks` does not follow from `length`.
    """
    if offer.length > LARGEST_BLOB:
        raise TooLarge(LARGEST_BLOB)
    if offer.length < 1 or offer.chunks != -(-offer.length // CHUNK_BYTES):
        raise Malformed("blob_offer")


def look(connection: apsw.Connection, office: int, blob: bytes) -> Blob | None:
    """Return a blob if it is there."""
    row: list[Any] = connection.execute(
        "SELECT number, chunks, length, token_hash, next FROM blobs WHERE office = ? AND blob = ?",
        (office, blob),
    ).fetchall()
    return Blob(*row[0]) if row else None


def find(connection: apsw.Connection, office: int, blob: bytes) -> Blob:
    """Return a blob.

    Raises:
        NotFound: it is not there.
    """
    found = look(connection, office, blob)
    if found is None:
        raise NotFound
    return found


def offer_blob(connection: apsw.Connection, office: int, offer: BlobOffer) -> int:
    """Make room for a blob; return its first missing chunk.

    Raises:
        BlobDiffers: the id stands with another length or token.
    """
    found = look(connection, office, offer.blob)
    if found is None:
        connection.execute(
            "INSERT INTO blobs (office, blob, chunks, length, token_hash, next)"
            " VALUES (?, ?, ?, ?, ?, 0)",
            (office, offer.blob, offer.chunks, offer.length, offer.token_hash),
        )
        return 0
    if not found.is_as(offer):
        raise BlobDiffers
    return found.next


def check_chunk(found: Blob, index: int, chunk: bytes, token: bytes) -> None:
    """Refuse a chunk by the wrong hand, at no place, or of another length.

    Raises:
        BlobDiffers: the token is not the blob's.
        NotFound: there is no such chunk in this blob.
        Malformed: it has another length than its place gives.
    """
    if not hmac.compare_digest(hashlib.sha256(token).digest(), found.token_hash):
        raise BlobDiffers
    if index >= found.chunks:
        raise NotFound
    if len(chunk) != stored_length(found.length, index):
        raise Malformed("chunk")


def put_chunk(connection: apsw.Connection, number: int, index: int, chunk: bytes) -> int:
    """Store one chunk; return the first missing one.

    Raises:
        BlobDiffers: other bytes stand there.
    """
    missing: int = connection.execute("SELECT next FROM blobs WHERE number = ?", (number,)).get
    spot = number << CHUNK_BITS | index
    stored = connection.execute("SELECT body FROM chunks WHERE id = ?", (spot,)).get
    if stored is not None:
        if stored != chunk:
            raise BlobDiffers
        return missing
    connection.execute("INSERT INTO chunks (id, body) VALUES (?, ?)", (spot, chunk))
    if index == missing:
        missing = _first_missing(connection, number, index + 1)
        connection.execute("UPDATE blobs SET next = ? WHERE number = ?", (missing, number))
    return missing


def read_chunk(connection: apsw.Connection, found: Blob, index: int) -> bytes:
    """Return one chunk.

    Raises:
        NotFound: it has not arrived, or there is no such place.
    """
    body: bytes | None = None
    if index < found.chunks:
        spot = found.number << CHUNK_BITS | index
        body = connection.execute("SELECT body FROM chunks WHERE id = ?", (spot,)).get
    if body is None:
        raise NotFound
    return body


def put_parcel(connection: apsw.Connection, office: int, parcel: bytes) -> None:
    """Store a parcel under its hash."""
    name = hashlib.sha256(parcel).digest()
    connection.execute(
        "INSERT OR IGNORE INTO parcels (office, hash, body) VALUES (?, ?, ?)",
        (office, name, parcel),
    )
    for number in _parcel_numbers(connection, office, name):
        leaving.stay(connection, leaving.PARCEL, number)


def has_parcel(connection: apsw.Connection, office: int, name: bytes) -> bool:
    """Tell whether a parcel is stored."""
    return bool(_parcel_numbers(connection, office, name))


def read_parcel(connection: apsw.Connection, office: int, name: bytes) -> bytes:
    """Return the parcel of this hash.

    Raises:
        NotFound: there is none.
    """
    query = "SELECT body FROM parcels WHERE office = ? AND hash = ?"
    parcel: bytes | None = connection.execute(query, (office, name)).get
    if parcel is None:
        raise NotFound
    return parcel


def delete_parcel(connection: apsw.Connection, office: int, name: bytes, now: Instant) -> None:
    """Let a parcel be dropped some days from now; one that is not there is as good as dropped."""
    for number in _parcel_numbers(connection, office, name):
        leaving.mark(connection, leaving.PARCEL, number, now)


def delete_ordered(
    connection: apsw.Connection, office: int, order: DropOrder | DropFilesOrder, now: Instant
) -> None:
    """Let what an order names be dropped some days from now; what is not there is as good."""
    if isinstance(order, DropFilesOrder):
        for blob in order.blobs:
            _delete_blob(connection, office, blob, now)
        return
    for name in order.hashes:
        delete_parcel(connection, office, name, now)


def _delete_blob(connection: apsw.Connection, office: int, blob: bytes, now: Instant) -> None:
    found = look(connection, office, blob)
    if found is not None:
        leaving.mark(connection, leaving.FILE, found.number, now)


def _parcel_numbers(connection: apsw.Connection, office: int, name: bytes) -> list[int]:
    query = "SELECT number FROM parcels WHERE office = ? AND hash = ?"
    return [row[0] for row in connection.execute(query, (office, name))]


def _first_missing(connection: apsw.Connection, number: int, index: int) -> int:
    """Return the first place from `index` on that has no chunk."""
    low = number << CHUNK_BITS
    query = "SELECT id FROM chunks WHERE id >= ? AND id < ? ORDER BY id"
    for (spot,) in connection.execute(query, (low + index, low + (1 << CHUNK_BITS))):
        if spot != low + index:
            break
        index += 1
    return index
