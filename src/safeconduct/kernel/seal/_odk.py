# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one place that asks the library for what ODK's encryption takes (spec/forms.md 5).

Not for import outside `kernel/seal`: `odk` is the door.  RSA, CFB and MD5 are theirs; nothing that
this program seals comes near them.
"""

from __future__ import annotations

import hashlib
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

LEAST_BITS: Final = 2048
MOST_BITS: Final = 8192
_OAEP: Final = tuple(
    padding.OAEP(mgf=padding.MGF1(inner), algorithm=SHA256(), label=None)
    for inner in (SHA256(), SHA1())  # noqa: S303  (Enketo masks by SHA-1)
)


class RsaSecret:
    """A private key as ODK's offices keep it."""

    __slots__ = ("_key",)

    def __init__(self, pem: bytes) -> None:
        """Read PEM; raises ValueError for anything but an open RSA key of a usual length."""
        try:
            key = load_pem_private_key(pem, None)
        except (TypeError, UnsupportedAlgorithm) as error:
            raise ValueError from error
        if not isinstance(key, rsa.RSAPrivateKey) or not LEAST_BITS <= key.key_size <= MOST_BITS:
            raise ValueError
        self._key = key

    def open(self, sealed: bytes) -> bytes | None:
        """Return what was sealed to this key, or None."""
        for scheme in _OAEP:
            try:
                return self._key.decrypt(sealed, scheme)
            except ValueError:
                continue
        return None


def open_cfb(key: bytes, iv: bytes, sealed: bytes) -> bytes:
    """Return what AES-256 in CFB mode gives; whether it is right nothing here can tell."""
    opener = Cipher(AES256(key), CFB(iv)).decryptor()
    return opener.update(sealed) + opener.finalize()


def md5(data: bytes) -> bytes:
    """Return MD5, by which their form names files and begins a counter."""
    return hashlib.md5(data, usedforsecurity=False).digest()
