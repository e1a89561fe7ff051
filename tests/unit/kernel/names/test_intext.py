# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which words of a text are taken for names: docs/spec/names.md 12."""

import pytest

from safeconduct.kernel.names import keys_asked, keys_of, keys_of_text, names_in


def named(text: str) -> list[str]:
    return [text[name.start : name.end] for name in names_in(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("меня ищет магомед, брат лены", ["магомед", "лены"]),
        ("зовут sasha_aliev", ["sasha", "aliev"]),
        ("пришёл Хаджиев и хаджиева", ["Хаджиев", "хаджиева"]),
        ("звонил ахмедович из деревни", ["ахмедович"]),
        ("вера и надежда, роман и мир", []),
        ("Вера и Роман", ["Вера", "Роман"]),
        ("which again they leave", []),
        ("мне больно, помогите", []),
        ("Ol'ga and Ольга", ["Ol'ga", "Ольга"]),
        ("Л.", []),
        ("ё" * 50, []),
    ],
)
def test_names_are_told_from_words(text: str, found: list[str]) -> None:
    assert named(text) == found


def test_a_name_in_a_text_has_the_keys_of_the_name() -> None:
    assert set(keys_of_text("ищут Мухаммада")) == keys_of("Магомед")


def test_what_is_asked_has_keys_however_it_is_typed() -> None:
    assert keys_asked("магомед") == keys_asked("MAGOMED") == keys_of("Магомед")
    assert keys_asked("вера") == keys_of("Вера")
    assert keys_asked("") == keys_asked("я") == keys_asked("дом") == frozenset()
