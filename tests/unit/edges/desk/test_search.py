# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is found, and how it is shown."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk import search
from safeconduct.edges.desk.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path, bytes(32))
    search.index(opened, [(1, "Ёлка у СЕМЁНА"), (2, "семен и дорога"), (3, "ﬁne Straße, 25-й дом")])
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("елка", [1]),
        ("СЕМ", [2, 1]),
        ("семён дор", [2]),
        ("fine strasse", [3]),
        ("25", [3]),
        ("", []),
        ("\"'*()-", []),
        ("нет", []),
        ("AND", []),
    ],
)
def test_words_are_found_however_they_are_written(
    store: Store, words: str, found: list[int]
) -> None:
    assert search.find(store, search.terms_of(words), 10) == found


def test_snippet_marks_the_original_words() -> None:
    text = "Брат ждёт у ёлки, потом уехал."
    assert (
        search.snippet(text, search.terms_of("елк")) == "Брат ждёт у \u2068ёлки\u2069, потом уехал."
    )


def test_snippet_of_a_long_text_is_short() -> None:
    text = " ".join(f"word{number}" for number in range(5000))
    shown = search.snippet(text, ["word2500"])
    assert "\u2068word2500\u2069" in shown
    assert len(shown) < 200
