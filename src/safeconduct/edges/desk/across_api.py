# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about several cases at once: papers that run out, and who is alike.

What is told of a pair of cases is told where both identity parts are held, and nowhere else.  The
engine behind it is `across.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from safeconduct.kernel.words import CaseId
    from safeconduct.rooms.cases.alike import Alike, Key, Named
    from safeconduct.rooms.cases.pairs import Verdict
    from safeconduct.rooms.cases.pairs_decide import Word
    from safeconduct.rooms.cases.papers import Paper
    from safeconduct.rooms.cases.record import SheetId


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sheets of two cases, what makes them alike, and what was said of it.

    `alike` is None of a pair of which something was said and whose names are so no more.
    """

    key: Key
    names: tuple[str, str]
    """What the two cases are called."""
    who: tuple[Named | None, Named | None]
    alike: Alike | None
    verdict: Verdict

    @property
    def asked(self) -> bool:
        """Whether it waits for somebody's word: nobody said anything, or two something else."""
        return self.verdict.same is None and self.alike is not None

    def other(self, case: CaseId) -> int:
        """Return which of the two is not of this case."""
        return int(self.key[0].case == case)


class AcrossApi(Protocol):
    """Several cases at once, as pages see them."""

    def papers(self) -> Sequence[tuple[str, Paper]]:
        """Return the documents that run out, soonest first, each with its case's name."""
        ...

    def pairs(self) -> Sequence[Pair]:
        """Return the pairs of which both identity parts are held here, those that wait first."""
        ...

    def left(self) -> int:
        """Return in how many cases names are still to be compared, some time after unlocking."""
        ...

    def waiting(self) -> int:
        """Return how many of them wait for somebody's word."""
        ...

    def of_case(self, case: CaseId) -> Mapping[SheetId, Sequence[Pair]]:
        """Return the pairs of which one is in a case, by its sheet; nothing that was refuted."""
        ...

    def judge(self, key: Key, word: Word) -> None:
        """Say whether two sheets are of one person, in both cases; durable on return.

        Raises:
            Refused: NoSuchPart, MayNotWrite, NoReasonToJudge, NothingNew; nothing was kept.
        """
        ...
