# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps the server's door open: who stands in it without going on makes way for who comes.

uvicorn waits for ever for the rest of a request and counts no connections, and where it can be
told to count it turns newcomers away.  Here every connection must go on: a head, a body and the
taking of an answer each have their time and pace, far below the slowest line that is meant to
work.  When all places are taken, the slowest loses its own and the newcomer always gets in.
Addresses count for nothing: behind an onion service everyone comes from the same one.
Who waits for us (a commit) is never sent away; who waits for news (a long poll) only when nobody
else can go, since it loses nothing and asks again.  The relay lets few of those wait at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from enum import Enum
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from safeconduct.edges.relay.web import shape_of

HEAD_SECONDS: Final = 30.0
LARGEST_HEAD: Final = 64 << 10
GRACE_SECONDS: Final = 30.0
PACE: Final = 1 << 10
"""Bytes a second on average after the grace; a line of 20 kbit/s has more than twice that."""
REST_SECONDS: Final = 30.0
YOUNG_SECONDS: Final = 10.0
"""Whoever began what they do later is spared if possible: time for a message of words."""
MOST_CONNECTIONS: Final = 1000
FEWEST_CONNECTIONS: Final = 16
KEPT_FILES: Final = 120
"""Files that the server opens for itself: its database for each thread, pipes to children."""
LONG_POLL: Final = "/v1/*/wait"
MOST_FILES: Final = 2 * MOST_CONNECTIONS + KEPT_FILES


class Doing(Enum):
    """What a connection is at."""

    ASKING = "asking"
    """It owes the rest of a head."""
    SENDING = "sending"
    """It owes the rest of a body."""
    WAITING = "waiting"
    """We owe the answer."""
    POLLING = "polling"
    """We owe the answer when there is news: a long poll."""
    TAKING = "taking"
    """It owes the taking of what we answered."""
    RESTING = "resting"
    """Nobody owes anything; a next request may come."""


OURS: Final = frozenset({Doing.WAITING, Doing.POLLING})
"""It is our turn."""


class Guest:
    """How far one connection is, and since when it is at it."""

    def __init__(self, now: float) -> None:
        self.doing = Doing.ASKING
        self.since = now
        self.moved = 0

    def turn(self, doing: Doing, now: float) -> None:
        """Begin something else."""
        self.doing, self.since, self.moved = doing, now, 0

    def overdue(self, now: float) -> bool:
        """Tell whether it takes longer than anyone who means it."""
        match self.doing:
            case Doing.ASKING:
                return now - self.since > HEAD_SECONDS or self.moved > LARGEST_HEAD
            case Doing.SENDING | Doing.TAKING:
                return self.behind(now) > GRACE_SECONDS
            case Doing.RESTING:
                return now - self.since > REST_SECONDS
            case Doing.WAITING | Doing.POLLING:
                return False

    def behind(self, now: float) -> float:
        """Return by how many seconds it is behind the pace; below 0 when it is ahead."""
        return now - self.since - self.moved / PACE

    def is_young(self, now: float) -> bool:
        """Tell whether it has only just begun."""
        return now - self.since < YOUNG_SECONDS

    def rate(self, now: float) -> float:
        """Return how many bytes a second have come or gone."""
        return self.moved / max(now - self.since, 1.0)


def first_to_go(guests: Collection[Guest], now: float) -> Guest | None:
    """Return who makes way for a newcomer; None when all wait for an answer that is being made.

    That is who has been behind the pace for long, the slowest first.  When nobody is: in a flood
    of newcomers that say nothing, the one that is most behind, so that whoever sends goes on; else
    the slowest of those who have been here for long, so that newcomers have time to say something.
    When nobody owes anything, it is the oldest long poll.
    """
    owing = [guest for guest in guests if guest.doing not in OURS]
    behind = [guest for guest in owing if guest.behind(now) > 0]
    stuck = [guest for guest in behind if not guest.is_young(now)]
    if not stuck and 2 * len(behind) <= len(owing):
        stuck = [guest for guest in owing if not guest.is_young(now)]
    if stuck:
        return min(stuck, key=lambda guest: guest.rate(now))
    polls = (guest for guest in guests if guest.doing is Doing.POLLING)
    return max(owing or polls, key=lambda guest: guest.behind(now), default=None)


class Doorway:
    """All connections of one server."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Let in this many at once."""
        self._most: Final = most
        self._lines: Final[dict[Guest, _Line]] = {}
        self.now: Final = clock

    def protocol(self, *args: Any, **named: Any) -> _Line:  # noqa: ANN401  (uvicorn's own)
        """Return what uvicorn makes for each connection."""
        return _Line(self, *args, **named)

    def enter(self, line: _Line) -> None:
        """Let a newcomer in; when all places are taken, the slowest makes way."""
        if len(self._lines) >= self._most:
            loser = first_to_go(self._lines, self.now())
            if loser is not None:
                self._end(self._lines[loser])
        self._lines[line.guest] = line

    def leave(self, line: _Line) -> None:
        """Forget one that is gone."""
        self._lines.pop(line.guest, None)

    def look(self) -> None:
        """End all that are overdue; asked for about once a second."""
        now = self.now()
        for line in tuple(self._lines.values()):
            line.weigh(now)
            if line.guest.overdue(now):
                self._end(line)

    def _end(self, line: _Line) -> None:
        self.leave(line)
        line.transport.abort()


class _Line(HttpToolsProtocol):
    """One connection, which says of itself how far it is."""

    def __init__(self, doorway: Doorway, *args: Any, **named: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **named)
        self._doorway: Final = doorway
        self._left = 0
        self._owed = Doing.WAITING
        self.guest: Final = Guest(doorway.now())

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401  (as in the class above)
        super().connection_made(transport)
        self._doorway.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._doorway.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.guest.doing is Doing.ASKING:
            self.guest.moved += len(data)
            if self.guest.moved > LARGEST_HEAD:
                self.transport.abort()

    def on_message_begin(self) -> None:
        self._turn(Doing.ASKING)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._turn(Doing.SENDING)
        super().on_headers_complete()
        polls = shape_of(self.scope["raw_path"].decode("latin-1")) == LONG_POLL
        # What comes before the last answer was given may stand behind a long poll.
        self._owed = Doing.POLLING if polls or self.pipeline else Doing.WAITING

    def on_body(self, body: bytes) -> None:
        self.guest.moved += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        # It may have been refused before its body was there.
        self._turn(Doing.RESTING if self.cycle.response_complete else self._owed)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.guest.doing in OURS:
            self._turn(Doing.RESTING)

    def weigh(self, now: float) -> None:
        """See how much of what we answered has not been taken yet."""
        guest, left = self.guest, self.transport.get_write_buffer_size()
        if guest.doing is Doing.TAKING:
            guest.moved += max(self._left - left, 0)
            if not left:
                done = self.cycle.response_complete
                guest.turn(Doing.RESTING if done else self._owed, now)
        elif left and guest.doing in OURS | {Doing.RESTING}:
            guest.turn(Doing.TAKING, now)
        self._left = left

    def _turn(self, doing: Doing) -> None:
        self.guest.turn(doing, self._doorway.now())


def places(files: int) -> int:
    """Return how many connections to let in where this many files may be open.

    Half of what is left, because one look into the queue can bring as many newcomers at once as
    wait there, before those who make way are gone.
    """
    return max(FEWEST_CONNECTIONS, min(MOST_CONNECTIONS, (files - KEPT_FILES) // 2))


def places_to_wait(most: int) -> int:
    """Return how many long polls may be open at once where this many connections may be."""
    return most // 2
