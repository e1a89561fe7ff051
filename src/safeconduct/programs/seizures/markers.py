# SPDX-License-Identifier: AGPL-3.0-or-later
"""Marker words for every field that somebody may write into, and what was found of them.

A person's eight words are looked for whole: each of them stands in lists.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from safeconduct.programs.seizures.search import STEM_CHARACTERS, Find, Search

SCRIPTS: Final = ("bcdfghjklmnpqrstvwxz", "бвгджзклмнпрстфхцчшщ")
REST_CHARACTERS: Final = 8
PHRASE_STEM: Final = 120
"""Longer than eight words: a phrase is looked for whole, because its words are in lists."""
JOINERS: Final = ("\n", "+", "-", ",", "%20", "</li>\n    <li>")
"""What may stand between the words of a phrase where a program keeps it, beside the space.

The last is the page's of the way without scripts.
"""


@dataclass(frozen=True)
class Markers:
    """For each field one word in Latin and one in Cyrillic letters; no run draws the same."""

    words: Mapping[str, tuple[str, str]]

    @classmethod
    def draw(cls, fields: Iterable[str]) -> Markers:
        """Draw them; all of a script begin alike, so that they are looked for in one pass."""
        chance = secrets.SystemRandom()

        def letters(script: int, count: int) -> str:
            return "".join(chance.choices(SCRIPTS[script], k=count))

        latin, cyrillic = (letters(script, STEM_CHARACTERS) for script in (0, 1))
        return cls(
            {
                name: (latin + letters(0, REST_CHARACTERS), cyrillic + letters(1, REST_CHARACTERS))
                for name in fields
            }
        )

    def __getitem__(self, name: str) -> str:
        """What goes into a field."""
        return " ".join(self.words[name])

    @property
    def all(self) -> frozenset[str]:
        """Every marker."""
        return frozenset(word for pair in self.words.values() for word in pair)


@dataclass
class Seized:
    """What was found, by the kind of place, how much was searched, and what had no place here."""

    finds: dict[str, set[Find]] = field(default_factory=dict)
    looked_at: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    @contextmanager
    def place(self, place: str, search: Search) -> Iterator[set[Find]]:
        """Note what is found in a kind of place, and how many bytes were looked at there."""
        before = search.looked_at
        yield self.finds.setdefault(place, set())
        self.looked_at[place] += search.looked_at - before

    @property
    def markers(self) -> frozenset[str]:
        """Every marker that was found anywhere."""
        return frozenset(find.marker for finds in self.finds.values() for find in finds)

    def told(self) -> list[str]:
        """What was found, in lines."""
        return sorted(
            f"{place}: {find.marker} as {find.way} in {find.where}"
            for place, finds in self.finds.items()
            for find in finds
        )


def phrase_search(phrases: Iterable[Sequence[str]]) -> Search:
    """Return the search for eight words that stand beside each other, however they are joined."""
    kept = list(phrases)
    plain = [phrase for words in kept for phrase in joined(words)[1:]]
    return Search([" ".join(words) for words in kept], stem=PHRASE_STEM, plain=plain)


def joined(words: Sequence[str]) -> list[str]:
    """Return every way in which eight words may stand beside each other, with spaces first."""
    return [glue.join(words) for glue in (" ", *JOINERS)]
