# SPDX-License-Identifier: AGPL-3.0-or-later
"""Four words for a log: who reads the same ones aloud sees the same log (spec/crew.md 10).

The relay does not hold the office key, so it cannot search for two logs with the same words.
"""

from __future__ import annotations

import hmac
from typing import Final

from safeconduct.kernel.phrase import words_of
from safeconduct.kernel.seal.lock import fingerprint

WORDS: Final = 4


def log_words(office_key: bytes, size: int, root: bytes, language: str) -> tuple[str, ...]:
    """Return the words for a log of `size` frames with this root.

    `office_key` is that of the epoch which the last of these frames names.

    Raises:
        ValueError: there are no words in this language.
    """
    told = b"log" + size.to_bytes(8, "big") + root
    return words_of(fingerprint("tree", hmac.digest(office_key, told, "sha256")), WORDS, language)
