# SPDX-License-Identifier: AGPL-3.0-or-later
"""Consents of the people of cases at this desk, folded from the contact parts that it holds.

Fails closed: a case whose contact part cannot be read here is answered as one that allows nothing.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.cases import Cases
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.records import Records
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.consent import CONSENT_BYTES, ConsentId, Consents, fold_consents
from safeconduct.rooms.cases.consent_decide import Answer, give, refuse, withdraw
from safeconduct.rooms.cases.consent_facts import ConsentGiven, ConsentRefused, ConsentWithdrawn
from safeconduct.rooms.cases.sheets import PERSON


class ConsentBook:
    """What people allowed and did not, over an open journal."""

    def __init__(self, journal: Journal, of: Cases, records: Records) -> None:
        """Act for the device of this journal; whose consent it is, these records say."""
        self._journal: Final = journal
        self._cases: Final = of
        self._records: Final = records

    def of(self, case: CaseId) -> Consents:
        """Return what the people of a case allowed; not `readable` where that is not known here."""
        held = self._cases.held
        with self._journal.store.lock:
            opened = held.find(case)
            if opened is None:
                return Consents(case)
            parts = held.by_vault(opened)
            told = held.told(opened, ConsentGiven, ConsentRefused, ConsentWithdrawn)
            return fold_consents(case, parts, told, self._journal.lists.language)

    def give(self, case: CaseId, typed: Answer) -> ConsentId:
        """Write down a yes; durable on return."""
        journal = self._journal
        with journal.store.lock:
            new = ConsentId(journal.rng.bytes(CONSENT_BYTES))
            said = give(self.of(case), self._people(case), typed, new, journal.clock.now())
            self._cases.write(case, {Part.CONTACT: said})
            return new

    def refuse(self, case: CaseId, typed: Answer) -> None:
        """Write down a no; durable on return."""
        journal = self._journal
        with journal.store.lock:
            said = refuse(self.of(case), self._people(case), typed, journal.clock.now())
            self._cases.write(case, {Part.CONTACT: said})

    def withdraw(self, case: CaseId, consent: bytes, reason: str) -> None:
        """Write down that one was taken back; durable on return."""
        with self._journal.store.lock:
            self._cases.write(case, {Part.CONTACT: withdraw(self.of(case), consent, reason)})

    def _people(self, case: CaseId) -> list[SheetId]:
        return [one.id for one in self._records.record(case).of_kind(PERSON)]
