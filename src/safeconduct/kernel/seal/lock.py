# SPDX-License-Identifier: AGPL-3.0-or-later
"""Seal: to a public key, under a shared key, and a blob in chunks (spec/seal.md 4, 6, 7).

What is sealed here is opened in `unlock`, which the portal and the relay never load.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from safeconduct.kernel.errors import BadKey, Defect
from safeconduct.kernel.seal import _box
from safeconduct.kernel.seal.labels import SUITE_BYTE, BoxPurpose, SealPurpose, label
from safeconduct.kernel.seal.padding import padme
from safeconduct.kernel.words import BlobId

SEALING_KEY_BYTES: Final = 1216
COMMITMENT_BYTES: Final = 32
SEALED_OVERHEAD: Final = 1 + _box.ENC_BYTES + _box.TAG_BYTES
CHUNK_BYTES: Final = 1 << 20
ZERO_NONCE: Final = bytes(12)


class SealingPublicKey:
    """Somebody's X-Wing public key, checked."""

    __slots__ = ("_public", "raw")

    def __init__(self, raw: bytes) -> None:
        """Check and keep 1216 bytes.

        Raises:
            BadKey: a half is not canonical, of small order, or of the wrong length.
        """
        if len(raw) != SEALING_KEY_BYTES or not _box.strict_x25519(raw[_box.MLKEM_BYTES :]):
            raise BadKey
        try:
            self._public = _box.XWingPublic(raw)
        except ValueError as error:
            raise BadKey from error
        self.raw: Final = raw

    @classmethod
    def parse(cls, raw: bytes) -> SealingPublicKey:
        """Return the key that these bytes are; raises BadKey."""
        return cls(raw)

    def encrypt(self, plaintext: bytes, info: bytes) -> bytes:
        """Return enc || ct; use `seal_to`, which labels."""
        return self._public.seal(plaintext, info)


def seal_to(key: SealingPublicKey, purpose: SealPurpose, context: bytes, plaintext: bytes) -> bytes:
    """Seal to a public key for one purpose and context.  Adds 1137 bytes.  Names no sender."""
    return SUITE_BYTE + key.encrypt(plaintext, label(purpose) + b"\0" + context)


def key_of_nobody(seed: bytes) -> SealingPublicKey:
    """Return a public key, and drop its secret half: for what is sealed to be filling alone."""
    return SealingPublicKey(_box.XWingSecret(seed).public)


class SharedKey:
    """A shared key made ready for many boxes; gives what its bytes give, in half the time.

    It is made ready when it is used for the second time: of the keys that a desk holds, most are
    used once, for the tag that it waits for.
    """

    __slots__ = ("_deriving", "_tagging", "raw")

    def __init__(self, raw: bytes) -> None:
        """Take the key's 32 bytes."""
        self.raw: Final = raw
        self._deriving: _box.Keyed | bool = False
        self._tagging: _box.Keyed | bool = False

    def expand(self, info: bytes) -> bytes:
        """Return HMAC-SHA512; use `derive`, which labels."""
        if self._deriving is False:
            self._deriving = True
            return hmac.digest(self.raw, info, "sha512")
        if self._deriving is True:
            self._deriving = _box.keyed(self.raw, "sha512")
        state = self._deriving.copy()
        state.update(info)
        return state.finalize()

    def tag(self, message: bytes) -> bytes:
        """Return HMAC-SHA256 of labelled bytes."""
        if self._tagging is False:
            self._tagging = True
            return hmac.digest(self.raw, message, "sha256")
        if self._tagging is True:
            self._tagging = _box.keyed(self.raw, "sha256")
        state = self._tagging.copy()
        state.update(message)
        return state.finalize()


def derive(key: bytes | SharedKey, purpose: BoxPurpose, context: bytes) -> tuple[bytes, bytes]:
    """Return (AES key, commitment) of a shared key for one purpose and context."""
    info = label(purpose) + b"\0" + context + b"\x01"
    block = key.expand(info) if isinstance(key, SharedKey) else hmac.digest(key, info, "sha512")
    return block[:32], block[32:]


def close_box(
    key: bytes | SharedKey, purpose: BoxPurpose, context: bytes, plaintext: bytes
) -> bytes:
    """Seal under a shared key.  The context must be new for each plaintext (spec/seal.md 4)."""
    cipher_key, commitment = derive(key, purpose, context)
    return commitment + _box.aes_seal(cipher_key, ZERO_NONCE, plaintext)


def chunk_nonce(index: int, *, final: bool) -> bytes:
    """Return the STREAM nonce of a chunk."""
    return bytes(7) + index.to_bytes(4, "big") + bytes([final])


@dataclass(frozen=True, slots=True)
class BlobPlan:
    """How a file of one size is sealed: its id, padded length and number of chunks."""

    blob: BlobId
    size: int
    padded: int
    chunks: int

    def part(self, index: int) -> int:
        """Return how many bytes chunk `index` holds before it is sealed."""
        return min(CHUNK_BYTES, self.padded - index * CHUNK_BYTES)


def blob_id(key: bytes) -> BlobId:
    """Return the id of the blob that this key opens; no other key opens one of this id."""
    return BlobId(derive(key, "blob", b"")[1])


def plan_blob(key: bytes, size: int) -> BlobPlan:
    """Return the plan for a file of `size` bytes under a fresh 32-byte key."""
    padded = max(1, padme(size))
    chunks = -(-padded // CHUNK_BYTES)
    return BlobPlan(blob_id(key), size, padded, chunks)


class BlobSealer:
    """Seals the chunks of one blob, in any order, without holding more than one."""

    __slots__ = ("_key", "plan")

    def __init__(self, key: bytes, size: int) -> None:
        """Prepare to seal a file of `size` bytes under a key that is used for it alone."""
        self._key = derive(key, "blob", b"")[0]
        self.plan: Final = plan_blob(key, size)

    def seal(self, index: int, part: bytes) -> bytes:
        """Seal chunk `index`; `part` is the file's bytes there, filled up with zero bytes."""
        nonce = chunk_nonce(index, final=index == self.plan.chunks - 1)
        return _box.aes_seal(self._key, nonce, part.ljust(self.plan.part(index), b"\0"))


class StreamSealer:
    """Seals a blob of one chunk as its bytes come: each part at once, the same bytes in the end.

    It holds the key and what is sealed, never what was.
    """

    __slots__ = ("_left", "_sealed", "_stream", "plan")

    def __init__(self, key: bytes, size: int) -> None:
        """Prepare to seal a file of `size` bytes under a key that is used for it alone.

        Raises:
            Defect: it has more than one chunk.
        """
        self.plan: Final = plan_blob(key, size)
        if self.plan.chunks != 1:
            raise Defect
        self._left = size
        self._sealed: list[bytes] = []
        self._stream = _box.AesStream(derive(key, "blob", b"")[0], chunk_nonce(0, final=True))

    @property
    def left(self) -> int:
        """How many bytes of the file are still to come."""
        return self._left

    def add(self, part: bytes | bytearray | memoryview) -> None:
        """Seal what came next.

        Raises:
            Defect: the file is not that long.
        """
        if len(part) > self._left:
            raise Defect
        self._left -= len(part)
        self._sealed.append(self._stream.add(part))

    def end(self) -> bytes:
        """Return the sealed chunk, and hold nothing more.

        Raises:
            Defect: bytes of the file are missing.
        """
        if self._left:
            raise Defect
        filling = self._stream.add(bytes(self.plan.padded - self.plan.size))
        sealed = b"".join([*self._sealed, filling, self._stream.end()])
        self._sealed.clear()
        return sealed


def fingerprint(purpose: str, data: bytes) -> bytes:
    """Return SHA-256 of labelled data: ids, commitments and words to compare."""
    return hashlib.sha256(label(purpose) + b"\0" + data).digest()
