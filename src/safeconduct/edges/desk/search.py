# SPDX-License-Identifier: AGPL-3.0-or-later
"""Find words in what was written, in any of the office's languages.

Words are indexed in a normalised shadow (NFKC, case folded, ё as е, each word's stem beside it, the
keys of each name, spec/names.md 13, and its dates) that holds no text; what is shown is cut from
the original.
The index is made again from entries at any time, and holds words of those alone that this desk's
keys opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final, get_args

from safeconduct.edges.desk.stems import start_of, stem
from safeconduct.edges.desk.store import Store
from safeconduct.edges.desk.written_dates import WRITTEN, dates_in
from safeconduct.kernel.names import keys_asked, keys_of_text, names_in
from safeconduct.kernel.normal import normal
from safeconduct.rooms import cases, hotline
from safeconduct.rooms.cases.events import CaseFact, SheetWritten, StageFact
from safeconduct.rooms.cases.risk_facts import RiskAssessed, RiskSeconded
from safeconduct.rooms.duty import DutyFact
from safeconduct.rooms.hotline.by_hand import AnswerNoted, ContactNoted
from safeconduct.rooms.hotline.events import (
    AnswerWritten,
    ConversationHandedOver,
    HotlineFact,
    MessageReceived,
    NoteWritten,
)
from safeconduct.rooms.hotline.imported import ImportedFact
from safeconduct.rooms.hotline.transcripts import TranscriptWritten
from safeconduct.rooms.passage.watch.check_in_facts import CheckInFact

HIT_START: Final = "\u2068"
HIT_END: Final = "\u2069"
WORDS_AROUND: Final = 7
TERMS_MOST: Final = 12
WORDS_KEPT: Final = 1 << 14
OF_CASES: Final = {
    "cases.NoteWritten": "case-note",
    "cases.SheetWritten": "case-record",
    **{f"cases.{fact.__name__}": "case-stage" for fact in get_args(StageFact)},
    "cases.RiskAssessed": "case-risk",
    "cases.RiskSeconded": "case-risk",
}
KINDS: Final = {
    "hotline.MessageReceived": "message",
    "hotline.AnswerWritten": "answer",
    "hotline.ContactNoted": "message",
    "hotline.AnswerNoted": "answer",
    "hotline.ContactImported": "message",
    "hotline.AnswerImported": "answer",
    "hotline.NoteWritten": "note",
    "hotline.ConversationHandedOver": "hand-over",
    "hotline.TranscriptWritten": "transcript",
    **OF_CASES,
}
"""What is indexed, and what a hit in it is called."""
KEY_MARK: Final = "\ue000"
"""Stands before keys of names and dates in the index: no word begins with it (`_WORD`)."""
NEWEST: Final = 1 << 62
"""More than any entry's number."""
_WITH_TEXT: Final = (
    MessageReceived
    | AnswerWritten
    | AnswerNoted
    | NoteWritten
    | TranscriptWritten
    | cases.NoteWritten
)
_WORD: Final = re.compile(r"\w+", re.UNICODE)
_NOTHING: Final = "(?!)"
"""Is found nowhere."""
_TERM: Final = re.compile(rf"{WRITTEN}|\w+")


def normalise(text: str) -> str:
    """Return the form under which words are compared."""
    folded = normal("NFKC", text).casefold()
    return normal("NFKC", folded).replace("ё", "е")


_plain: Final = lru_cache(WORDS_KEPT)(normalise)
"""The same for single words, which come again and again where hits are marked."""


def shadow(text: str) -> str:
    """Return what is indexed of a text: its words, stems where they differ, and keys.

    Names have keys, and dates.
    """
    plain = normalise(text).replace(KEY_MARK, " ")
    words = dict.fromkeys(_WORD.findall(plain))
    stemmed = (found for word in words if (found := stem(word)) != word)
    keys = {*keys_of_text(text), *(one.key for one in dates_in(plain))}
    return " ".join((plain, *stemmed, *(KEY_MARK + key for key in sorted(keys))))


def terms_of(words: str) -> list[str]:
    """Return the beginnings of words, and the dates, that a person looks for."""
    terms: list[str] = []
    for found in _TERM.finditer(normalise(words)):
        dates = [one.date for one in dates_in(found.group())]
        terms += dates or _WORD.findall(found.group())
    return terms[:TERMS_MOST]


def text_of(event: HotlineFact | CaseFact | DutyFact | CheckInFact | None) -> str | None:
    """Return the text that a fact holds, or None when it holds none to be found."""
    if isinstance(event, _WITH_TEXT):
        return event.text
    if isinstance(event, ImportedFact):
        return "\n".join(filter(None, (event.text, event.sender)))
    if isinstance(event, ContactNoted):
        return "\n".join(filter(None, (event.text, event.speaker)))
    if isinstance(event, ConversationHandedOver):
        return event.note or None
    if isinstance(event, SheetWritten | StageFact | RiskAssessed | RiskSeconded):
        return _of_case(event) or None
    return None


def _of_case(event: SheetWritten | StageFact | RiskAssessed | RiskSeconded) -> str:
    if isinstance(event, SheetWritten):
        return "\n".join(cases.words_in(event))
    if isinstance(event, RiskAssessed):
        return f"{event.words}\n{event.changes}"
    if isinstance(event, RiskSeconded):
        return event.words
    return cases.stage_words(event)


def text_in(kind: str, version: int, body: bytes) -> str | None:
    """Return the text of an entry that is indexed, or None when it holds none to be found.

    Raises:
        Malformed: a known kind whose body does not parse.
    """
    if kind in OF_CASES:
        return text_of(cases.parse_fact(kind, version, body))
    return text_of(hotline.parse_fact(kind, version, body)) if kind in KINDS else None


def index(store: Store, texts: Iterable[tuple[int, str]]) -> None:
    """Index texts by the number of their entry; one that is there already is kept."""
    with store.transaction() as writer:
        # FTS5 keeps no row of its own to conflict with: `OR IGNORE` would index a text twice, and
        # `forget` take it out once.
        known = "SELECT 1 FROM word_index WHERE rowid = ?"
        fresh = dict(text for text in texts if not writer.execute(known, text[:1]).fetchall())
        writer.executemany(
            "INSERT INTO word_index (rowid, words) VALUES (?, ?)",
            ((number, shadow(text)) for number, text in fresh.items()),
        )


def forget(store: Store, numbers: Iterable[int]) -> None:
    """Take entries out of the index."""
    with store.transaction() as writer:
        rows = ((number,) for number in numbers)
        writer.executemany("DELETE FROM word_index WHERE rowid = ?", rows)


def find(store: Store, terms: Sequence[str], most: int, before: int = NEWEST) -> list[int]:
    """Return the numbers of entries in which each term begins a word, or is one in another form.

    A name is found in each script and spelling, a date however it is written, and with a month its
    days.  The newest come first, of those before a number.
    """
    if not terms:
        return []
    query = " AND ".join(map(_asked, terms))
    rows = store.rows(
        "SELECT rowid FROM word_index WHERE word_index MATCH ? AND rowid < ? "
        "ORDER BY rowid DESC LIMIT ?",
        (query, before, most),
    )
    return [row[0] for row in rows]


def _asked(term: str) -> str:
    for date in dates_in(term):
        return f'"{KEY_MARK}{date.key}"*'
    keys = (f' OR "{KEY_MARK}{key}"' for key in sorted(keys_asked(term)))
    return f'("{term}"* OR "{stem(term)}"{"".join(keys)})'


def snippet(text: str, terms: Sequence[str]) -> str:
    """Return the words around the first hit, every hit there between U+2068 and U+2069.

    The first is the word itself or a form of it; only where there is none, a name or a date that
    is written otherwise.
    """
    asked = _asked_for(tuple(terms))
    before, shown, after = _around(text, _first_hit(text, asked))
    if not shown:
        return text[:80]
    start, end = shown[0][0], shown[-1][1]
    keyed = [(start + one, start + two) for one, two in asked.keyed(text[start:end])]
    parts = ["…" if before else text[:start]]
    for at, place in enumerate(shown):
        word = text[slice(*place)]
        marked = asked.is_hit(word) or any(one <= place[0] < two for one, two in keyed)
        parts.append(f"{HIT_START}{word}{HIT_END}" if marked else word)
        if at + 1 < len(shown):
            parts.append(text[place[1] : shown[at + 1][0]])
    return "".join(parts) + ("…" if after else text[end:][:8])


def _around(text: str, start: int) -> tuple[bool, Sequence[tuple[int, int]], bool]:
    """Return the places of the words around the last that begins up to here, and none but those.

    With them, whether words stand before them, and after them.
    """
    first = None if start else _WORD.search(text)
    start = first.start() if first else start
    inside = _WORD.match(text, start)
    end = inside.end() if inside else start
    found = (one.span() for one in islice(_WORD.finditer(text[:end][::-1]), WORDS_AROUND + 2))
    back = [(end - last, end - first) for first, last in found]
    on = [one.span() for one in islice(_WORD.finditer(text, end), WORDS_AROUND + 1)]
    shown = [*back[WORDS_AROUND::-1], *on[:WORDS_AROUND]]
    return len(back) > WORDS_AROUND + 1, shown, len(on) > WORDS_AROUND


def _first_hit(text: str, asked: _Asked) -> int:
    """Return where the first hit of a text begins.

    Where its words stand as in the form in which they are compared, as in nearly every text, those
    alone are looked at that begin like a hit.
    """
    plain = normalise(text)
    if len(plain) == len(text) and plain == text.casefold().replace("ё", "е"):
        places = asked.beginning.finditer(plain)
    else:
        places = _WORD.finditer(text)
    spans = (found.span() for found in places)
    hit = next((place[0] for place in spans if asked.is_hit(text[slice(*place)])), None)
    return hit if hit is not None else next((one[0] for one in asked.keyed(text)), 0)


class _Asked:
    """What tells which words of texts are hits of some terms; made once for all texts shown."""

    def __init__(self, terms: tuple[str, ...]) -> None:
        """Know the terms, their stems and the keys of their names."""
        self._begins: Final = tuple(filter(_WORD.fullmatch, terms))
        self._stems: Final = frozenset(map(stem, self._begins))
        self._starts: Final = tuple(map(start_of, self._stems))
        self._days: Final = tuple(one.date for term in terms for one in dates_in(term))
        self._keys: Final = frozenset(key for term in terms for key in keys_asked(term))
        begins = "|".join({*self._begins, *self._starts}) or _NOTHING
        self.beginning: Final = re.compile(rf"(?<!\w)(?:{begins})\w*")
        """Finds the words that may be hits."""

    def is_hit(self, word: str) -> bool:
        """Tell whether a word begins like a term, or is one in another form."""
        plain = _plain(word)
        if plain.startswith(self._begins):
            return True
        return plain.startswith(self._starts) and stem(plain) in self._stems

    def keyed(self, text: str) -> Iterator[tuple[int, int]]:
        """Find the names and dates of a text that are those of the terms."""
        if self._days:
            dates = (one for one in dates_in(text) if one.date.startswith(self._days))
            yield from ((one.start, one.end) for one in dates)
        if self._keys:
            names = (one for one in names_in(text) if one.keys & self._keys)
            yield from ((one.start, one.end) for one in names)


_asked_for: Final = lru_cache(1 << 4)(_Asked)
