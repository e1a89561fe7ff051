# SPDX-License-Identifier: AGPL-3.0-or-later
"""The office's own eight words stand for both keys that a page hangs on."""

import hashlib

import pytest

from safeconduct.kernel.phrase import LISTS
from safeconduct.kernel.seal.office_words import office_words
from safeconduct.kernel.words import OfficeId

OFFICE = OfficeId(bytes(range(16)))
KEY = bytes(range(32))


@pytest.mark.parametrize("language", LISTS)
def test_words_are_88_bits_over_the_founding_key_and_the_key_of_the_page(language: str) -> None:
    digest = hashlib.sha256(b"safeconduct/office-words/1\0" + OFFICE + KEY).digest()
    bits = int.from_bytes(digest[:11], "big")
    wanted = [LISTS[language][bits >> 11 * (7 - at) & 2047] for at in range(8)]
    assert list(office_words(OFFICE, KEY, language)) == wanted


def test_another_office_and_another_key_have_other_words() -> None:
    words = office_words(OFFICE, KEY, "en")
    assert office_words(OfficeId(bytes(16)), KEY, "en") != words
    assert office_words(OFFICE, bytes(32), "en") != words
    assert office_words(OFFICE, KEY + b"the other half", "en") == words


def test_language_without_a_list_is_refused() -> None:
    with pytest.raises(ValueError, match="no word list"):
        office_words(OFFICE, KEY, "xx")
