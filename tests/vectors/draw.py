# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the cases are drawn from: seeded bytes, flips, and sealing that comes out the same twice.

`Xwing.seal` is HPKE written down from RFC 9180 section 5 on `hmac` and one AES-GCM call, so what
the library opens here was not made by it.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.seal.labels import SignPurpose
from safeconduct.kernel.seal.sign import sign, sign_long
from safeconduct.kernel.seal.verify import verify_long

FOLDER = Path(__file__).parent
_SUITE = b"HPKE" + bytes.fromhex("647a 0001 0002")


def seeded(name: str, count: int = 32) -> bytes:
    """Bytes that look random and hang on a name alone."""
    return hashlib.shake_256(b"safeconduct/vectors/" + name.encode()).digest(count)


def flip(data: bytes, bit: int) -> bytes:
    """The bytes with one bit the other way round; bits count from the first byte's lowest."""
    changed = bytearray(data)
    changed[bit // 8 if bit >= 0 else bit // 8 + len(data)] ^= 1 << (bit % 8)
    return bytes(changed)


@dataclass(frozen=True)
class Xwing:
    """A recipient, and one encapsulation to it with its shared secret."""

    seed: bytes
    public: bytes
    enc: bytes
    shared: bytes

    def seal(self, purpose: str, context: bytes, plaintext: bytes) -> bytes:
        """What spec/seal.md 6 says, from the one encapsulation."""
        info = b"safeconduct/" + purpose.encode() + b"/1\0" + context
        return b"\x01" + self.enc + hpke_seal(self.shared, info, plaintext)


def hpke_seal(shared: bytes, info: bytes, plaintext: bytes) -> bytes:
    """RFC 9180 5.1 and 5.2 in base mode, for the first message."""
    hashes = _extract(b"", b"psk_id_hash", b"") + _extract(b"", b"info_hash", info)
    secret = _extract(shared, b"secret", b"")
    key = _expand(secret, b"key", b"\0" + hashes, 32)
    nonce = _expand(secret, b"base_nonce", b"\0" + hashes, 12)
    return AESGCM(key).encrypt(nonce, plaintext, b"")


def _extract(salt: bytes, label: bytes, material: bytes) -> bytes:
    labelled = b"HPKE-v1" + _SUITE + label + material
    return hmac.digest(salt or bytes(32), labelled, "sha256")


def _expand(secret: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + _SUITE + label + info
    return hmac.digest(secret, labelled + b"\x01", "sha256")[:length]


def recipients() -> list[Xwing]:
    """The recipients of xwing.json."""
    cases = json.loads((FOLDER / "xwing.json").read_text(encoding="utf-8"))["cases"]
    return [
        Xwing(*(bytes.fromhex(case[name]) for name in ("seed", "public", "enc", "shared")))
        for case in cases
    ]


class LongSigner:
    """Signs as a file has it while that holds: ML-DSA-65 in the library is randomised."""

    def __init__(self, key: LongSigningKey, kept: set[bytes]) -> None:
        """Sign with `key`; `kept` are the halves that stand in the file."""
        self.key = key
        self._kept = kept

    def sign(self, purpose: SignPurpose, context: bytes, message: bytes) -> bytes:
        """A long signature, the kept one where there is one."""
        short = sign(self.key.short, purpose, context, message)
        for half in self._kept:
            try:
                verify_long(self.key.public, purpose, context, message, short + half)
            except Exception:  # noqa: BLE001  (whatever it is, it is not the one)
                continue
            return short + half
        return sign_long(self.key, purpose, context, message)
