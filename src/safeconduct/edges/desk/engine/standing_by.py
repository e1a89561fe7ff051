# SPDX-License-Identifier: AGPL-3.0-or-later
"""In a surge, who records what people write: not every desk the same messages at once.

Desks that read as fast as each other write down each message once each, and then read what all the
others wrote.  A desk that did so for several messages, with a colleague of a lower id, stands by:
it reads what came some seconds ago, when that colleague's records of it are there, for as long as
these keep coming, and at once when they do not.
Nothing here decides whether a message is recorded: what no record tells of, this desk records as
ever.  Which item it is, or what the relay says of it, has no part in this, and outside of a surge
nobody stands by.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Final

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.log.checkpoint import Checkpoint
from safeconduct.rooms import hotline
from safeconduct.rooms.hotline.events import MessageReceived

TWICE_FROM: Final = 8
"""So many messages that both wrote down make a surge."""
PATIENCE: Final = 2.0
LONGEST: Final = 5.0
OWN_MOST: Final = 4_096
LOOK_AGAIN: Final = 0.5
"""How often a desk that stands by asks whether something is due."""
_LAST: Final = (
    "SELECT max(no) FROM entries INDEXED BY entries_received "
    "WHERE kind = 'hotline.MessageReceived' AND conversation IS NOT NULL"
)
_NEW: Final = (
    'SELECT e.no, c.device, e.body FROM entries e JOIN commits c ON c.no = e."commit" '
    "WHERE e.no > ? AND e.kind = 'hotline.MessageReceived' AND e.conversation IS NOT NULL "
    "ORDER BY e.no"
)


class StandingBy:
    """Whether this desk stands by, and what it reads meanwhile."""

    def __init__(self, journal: Journal, seconds: Callable[[], float] = time.monotonic) -> None:
        """Begin as a desk that reads at once; times are seconds of a clock that only goes on."""
        self._journal: Final = journal
        self._seconds: Final = seconds
        self._last: int = journal.store.value(_LAST) or 0
        self._own: Final[deque[bytes]] = deque(maxlen=OWN_MOST)
        self._twice = 0
        self._heard = seconds()
        self._noted: Final[deque[tuple[float, Checkpoint]]] = deque()
        self._size = 0

    @property
    def stands_by(self) -> bool:
        """Whether a colleague records what comes, as far as this desk saw."""
        return self._twice >= TWICE_FROM

    @property
    def waits(self) -> bool:
        """Whether something came that this desk did not read yet."""
        return bool(self._noted)

    def due(self, newest: Checkpoint) -> Checkpoint | None:
        """Return up to where to read the intake now; None while nothing is due.

        Where the colleague falls silent, everything is due, and this desk reads at once again.
        """
        self._look()
        now = self._seconds()
        if self._noted and now - max(self._noted[0][0], self._heard) > PATIENCE:
            self._twice = 0
        if not self.stands_by:
            self._noted.clear()
            self._size = newest.size
            return newest
        if newest.size > self._size:
            self._noted.append((now, newest))
            self._size = newest.size
        due = None if self._noted else newest
        while self._noted and now - self._noted[0][0] > LONGEST:
            due = self._noted.popleft()[1]
        return due

    def _look(self) -> None:
        """Read who recorded what since the last look."""
        journal = self._journal
        for no, device, body in journal.store.rows(_NEW, (self._last,)):
            self._last = no
            if device == journal.device:
                self._own.append(_message(body))
            elif device < journal.device:
                self._heard = self._seconds()
                self._twice += _message(body) in self._own


def _message(body: bytes) -> bytes:
    try:
        event = hotline.parse_fact("hotline.MessageReceived", 1, body)
    except SafeconductError:
        return b""
    return event.message if isinstance(event, MessageReceived) else b""
