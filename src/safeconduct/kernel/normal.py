# SPDX-License-Identifier: AGPL-3.0-or-later
"""Unicode's normal forms of texts that strangers write, in time that grows with their length.

A normal form puts the marks that stand on one letter into order, and tens of thousands of them in
one row take seconds in which the whole process stands still.  No script puts more than a few on a
letter, and the stream-safe format of UAX #15 ends a row at 30: here the rest of a longer one is
left out.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby
from typing import Final, Literal

MARKS_MOST: Final = 30
"""Marks in one row that are kept (UAX #15, 13)."""
_BECOME_MARKS: Final = frozenset("\u0f73\u0f75\u0f81\uff9e\uff9f")
"""Letters of class 0 whose decomposition begins with a mark."""
SHORT: Final = 1_000
"""So few characters are put into order at once, whatever they are."""
_PERHAPS_MARKS: Final = re.compile(
    "[^\\x00-\u02ff\u0370-\u0482\u048a-\u0590\u2000-\u206f\u20a0-\u20cf\u2100-\u214f]"
)
"""What is none of these characters may be a mark: a text without it has no marks to count."""
Form = Literal["NFC", "NFD", "NFKC", "NFKD"]


def normal(form: Form, text: str) -> str:
    """Return a text in a normal form, of a long one without marks beyond the 30th in a row."""
    if text.isascii():
        return text
    return unicodedata.normalize(form, text if len(text) <= SHORT else _safe(text))


def _safe(text: str) -> str:
    if not _PERHAPS_MARKS.search(text):
        return text
    rows = ((is_mark, list(chars)) for is_mark, chars in groupby(text, _is_mark))
    return "".join("".join(chars[:MARKS_MOST] if is_mark else chars) for is_mark, chars in rows)


def _is_mark(char: str) -> bool:
    return unicodedata.combining(char) != 0 or char in _BECOME_MARKS
