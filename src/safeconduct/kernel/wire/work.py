# SPDX-License-Identifier: AGPL-3.0-or-later
"""The work that public calls do (spec/relay.md 3): a hash that begins with enough zero bits.

Work is bound to what is stored, and the same payload is stored once, so it cannot be spent twice.
"""

from __future__ import annotations

import hashlib
from typing import Final

WORK_LABEL: Final = b"safeconduct/work/1\0"
SEED_BYTES: Final = 16
MOST_BITS: Final = 40


def item_payload(item: bytes) -> bytes:
    """Return the payload hash of an intake item; it is also the message's id."""
    return hashlib.sha256(item).digest()


def meeting_payload(address: bytes, item: bytes) -> bytes:
    """Return the payload hash of an item for a meeting box."""
    return hashlib.sha256(address + item).digest()


def blob_payload(blob: bytes, chunks: int, length: int) -> bytes:
    """Return the payload hash of a blob's announcement."""
    shape = chunks.to_bytes(4, "big") + length.to_bytes(8, "big")
    return hashlib.sha256(blob + shape).digest()


def work_done(seed: bytes, payload: bytes, nonce: int) -> int:
    """Return with how many zero bits the work's hash begins."""
    preimage = WORK_LABEL + seed + payload + nonce.to_bytes(8, "big")
    return 256 - int.from_bytes(hashlib.sha256(preimage).digest(), "big").bit_length()


def solve_work(seed: bytes, payload: bytes, bits: int) -> int:
    """Return the first nonce whose work holds; takes about `2 ** bits` hashes."""
    prefix = hashlib.sha256(WORK_LABEL + seed + payload)
    limit = 1 << (256 - bits)
    nonce = 0
    while True:
        attempt = prefix.copy()
        attempt.update(nonce.to_bytes(8, "big"))
        if int.from_bytes(attempt.digest(), "big") < limit:
            return nonce
        nonce += 1
