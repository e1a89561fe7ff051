# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under the office's own words, which everyone knows, nobody opens a box at the counter."""

import pytest

from safeconduct.edges.counter.config import CounterConfig
from safeconduct.edges.counter.visit import Visit, WordsAreOurs
from safeconduct.kernel.phrase import LISTS, Phrase
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.seal.office_words import office_words
from safeconduct.kernel.words import OfficeId

OFFICE = OfficeId(bytes(range(16)))
KEY = LongSigningKey.from_seed(b"s" * 64).public.raw


@pytest.mark.parametrize("language", LISTS)
def test_the_offices_own_words_open_no_box(language: str) -> None:
    config = CounterConfig(office=OFFICE, intake_signing=KEY, relay="http://127.0.0.1:1")
    with pytest.raises(WordsAreOurs):
        Visit(config).mailbox(Phrase(language, office_words(OFFICE, KEY, language)))
