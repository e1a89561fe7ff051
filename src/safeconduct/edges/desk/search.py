# SPDX-License-Identifier: AGPL-3.0-or-later
"""Find words in what was written, in any of the office's languages.

Words are indexed in a normalised shadow (NFKC, case folded, ё as е, and each word's stem beside
it) that holds no text; what is shown is cut from the original.  The index is made again from
entries at any time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from safeconduct.edges.desk.api import Hit
from safeconduct.edges.desk.projections import Lists
from safeconduct.edges.desk.stems import stem
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.journal import instant_of
from safeconduct.kernel.words import ConversationId, Instant
from safeconduct.rooms import hotline
from safeconduct.rooms.hotline.events import (
    AnswerWritten,
    ConversationHandedOver,
    HotlineFact,
    MessageReceived,
    NoteWritten,
)

HIT_START: Final = "\u2068"
HIT_END: Final = "\u2069"
WORDS_AROUND: Final = 7
TERMS_MOST: Final = 12
NAMES_MOST: Final = 10
WORDS_KEPT: Final = 1 << 14
KINDS: Final = {
    "hotline.MessageReceived": "message",
    "hotline.AnswerWritten": "answer",
    "hotline.NoteWritten": "note",
    "hotline.ConversationHandedOver": "hand-over",
}
INDEXED_KINDS: Final = tuple(KINDS)
_WORD: Final = re.compile(r"\w+", re.UNICODE)


def normalise(text: str) -> str:
    """Return the form under which words are compared."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded).replace("ё", "е")


_plain: Final = lru_cache(WORDS_KEPT)(normalise)
"""The same for single words, which come again and again where hits are marked."""


def shadow(text: str) -> str:
    """Return what is indexed of a text: its words, and their stems where they differ."""
    plain = normalise(text)
    words = dict.fromkeys(_WORD.findall(plain))
    return " ".join((plain, *(found for word in words if (found := stem(word)) != word)))


def terms_of(words: str) -> list[str]:
    """Return the beginnings of words that a person looks for."""
    return _WORD.findall(normalise(words))[:TERMS_MOST]


def text_of(event: HotlineFact | None) -> str | None:
    """Return the text that a fact holds, or None when it holds none to be found."""
    if isinstance(event, MessageReceived | AnswerWritten | NoteWritten):
        return event.text
    if isinstance(event, ConversationHandedOver):
        return event.note or None
    return None


def index(store: Store, texts: Iterable[tuple[int, str]]) -> None:
    """Index texts by the number of their entry; one that is there already is kept."""
    with store.transaction() as writer:
        writer.executemany(
            "INSERT OR IGNORE INTO word_index (rowid, words) VALUES (?, ?)",
            ((number, shadow(text)) for number, text in texts),
        )


def forget(store: Store, numbers: Iterable[int]) -> None:
    """Take entries out of the index."""
    with store.transaction() as writer:
        rows = ((number,) for number in numbers)
        writer.executemany("DELETE FROM word_index WHERE rowid = ?", rows)


def find(store: Store, terms: Sequence[str], most: int) -> list[int]:
    """Return the numbers of entries in which each term begins a word or is one in another form.

    The newest come first.
    """
    if not terms:
        return []
    query = " AND ".join(f'("{term}"* OR "{stem(term)}")' for term in terms)
    rows = store.rows(
        "SELECT rowid FROM word_index WHERE word_index MATCH ? ORDER BY rowid DESC LIMIT ?",
        (query, most),
    )
    return [row[0] for row in rows]


def find_names(store: Store, terms: Sequence[str], most: int) -> list[Hit]:
    """Return the conversations whose code name has words that begin like all terms."""
    if not terms:
        return []
    begins = " AND ".join(["instr(' ' || replace(code_name, 'ё', 'е'), ?)"] * len(terms))
    rows = store.rows(
        "SELECT id, code_name, last_at, preview FROM conversations WHERE id IN "  # noqa: S608
        f"(SELECT id FROM conversations WHERE {begins} LIMIT ?) ORDER BY last_at DESC",
        (*(f" {term}" for term in terms), most),
    )
    return [Hit(ConversationId(row[0]), row[1], Instant(row[2]), row[3], "name") for row in rows]


def snippet(text: str, terms: Sequence[str]) -> str:
    """Return the words around the first hit, every hit between U+2068 and U+2069."""
    places = [match.span() for match in _WORD.finditer(text)]
    stems = frozenset(map(stem, terms))

    def hit(place: tuple[int, int]) -> bool:
        plain = _plain(text[slice(*place)])
        return plain.startswith(tuple(terms)) or stem(plain) in stems

    first = next((at for at, place in enumerate(places) if hit(place)), 0)
    low, high = max(0, first - WORDS_AROUND), first + WORDS_AROUND + 1
    shown = [(place, hit(place)) for place in places[low:high]]
    if not shown:
        return text[:80]
    parts = ["…" if low else text[: shown[0][0][0]]]
    for place, ((start, end), marked) in enumerate(shown):
        parts.append(f"{HIT_START}{text[start:end]}{HIT_END}" if marked else text[start:end])
        if place + 1 < len(shown):
            parts.append(text[end : shown[place + 1][0][0]])
    tail = "…" if high < len(places) else text[shown[-1][0][1] :][:8]
    return "".join(parts) + tail


def hits(store: Store, lists: Lists, words: str, most: int) -> list[Hit]:
    """Return what was found, as pages show it."""
    terms = terms_of(words)
    found = find_names(store, terms, min(most, NAMES_MOST))
    seen: set[bytes] = set()
    for number in find(store, terms, most - len(found)):
        row = store.rows(
            "SELECT e.kind, e.version, e.body, c.hlc, e.conversation FROM entries e "
            'JOIN commits c ON c.no = e."commit" WHERE e.no = ? AND c.state = 0',
            (number,),
        )
        if not row:
            continue
        kind, version, body, hlc, conversation = row[0]
        event = hotline.parse_fact(kind, version, body)
        text = text_of(event)
        if text is None or (isinstance(event, MessageReceived) and event.message in seen):
            continue
        at = instant_of(hlc)
        if isinstance(event, MessageReceived):
            seen.add(event.message)
            at = Instant(event.arrived)
        name = lists.code_name(ConversationId(conversation))
        shown = snippet(text, terms)
        found.append(Hit(ConversationId(conversation), name, at, shown, KINDS[kind]))
    return found
