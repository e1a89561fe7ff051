# SPDX-License-Identifier: AGPL-3.0-or-later
"""From something remembered to keys (spec/seal.md 8, spec/mailbox.md 2)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Final, Literal

from safeconduct.kernel.seal import _box
from safeconduct.kernel.seal.labels import label
from safeconduct.kernel.words import OfficeId

PASSPHRASE_MIB: Final = 256
PASSPHRASE_PASSES: Final = 3
PASSPHRASE_LANES: Final = 4
PHRASE_MIB: Final = 19
PHRASE_PASSES: Final = 2
PHRASE_LANES: Final = 1
PHRASE_SALT_BYTES: Final = 40

Part = Literal["mailbox-seal", "mailbox-address", "mailbox-voice", "root", "recovery"]


@dataclass(frozen=True, slots=True)
class Cost:
    """How much work one guess costs."""

    mib: int = PASSPHRASE_MIB
    passes: int = PASSPHRASE_PASSES
    lanes: int = PASSPHRASE_LANES


def stretch_passphrase(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """Return the 32-byte key of a staff passphrase (already NFKC) and a 16-byte salt."""
    return _box.argon2id(
        passphrase.encode(), salt, mib=cost.mib, passes=cost.passes, lanes=cost.lanes
    )


def stretch_phrase(canonical: bytes, office: OfficeId) -> bytes:
    """Return the 32-byte secret of a person's eight words at one office (spec/mailbox.md 2)."""
    salt = (label("phrase") + office).ljust(PHRASE_SALT_BYTES, b"\0")
    return _box.argon2id(canonical, salt, mib=PHRASE_MIB, passes=PHRASE_PASSES, lanes=PHRASE_LANES)


def part(secret: bytes, name: Part, *, length: int = 32) -> bytes:
    """Return an independent secret of at most 64 bytes for one use."""
    return hmac.digest(secret, label(name) + b"\0\x01", "sha512")[:length]
