# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one place that asks the library to sign and to verify (spec/seal.md 2 and 3).

Not for import outside `kernel/seal`: `keys`, `sign` and `verify` are the doors.
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa

ED25519_BYTES: Final = 64
MLDSA_BYTES: Final = 3309
_P: Final = 2**255 - 19
_SQRT_M1: Final = pow(2, (_P - 1) // 4, _P)
_D: Final = -121665 * pow(121666, _P - 2, _P) % _P

# y of the points of order 8: y^2 = (-1 - sqrt(1 + d)) / d for one square root and its inverse
# (Chalkias, Garillot, Nikolaenko, "Taming the many EdDSAs", 2020, table 6).
_ORDER_8_Y: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER_Y: Final = frozenset({0, 1, _P - 1, _ORDER_8_Y, _P - _ORDER_8_Y})


def strict_ed25519(raw: bytes) -> bool:
    """Tell whether 32 bytes are a canonical point that is not of small order."""
    if len(raw) != 32:  # noqa: PLR2004  (RFC 8032 5.1.2)
        return False
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= _P or y in _SMALL_ORDER_Y:
        return False
    return _on_curve(y, sign)


def _on_curve(y: int, sign: int) -> bool:
    """Tell whether an x exists for this y (RFC 8032 5.1.3)."""
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    x2 = u * pow(v, _P - 2, _P) % _P
    x = pow(x2, (_P + 3) // 8, _P)
    if x * x % _P != x2:
        x = x * _SQRT_M1 % _P
    return x * x % _P == x2 and not (x == 0 and sign)


class Ed25519Secret:
    """An Ed25519 private key."""

    __slots__ = ("_key", "public")

    def __init__(self, seed: bytes) -> None:
        """Expand a 32-byte seed."""
        self._key = ed25519.Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return 64 bytes."""
        return self._key.sign(message)


class MlDsaSecret:
    """An ML-DSA-65 private key."""

    __slots__ = ("_key", "public")

    def __init__(self, seed: bytes) -> None:
        """Expand a 32-byte seed."""
        self._key = mldsa.MLDSA65PrivateKey.from_seed_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes, context: bytes) -> bytes:
        """Return 3309 bytes."""
        return self._key.sign(message, context)


class Ed25519Public:
    """An Ed25519 public key that passed `strict_ed25519`."""

    __slots__ = ("_key",)

    def __init__(self, raw: bytes) -> None:
        """Take 32 checked bytes."""
        self._key = ed25519.Ed25519PublicKey.from_public_bytes(raw)

    def holds(self, signature: bytes, message: bytes) -> bool:
        """Tell whether the signature holds."""
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


class MlDsaPublic:
    """An ML-DSA-65 public key."""

    __slots__ = ("_key",)

    def __init__(self, raw: bytes) -> None:
        """Take 1952 bytes; raises ValueError on another length."""
        self._key = mldsa.MLDSA65PublicKey.from_public_bytes(raw)

    def holds(self, signature: bytes, message: bytes, context: bytes) -> bool:
        """Tell whether the signature holds."""
        try:
            self._key.verify(signature, message, context)
        except InvalidSignature:
            return False
        return True
