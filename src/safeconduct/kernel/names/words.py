# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether two words are one name, and what kind of name a word is (spec/names.md 11)."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Final

from safeconduct.kernel.names.endings import is_surname, patronymic, stems
from safeconduct.kernel.names.keys import keys_of_word
from safeconduct.kernel.names.known import Known, known, readings
from safeconduct.kernel.names.letters import spellings
from safeconduct.kernel.names.sounds import consonants, skeleton

NEAR_LEAST: Final = 6
"""Sounds of a word in which one may differ: shorter ones are other names then."""
CONSONANTS_LEAST: Final = 3


class Reason(StrEnum):
    """What makes two names alike, the strongest first, or other."""

    LETTERS = "letters"
    SPELLING = "spelling"
    SCRIPT = "script"
    VARIANT = "variant"
    SHORT = "short"
    CONSONANTS = "consonants"
    NEAR = "near"
    INITIAL = "initial"
    PART = "part"
    """One of them tells more than the other."""
    GIVEN_DIFFERS = "given-differs"
    PATRONYMIC_DIFFERS = "patronymic-differs"
    SURNAME_DIFFERS = "surname-differs"


WEAK: Final = frozenset({Reason.CONSONANTS, Reason.NEAR, Reason.INITIAL})


class Kind(StrEnum):
    """What a word of a name is, as far as the word says it."""

    GIVEN = "given"
    PATRONYMIC = "patronymic"
    SURNAME = "surname"
    ANY = "any"


@lru_cache(1 << 12)
def kind(word: str) -> Kind:
    """Return what kind of name a folded word is."""
    heard = _heard(word)
    if any(patronymic(reading) for reading in heard):
        return Kind.PATRONYMIC
    if _given(word):
        return Kind.GIVEN
    return Kind.SURNAME if any(map(is_surname, heard)) else Kind.ANY


def alike(one: str, other: str) -> Reason | None:
    """Return why two folded words can be one name, or None when they cannot."""
    if one == other:
        return Reason.LETTERS
    if 1 in {len(one), len(other)}:
        return Reason.INITIAL if _initials(one) & _initials(other) else None
    if keys_of_word(one) & keys_of_word(other):
        return _why(one, other)
    scripts = _scripts(one), _scripts(other)
    if "arabic" in scripts[0] ^ scripts[1]:
        return Reason.CONSONANTS if _bones(one) & _bones(other) else None
    if _given(one) or _given(other) or kind(one) is not kind(other):
        return None
    near = any(_one_apart(a, b) for a in _sounds(one) for b in _sounds(other))
    return Reason.NEAR if near else None


def _why(one: str, other: str) -> Reason:
    shared = {k.given.key for k in _given(one)} & {k.given.key for k in _given(other)}
    if any(k.is_short for k in (*_given(one), *_given(other)) if k.given.key in shared):
        return Reason.SHORT
    if shared and not _sounds(one) & _sounds(other):
        return Reason.VARIANT
    return Reason.SPELLING if _scripts(one) & _scripts(other) else Reason.SCRIPT


def _given(word: str) -> tuple[Known, ...]:
    return tuple(one for alphabet, bare in spellings(word) for one in known(alphabet, bare))


def _scripts(word: str) -> set[str]:
    return {alphabet for alphabet, _ in spellings(word)}


@lru_cache(1 << 12)
def _heard(word: str) -> tuple[str, ...]:
    return tuple(one for alphabet, bare in spellings(word) for one in readings(alphabet, bare))


def _initials(word: str) -> set[str]:
    return {skeleton(reading)[0] for reading in _heard(word) if skeleton(reading)}


def _sounds(word: str) -> set[str]:
    return {skeleton(stem) for reading in _heard(word) for stem in stems(reading)}


def _bones(word: str) -> set[str]:
    every = {consonants(stem) for reading in _heard(word) for stem in (reading, *stems(reading))}
    return {one for one in every if len(one) >= CONSONANTS_LEAST}


def _one_apart(one: str, other: str) -> bool:
    """Whether one sound less, more, other or swapped makes one of the other."""
    if min(len(one), len(other)) < NEAR_LEAST or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, rest_too = one[start:], other[start:]
    while rest and rest_too and rest[-1] == rest_too[-1]:
        rest, rest_too = rest[:-1], rest_too[:-1]
    swapped = len(rest) == len("ab") and rest == rest_too[::-1]
    return swapped or max(len(rest), len(rest_too)) <= 1
