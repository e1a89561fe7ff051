# SPDX-License-Identifier: AGPL-3.0-or-later
"""People who go abroad at a desk in memory, and letters: the room's folds and refusals, no keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.letters import allowed, drafted, lines_for
from safeconduct.edges.desk.letters_api import DraftedLetter
from safeconduct.edges.desk.relocations import missing, need_relocation
from safeconduct.edges.desk.relocations_api import HeldRelocation, in_order
from safeconduct.kernel.seal.age import seal_with_words
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.checklist import Proposed, begin
from safeconduct.rooms.cases.consent import Consent
from safeconduct.rooms.cases.letters import LetterChanged, TypedLetter, made_of
from safeconduct.rooms.cases.letters_made import LETTER_PART, Letter, fold_letters
from safeconduct.rooms.cases.own_file_lines import Line
from safeconduct.rooms.cases.relocation import Abroad, fold_abroad
from tests.kit.desk_twin_records import VAULTS

if TYPE_CHECKING:
    from tests.kit.desk_twin_cases import TwinCases

MANY = 1_000
CHEAP = 10


class TwinRelocations:
    """The relocations of a twin's cases."""

    def __init__(self, of: TwinCases) -> None:
        """Look at these cases."""
        self._cases = of

    def all(self) -> Sequence[HeldRelocation]:
        """Return those of all cases."""
        files, _ = self._cases.files(start=0, most=MANY)
        return in_order(
            HeldRelocation(file.id, file.name, one)
            for file in files
            for one in self.of(file.id).relocations
        )

    def of(self, case: CaseId) -> Abroad:
        """Return those of one."""
        return fold_abroad(self._cases.records.record(case), tuple(Part))

    def proposed(
        self, case: CaseId, relocation: SheetId, lines: Iterable[str]
    ) -> Sequence[Proposed]:
        """Return what was never on the list."""
        record = self._cases.records.record(case)
        return missing(record, need_relocation(record, relocation), lines)

    def begin(self, case: CaseId, relocation: SheetId, lines: Iterable[str]) -> None:
        """Put it on the list."""
        record = self._cases.records.record(case)
        sheet = need_relocation(record, relocation)
        facts = begin(record, tuple(Part), sheet, missing(record, sheet, lines))
        self._cases.write_each([(case, Part.JOURNEY, one) for one in facts])


class TwinLetters:
    """The letters of a twin's cases."""

    def __init__(self, of: TwinCases) -> None:
        """Look at these cases."""
        self._cases = of

    def of(self, case: CaseId) -> Sequence[Letter]:
        """Return them."""
        return fold_letters(case, VAULTS, self._cases.told(case))[::-1]

    def allowed(self, case: CaseId) -> Sequence[Consent]:
        """Return the consents that hold."""
        return allowed(self._cases, case, self._cases.desk.now())

    def lines(self, case: CaseId, person: SheetId) -> Sequence[Line]:
        """Return what may stand in one."""
        return lines_for(self._cases, case, person)

    def draft(self, case: CaseId, consent: bytes, typed: TypedLetter) -> DraftedLetter:
        """Return what one would say."""
        return drafted(self._cases, case, consent, typed, self._cases.desk.now())

    def make(
        self, case: CaseId, consent: bytes, typed: TypedLetter, seen: bytes, words: str
    ) -> bytes:
        """Make one."""
        one = self.draft(case, consent, typed)
        if one.digest != seen:
            raise LetterChanged
        said = made_of(case, one.consent, one.draft, one.digest, sealed=bool(words))
        self._cases.write(case, {LETTER_PART: said})
        if not words:
            return one.page
        return seal_with_words(words, one.page, self._cases.desk.rng, log_n=CHEAP)
