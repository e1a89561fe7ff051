# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invented persons and what is written of them: surnames of which few are common, words by Zipf.

Nobody and nothing here is real.  Of the texts a quarter are in Latin letters.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from tests.bench.names import ENDS, SYLLABLES, population

TEXT_BYTES: Final = 2_048
WORDS: Final = 20_000
MOST: Final = "сегодня"
"""A word that stands in nearly every text."""
OF_HUNDRED: Final = 99
LATIN: Final = 0.25
LATIN_SYLLABLES: Final = "a ba be ca do du en fa go hi in ja ka le lo ma no or pa ra so ta un vi we"
ZIPF: Final = 8
"""How flat the head of the list is: the first words are no more than one in twenty."""


@dataclass
class Words:
    """Words of one alphabet, the first ones often and the last ones hardly ever."""

    words: list[str]
    weights: list[float] = field(init=False)

    def __post_init__(self) -> None:
        """Weigh each by its rank."""
        self.weights = list(accumulate(1 / (rank + ZIPF) for rank in range(len(self.words))))

    def some(self, chance: random.Random, count: int) -> list[str]:
        """Return so many words."""
        return chance.choices(self.words, cum_weights=self.weights, k=count)


class Writer:
    """Writes of people, by chance, the same every time."""

    def __init__(self, seed: int) -> None:
        """Invent the people and the words."""
        self.chance: Final = random.Random(seed)
        self.people: Final = population(self.chance)
        self.russian: Final = Words(_invented(self.chance, SYLLABLES, ENDS.split()))
        self.english: Final = Words(_invented(self.chance, LATIN_SYLLABLES, list("bdgklmnprst")))

    def name(self) -> str:
        """Return a person's given name and surname."""
        surname, given = self.chance.choice(self.people)
        return f"{given.capitalize()} {surname.capitalize()}"

    def text(self) -> str:
        """Return a text of 2 KB that names somebody."""
        chance = self.chance
        latin = chance.random() < LATIN
        words = (self.english if latin else self.russian).some(chance, TEXT_BYTES // 8)
        words[chance.randrange(20)] = self.name()
        words[chance.randrange(20, 90)] = self.name()
        if chance.randrange(100) < OF_HUNDRED:
            words[chance.randrange(90, 100)] = MOST
        return " ".join(words).encode()[:TEXT_BYTES].decode(errors="ignore").strip()

    def incident(self) -> str:
        """Return what happened on a day, and who did it."""
        some = " ".join(self.russian.some(self.chance, 30))
        return f"{self.day()} {self.name()}: {some}."

    def day(self) -> str:
        """Return a day of ten years."""
        month, day = self.chance.randint(1, 12), self.chance.randint(1, 28)
        return f"{self.chance.randint(2008, 2017)}-{month:02}-{day:02}"


def _invented(chance: random.Random, syllables: str, ends: list[str]) -> list[str]:
    found = dict[str, None]()
    parts = syllables.split()
    while len(found) < WORDS:
        stem = "".join(chance.choices(parts, k=chance.choice((2, 2, 3, 3, 4))))
        found[stem + chance.choice(ends)] = None
    return _mixed(chance, found)


def _mixed(chance: random.Random, words: dict[str, None]) -> list[str]:
    many = sorted(words)
    chance.shuffle(many)
    return many
