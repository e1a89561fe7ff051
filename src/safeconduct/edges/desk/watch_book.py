# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of check-ins in an open journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.left_behind import takes_messages
from safeconduct.edges.desk.store_facts import COUNTS
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.ports import Rng
from safeconduct.kernel.words import (
    COUNTER_BITS,
    DAY,
    CommitId,
    DeviceId,
    FactId,
    Instant,
    fact_id,
)
from safeconduct.rooms.crew import Roster
from safeconduct.rooms.passage.watch.check_in_facts import (
    VERSION,
    CheckInFact,
    kind_of,
    parse_fact,
    write_fact,
)
from safeconduct.rooms.passage.watch.check_in_timers import secret_of
from safeconduct.rooms.passage.watch.check_ins import PLACE, Told, fold_check_ins

OLDEST: Final = 60 * DAY
_FACTS: Final = (
    "SELECT c.id, e.slot, c.device, c.hlc, e.kind, e.version, e.body FROM entries e "  # noqa: S608
    f'JOIN commits c ON c.no = e."commit" WHERE e.conversation = ? AND c.state = {COUNTS} '
    "AND e.kind >= 'watch.' AND e.kind < 'watch/' AND c.hlc >= ?"
)


class JournalWatch:
    """Implements `watch.Book` over a journal."""

    def __init__(self, journal: Journal) -> None:
        """Read and write here."""
        self._journal: Final = journal

    @property
    def device(self) -> DeviceId:
        """The device of this desk."""
        return self._journal.device

    @property
    def roster(self) -> Roster:
        """Who belongs to the office."""
        return self._journal.roster

    def now(self) -> Instant:
        """Return the time."""
        return self._journal.clock.now()

    def writes(self) -> bool:
        """Tell whether this desk holds the hotline's key and belongs to the office."""
        journal = self._journal
        return takes_messages(journal) and journal.device in journal.roster.present()

    def told(self) -> Sequence[Told]:
        """Return the facts that count."""
        oldest = max(0, self.now() - OLDEST) << COUNTER_BITS
        found = self._told_since(oldest)
        recent = {one.event.check_in for one in found}
        if recent == {one.id for one in fold_check_ins(found)}:
            return found
        # One that was set long ago, and is in use still.
        return [one for one in self._told_since(0) if one.event.check_in in recent]

    def _told_since(self, hlc: int) -> list[Told]:
        rows = self._journal.store.rows(_FACTS, (PLACE, hlc))
        return [told for row in rows if (told := _tell(row)) is not None]

    def write(self, fact: CheckInFact) -> FactId:
        """Append a fact; durable on return."""
        journal = self._journal
        entry = Fact(journal.hotline_vault, kind_of(fact), VERSION, write_fact(fact))
        return fact_id(journal.write([entry]), 0)

    @property
    def rng(self) -> Rng:
        """Chance."""
        return self._journal.rng

    def secrets(self) -> Sequence[bytes]:
        """Return what timers come from, the newest first; nothing where this desk lacks the key."""
        journal = self._journal
        with journal.store.lock:
            newest = journal.keys.newest().get(journal.hotline_vault)
            held = journal.keychain.held().items()
        if newest is None:
            return ()
        others = [key for at, key in held if at.vault == journal.hotline_vault and key != newest[1]]
        return [secret_of(key, journal.office) for key in (newest[1], *others)]


def _tell(row: Sequence[Any]) -> Told | None:
    commit, slot, device, hlc, kind, version, body = row
    try:
        event = parse_fact(kind, version, body)
    except SafeconductError:
        return None  # It lies in quarantine.
    if event is None:
        return None
    return Told(fact_id(CommitId(commit), slot), DeviceId(device), hlc, event)
