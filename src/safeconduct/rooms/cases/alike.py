# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who in one case may be the person of another, by what they are called and when they were born.

`AlikeNames` keeps the names of held cases by their keys, so that a sheet that was saved is compared
with the few that share words with it and never with all.  It says what is worth a look of a person;
that two sheets are of one person is decided by nobody here (spec/alike.md 1).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice, product
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.names import Band, Likeness, likeness
from safeconduct.kernel.names.keys import PARTICLES, keys_of_word
from safeconduct.kernel.names.letters import words_of
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases.record import SheetId
from safeconduct.rooms.cases.sheets import PERSON, PURSUER
from safeconduct.rooms.cases.words import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from safeconduct.rooms.cases.record import CaseRecord, Sheet

NAMED: Final = (PERSON, PURSUER)
NAMES: Final = ("name", "papers_name", "other_names")
NAMES_MOST: Final = 16
COMPARED_MOST: Final = 16
"""Names of two that share a key and are compared; most people have one to three."""
CANDIDATES_MOST: Final = 60
"""Others with whom one is compared: nobody looks through more, and no desk stands still for it."""
"""Names of one sheet that are compared; what is listed beyond that is found by search."""
YEARS_NEAR: Final = 1
"""Papers and memory differ by a year without being of two people."""
_BETWEEN: Final = re.compile(r"[\n,;/]+")


class Where(NamedTuple):
    """A sheet of a case."""

    case: CaseId
    sheet: SheetId


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody in a record, as they are called there; `born` are the years that stand."""

    at: Where
    kind: str
    name: str
    """The code name."""
    names: tuple[str, ...]
    born: frozenset[int]


@dataclass(frozen=True, slots=True)
class Alike:
    """Two who may be one: which names are alike, how much, and what their years of birth say."""

    one: Named
    other: Named
    names: tuple[str, str]
    how: Likeness
    born: bool | None
    """Whether the years agree; None where one is not known, or they are a year apart."""


Key = tuple[Where, Where]


def named_in(record: CaseRecord) -> tuple[Named, ...]:
    """Return the persons and pursuers of a record that stand and are called something."""
    found = (_named(record, one) for kind in NAMED for one in record.of_kind(kind))
    return tuple(one for one in found if one.names)


def _named(record: CaseRecord, sheet: Sheet) -> Named:
    said = {name: _standing(sheet, name) for name in (*NAMES, "born")}
    names = _names(chain(said["name"], said["papers_name"]), said["other_names"])
    years = frozenset(int(one[:4]) for one in said["born"])
    where = Where(record.case, sheet.id)
    return Named(where, sheet.kind, sheet.name, names, years)


def names_in_texts(name: str, papers_name: str, other_names: str) -> tuple[str, ...]:
    """Return the names by which somebody is compared, out of what these fields say."""
    return _names((name, papers_name), (other_names,))


def _names(whole: Iterable[str], listed: Iterable[str]) -> tuple[str, ...]:
    lines = chain(whole, *map(_BETWEEN.split, listed))
    return tuple(dict.fromkeys(one.strip() for one in lines if words_of(one)))[:NAMES_MOST]


def _standing(sheet: Sheet, name: str) -> list[str]:
    """Return what stands in a field of the identity part, all of it where two wrote at once."""
    entered = (one for one in sheet.entered(name) if one.part is Part.IDENTITY)
    return [said.text for one in entered for said in one.standing if said.text]


def alike(one: Named, other: Named) -> Alike | None:
    """Return how two are alike; None where it is not worth a look."""
    born = _born(one.born, other.born)
    best: tuple[int, tuple[str, str], Likeness] | None = None
    near = (two for two in product(one.names, other.names) if _keys_in(two[0]) & _keys_in(two[1]))
    for name, name_too in islice(near, COMPARED_MOST):
        how = likeness(name, name_too)
        weight = _weight(how.band, min(_telling(name), _telling(name_too)), born)
        if weight >= Band.LIKELY and (best is None or weight > best[0]):
            best = weight, (name, name_too), how
    return Alike(one, other, best[1], best[2], born) if best else None


def _born(one: frozenset[int], other: frozenset[int]) -> bool | None:
    apart = [abs(year - year_too) for year in one for year_too in other]
    if not apart:
        return None
    return True if min(apart) == 0 else None if min(apart) <= YEARS_NEAR else False


def _weight(band: Band, words: int, born: bool | None) -> int:
    """Return the band by which it is decided: years that differ take one from it.

    A single word is everybody's name, unless both were born in one year.
    """
    if words == 1 and born is not True:
        return Band.POSSIBLE
    return band - (born is False)


def _telling(name: str) -> int:
    words = words_of(name)
    return sum(word not in PARTICLES for word in words) or len(words)


class AlikeNames:
    """The names of some cases by their keys, and the pairs among them that are worth a look.

    Put in any order the same cases give the same pairs.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._cases: Final[dict[CaseId, tuple[Named, ...]]] = {}
        self._all: Final[dict[Where, Named]] = {}
        self._keys: Final[dict[str, set[Where]]] = {}
        self._pairs: Final[dict[Key, Alike]] = {}
        self._of: Final[dict[Where, set[Key]]] = {}

    def put(self, case: CaseId, named: Iterable[Named]) -> None:
        """Say who is in a case; what was there before is forgotten."""
        now = tuple(named)
        before = self._cases.get(case, ())
        for one in set(before) - set(now):
            self._forget(one)
        new = [one for one in now if one not in before]
        self._cases[case] = now
        for one in new:
            self._all[one.at] = one
            for key in _keys(one):
                self._keys.setdefault(key, set()).add(one.at)
        for one in new:
            for other in self._candidates(one):
                self._compare(one, other)

    def drop(self, case: CaseId) -> None:
        """Forget a case."""
        self.put(case, ())
        del self._cases[case]

    def __len__(self) -> int:
        """Return how many pairs there are."""
        return len(self._pairs)

    def __contains__(self, key: Key) -> bool:
        """Tell whether two are alike."""
        return key in self._pairs

    def pairs(self) -> list[Alike]:
        """Return the pairs, in an order that hangs on nothing but them."""
        return [self._pairs[key] for key in sorted(self._pairs)]

    def of_case(self, case: CaseId) -> list[Alike]:
        """Return the pairs of which one is in a case."""
        keys = {key for one in self._cases.get(case, ()) for key in self._of.get(one.at, ())}
        return [self._pairs[key] for key in sorted(keys)]

    def near(self, one: Named) -> list[Alike]:
        """Return who is alike to somebody who is not put here, in an order that hangs on them."""
        found = (alike(one, other) for other in self._candidates(one))
        return [both for both in found if both]

    def _candidates(self, one: Named) -> Iterator[Named]:
        """Return those of other cases who share a key of enough words with one of its names."""
        found: set[Where] = set()
        for name in one.names:
            if _telling(name) == 1:
                found.update(*(self._keys.get(key, ()) for key in _single(name, one.born)))
                continue
            shared: Counter[Where] = Counter()
            for keys in _by_word(name):
                shared.update({at for key in keys for at in self._keys.get(key, ())})
            found |= {at for at, times in shared.items() if times > 1}
        others = (self._all[at] for at in sorted(found) if at.case != one.at.case)
        return islice(others, CANDIDATES_MOST)

    def _compare(self, one: Named, other: Named) -> None:
        first, second = sorted((one, other), key=lambda one: one.at)
        found = alike(first, second)
        if found:
            key = first.at, second.at
            self._pairs[key] = found
            for at in key:
                self._of.setdefault(at, set()).add(key)

    def _forget(self, one: Named) -> None:
        del self._all[one.at]
        for key in _keys(one):
            self._keys[key].discard(one.at)
            if not self._keys[key]:
                del self._keys[key]
        for pair in self._of.pop(one.at, set()):
            del self._pairs[pair]
            for at in pair:
                if at != one.at:
                    self._of[at].discard(pair)


def _keys(one: Named) -> set[str]:
    keys = set[str]()
    for name in one.names:
        if _telling(name) == 1:
            keys |= _single(name, one.born)
        else:
            keys.update(*_by_word(name))
    return keys


@lru_cache(1 << 12)
def _keys_in(name: str) -> frozenset[str]:
    return frozenset[str]().union(*_by_word(name))


def _by_word(name: str) -> list[frozenset[str]]:
    words = words_of(name)
    telling = [word for word in words if word not in PARTICLES]
    return [keys_of_word(word) for word in telling or words]


def _single(name: str, born: frozenset[int]) -> set[str]:
    """Return the keys of a name of one word, each with a year: alone it tells nobody apart."""
    return {f"{year} {key}" for keys in _by_word(name) for key in keys for year in born}
