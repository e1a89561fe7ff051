# SPDX-License-Identifier: AGPL-3.0-or-later
"""A text of tens of thousands of marks on one letter stops no desk."""

import unicodedata
from itertools import groupby

import pytest

from safeconduct.edges.desk.search import normalise
from safeconduct.kernel.normal import MARKS_MOST, SHORT, normal
from safeconduct.kernel.phrase import fold
from safeconduct.rooms.hotline.bulletin_match import plain

ABOVE, BELOW, SOUND = "\u0301", "\u0323", "\uff9e"


def longest_row(text: str) -> int:
    """How many marks stand in the longest row of a text whose letters are taken apart."""
    marks = groupby(text, lambda char: unicodedata.combining(char) != 0)
    return max((len(list(row)) for is_mark, row in marks if is_mark), default=0)


@pytest.mark.parametrize("marks", [ABOVE + BELOW, BELOW + SOUND, SOUND, ABOVE + SOUND])
def test_a_long_row_of_marks_is_cut(marks: str) -> None:
    text = "a" + marks * SHORT + "b" + marks * SHORT
    assert 0 < longest_row(normal("NFKD", text)) <= MARKS_MOST
    assert normal("NFKD", text).count("b") == 1
    for found in (normalise(text), plain(text), fold(text)):
        assert len(found) <= 2 + 2 * MARKS_MOST


def test_what_people_write_is_as_without() -> None:
    written = "Привет, ёжик! יִשְׂרָאֵל tiếng Việt ﬁn ｶﾞ " * 100
    assert len(written) > SHORT
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert normal(form, written) == unicodedata.normalize(form, written)
