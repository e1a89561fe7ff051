# SPDX-License-Identifier: AGPL-3.0-or-later
"""Terminals speak one language at a time: texts and words to compare alike."""

import argparse
import ast
import gettext
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from safeconduct.kernel.steps import MadeByNewer
from safeconduct.programs import wording
from safeconduct.programs.wording import DOMAIN, LOCALE, language, say, settle_language, word
from tests.house.tree import syntax

PASSPHRASE = {"en": "Passphrase: ", "ru": "Парольная фраза: "}


@pytest.mark.parametrize(
    ("variable", "asked", "expected"),
    [
        ("LANGUAGE", "ru", "ru"),
        ("LANGUAGE", "en:ru", "en"),
        ("LANGUAGE", "uk:ru", "ru"),
        ("LANGUAGE", "fr", "en"),
        ("LC_ALL", "ru_RU.UTF-8", "ru"),
        ("LANG", "en_US.UTF-8", "en"),
        ("LANG", "C", "en"),
    ],
)
def test_words_and_texts_are_in_the_same_language(
    monkeypatch: pytest.MonkeyPatch, variable: str, asked: str, expected: str
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, asked)
    assert language() == expected
    assert say("Passphrase: ") == PASSPHRASE[expected]


def test_options_are_explained_in_the_language_of_all_other_texts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANGUAGE", "uk:ru:en")
    before = gettext.textdomain()
    try:
        settle_language()
        told = argparse.ArgumentParser(prog="safeconduct").format_help()
    finally:
        gettext.textdomain(before)
    assert "параметры" in told
    assert "options" not in told


def test_an_older_program_names_the_command_that_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "ru")
    assert "safeconduct migrate --to 3 " in word(MadeByNewer(5, 3))


def said_in(path: Path) -> Iterator[str]:
    """The texts that a program shows."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            first = node.args[0] if node.args else None
            if node.func.id in {"say", "N_"} and isinstance(first, ast.Constant):
                yield str(first.value)


def test_every_text_that_a_program_shows_is_translated() -> None:
    with (LOCALE / "ru" / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        known = {message.id for message in read_po(file, locale="ru")}
    programs = Path(wording.__file__).parent.glob("*.py")
    texts = {text for path in programs for text in said_in(path)}
    assert texts - known == set()
    assert len(texts) > 100
