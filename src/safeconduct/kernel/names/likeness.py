# SPDX-License-Identifier: AGPL-3.0-or-later
"""How alike two names are, in bands, and for which reasons.

It says whether two names can be one name, never whether two people are one: a person decides that
(spec/names.md 11).  Symmetric and total; a name and itself are the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

from safeconduct.kernel.names.keys import PARTICLES
from safeconduct.kernel.names.letters import words_of
from safeconduct.kernel.names.words import WEAK, Kind, Reason, alike, kind

_DIFFERS: Final = {
    Kind.GIVEN: Reason.GIVEN_DIFFERS,
    Kind.PATRONYMIC: Reason.PATRONYMIC_DIFFERS,
    Kind.SURNAME: Reason.SURNAME_DIFFERS,
}
_ORDER: Final = {reason: at for at, reason in enumerate(Reason)}


class Band(IntEnum):
    """How alike two names are; more is more alike."""

    OTHER = 0
    """Nothing of both is one name, or what is contradicted by the rest."""
    FAMILY = 1
    """One surname, contradicted by the rest."""
    POSSIBLE = 2
    """Nothing contradicts, and what speaks for it is one word of several, or weak."""
    LIKELY = 3
    """All words of the shorter one are in the other, in some spelling, script, case or form."""
    SAME = 4
    """The same words, however they are ordered, marked and written large or small."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike, and why: reasons in the order of `Reason`."""

    band: Band
    reasons: tuple[Reason, ...]


class _Pair(NamedTuple):
    one: str
    other: str
    reason: Reason


def likeness(one: str, other: str) -> Likeness:
    """Return how alike two names are."""
    first, second = _telling(one), _telling(other)
    if not first or not second:
        return Likeness(Band.OTHER, ())
    if sorted(first) == sorted(second):
        return Likeness(Band.SAME, (Reason.LETTERS,))
    pairs, left, left_too = _paired(first, second)
    differs = {_DIFFERS[k] for k in _kinds(left) & _kinds(left_too) if k in _DIFFERS}
    reasons = {pair.reason for pair in pairs} | differs
    if bool(left) is not bool(left_too):
        reasons.add(Reason.PART)
    band = _contradicted(pairs) if left and left_too else _band(pairs, bool(left or left_too))
    return Likeness(band, tuple(sorted(reasons, key=_ORDER.__getitem__)))


def _contradicted(pairs: list[_Pair]) -> Band:
    of_family = any(kind(pair.one) is Kind.SURNAME for pair in pairs if pair.reason not in WEAK)
    return Band.FAMILY if of_family else Band.OTHER


def _band(pairs: list[_Pair], in_part: bool) -> Band:
    if any(pair.reason in WEAK for pair in pairs) or (in_part and len(pairs) == 1):
        return Band.POSSIBLE
    return Band.LIKELY


def _kinds(words: Iterable[str]) -> set[Kind]:
    return set(map(kind, words))


def _telling(name: str) -> tuple[str, ...]:
    words = words_of(name)
    return tuple(word for word in words if word not in PARTICLES) or words


def _paired(
    first: tuple[str, ...], second: tuple[str, ...]
) -> tuple[list[_Pair], list[str], list[str]]:
    """Return pairs of words that are one name, the strongest first, and what is left of each."""
    ranked = sorted(
        (_ORDER[reason], at, to)
        for at, one in enumerate(first)
        for to, other in enumerate(second)
        if (reason := alike(one, other))
    )
    taken: dict[int, int] = {}
    pairs = []
    for rank, at, to in ranked:
        if at not in taken and to not in taken.values():
            taken[at] = to
            pairs.append(_Pair(first[at], second[to], tuple(Reason)[rank]))
    left = [word for at, word in enumerate(first) if at not in taken]
    return pairs, left, [word for to, word in enumerate(second) if to not in taken.values()]
