# SPDX-License-Identifier: AGPL-3.0-or-later
"""The recovery secret: what it gives, and how it is told from another (spec/crew.md 8).

The secret is the root of the office.  Whoever calls draws it, keeps it for one act, and drops it.
"""

from __future__ import annotations

import hmac
from typing import Final

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.seal.labels import label
from safeconduct.kernel.seal.stretch import part
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.rooms.crew.share_words import LISTS
from safeconduct.rooms.crew.shares import BITS, ShareWordCount, read_words

CHECK_BYTES: Final = 16
CHECK_WORDS: Final = 4
"""So many words of the key check stand on a card: its first 40 bits."""
ON_CARD: Final = CHECK_WORDS * BITS // 8
THE_CHECK: Final = 0
"""The number of the card in a fault of check words, which are on all cards alike."""


class OtherSecret(Refused):
    """The shares belong together, but what they make is another office's, or an older one."""

    code = "other_secret"


def root_of(secret: bytes) -> LongSigningKey:
    """Return the root key of the office with this recovery secret."""
    return LongSigningKey.from_seed(part(secret, "root", length=64))


def sealing_of(secret: bytes) -> SealingKey:
    """Return the key that opens what is sealed for recovery."""
    return SealingKey.from_seed(part(secret, "recovery"))


def key_check(secret: bytes) -> bytes:
    """Return the 16 bytes that tell this secret from others, and nothing about it."""
    return hmac.digest(secret, label("recovery-check"), "sha256")[:CHECK_BYTES]


def check_words(secret: bytes, language: str) -> tuple[str, ...]:
    """Return the four words of the key check that stand on each card."""
    bits = int.from_bytes(key_check(secret)[:ON_CARD], "big")
    places = (bits >> BITS * left for left in reversed(range(CHECK_WORDS)))
    return tuple(LISTS[language][place % (1 << BITS)] for place in places)


def read_check(text: str) -> bytes:
    """Return the first five bytes of a key check that a person typed from a card.

    Raises:
        ShareWordUnknown, ShareWordCount: see there; their card is `THE_CHECK`.
    """
    numbers = read_words(text, THE_CHECK)
    if len(numbers) != CHECK_WORDS:
        raise ShareWordCount(THE_CHECK, len(numbers), CHECK_WORDS)
    bits = 0
    for number in numbers:
        bits = bits << BITS | number
    return bits.to_bytes(ON_CARD, "big")


def hold_to_check(secret: bytes, check: bytes) -> None:
    """Check a secret against its key check, or against the first bytes of it.

    Raises:
        OtherSecret: it is another secret.
        ValueError: there is nothing to hold it to.
    """
    if not check:
        raise ValueError("an empty key check")
    if not hmac.compare_digest(key_check(secret)[: len(check)], check):
        raise OtherSecret


def hold_to_root(secret: bytes, root_key: bytes) -> None:
    """Check a secret against the public root key of an office; raises OtherSecret."""
    if root_of(secret).public.raw != root_key:
        raise OtherSecret
