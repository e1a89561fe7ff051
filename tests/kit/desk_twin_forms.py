# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a twin's forms and cases lie: the desk's own forms and submissions over no journal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from safeconduct.kernel.words import CaseId, FactId, Instant, VaultId
from safeconduct.rooms import cases
from safeconduct.rooms.cases import Part, SheetId, SheetWritten, Told
from safeconduct.rooms.cases.form_facts import FormFact
from safeconduct.rooms.cases.office_forms import FormTold, is_form
from safeconduct.rooms.crew import Role
from tests.kit.desk_twin_records import VAULTS

if TYPE_CHECKING:
    from tests.kit.desk_twin_cases import TwinCases

MANY = 1_000


class TwinShelf:
    """Forms of a twin."""

    def __init__(self, of: TwinCases) -> None:
        """Begin with none."""
        self._cases = of
        self._told: list[FormTold] = []

    def forms(self) -> Sequence[FormTold]:
        """Return the facts."""
        return tuple(self._told)

    def keep(self, fact: FormFact) -> None:
        """Keep one, each a moment after the one before."""
        desk = self._cases.desk
        at = Instant(desk.now() + len(self._told))
        self._told.append(FormTold(FactId(desk.rng.bytes(36)), desk.device, at, fact))

    def steward(self) -> bool:
        """Tell whether somebody here is a steward."""
        return Role.STEWARD in self._cases.desk.roster().roles(self._cases.desk.device)

    def of_case(self, case: CaseId) -> tuple[Mapping[VaultId, Part], Sequence[Told]]:
        """Return every part of a case that is open here."""
        if self._cases.case(case) is None:
            return {}, ()
        return VAULTS, [one for one in self._cases.told(case) if _of_sheet(one)]

    def write(self, case: CaseId, facts: Mapping[Part, SheetWritten]) -> None:
        """Write into parts."""
        self._cases.write(case, facts)

    def language(self) -> str:
        """Return the office's language."""
        return "en"

    def fresh(self, length: int) -> bytes:
        """Return bytes drawn by chance."""
        return self._cases.desk.rng.bytes(length)


class TwinPlaces:
    """Cases of a twin, as far as submissions ask."""

    def __init__(self, of: TwinCases) -> None:
        """Look at these cases."""
        self._cases = of

    def may_write(self) -> bool:
        """Tell whether somebody here may write."""
        return self._cases.may_write()

    def begin(self) -> CaseId:
        """Open one."""
        return self._cases.open(self._cases.proposed())

    def named(self, typed: str) -> Sequence[CaseId]:
        """Return those of a name."""
        wanted = cases.plain_name(typed)
        files, _ = self._cases.files(start=0, most=MANY)
        return [one.id for one in files if cases.plain_name(one.name) == wanted]

    def name(self, case: CaseId) -> str:
        """Return what one is called."""
        return cases.case_name(case, "en")

    def having(self, sheets: Collection[SheetId]) -> CaseId | None:
        """Return one that has one of these sheets."""
        found = (
            file.id
            for file in self._cases.files(start=0, most=MANY)[0]
            for one in self._cases.told(file.id)
            if isinstance(one.event, SheetWritten)
            and is_form(one.event.kind)
            and SheetId(one.event.sheet) in sheets
        )
        return next(found, None)


def _of_sheet(one: Told) -> bool:
    return isinstance(one.event, SheetWritten)
