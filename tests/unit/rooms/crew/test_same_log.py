# SPDX-License-Identifier: AGPL-3.0-or-later
"""Four words for a log (spec/crew.md 10), held to values that were made by the formula alone."""

import hashlib
import hmac

import pytest

from safeconduct.kernel.phrase import LISTS
from safeconduct.rooms.crew.same_log import log_words

KEY, ROOT = bytes(range(32)), bytes(range(32, 64))


@pytest.mark.parametrize("language", sorted(LISTS))
@pytest.mark.parametrize("size", [1, 2, 1_234, 1 << 40])
def test_the_words_are_those_of_the_spec(size: int, language: str) -> None:
    told = b"log" + size.to_bytes(8, "big") + ROOT
    keyed = hmac.new(KEY, told, "sha256").digest()
    digest = hashlib.sha256(b"safeconduct/tree/1\0" + keyed).digest()
    bits = int.from_bytes(digest, "big") >> (256 - 44)
    places = [bits >> shift & 2047 for shift in (33, 22, 11, 0)]
    wanted = tuple(LISTS[language][place % len(LISTS[language])] for place in places)
    assert log_words(KEY, size, ROOT, language) == wanted


def test_another_size_has_other_words() -> None:
    assert log_words(KEY, 1, ROOT, "en") != log_words(KEY, 2, ROOT, "en")
