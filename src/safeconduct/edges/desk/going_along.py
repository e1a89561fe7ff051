# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the person at this desk says to a move that log or door tell of (spec/crew.md 9).

One steward's signature makes a move, so a desk follows none that nobody here agreed to.  What was
agreed is kept in the store by the move's own id: another move is asked about anew.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.engine import moved, told_move
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.moves_api import NoSuchMove, Onward
from safeconduct.kernel.journal import instant_of
from safeconduct.kernel.words import HASH_BYTES, DeviceId, FactId, Instant

_WRITTEN: Final = "SELECT device, hlc FROM commits WHERE id = ? LIMIT 1"


class Moves:
    """Asking about a move, over an open journal."""

    def __init__(self, journal: Journal) -> None:
        """Ask for the device of this journal."""
        self._journal: Final = journal
        self._written: tuple[FactId, DeviceId, Instant] | None = None

    def onward(self) -> Onward | None:
        """Return where log or door say that the office is, unless this desk is there."""
        journal = self._journal
        with journal.store.lock:
            found = moved.onward_of(journal)
            if found is None:
                return None
            fact, move = found
            device, at = self._by_whom(fact) or (self._by_letter(), None)
            agreed = moved.agreed_to(journal, fact)
            return Onward(fact, device, at, move.relay_url, agreed)

    def go_along(self, fact: FactId) -> None:
        """Agree to a move; durable on return.

        Raises:
            NoSuchMove: it is not the one that stands.
        """
        found = self.onward()
        if found is None or found.fact != fact:
            raise NoSuchMove
        self._journal.store.put_setting(moved.AGREED, bytes(fact))
        self._journal.changed()

    def stay(self) -> None:
        """Take that back."""
        self._journal.store.drop_settings(moved.AGREED)
        self._journal.changed()

    def _by_whom(self, fact: FactId) -> tuple[DeviceId, Instant] | None:
        """Return who wrote a move, and when; looked up once, since every page about now asks.

        None when the log does not tell of it.
        """
        if self._written is None or self._written[0] != fact:
            rows = self._journal.store.rows(_WRITTEN, (fact[:HASH_BYTES],))
            if not rows:
                return None
            ((device, hlc),) = rows
            self._written = fact, DeviceId(device), instant_of(hlc)
        return self._written[1:]

    def _by_letter(self) -> DeviceId:
        found = told_move.told(self._journal)
        assert found is not None
        return found[2]
