# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one place that asks the library to seal, to open and to stretch (spec/seal.md 2, 4, 6, 7, 8).

Not for import outside `kernel/seal`: `keys`, `lock` and `unlock` are the doors.
Its randomness is the library's own, inside HPKE encapsulation.
"""

from __future__ import annotations

import hashlib
from typing import Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import mlkem, x25519
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

ENC_BYTES: Final = 1120
TAG_BYTES: Final = 16
MLKEM_BYTES: Final = 1184
_P: Final = 2**255 - 19
# u of the points of small order on Curve25519 (https://cr.yp.to/ecdh.html#validate).
_SMALL_ORDER_U: Final = frozenset(
    {
        0,
        1,
        _P - 1,
        325606250916557431795983626356110631294008115727848805560023387167927233504,
        39382357235489614581723060781553021112529911719440698176882885853963445705823,
    }
)
_SUITE: Final = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def strict_x25519(raw: bytes) -> bool:
    """Tell whether 32 bytes are a canonical u-coordinate that is not of small order."""
    u = int.from_bytes(raw, "little")
    return u < _P and u not in _SMALL_ORDER_U


class XWingPublic:
    """A sealing key of 1216 bytes."""

    __slots__ = ("_key",)

    def __init__(self, raw: bytes) -> None:
        """Take checked bytes; raises ValueError when ML-KEM refuses them."""
        self._key = hpke.MLKEM768X25519PublicKey(
            mlkem.MLKEM768PublicKey.from_public_bytes(raw[:MLKEM_BYTES]),
            x25519.X25519PublicKey.from_public_bytes(raw[MLKEM_BYTES:]),
        )

    def seal(self, plaintext: bytes, info: bytes) -> bytes:
        """Return enc || ct."""
        return _SUITE.encrypt(plaintext, self._key, info=info)


class XWingSecret:
    """The secret half, from a 32-byte seed (draft-connolly-cfrg-xwing-kem 5.2)."""

    __slots__ = ("_key", "public")

    def __init__(self, seed: bytes) -> None:
        """Expand the seed."""
        expanded = hashlib.shake_256(seed).digest(96)
        kem = mlkem.MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        curve = x25519.X25519PrivateKey.from_private_bytes(expanded[64:])
        self._key = hpke.MLKEM768X25519PrivateKey(kem, curve)
        self.public = kem.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()

    def open(self, sealed: bytes, info: bytes) -> bytes | None:
        """Return the plaintext, or None when the bytes do not open."""
        try:
            return _SUITE.decrypt(sealed, self._key, info=info)
        except (InvalidTag, ValueError):
            return None


Keyed = HMAC


def keyed(key: bytes, digest: Literal["sha256", "sha512"]) -> Keyed:
    """Return an HMAC whose key's block is hashed, to be copied, for keys that are used often."""
    return HMAC(key, hashes.SHA512() if digest == "sha512" else hashes.SHA256())


def aes_seal(key: bytes, nonce: bytes, plaintext: bytes) -> bytes:
    """AES-256-GCM without associated data."""
    return AESGCM(key).encrypt(nonce, plaintext, None)


def aes_open(key: bytes, nonce: bytes, sealed: bytes) -> bytes | None:
    """Return the plaintext, or None when the bytes do not open."""
    try:
        return AESGCM(key).decrypt(nonce, sealed, None)
    except InvalidTag:
        return None


class AesStream:
    """AES-256-GCM without associated data, of a plaintext that comes in parts.

    It gives no more than it was given, so what came is sealed and can be let go at once.
    """

    __slots__ = ("_context",)

    def __init__(self, key: bytes, nonce: bytes) -> None:
        """Begin."""
        self._context = Cipher(AES256(key), GCM(nonce)).encryptor()

    def add(self, part: bytes | bytearray | memoryview) -> bytes:
        """Return a part, sealed, of the same length."""
        return self._context.update(part)

    def end(self) -> bytes:
        """Return the tag, which stands behind the last part."""
        self._context.finalize()
        return self._context.tag


def argon2id(secret: bytes, salt: bytes, *, mib: int, passes: int, lanes: int) -> bytes:
    """Stretch a passphrase or phrase into 32 bytes."""
    kdf = Argon2id(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=mib * 1024)
    return kdf.derive(secret)


def chacha_seal(key: bytes, nonce: bytes, plaintext: bytes) -> bytes:
    """ChaCha20-Poly1305 without associated data, for age files alone."""
    return ChaCha20Poly1305(key).encrypt(nonce, plaintext, None)


def hkdf(key: bytes, salt: bytes, info: bytes) -> bytes:
    """HKDF-SHA-256 to 32 bytes, for age files alone."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=info).derive(key)


def scrypt(secret: bytes, salt: bytes, *, log_n: int) -> bytes:
    """Stretch a passphrase into 32 bytes as age does (r = 8, p = 1), for age files alone."""
    return Scrypt(salt=salt, length=32, n=1 << log_n, r=8, p=1).derive(secret)
