# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which backups of the whole office its stewards noted (spec/backup.md 4).

Read from the facts.  That a file still lies where somebody put it, no fact says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from safeconduct.edges.desk.backups_api import LastBackup, Noted
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.judge import At
from safeconduct.edges.desk.engine.told import first_written, signed
from safeconduct.kernel.journal import instant_of
from safeconduct.kernel.words import DAY, CommitId, DeviceId, Instant
from safeconduct.rooms.crew import Role, Told
from safeconduct.rooms.crew.backup_facts import DAYS, BackedUp
from safeconduct.rooms.crew.claims import parse_claim

KIND: Final = "crew.BackedUp"
# The index of what belongs to no conversation finds these few among everything.
_NOTED: Final = (
    "SELECT c.hlc, c.id, c.device, e.body, e.version, c.sequence, e.slot, e.vault FROM entries e "
    'JOIN commits c ON c.no = e."commit" '
    "WHERE e.conversation IS NULL AND e.kind = ? AND c.state = 0 ORDER BY e.no DESC"
)


class Backups:
    """Looks at an open journal; writes nothing."""

    def __init__(self, journal: Journal) -> None:
        """Look at this journal."""
        self._journal: Final = journal
        self._began = Instant(0)

    def last(self) -> LastBackup | None:
        """Return the newest backup; None where this device could not make one."""
        journal = self._journal
        if Role.STEWARD not in journal.roster.roles(journal.device):
            return None
        newest = next(self.noted(), None)
        since = newest.at if newest else self._first()
        days = max(0, journal.clock.now() - since) // DAY
        return LastBackup(newest, days, days >= (newest.days if newest else DAYS))

    def _first(self) -> Instant:
        """Return when the office began, looked up once: all commits are read for it."""
        self._began = self._began or first_written(self._journal)
        return self._began

    def find(self, digest: bytes) -> Noted | None:
        """Return what was noted of one backup; None when nobody did."""
        return next((one for one in self.noted() if one.digest == digest), None)

    def noted(self) -> Iterator[Noted]:
        """Yield what stewards' devices noted and signed, the newest first."""
        journal = self._journal
        for hlc, commit, device, body, version, sequence, slot, vault in journal.store.rows(
            _NOTED, (KIND,)
        ):
            where = At(CommitId(commit), DeviceId(device), sequence)
            told = Told(CommitId(commit), DeviceId(device), KIND, body, version, sequence, slot)
            claim = parse_claim(told)
            if claim is None or not isinstance(claim.fact, BackedUp) or not claim.signer:
                continue
            if not journal.judge.refusal(where, slot, KIND, vault) and signed(journal, claim):
                fact = claim.fact
                yield Noted(fact.digest, claim.signer, instant_of(hlc), fact.days)
