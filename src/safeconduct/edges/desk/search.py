# SPDX-License-Identifier: AGPL-3.0-or-later
"""Find words in what was written, in any of the office's languages.

Words are indexed in a normalised shadow (NFKC, case folded, ё as е) that holds no text; what is
shown is cut from the original.  The index is made again from entries at any time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from safeconduct.edges.desk.store import Store
from safeconduct.rooms.hotline.events import (
    AnswerWritten,
    HotlineFact,
    MessageReceived,
    NoteWritten,
)

HIT_START: Final = "\u2068"
HIT_END: Final = "\u2069"
WORDS_AROUND: Final = 7
TERMS_MOST: Final = 12
INDEXED_KINDS: Final = ("hotline.MessageReceived", "hotline.AnswerWritten", "hotline.NoteWritten")
_WORD: Final = re.compile(r"\w+", re.UNICODE)


def normalise(text: str) -> str:
    """Return the form under which words are compared."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded).replace("ё", "е")


def terms_of(words: str) -> list[str]:
    """Return the beginnings of words that a person looks for."""
    return _WORD.findall(normalise(words))[:TERMS_MOST]


def text_of(event: HotlineFact | None) -> str | None:
    """Return the text that a fact holds, or None when it holds none to be found."""
    if isinstance(event, MessageReceived | AnswerWritten | NoteWritten):
        return event.text
    return None


def index(store: Store, texts: Iterable[tuple[int, str]]) -> None:
    """Index texts by the number of their entry; one that is there already is kept."""
    with store.transaction() as writer:
        writer.executemany(
            "INSERT OR IGNORE INTO words (rowid, words) VALUES (?, ?)",
            ((number, normalise(text)) for number, text in texts),
        )


def find(store: Store, terms: Sequence[str], most: int) -> list[int]:
    """Return the numbers of entries with words that begin like all terms, newest first."""
    if not terms:
        return []
    query = " ".join(f'"{term}"*' for term in terms)
    rows = store.rows(
        "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?", (query, most)
    )
    return [row[0] for row in rows]


def snippet(text: str, terms: Sequence[str]) -> str:
    """Return the words around the first hit, every hit between U+2068 and U+2069."""
    places = [match.span() for match in _WORD.finditer(text)]
    hits = [_hit(text[start:end], terms) for start, end in places]
    first = hits.index(True) if True in hits else 0
    low, high = max(0, first - WORDS_AROUND), first + WORDS_AROUND + 1
    shown = list(zip(places, hits, strict=True))[low:high]
    if not shown:
        return text[:80]
    parts = ["…" if low else text[: shown[0][0][0]]]
    for (span, hit), following in pairwise([*shown, None]):
        word = text[span[0] : span[1]]
        parts.append(f"{HIT_START}{word}{HIT_END}" if hit else word)
        parts.append(text[span[1] : following[0][0]] if following else "")
    tail = "…" if high < len(places) else text[shown[-1][0][1] :][:8]
    return "".join(parts) + tail


def _hit(word: str, terms: Sequence[str]) -> bool:
    return normalise(word).startswith(tuple(terms))
