# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the portal's files shorter and no different: a page is paid for by the kilobyte.

Invariant: what a browser shows and what the script reads stays the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

_LINES: Final = re.compile(r"\s*\n\s*")
_NOTES: Final = re.compile(r"(?<!^)/\*.*?\*/", re.DOTALL)
_AROUND: Final = re.compile(r"\s*([{};,])\s*")


def short_page(page: str) -> str:
    """Return a page without indents and empty lines; no text of ours depends on them."""
    return _LINES.sub("\n", page)


def short_style(style: str) -> str:
    """Return a style without indents and notes, but for the first, which names the licence."""
    return _AROUND.sub(r"\1", _NOTES.sub("", style))


def short_words(words: Sequence[str]) -> str:
    """Return words in their order, each without what it shares with the one before.

    Before it stands how many letters that are: `abacus abdomen` gives `0abacus2domen`.
    browser/ask.js reads it.
    """
    told = []
    for before, word in zip(("", *words), words, strict=False):
        alike = (one == other for one, other in zip(before, word, strict=False))
        shared = len(list(takewhile(bool, alike)))
        told.append(f"{shared}{word[shared:]}")
    return "".join(told)
