# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of an own file: all there in each language in which people are spoken to."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk.own_file_words import own_file_language, own_file_texts, own_words
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.kernel.words import DeviceId, FactId, Instant
from safeconduct.rooms.cases import Part
from safeconduct.rooms.cases.own_file_lines import SECTIONS, Line
from safeconduct.rooms.crew import Role

NOW, MIRA = Instant(0), DeviceId(bytes(16))
ACTS = ("made", "handed", "greeting", "words", "withdrawn")


def line(section: str, field: str) -> Line:
    """A line of a section."""
    told = FactId(b"f" * 36), Part.JOURNEY, section, field, "A word.", Instant(0)
    return Line(*told, DeviceId(b"a" * 16), hers=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_everything_once(language: str) -> None:
    assert own_file_texts(language).keys() == own_file_texts("en").keys()
    words = own_words(language)
    assert all(words.heading(section) for section in SECTIONS)
    assert len({words.part(part) for part in Part}) == len(Part)
    assert all(words.role(role.value) for role in Role)
    named = (("cost", "words"), *(("referral", one) for one in ACTS))
    assert all(words.label(line(*one)) for one in named)
    assert words.direction == LANGUAGES[language].direction


def test_a_cost_is_told_without_how_to_fill_it_in() -> None:
    said = FactId(bytes(36)), Part.JOURNEY, "cost"
    told = [Line(*said, name, "x", NOW, MIRA, hers=False) for name in ("amount", "what", "day")]
    assert [own_words("en").label(one) for one in told] == ["Amount", "What it was for", "Day"]


def test_another_language_is_answered_in_that_of_the_sources() -> None:
    assert own_file_language("ru") == "ru"
    assert own_file_language("../x") == "en"
