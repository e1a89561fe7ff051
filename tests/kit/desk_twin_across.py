# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several cases at a desk in memory at once: the room's own functions, folded anew each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.across_api import Pair
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms import cases
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.alike import AlikeNames, Key, named_in
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.pairs import NOTHING_SAID, fold_pairs
from safeconduct.rooms.cases.pairs_decide import Word, judge_pair
from safeconduct.rooms.cases.papers import Paper, papers_in

if TYPE_CHECKING:
    from tests.kit.desk_twin_cases import TwinCases


class TwinAcross:
    """What a twin sees across its cases."""

    def __init__(self, of: TwinCases) -> None:
        """Look at these cases."""
        self._cases = of

    def papers(self) -> Sequence[tuple[str, Paper]]:
        """Return the documents that run out."""
        every = [
            (file.name, paper)
            for file in self._cases.files(start=0, most=1_000)[0]
            for paper in papers_in(self._cases.records.record(file.id))
        ]
        return sorted(every, key=lambda one: (one[1].last, one[1].case, one[1].sheet))

    def pairs(self) -> Sequence[Pair]:
        """Return the pairs."""
        names, ids = AlikeNames(), [one.id for one in self._cases.files(start=0, most=1_000)[0]]
        who = {case: named_in(self._cases.records.record(case)) for case in ids}
        for case, named in who.items():
            names.put(case, named)
        alike = {(one.one.at, one.other.at): one for one in names.pairs()}
        told = [one._replace(vault=VaultId(case)) for case in ids for one in self._cases.told(case)]
        verdicts = fold_pairs({VaultId(case): case for case in ids}, told)
        found = []
        for key in sorted(alike.keys() | verdicts.keys()):
            both = [next((one for one in who[at.case] if one.at == at), None) for at in key]
            called = cases.case_name(key[0].case, "en"), cases.case_name(key[1].case, "en")
            verdict = verdicts.get(key, NOTHING_SAID)
            found.append(Pair(key, called, (both[0], both[1]), alike.get(key), verdict))
        return sorted(found, key=lambda one: not one.asked)

    left_to_compare = 0

    def left(self) -> int:
        """Return how many are still to be compared."""
        return self.left_to_compare

    def waiting(self) -> int:
        """Return how many wait."""
        return sum(one.asked for one in self.pairs())

    def of_case(self, case: CaseId) -> Mapping[SheetId, Sequence[Pair]]:
        """Return those of a case."""
        found: dict[SheetId, list[Pair]] = {}
        for pair in self.pairs():
            for at in pair.key:
                if at.case == case and pair.alike and pair.verdict.same is not False:
                    found.setdefault(at.sheet, []).append(pair)
        return found

    def judge(self, key: Key, word: Word) -> None:
        """Say whether two are one."""
        pair = next((one for one in self.pairs() if one.key == key), None)
        if pair is None:
            raise NoSuchPart
        halves = judge_pair(key, pair.verdict, word, self._cases.desk.rng)
        self._cases.write_all({case: {Part.IDENTITY: one} for case, one in halves.items()})
