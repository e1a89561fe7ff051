# SPDX-License-Identifier: AGPL-3.0-or-later
"""Own files in the cases of a desk in memory: the room's own fold, lines and refusals, no keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.handoffs import need_own_wish
from safeconduct.edges.desk.own_files import kept_of, own_content, packed
from safeconduct.edges.desk.own_files_api import OwnFileWaits
from safeconduct.kernel.seal.age import seal_with_words
from safeconduct.kernel.words import CaseId, DeviceId, FactId
from safeconduct.rooms.cases import CaseFile, Part, SheetId
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.own_file import (
    OWN_FILE_PART,
    Choosing,
    OwnFile,
    OwnStage,
    ask_own_file,
    fold_own_files,
    need_signed,
    second_own_file,
    take_back_own_file,
)
from safeconduct.rooms.cases.own_file_facts import OwnFileMade
from safeconduct.rooms.cases.own_file_lines import Line, lines_of
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.decide import stewards
from safeconduct.rooms.crew.exports import are_apart
from tests.kit.desk_twin_records import VAULTS

if TYPE_CHECKING:
    from tests.kit.desk_twin_cases import TwinCases

MANY = 1_000
CHEAP = 10


class TwinOwnFiles:
    """The own files of a twin's cases."""

    def __init__(self, of: TwinCases) -> None:
        """Look at these cases."""
        self._cases = of

    def of(self, case: CaseId) -> Sequence[OwnFile]:
        """Return those of a case."""
        return fold_own_files(case, VAULTS, self._cases.told(case), apart=self._apart)

    def lines(self, case: CaseId, person: SheetId) -> Sequence[Line]:
        """Return what is kept."""
        return lines_of(kept_of(self._cases, self._file(case)), person)

    def may_second(self, asked: OwnFile) -> bool:
        """Tell whether it waits for the steward here."""
        desk = self._cases.desk
        steward = Role.STEWARD in desk.roster().roles(desk.device)
        waits = asked.stage(desk.now()) is OwnStage.WAITS
        return waits and steward and self._apart(desk.device, asked.by)

    def waiting(self) -> Sequence[OwnFileWaits]:
        """Return what does."""
        files, _ = self._cases.files(start=0, most=MANY)
        every = ((file, one) for file in files for one in self.of(file.id))
        return [OwnFileWaits(at.id, at.name, one) for at, one in every if self.may_second(one)]

    def ask(self, case: CaseId, chosen: Choosing) -> FactId:
        """Ask."""
        desk, record = self._cases.desk, self._cases.records.record(case)
        signers = any(self._apart(one, desk.device) for one in stewards(desk.roster()))
        fact = ask_own_file(record, tuple(Part), chosen, signers=signers)
        need_own_wish(self._cases.consents, case, SheetId(chosen.person), desk.now())
        self._cases.write(case, {OWN_FILE_PART: fact})
        return self.of(case)[0].fact

    def second(self, case: CaseId, asked: FactId) -> None:
        """Sign."""
        own, now = self._cases.desk.device, self._cases.desk.now()
        said = second_own_file(case, self._find(case, asked), own, now, apart=self._apart)
        self._cases.write(case, {OWN_FILE_PART: said})

    def take_back(self, case: CaseId, asked: FactId) -> None:
        """Take back."""
        own, now = self._cases.desk.device, self._cases.desk.now()
        said = take_back_own_file(case, self._find(case, asked), own, now)
        self._cases.write(case, {OWN_FILE_PART: said})

    def make(self, case: CaseId, asked: FactId, words: str) -> bytes:
        """Make."""
        desk = self._cases.desk
        found = need_signed(self._find(case, asked), desk.device, desk.now())
        need_own_wish(self._cases.consents, case, found.person, desk.now())
        kept = kept_of(self._cases, self._file(case))
        talks = [talk for one in found.talks if (talk := desk.conversation(one))]
        plain = packed(own_content(found, kept, talks, desk.roster(), desk.now()))
        made = OwnFileMade(case, found.fact, int(bool(words)))
        self._cases.write(case, {OWN_FILE_PART: made})
        return seal_with_words(words, plain, desk.rng, log_n=CHEAP) if words else plain

    def _find(self, case: CaseId, asked: FactId) -> OwnFile | None:
        return next((one for one in self.of(case) if one.fact == asked), None)

    def _file(self, case: CaseId) -> CaseFile:
        file = self._cases.case(case)
        if file is None:
            raise NoSuchPart
        return file

    def _apart(self, one: DeviceId, other: DeviceId) -> bool:
        return are_apart(self._cases.desk.roster(), one, other)
