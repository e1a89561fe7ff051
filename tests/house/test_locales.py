# SPDX-License-Identifier: AGPL-3.0-or-later
"""Translations are whole, keep their placeholders, and are the ones that ship."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.house.tree import SOURCE, name_of
from tools.locales import compile_po

# Languages in which a page is never half translated.
WHOLE = {"ru"}
SOURCES = sorted((SOURCE / "locale").glob("*/LC_MESSAGES/*.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|%[sd]")


def messages(source: Path) -> Catalog:
    """The catalogue in a translation's source."""
    with source.open("rb") as file:
        return read_po(file, locale=source.parents[1].name)


def texts(value: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """The forms of a message, singular first."""
    return [value] if isinstance(value, str) else list(value or [""])


def unfinished(message: Message) -> bool:
    """Whether a reader would see the original, or a guess, or an emptied placeholder."""
    originals, translations = texts(message.id), texts(message.string)
    wanted = set(PLACEHOLDER.findall(originals[-1]))
    return message.fuzzy or not all(
        form and set(PLACEHOLDER.findall(form)) == wanted for form in translations
    )


def test_the_languages_that_are_never_half_translated_are_there() -> None:
    assert {source.parents[1].name for source in SOURCES} >= WHOLE


@pytest.mark.parametrize("source", SOURCES, ids=name_of)
def test_the_compiled_translation_says_what_its_source_says(source: Path) -> None:
    assert source.with_suffix(".mo").read_bytes() == compile_po(source)


@pytest.mark.parametrize(
    "source", [path for path in SOURCES if path.parents[1].name in WHOLE], ids=name_of
)
def test_a_whole_language_has_every_message(source: Path) -> None:
    left = [message.id for message in messages(source) if message.id and unfinished(message)]
    assert not left
