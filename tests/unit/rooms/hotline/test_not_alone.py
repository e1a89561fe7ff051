# SPDX-License-Identifier: AGPL-3.0-or-later
"""A word for "I am not alone" is found however she writes it, and nothing else is."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.rooms.hotline.not_alone import spans


def found(text: str, *words: str) -> list[str]:
    return [text[start:end] for start, end in spans(text, words)]


@pytest.mark.parametrize(
    ("text", "word", "said"),
    [
        ("Куплю сирень.", "сирень", ["сирень."]),
        ("куплю «СИРЕНЬЮ», да", "сирень", ["«СИРЕНЬЮ»,"]),
        ("Ёлка, елки", "ёлка", ["Ёлка,"]),
        ("The lilacs bloom", "Lilac", ["lilacs"]),
        ("no word of it", "lilac", []),
        ("all over", "all", ["all"]),
        ("tall ball", "all", []),
        ("we had green tea today", "green  tea", ["green tea"]),
        ("green and tea", "green tea", []),
        ("lilac lilac", "lilac", ["lilac", "lilac"]),
        ("x\nlilac\ny", "lilac", ["lilac"]),
        ("anything", "  ", []),
        ("", "lilac", []),
    ],
)
def test_a_word_is_found_as_she_may_write_it(text: str, word: str, said: list[str]) -> None:
    assert found(text, word) == said


def test_of_several_words_each_is_found_and_none_twice() -> None:
    assert found("maple and lilac", "lilac", "maple") == ["maple", "lilac"]
    assert found("green tea", "green tea", "tea") == ["green tea"]


@given(st.text(max_size=60), st.lists(st.text(max_size=9), max_size=3))
def test_spans_stand_in_order_within_the_text(text: str, words: list[str]) -> None:
    edges = [edge for span in spans(text, words) for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)
    assert len(set(edges[::2])) == len(edges) // 2


def test_words_and_a_text_made_to_be_slow_to_search_are_searched_at_once() -> None:
    words = [f"{'a ' * number}b" for number in range(1, 19)]
    text = "a " * 100_000
    began = process_time()
    found = spans(f"{text}b", words)
    assert found == ((len(text) - 36, len(text) + 1),)
    assert process_time() - began < 10
