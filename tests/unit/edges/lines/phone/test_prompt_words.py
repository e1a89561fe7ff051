# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a caller hears: whole in every language, the danger first, and nothing of duress."""

import re

import pytest

from safeconduct.edges.lines.phone.prompt_files import names
from safeconduct.edges.lines.phone.prompt_words import counted, words
from safeconduct.edges.lines.phone.prompts import NUMBERS, Prompt, digits, number
from safeconduct.kernel.languages import LANGUAGES

LIST_OF_CALLS = {
    "en": ("list of calls", "bill"),
    "ru": ("списке вызовов", "счёте"),
    "es": ("lista de llamadas", "factura"),
    "fr": ("liste des appels", "facture"),
    "ar": ("قائمة مكالمات", "فاتورته"),
}
STAR = re.compile(r"star|\*|звёзд|asteris|étoile|astéris|نجمة", re.IGNORECASE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_sentence_says_that_the_call_shows_on_list_and_bill(language: str) -> None:
    first = words(Prompt.GREETING, language).split(". ")[0]
    assert all(part in first for part in LIST_OF_CALLS[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_key_of_duress_is_spoken_nowhere(language: str) -> None:
    assert not [said for _, _, said in names([language]) if STAR.search(said)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_of_the_menu_are_the_same_in_every_language(language: str) -> None:
    assert re.findall(r"\d", words(Prompt.MENU, language)) == ["5", "9", "7"]
    assert re.findall(r"\d", words(Prompt.SILENT_YES_NO, language)) == ["1", "2"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_prompt_but_the_tone_has_words_of_its_own(language: str) -> None:
    said = [words(prompt, language) for prompt in Prompt]
    assert len(set(said)) == len(said)
    assert [prompt for prompt in Prompt if not words(prompt, language)] == [Prompt.TONE]


def test_every_number_and_digit_that_can_be_asked_for_has_a_file() -> None:
    files = counted("en")
    assert {number(value) for value in range(NUMBERS + 10)} == set(files)
    assert set(digits("0123456789")) <= set(files)
