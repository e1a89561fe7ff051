# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose telephone rings, and whom they get who answer (spec/phone.md 4).

A ringing telephone is not tied to one call: it rings as long as somebody waits whom its operator
may take, and who answers gets the first of these in line.  So the first answer wins, the others
stop where nobody is left to be answered, and whoever becomes free is rung at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from safeconduct.edges.lines.phone.duty import Operator
from safeconduct.edges.lines.phone.queue import Queue, Waiting
from safeconduct.edges.lines.phone.times import ALL_AFTER, BACKUP_AFTER, REST, RING_MOST


@dataclass(frozen=True, slots=True)
class Steps:
    """What to do to telephones now."""

    ring: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()


@dataclass(slots=True)
class _Post:
    ringing: float | None = None
    talks: bool = False
    rests: float = field(default=float("-inf"))


class Ringing:
    """The telephones of those who answer."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._operators: dict[str, Operator] = {}
        self._posts: dict[str, _Post] = {}

    def duty(self, operators: Iterable[Operator]) -> None:
        """Take over the list of who is on duty; talks and ringing go on."""
        self._operators = {one.name: one for one in operators}
        for name in self._operators:
            self._posts.setdefault(name, _Post())

    def endpoint(self, name: str) -> str:
        """Return what Asterisk rings for an operator; empty for one who is no more on the list."""
        operator = self._operators.get(name)
        return operator.endpoint if operator is not None else ""

    def first_for(self, name: str, now: float) -> Waiting | None:
        """Return whom an operator would get who answered now."""
        return self._mine(name, now)

    def idle(self, name: str) -> str:
        """Return whose telephone may be rung for a call back: this one, or whoever is free."""
        free = [
            one.name
            for one in self._operators.values()
            if not self._posts[one.name].talks and (one.name == name or (not name and one.on_duty))
        ]
        return free[0] if free else ""

    def anybody(self) -> bool:
        """Tell whether anybody is on duty at all."""
        return any(one.on_duty for one in self._operators.values())

    def step(self, now: float) -> Steps:
        """Return whom to ring and whom to ring no longer, and take it as done."""
        ring, stop = [], []
        for name, post in self._posts.items():
            wanted = self._wanted(name, post, now)
            if wanted and post.ringing is None:
                post.ringing = now
                ring.append(name)
            elif not wanted and post.ringing is not None:
                post.ringing = None
                stop.append(name)
        return Steps(tuple(ring), tuple(stop))

    def answered(self, name: str, now: float) -> Waiting | None:
        """Give who answered the first in line whom they may take, out of the line; None: nobody."""
        post = self._posts.setdefault(name, _Post())
        if post.ringing is None:
            return None
        post.ringing = None
        mine = self._mine(name, now)
        if mine is None:
            return None
        post.talks = True
        return self._queue.leave(mine.call)

    def unanswered(self, name: str, now: float) -> None:
        """Note that a telephone is engaged, cannot be reached, or was not taken: it rests."""
        post = self._posts.setdefault(name, _Post())
        if post.ringing is not None:
            post.ringing = None
            post.rests = now + REST

    def talks(self, name: str) -> None:
        """Note that an operator is in a talk: one that was found, after a start."""
        self._posts.setdefault(name, _Post()).talks = True

    def free(self, name: str) -> None:
        """Note that an operator's talk is over."""
        self._posts.setdefault(name, _Post()).talks = False

    def due(self, now: float) -> float | None:
        """Return when `step` may say something else though nothing happens; None: never."""
        times = [w.since + after for w in self._queue.in_order() for after in _STEPS]
        for post in self._posts.values():
            times.append(post.rests)
            if post.ringing is not None:
                times.append(post.ringing + RING_MOST)
        return min((time for time in times if time > now), default=None)

    def _wanted(self, name: str, post: _Post, now: float) -> bool:
        if post.talks or post.rests > now or name not in self._operators:
            return False
        if post.ringing is not None and now - post.ringing >= RING_MOST:
            post.rests = now + REST
            return False
        return self._mine(name, now) is not None

    def _mine(self, name: str, now: float) -> Waiting | None:
        operator = self._operators.get(name)
        if operator is None or not operator.on_duty:
            return None
        return next((w for w in self._queue.in_order() if self._may_take(operator, w, now)), None)

    def _may_take(self, operator: Operator, waiting: Waiting, now: float) -> bool:
        waited = now - waiting.since
        first = [one for one in self._operators.values() if one.on_duty and one.team == "first"]
        if operator.team == "backup":
            return not first or waited >= BACKUP_AFTER
        if waiting.language in operator.languages or waited >= ALL_AFTER:
            return True
        return not any(waiting.language in one.languages for one in first)


_STEPS = (ALL_AFTER, BACKUP_AFTER)
