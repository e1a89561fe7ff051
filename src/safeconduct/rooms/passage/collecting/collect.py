# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is collected by whom, where and when: the best round of an evening (adr/0084).

First everybody is collected, if that can be; else as few as can be are left, by size and risk.
Then people wait as little outside, ride as little and are driven as little as the prices say.
There is always an answer: at worst a round in which everybody is left.  One evening, seed and
amount of work give one round.
"""

from __future__ import annotations

from typing import NamedTuple

from safeconduct.kernel.errors import Defect
from safeconduct.rooms.passage.collecting.evening import Evening, Round, count
from safeconduct.rooms.passage.collecting.model import Answer, Model
from safeconduct.rooms.passage.collecting.round_rules import Worth, broken_rules, worth
from safeconduct.rooms.passage.collecting.windows import Windows


class Found(NamedTuple):
    """A round and its worth; what no round leaves less than, and then costs less than."""

    round: Round
    worth: Worth
    left_bound: int
    cost_bound: int

    @property
    def proved(self) -> bool:
        """Whether no round is better."""
        return (self.left_bound, self.cost_bound) >= (self.worth.left_by_risk, self.worth.cost)


def collect(evening: Evening, *, work: int, seed: int = 0) -> Found:
    """Return the best round that so much work finds; `work` is in the solver's own seconds."""
    parties = range(count(evening.parties))
    if len(Windows(evening).spots) == len(parties):
        answer = Model(evening, parties).cheapest(time=work, seed=seed)
        if answer.round is not None:
            return _found(evening, answer, 0)
    model = Model(evening, (), parties)
    fewest = model.least_left(time=work, seed=seed)
    if fewest.round is None:
        return _found(evening, Answer((), 0, impossible=False, time=0), 0)
    answer = model.cheapest(time=work, seed=seed)
    if answer.round is None:
        answer = fewest._replace(bound=0)
    return _found(evening, answer, fewest.bound)


def can_be(evening: Evening, needed: frozenset[int], *, work: float) -> bool:
    """Tell whether a round was found in which all of these parties are collected."""
    if not needed <= Windows(evening).spots.keys():
        return False
    return Model(evening, needed).any(time=work).round is not None


def _found(evening: Evening, answer: Answer, left_bound: int) -> Found:
    """Return an answer that was looked through once more, whatever made it."""
    found = answer.round or ()
    if broken_rules(evening, found):
        raise Defect
    return Found(found, worth(evening, found), left_bound, answer.bound)
