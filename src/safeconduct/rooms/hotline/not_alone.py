# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a person's word for "I am not alone" stands in what she wrote later.

A false find costs a reader a glance, and a missed one may cost her: so a word is found in every
case and ending that it may take, with `ё` for `е`, and within any punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import accumulate
from typing import Final

from safeconduct.kernel.phrase import fold

_PIECE: Final = re.compile(r"\S+")
ENDING_FROM: Final = 5
"""Words of so many letters are found without their last one, with any ending."""

Span = tuple[int, int]
"""Where in a text: its first character, and the one behind its last."""
_BETWEEN: Final = "\n"
"""Stands before and behind each part of a text that is searched; no part has it inside."""


def spans(text: str, words: Iterable[str]) -> tuple[Span, ...]:
    """Return where the words stand in a text, in order and without overlap.

    Whoever writes chooses both, so each word is one search along the text.
    """
    wanted = [(_pattern(said), len(said)) for word in words if (said := fold(word).split())]
    whole = _row(fold(text).split()) if wanted else ""
    wanted = [(pattern, length) for pattern, length in wanted if pattern.search(whole)]
    if not wanted:
        return ()
    parts = [
        (part, piece.start(), piece.end())
        for piece in _PIECE.finditer(text)
        for part in fold(piece.group()).split()
    ]
    row = _row(part for part, _, _ in parts)
    starts = accumulate((len(part) + 1 for part, _, _ in parts), initial=0)
    number = {start: at for at, start in enumerate(starts)}
    found = sorted(
        (parts[at][1], parts[at + length - 1][2])
        for pattern, length in wanted
        for at in (number[match.start()] for match in pattern.finditer(row))
    )
    return _apart(found)


def _apart(found: Iterable[Span]) -> tuple[Span, ...]:
    apart: list[Span] = []
    for start, end in found:
        if apart and start < apart[-1][1]:
            apart[-1] = apart[-1][0], max(end, apart[-1][1])
        else:
            apart.append((start, end))
    return tuple(apart)


def _row(parts: Iterable[str]) -> str:
    return _BETWEEN + "".join(part + _BETWEEN for part in parts)


def _pattern(parts: Iterable[str]) -> re.Pattern[str]:
    """Return what finds a word; one match may begin within another."""
    alike = _BETWEEN.join(
        re.escape(part) if len(part) < ENDING_FROM else re.escape(part[:-1]) + "[^\n]*"
        for part in parts
    )
    return re.compile(f"{_BETWEEN}(?={alike}{_BETWEEN})")
