# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people read by a line (docs/spec/lines.md 6)."""

from collections.abc import Callable

import pytest

from safeconduct.edges.lines.texts import door_text, first_text, language_of, not_locked_text
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.rooms.hotline.by_line import DOORS, KINDS, Kind, read_code

SaidBy = Callable[[Kind, str, str, str], str]
PAGE, CODE = "https://velmark.test", "12345678"
SMS_MOST = 160
DELETES = {"en": "elete", "ru": "удалите", "fr": "effacez", "es": "borre", "ar": "احذف"}


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


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_who_obeys_line_by_line_has_the_way_back_before_anything_is_deleted(language: str) -> None:
    by_door = [first_text(kind, language, PAGE, CODE) for kind in DOORS - {"sms"}]
    for text in (*by_door, not_locked_text(language, PAGE, CODE)):
        said = text.split(DELETES[language])
        assert len(said) == 2
        assert PAGE in said[0]
        assert CODE in said[0]


@pytest.mark.parametrize("kind", sorted({*KINDS} - {"phone", "sms"}))
def test_no_answer_is_promised_where_none_can_come(kind: Kind) -> None:
    carries = kind not in DOORS
    assert ("read it and answer" in first_text(kind, "en", PAGE, CODE)) is carries
    assert ("will not come here" in first_text(kind, "en", PAGE, CODE)) is not carries
    assert "will not come here" in not_locked_text("en", PAGE, CODE)


@pytest.mark.parametrize("text", [first_text, door_text])
def test_a_text_message_on_a_locked_screen_does_not_say_what_it_is_about(text: SaidBy) -> None:
    said = text("sms", "en", PAGE, CODE).lower()
    assert not [word for word in ("answer", "safe", "secret", "others", "read") if word in said]


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
