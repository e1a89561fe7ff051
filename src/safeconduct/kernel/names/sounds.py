# SPDX-License-Identifier: AGPL-3.0-or-later
"""What remains of a reading when all is taken away in which spellings of one name differ.

Unstressed vowels, iotation, doubled letters, and which of з, с, ц a Latin letter meant
(spec/names.md 5).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_COARSE: Final = str.maketrans({"o": "a", "e": "i", "j": "i", "z": "s", "c": "s"})
_HUSHED: Final = re.compile(r"(?<=[xqw])j?o")
_REPEATED: Final = re.compile(r"(.)\1+")
_CONSONANTS: Final = re.compile(r"[aeiouj]")


@lru_cache(1 << 16)
def skeleton(reading: str) -> str:
    """Return the coarse sounds under which readings are compared."""
    # After ж, ч, ш the letters е, ё and о write one sound, and ts is ц.
    plain = _HUSHED.sub("e", reading.replace("dx", "x").replace("ts", "c"))
    coarse = _REPEATED.sub(r"\1", plain.translate(_COARSE))
    return coarse.replace("iu", "u")


def consonants(reading: str) -> str:
    """Return the coarse consonants alone, as an alphabet without vowels writes them."""
    return _REPEATED.sub(r"\1", _CONSONANTS.sub("", skeleton(reading)))
