# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which given names a word can be: in another spelling, another case, or as it is said at home.

The tables are `given_slavic` and `given_eastern`.  They are made ready at the first question, in
about a tenth of a second (spec/names.md 7).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from safeconduct.kernel.names import arabic, cyrillic, latin
from safeconduct.kernel.names.declension import cases_of, pet_names_of
from safeconduct.kernel.names.endings import stems
from safeconduct.kernel.names.given_eastern import EASTERN
from safeconduct.kernel.names.given_slavic import SLAVIC
from safeconduct.kernel.names.letters import Alphabet, folded, spellings
from safeconduct.kernel.names.sounds import skeleton

SOUNDS_LEAST: Final = 6
"""Shorter words are taken for a given name by their letters, not by how they sound."""
CUT_LEAST: Final = 5
"""The same of what is left of a word in Latin letters without its ending."""
_OBLIQUE: Final = re.compile(r"(\w+)\((\w+)\)")
_NEAR: Final = str.maketrans("jzc", "iss")
_REPEATED: Final = re.compile(r"(.)\1+")
_READ: Final = {"cyrillic": cyrillic.read, "latin": latin.read, "arabic": arabic.read}


@dataclass(frozen=True, slots=True)
class Given:
    """One given name and all that it is called."""

    key: str
    """What stands for it among keys."""
    female: bool
    full: tuple[str, ...]
    """Full spellings, the Russian one first."""
    short: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What a word is to a given name."""

    given: Given
    is_short: bool
    is_ordinary: bool
    """Whether it is an ordinary word too when it is written small: `вера`, `роман`."""


@dataclass(slots=True)
class _Tables:
    letters: dict[str, dict[str, Known]] = field(default_factory=lambda: defaultdict(dict))
    heard: dict[str, dict[str, Known]] = field(default_factory=lambda: defaultdict(dict))
    sounds: dict[str, dict[str, Known]] = field(default_factory=lambda: defaultdict(dict))
    cut: dict[str, dict[str, Known]] = field(default_factory=lambda: defaultdict(dict))
    fathers: dict[str, dict[str, Given]] = field(default_factory=lambda: defaultdict(dict))


def readings(alphabet: Alphabet, bare: str) -> tuple[str, ...]:
    """Return what a word may sound like; nothing for alphabets that nobody here reads."""
    reader = _READ.get(alphabet)
    return reader(bare) if reader else ()


def known(alphabet: Alphabet, bare: str) -> tuple[Known, ...]:
    """Return the given names that a folded word can be a form of."""
    tables, plain = _tables(), bare.replace("ё", "е")
    if found := tables.letters.get(plain):
        return tuple(found.values())
    if alphabet not in {"cyrillic", "latin"}:
        return ()
    heard = readings(alphabet, bare)
    if alphabet == "latin" and (found := _merged(tables.heard, map(_near, heard))):
        return tuple(found.values())
    every = _merged(tables.sounds, _long(map(skeleton, heard), SOUNDS_LEAST))
    if alphabet == "latin":
        cut = (stem for one in heard for stem in stems(one) - {one})
        every |= _merged(tables.cut, _long(map(skeleton, cut), CUT_LEAST))
    return tuple(every.values())


def _near(reading: str) -> str:
    """Return a reading without what schemes differ in most, its vowels as they are."""
    return _REPEATED.sub(r"\1", reading.translate(_NEAR)).replace("iu", "u")


def _root(reading: str) -> str:
    """Return what a patronymic keeps of a father's name."""
    return skeleton(reading.rstrip("aeiouj"))


def _long(sounds: Iterable[str], least: int) -> Iterator[str]:
    return (sound for sound in sounds if len(sound) >= least)


def _merged(table: dict[str, dict[str, Known]], sounds: Iterable[str]) -> dict[str, Known]:
    return {key: one for sound in sounds for key, one in table.get(sound, {}).items()}


def exactly(bare: str) -> tuple[Known, ...]:
    """Return the given names that a folded word is a form of letter by letter."""
    return tuple(_tables().letters.get(bare.replace("ё", "е"), {}).values())


def fathers(base: str) -> tuple[Given, ...]:
    """Return the men's names from which a patronymic with this base can be made."""
    return tuple(_tables().fathers.get(_root(base), {}).values())


@cache
def every_given() -> tuple[Given, ...]:
    """Return the given names of the tables."""
    return tuple(row for row, _ in _rows())


def _rows() -> Iterator[tuple[Given, frozenset[str]]]:
    for line in f"{SLAVIC}\n{EASTERN}".splitlines():
        if line[:2] in {"m ", "f "}:
            full, _, short = line[2:].partition("/")
            names, pets = full.split(), short.split()
            ordinary = frozenset(folded(n.rstrip("~")) for n in (*names, *pets) if n[-1] == "~")
            clean = tuple(n.rstrip("~") for n in names)
            key = cyrillic.read(folded(_OBLIQUE.sub(r"\1", clean[0])))[0]
            yield (
                Given(key, line[0] == "f", clean, tuple(n.rstrip("~") for n in pets)),
                ordinary,
            )


@cache
def _tables() -> _Tables:
    tables = _Tables()
    for given, ordinary in _rows():
        for name in given.full:
            _enter(tables, given, name, ordinary, is_short=False)
        for name in given.short:
            _enter(tables, given, name, ordinary, is_short=True)
            for pet in pet_names_of(folded(name)):
                one = Known(given, is_short=True, is_ordinary=False)
                for form in cases_of(pet):
                    tables.letters[form.replace("ё", "е")].setdefault(given.key, one)
    return tables


def _enter(
    tables: _Tables, given: Given, name: str, ordinary: Iterable[str], *, is_short: bool
) -> None:
    found = _OBLIQUE.fullmatch(name)
    word, oblique = (folded(found[1]), folded(found[2])) if found else (folded(name), "")
    one = Known(given, is_short, folded(name.rstrip("~")) in ordinary)
    for alphabet, bare in spellings(word):
        forms = cases_of(bare, oblique=oblique, female=given.female and not is_short)
        for form in forms if alphabet == "cyrillic" else (bare,):
            tables.letters[form.replace("ё", "е")].setdefault(given.key, one)
        if alphabet != "arabic":
            _enter_sounds(tables, one, alphabet, bare, oblique)


def _enter_sounds(tables: _Tables, one: Known, alphabet: Alphabet, bare: str, oblique: str) -> None:
    key = one.given.key
    for reading in readings(alphabet, bare):
        tables.heard[_near(reading)].setdefault(key, one)
        if not one.is_short:
            tables.sounds[skeleton(reading)].setdefault(key, one)
        for stem in stems(reading):
            tables.cut[skeleton(stem)].setdefault(key, one)
        if not one.is_short and not one.given.female:
            tables.fathers[_root(reading)].setdefault(key, one.given)
    if oblique and not one.given.female:
        tables.fathers[_root(cyrillic.read(oblique)[0])].setdefault(key, one.given)
