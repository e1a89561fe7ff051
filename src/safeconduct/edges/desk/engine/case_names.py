# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which of many cases are called something: their code names, found by beginnings of words.

Made of cases that are held alone, so that no name of another is found or weighed (spec/crew.md 13).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from heapq import nsmallest
from itertools import islice, takewhile
from typing import Final

from safeconduct.edges.desk.search import normalise
from safeconduct.kernel.words import CaseId


class CaseNames:
    """Names of cases, in the order in which these come."""

    def __init__(self, named: Iterable[tuple[CaseId, str]]) -> None:
        """Take cases with their names, the newest first."""
        self._cases: Final[list[CaseId]] = []
        words: list[tuple[str, int]] = []
        for at, (case, name) in enumerate(named):
            self._cases.append(case)
            words += ((word, at) for word in normalise(name).split())
        self._words: Final = sorted(words)

    def begin(self, terms: Collection[str], most: int) -> Sequence[CaseId]:
        """Return the first cases whose name has words that begin like all terms."""
        if not terms:
            return ()
        at = frozenset.intersection(*(self._places(term) for term in terms))
        return tuple(self._cases[place] for place in nsmallest(most, at))

    def _places(self, term: str) -> frozenset[int]:
        first = bisect_left(self._words, (term, -1))
        alike = takewhile(lambda one: one[0].startswith(term), islice(self._words, first, None))
        return frozenset(at for _, at in alike)
