# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opens an age file that a passphrase opens, written from its specification (c2sp.org/age)."""

import hashlib
import hmac
from base64 import b64decode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CHUNK = 65_536 + 16


def open_age(sealed: bytes, passphrase: str) -> bytes:
    """Return what is in it; raises the library's InvalidTag for other words."""
    version, stanza, body, rest = sealed.split(b"\n", 3)
    assert version == b"age-encryption.org/v1"
    arrow, kind, salt, log_n = stanza.split(b" ")
    assert (arrow, kind) == (b"->", b"scrypt")
    mac, payload = rest.split(b"\n", 1)
    dashes, check = mac.split(b" ")
    wrap = hashlib.scrypt(
        passphrase.encode(),
        salt=b"age-encryption.org/v1/scrypt" + unpadded(salt),
        n=1 << int(log_n),
        r=8,
        p=1,
        dklen=32,
        maxmem=1 << 30,
    )
    file_key = ChaCha20Poly1305(wrap).decrypt(bytes(12), unpadded(body), None)
    header = b"\n".join((version, stanza, body, dashes))
    assert hmac.digest(key(file_key, b"", b"header"), header, "sha256") == unpadded(check)
    nonce, chunks = payload[:16], payload[16:]
    stream = ChaCha20Poly1305(key(file_key, nonce, b"payload"))
    starts = range(0, len(chunks), CHUNK)
    return b"".join(
        stream.decrypt(
            number.to_bytes(11, "big") + bytes([start == starts[-1]]),
            chunks[start : start + CHUNK],
            None,
        )
        for number, start in enumerate(starts)
    )


def key(file_key: bytes, salt: bytes, info: bytes) -> bytes:
    """A key of one use."""
    return HKDF(hashes.SHA256(), 32, salt, info).derive(file_key)


def unpadded(text: bytes) -> bytes:
    """Base64 without its padding."""
    return b64decode(text + b"=" * (-len(text) % 4), validate=True)
