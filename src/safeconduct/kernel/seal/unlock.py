# SPDX-License-Identifier: AGPL-3.0-or-later
"""Open what `lock` sealed (spec/seal.md 4, 6, 7).

Only `edges/desk`, `edges/counter`, `edges/lines`, and `edges/person`, which is what the last two
share, may import this module (import contract in pyproject.toml, and tests/house in a fresh
process).
"""

from __future__ import annotations

import hmac
from typing import Final

from safeconduct.kernel.errors import CannotOpen, Malformed, UnknownVersion
from safeconduct.kernel.seal import _box
from safeconduct.kernel.seal.labels import SUITE, BoxPurpose, SealPurpose, label
from safeconduct.kernel.seal.lock import (
    CHUNK_BYTES,
    COMMITMENT_BYTES,
    SEALED_OVERHEAD,
    ZERO_NONCE,
    SealingPublicKey,
    SharedKey,
    chunk_nonce,
    derive,
    plan_blob,
)


class SealingKey:
    """A secret sealing key; the public half is `public`."""

    __slots__ = ("_secret", "public")

    def __init__(self, seed: bytes) -> None:
        """Expand a 32-byte seed."""
        self._secret = _box.XWingSecret(seed)
        self.public: Final = SealingPublicKey(self._secret.public)

    @classmethod
    def from_seed(cls, seed: bytes) -> SealingKey:
        """Return the key of a 32-byte seed."""
        return cls(seed)

    def decrypt(self, sealed: bytes, info: bytes) -> bytes | None:
        """Return the plaintext or None; use `open_sealed`, which labels and raises."""
        return self._secret.open(sealed, info)


def open_sealed(key: SealingKey, purpose: SealPurpose, context: bytes, sealed: bytes) -> bytes:
    """Open what was sealed to this key.

    Raises:
        Malformed: too short to be sealed.
        UnknownVersion: sealed with a suite newer than this program.
        CannotOpen: another key, purpose or context, or changed bytes.
    """
    if sealed and sealed[0] != SUITE:
        raise UnknownVersion(purpose, sealed[0])
    if len(sealed) < SEALED_OVERHEAD:
        raise Malformed(purpose)
    plaintext = key.decrypt(sealed[1:], label(purpose) + b"\0" + context)
    if plaintext is None:
        raise CannotOpen(purpose)
    return plaintext


def open_box(key: bytes | SharedKey, purpose: BoxPurpose, context: bytes, box: bytes) -> bytes:
    """Open a box made by `close_box`.

    Raises:
        CannotOpen: another key, purpose or context, or changed bytes.
    """
    cipher_key, commitment = derive(key, purpose, context)
    if not hmac.compare_digest(commitment, box[:COMMITMENT_BYTES]):
        raise CannotOpen(purpose)
    plaintext = _box.aes_open(cipher_key, ZERO_NONCE, box[COMMITMENT_BYTES:])
    if plaintext is None:
        raise CannotOpen(purpose)
    return plaintext


class BlobOpener:
    """Opens the chunks of one blob, in any order, and cuts the filling off."""

    __slots__ = ("_key", "plan")

    def __init__(self, key: bytes, size: int) -> None:
        """Prepare to open a file whose true size is `size`."""
        self._key = derive(key, "blob", b"")[0]
        self.plan: Final = plan_blob(key, size)

    def open(self, index: int, sealed: bytes) -> bytes:
        """Return the file's bytes in chunk `index`.

        Raises:
            CannotOpen: a changed, missing, moved or additional chunk.
        """
        if not 0 <= index < self.plan.chunks:
            raise CannotOpen("blob")
        final = index == self.plan.chunks - 1
        chunk = _box.aes_open(self._key, chunk_nonce(index, final=final), sealed)
        if chunk is None or len(chunk) != self.plan.part(index):
            raise CannotOpen("blob")
        return chunk[: max(0, self.plan.size - index * CHUNK_BYTES)]
