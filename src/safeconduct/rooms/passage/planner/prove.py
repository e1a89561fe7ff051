# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looks at a whole small operation at once, in turns that grow, and notes what is proved.

First the weighted misses alone, and then the objective of plans that miss no more than the best one
so far.  Each turn begins anew from the best plan and is twice as long as the one before, so that
all turns together take at most twice what the last one does, and who says stop is soon heard.
Between turns as much work is left for improvement by parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from safeconduct.rooms.passage.planner.aim import MISSES, Aim
from safeconduct.rooms.passage.planner.free import Free
from safeconduct.rooms.passage.planner.improve import UNITS
from safeconduct.rooms.passage.planner.neighbourhood import Effort
from safeconduct.rooms.passage.planner.prices import no_prices
from safeconduct.rooms.passage.planner.progress import Course
from safeconduct.rooms.passage.planner.seek import Seeker
from safeconduct.rooms.passage.planner.whole import Whole, variables

MOST_VARIABLES: Final = 100_000
"""A larger operation is not looked at as a whole: it takes more memory and time than it proves."""
FIRST_OF_MISSES: Final = 0.5
FIRST: Final = 2.0
LONGEST: Final = 8.0
"""Deterministic seconds of the solver in one turn."""
SHARE: Final = 2
"""Of the work of a turn as much of it is done before by parts: one half."""
BUILT_IN_A_UNIT: Final = 50
"""Variables of a model."""


@dataclass(slots=True)
class _Question:
    """What is asked of the whole, how long the next turn is, and the model for it."""

    aim: Aim
    length: float
    misses: tuple[int, int] | None = None
    model: Whole | None = None


class Prover:
    """Takes turns with improvement; `done` once there is nothing left to prove or to win."""

    def __init__(self, course: Course, aim: Aim, seed: int) -> None:
        self._course = course
        self._seed = seed
        self._misses = _Question(MISSES, FIRST_OF_MISSES)
        self._objective = _Question(aim, FIRST)
        self._small = variables(course.tables) <= MOST_VARIABLES
        self._since = 0
        self.turns = 0
        self.done = False

    def due(self, units: int) -> bool:
        """Count work done elsewhere; tell whether it is time for the next turn."""
        self._since += units
        return self._small and self._since * SHARE >= UNITS * self._next().length

    def turn(self) -> None:
        """Look at the whole once, and keep what was found and proved."""
        course, question = self._course, self._next()
        built = self._build(question)
        if not course.go(built) or question.model is None:
            return
        length = min(question.length, course.left / UNITS)
        effort = Effort(length, self._seed + self.turns)
        answer = question.model.solve(course.best, effort, lambda: course.go(0))
        if answer.trips is not None:
            course.offer(answer.trips)
        if question is self._misses:
            course.prove(misses=answer.bound)
        else:
            course.prove(objective=answer.bound)
        question.length = min(2 * question.length, LONGEST)
        self.turns += 1
        self._since = 0
        now = course.now
        best = question is self._objective and answer.bound > now.score.objective - 1
        self.done = best and now.bound >= now.score.weighted_misses
        course.go(int(UNITS * answer.time))

    def _next(self) -> _Question:
        """Return the misses until they are proved, and the objective every other time."""
        now = self._course.now
        proved = now.bound >= now.score.weighted_misses
        longer = self._misses.length > self._objective.length
        return self._objective if proved or longer else self._misses

    def _build(self, question: _Question) -> int:
        """Make the model if there is none, or more is known of the misses; return the work."""
        now, t = self._course.now, self._course.tables
        known = (now.bound, now.score.weighted_misses) if question is self._objective else None
        if question.model is not None and question.misses == known:
            return 0
        seeker = Seeker(t, question.aim, no_prices(t), Free(t))
        question.model, question.misses = Whole(seeker, known), known
        return question.model.variables // BUILT_IN_A_UNIT
