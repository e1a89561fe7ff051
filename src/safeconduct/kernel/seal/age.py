# SPDX-License-Identifier: AGPL-3.0-or-later
"""A file that leaves the office, sealed with a passphrase in the age format (spec/export.md 3).

The one thing that is sealed in somebody else's format: whoever receives it has none of our
programs, and `age --decrypt` or rage opens it (https://c2sp.org/age).  Nothing of ours opens it,
and no key of the office is in it.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.seal import _box

if TYPE_CHECKING:
    from safeconduct.kernel.ports import Rng

LOG_N: Final = 18
"""What age itself takes for a passphrase: 256 MiB and about a second a guess."""
_VERSION: Final = b"age-encryption.org/v1\n"
_SALT_LABEL: Final = b"age-encryption.org/v1/scrypt"
_FILE_KEY_BYTES: Final = 16
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 16
_CHUNK_BYTES: Final = 1 << 16
_ZERO_NONCE: Final = bytes(12)


def seal_with_words(words: str, plaintext: bytes, rng: Rng, *, log_n: int = LOG_N) -> bytes:
    """Return an age file that these words open; each file has a key of its own."""
    file_key, salt = rng.bytes(_FILE_KEY_BYTES), rng.bytes(_SALT_BYTES)
    wrap = _box.scrypt(words.encode(), _SALT_LABEL + salt, log_n=log_n)
    stanza = b"-> scrypt %s %d\n%s\n" % (
        _unpadded(salt),
        log_n,
        _unpadded(_box.chacha_seal(wrap, _ZERO_NONCE, file_key)),
    )
    header = _VERSION + stanza + b"---"
    check = hmac.digest(_box.hkdf(file_key, b"", b"header"), header, "sha256")
    nonce = rng.bytes(_NONCE_BYTES)
    key = _box.hkdf(file_key, nonce, b"payload")
    return b"".join([header, b" ", _unpadded(check), b"\n", nonce, *_chunks(key, plaintext)])


def _chunks(key: bytes, plaintext: bytes) -> list[bytes]:
    starts = range(0, max(1, len(plaintext)), _CHUNK_BYTES)
    return [
        _box.chacha_seal(
            key,
            number.to_bytes(11, "big") + bytes([start == starts[-1]]),
            plaintext[start : start + _CHUNK_BYTES],
        )
        for number, start in enumerate(starts)
    ]


def _unpadded(data: bytes) -> bytes:
    return b64encode(data).rstrip(b"=")
