# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people read by a line (docs/spec/lines.md 6)."""

import pytest

from safeconduct.edges.lines.texts import door_text, first_text, language_of
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.rooms.hotline.by_line import DOORS, KINDS, read_code

PAGE, CODE = "https://velmark.test", "12345678"
SMS_MOST = 160


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_each_kind_says_the_page_and_the_code_in_each_language(language: str) -> None:
    for kind in KINDS:
        text = first_text(kind, language, PAGE, CODE)
        assert PAGE in text
        assert read_code(text[text.index(CODE) :][:8]) == CODE
    for kind in DOORS:
        said = {word.strip(".:") for word in door_text(kind, language, PAGE, CODE).split()}
        assert {PAGE.strip(":"), CODE} <= said


def test_a_text_message_is_one_text_message() -> None:
    assert len(first_text("sms", "en", PAGE, CODE)) <= SMS_MOST
    assert len(door_text("sms", "en", PAGE, CODE)) <= SMS_MOST


@pytest.mark.parametrize(
    ("told", "text", "language"),
    [
        ("fr-CA", "", "fr"),
        ("", "Помогите, пожалуйста", "ru"),
        ("", "ساعدوني", "ar"),
        ("xx", "help", "es"),
        ("", "", "es"),
    ],
)
def test_the_language_is_as_told_else_by_the_letters_else_the_lines_own(
    told: str, text: str, language: str
) -> None:
    assert language_of(told, text, "es") == language
