# SPDX-License-Identifier: AGPL-3.0-or-later
"""A notice for people outside holds nothing of those who wrote to us (spec/bulletins.md 5).

The guard reads the notice once, is shown every name and every text that this desk can open, and
says what of them stands in the notice.  Whether a word that both use is somebody's name it cannot
know: it names those words, and people look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from safeconduct.kernel.phrase import fold
from safeconduct.rooms.hotline.bulletin_match import Looker, plain
from safeconduct.rooms.hotline.not_alone import spans

T = TypeVar("T")

QUOTE_WORDS: Final = 5
"""So many words in a row as somebody wrote them are a quotation."""
_CONTACT: Final = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|@\w{3,}|(?:\w[\w-]*\.)+\w{2,}/\S+|\+?\d[\d\s()./\-\u2010-\u2015]{4,}\d"
)
"""What reaches somebody: an address of mail, a name in a messenger, a link, a telephone number."""
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_BEGINS: Final = re.compile(r"(?:^|[.!?:;\n«»“”\"(]\s*)$")
"""What stands before a word whose capital says nothing."""


@dataclass(frozen=True, slots=True)
class Leaks:
    """What of the people stands in a notice, as it is written there."""

    names: tuple[str, ...] = ()
    """Code names, names of helpers and of devices."""
    contacts: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    """Words with a capital that stand in conversations too; people say whether they are names."""

    @property
    def held(self) -> bool:
        """Whether the notice must not go out."""
        return bool(self.names or self.contacts or self.quotes)


class Guard:
    """Compares one notice with all that it must not hold."""

    def __init__(self, notice: str, expected: Iterable[str] = ()) -> None:
        """Read the notice; `expected` are contacts that the bulletin itself warns of."""
        self._notice: Final = notice
        warned = Looker(expected)
        contacts = {found.group().strip() for found in _CONTACT.finditer(notice)}
        self._lookers: Final = {one: Looker([one]) for one in contacts if not warned.finds(one)}
        pieces = notice.split()
        written = [(word, at) for at, one in enumerate(pieces) for word in fold(one).split()]
        self._runs: Final = {
            " ".join(word for word, _ in run): " ".join(pieces[run[0][1] : run[-1][1] + 1])
            for run in _runs(written)
        }
        self._capitals: Final = dict(_capitals(notice))
        self._names: dict[str, None] = {}
        self._found: dict[str, set[str]] = {"contacts": set(), "quotes": set(), "doubtful": set()}

    def name(self, name: str) -> None:
        """Look for a name that nobody outside may read, in any ending."""
        for start, end in spans(self._notice, [name]):
            self._names[self._notice[start:end]] = None

    def text(self, text: str) -> None:
        """Look for what of a text stands in the notice."""
        found = self._found
        if self._lookers:
            read, lookers = plain(text), self._lookers.items()
            found["contacts"] |= {one for one, looker in lookers if looker.finds_in(read)}
        words = fold(text).split()
        if self._runs:
            shown = (self._runs.get(" ".join(run)) for run in _runs(words))
            found["quotes"] |= {run for run in shown if run is not None}
        if self._capitals:
            found["doubtful"] |= self._doubtful(text, set(words))

    def _doubtful(self, text: str, words: set[str]) -> set[str]:
        """Return words that have a capital here though nothing asks for one, or there."""
        here = {one for one, asked in self._capitals.items() if not asked and fold(one) in words}
        asked = (
            {fold(one): one for one, begins in self._capitals.items() if begins} if words else {}
        )
        asked = {folded: one for folded, one in asked.items() if folded in words}
        if not asked:
            return here
        there = {fold(one) for one, begins in _capitals(text) if not begins}
        return here | {one for folded, one in asked.items() if folded in there}

    def leaks(self) -> Leaks:
        """Return what was found."""
        kinds = {kind: tuple(sorted(found)) for kind, found in self._found.items()}
        return Leaks(names=tuple(self._names), **kinds)


def _runs(words: Sequence[T]) -> Iterator[Sequence[T]]:
    for at in range(len(words) - QUOTE_WORDS + 1):
        yield words[at : at + QUOTE_WORDS]


def _capitals(text: str) -> Iterator[tuple[str, bool]]:
    """Return the words that begin with a capital, and whether where they stand asks for one.

    One that stands somewhere without a reason is told so last.
    """
    found = [
        (one.group(), bool(_BEGINS.search(text[max(0, one.start() - 8) : one.start()])))
        for one in _WORD.finditer(text)
        if one.group()[0].isupper()
    ]
    return iter(sorted(found, key=lambda pair: not pair[1]))
