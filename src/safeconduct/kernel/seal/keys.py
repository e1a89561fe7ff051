# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing keys, checked once when bytes become a key (spec/seal.md 2).

Sealing keys stand in `lock` and `unlock`, so that the relay, which signs and verifies, never
loads what could open a box.
"""

from __future__ import annotations

import hashlib
from typing import Final

from safeconduct.kernel.errors import BadKey
from safeconduct.kernel.seal import _sign
from safeconduct.kernel.seal.labels import label
from safeconduct.kernel.words import OFFICE_ID_BYTES, OfficeId

VERIFY_KEY_BYTES: Final = 32
LONG_VERIFY_KEY_BYTES: Final = 32 + 1952
SIGNATURE_BYTES: Final = _sign.ED25519_BYTES
LONG_SIGNATURE_BYTES: Final = _sign.ED25519_BYTES + _sign.MLDSA_BYTES
SEED_BYTES: Final = 32
LONG_SEED_BYTES: Final = 64


class VerifyKey:
    """An Ed25519 public key that is canonical and not of small order."""

    __slots__ = ("_public", "raw")

    def __init__(self, raw: bytes) -> None:
        """Check and keep 32 bytes.

        Raises:
            BadKey: the point is not canonical, of small order, or not 32 bytes long.
        """
        if not _sign.strict_ed25519(raw):
            raise BadKey
        self.raw: Final = raw
        self._public = _sign.Ed25519Public(raw)

    @classmethod
    def parse(cls, raw: bytes) -> VerifyKey:
        """Return the key that these bytes are; raises BadKey."""
        return cls(raw)

    def holds(self, signature: bytes, preimage: bytes) -> bool:
        """Tell whether the signature holds over a preimage; use `verify`, which raises."""
        return self._public.holds(signature, preimage)


class LongVerifyKey:
    """An Ed25519 and an ML-DSA-65 public key that must both hold."""

    __slots__ = ("_mldsa", "raw", "short")

    def __init__(self, raw: bytes) -> None:
        """Check and keep 1984 bytes.

        Raises:
            BadKey: a half is refused.
        """
        if len(raw) != LONG_VERIFY_KEY_BYTES:
            raise BadKey
        self.raw: Final = raw
        self.short: Final = VerifyKey(raw[:VERIFY_KEY_BYTES])
        self._mldsa = _sign.MlDsaPublic(raw[VERIFY_KEY_BYTES:])

    @classmethod
    def parse(cls, raw: bytes) -> LongVerifyKey:
        """Return the key that these bytes are; raises BadKey."""
        return cls(raw)

    def holds(self, signature: bytes, preimage: bytes, context: bytes) -> bool:
        """Tell whether both halves hold over a preimage; use `verify_long`, which raises."""
        short, long = signature[:SIGNATURE_BYTES], signature[SIGNATURE_BYTES:]
        return self.short.holds(short, preimage) and self._mldsa.holds(long, preimage, context)


class SigningKey:
    """An Ed25519 secret; the public half is `public`."""

    __slots__ = ("_secret", "public")

    def __init__(self, seed: bytes) -> None:
        """Expand a 32-byte seed."""
        self._secret = _sign.Ed25519Secret(seed)
        self.public: Final = VerifyKey(self._secret.public)

    @classmethod
    def from_seed(cls, seed: bytes) -> SigningKey:
        """Return the key of a 32-byte seed."""
        return cls(seed)

    def sign_preimage(self, preimage: bytes) -> bytes:
        """Return 64 bytes; use `sign`, which labels."""
        return self._secret.sign(preimage)


class LongSigningKey:
    """Ed25519 and ML-DSA-65 secrets together; the public half is `public`."""

    __slots__ = ("_mldsa", "public", "short")

    def __init__(self, seed: bytes) -> None:
        """Expand a 64-byte seed (Ed25519 half first)."""
        self.short: Final = SigningKey(seed[:SEED_BYTES])
        self._mldsa = _sign.MlDsaSecret(seed[SEED_BYTES:])
        self.public: Final = LongVerifyKey(self.short.public.raw + self._mldsa.public)

    @classmethod
    def from_seed(cls, seed: bytes) -> LongSigningKey:
        """Return the key of a 64-byte seed."""
        return cls(seed)

    def sign_preimage(self, preimage: bytes, context: bytes) -> bytes:
        """Return 3373 bytes; use `sign_long`, which labels."""
        return self.short.sign_preimage(preimage) + self._mldsa.sign(preimage, context)


def office_id(root_key: bytes) -> OfficeId:
    """Return the id of the office with this root public long key (spec/journal.md 2)."""
    return OfficeId(hashlib.sha256(label("office") + b"\0" + root_key).digest()[:OFFICE_ID_BYTES])
