# SPDX-License-Identifier: AGPL-3.0-or-later
"""Terminals speak one language at a time: texts and words to compare alike."""

import pytest

from safeconduct.programs.wording import language, say

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
