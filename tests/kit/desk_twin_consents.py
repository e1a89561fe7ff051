# SPDX-License-Identifier: AGPL-3.0-or-later
"""Consents in the cases of a desk in memory: the room's own fold and refusals, and no keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.consent import CONSENT_BYTES, ConsentId, Consents, fold_consents
from safeconduct.rooms.cases.consent_decide import Answer, give, refuse, withdraw
from safeconduct.rooms.cases.sheets import PERSON
from tests.kit.desk_twin_records import VAULTS

if TYPE_CHECKING:
    from tests.kit.desk_twin_cases import TwinCases


class TwinConsents:
    """What people of a twin's cases allowed and did not."""

    def __init__(self, of: TwinCases) -> None:
        """Look at these cases."""
        self._cases = of
        self.parts = dict(VAULTS)
        """A test takes the contact part out, as for a desk without its key."""

    def of(self, case: CaseId) -> Consents:
        """Return them."""
        return fold_consents(case, self.parts, self._cases.told(case), "en")

    def give(self, case: CaseId, typed: Answer) -> ConsentId:
        """Write down a yes."""
        new = ConsentId(self._cases.desk.rng.bytes(CONSENT_BYTES))
        now = self._cases.desk.now()
        said = give(self.of(case), self._people(case), typed, new, now)
        self._cases.write(case, {Part.CONTACT: said})
        return new

    def refuse(self, case: CaseId, typed: Answer) -> None:
        """Write down a no."""
        said = refuse(self.of(case), self._people(case), typed, self._cases.desk.now())
        self._cases.write(case, {Part.CONTACT: said})

    def withdraw(self, case: CaseId, consent: bytes, reason: str) -> None:
        """Write down that one was taken back."""
        self._cases.write(case, {Part.CONTACT: withdraw(self.of(case), consent, reason)})

    def _people(self, case: CaseId) -> list[SheetId]:
        return [one.id for one in self._cases.records.record(case).of_kind(PERSON)]
