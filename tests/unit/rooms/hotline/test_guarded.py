# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of a guarded text is found in an answer, and what is not."""

import pytest

from safeconduct.edges.desk.stems import stem
from safeconduct.rooms.hotline.guarded import (
    LONG_RUN,
    KeptNote,
    held_back,
    kept_note,
    names_in,
    numbers_in,
)

NOTE = kept_note("Ask Oren. He waits behind the old mill in Ostrel, +7 (911) 014-77-20.", ("mill",))
RUSSIAN = kept_note("Вас встретит Орен у мельницы на Садовой.", ())


@pytest.mark.parametrize(
    "text",
    [
        *("OREN will come", "Mills are closed", "in ostrel", "call 79110147720", "call 110-147 72"),
        *("He waits behind the old one", "O\u200bren", "٠١٤٧٧٢٠ is it"),
    ],
)
def test_a_word_a_number_and_four_words_in_a_row_are_found(text: str) -> None:
    assert held_back([text], [NOTE], stem)
    assert held_back(["nothing", text], [NOTE], stem)


@pytest.mark.parametrize(
    "text", ["We are with you.", "Ask us again.", "He waits.", "In 2 hours, at 14.30.", ""]
)
def test_ordinary_words_go_out(text: str) -> None:
    assert not held_back([text], [NOTE], stem)


def test_names_are_found_in_other_cases() -> None:
    assert held_back(["Спросите Орена."], [RUSSIAN], stem)
    assert held_back(["на садовую"], [RUSSIAN], stem)
    assert not held_back(["Вас услышали."], [RUSSIAN], stem)


def test_a_capital_where_a_sentence_begins_is_no_name() -> None:
    assert names_in("Wait. Ask for Oren: Then go.\nTo the Mill") == ("Oren", "Mill")
    assert numbers_in("at 14.30, 2 of us, 0555 014") == {"0555014"}


def test_of_a_ready_answer_eight_words_in_a_row_are_found() -> None:
    text = "you can come to us as soon as you have left the town"
    kept = KeptNote(text, (), LONG_RUN)
    assert held_back([f"Yes, {text}"], [kept], stem)
    assert not held_back(["you can come to us when we have written"], [kept], stem)
