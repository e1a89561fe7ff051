# SPDX-License-Identifier: AGPL-3.0-or-later
"""Marker words for every field that somebody may write into, and what was found of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from tests.kit.memory import STEM_CHARACTERS, Find, Search

FOUNDING: Final = (
    *("office", "founder", "founder's device"),
    *("colleague", "colleague's device", "passphrase"),
)
FIELDS: Final = (
    *FOUNDING,
    *("portal text", "portal file name", "portal file", "portal reply"),
    *("counter text", "counter file name", "counter file", "counter reply"),
    *("answer", "answer file name", "answer file", "note", "hand-over", "search"),
    *("answer draft", "note draft", "hand-over draft"),
)
SCRIPTS: Final = ("bcdfghjklmnpqrstvwxz", "бвгджзклмнпрстфхцчшщ")
REST_CHARACTERS: Final = 8


@dataclass(frozen=True)
class Markers:
    """For each field one word in Latin and one in Cyrillic letters; no run draws the same."""

    words: Mapping[str, tuple[str, str]]

    @classmethod
    def draw(cls) -> Markers:
        """Draw them; all of a script begin alike, so that they are looked for in one pass."""
        chance = random.SystemRandom()

        def letters(script: int, count: int) -> str:
            return "".join(chance.choices(SCRIPTS[script], k=count))

        latin, cyrillic = (letters(script, STEM_CHARACTERS) for script in (0, 1))
        return cls(
            {
                name: (latin + letters(0, REST_CHARACTERS), cyrillic + letters(1, REST_CHARACTERS))
                for name in FIELDS
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
