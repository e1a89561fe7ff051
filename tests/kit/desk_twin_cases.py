# SPDX-License-Identifier: AGPL-3.0-or-later
"""Case files at a desk in memory: the room's own words, decisions and refusals, and no keys.

Whatever is opened here can be read here; who reads which part on real desks is tried on real ones.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from safeconduct.edges.desk.audit_api import PART_READ, CanSee, Reported
from safeconduct.edges.desk.cases_api import Chosen, Shown
from safeconduct.edges.desk.office_forms import OfficeForms
from safeconduct.edges.desk.submissions import SubmissionDesk
from safeconduct.edges.desk.table_import import TableImport
from safeconduct.kernel.words import (
    DAY,
    CaseId,
    CommitId,
    DeviceId,
    FactId,
    Instant,
    VaultId,
    fact_id,
)
from safeconduct.rooms import cases
from safeconduct.rooms.cases import Answered, CaseFile, Note, OpenPart, Part, Request, Told
from safeconduct.rooms.cases.decide import AskedNoMore, MayNotWrite, NoSuchPart
from safeconduct.rooms.cases.events import PartFact
from safeconduct.rooms.crew.cases import NobodyChosen, check_opening
from safeconduct.rooms.crew.decide import CASE_OPENERS, CASE_WRITERS, proposed
from safeconduct.rooms.crew.holders import holders
from tests.kit.desk_twin_abroad import TwinLetters, TwinRelocations
from tests.kit.desk_twin_across import TwinAcross
from tests.kit.desk_twin_consents import TwinConsents
from tests.kit.desk_twin_erasures import TwinErasures
from tests.kit.desk_twin_forms import TwinPlaces, TwinShelf
from tests.kit.desk_twin_money import TwinMoney
from tests.kit.desk_twin_own_files import TwinOwnFiles
from tests.kit.desk_twin_plan import TwinLinks, TwinPlans
from tests.kit.desk_twin_records import VAULTS, TwinRecords
from tests.kit.desk_twin_referrals import TwinReferrals
from tests.kit.desk_twin_reminders import TwinReminders
from tests.kit.desk_twin_risks import TwinRisks
from tests.kit.desk_twin_stages import TwinStages
from tests.kit.desk_twin_tables import TwinTableBook

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk


NO_TEAMS: Mapping[Part, Collection[VaultId]] = {}


class TwinCases:
    """The case files of a twin, and what was asked for."""

    def __init__(self, desk: TwinDesk) -> None:
        """Begin with none."""
        self.desk = desk
        self.records = TwinRecords(self)
        self.stages = TwinStages(self)
        self.risks = TwinRisks(self)
        self.consents = TwinConsents(self)
        self.plans, self.links = TwinPlans(self), TwinLinks(self)
        self.referrals = TwinReferrals(self)
        self.money = TwinMoney(self)
        self.forms = OfficeForms(TwinShelf(self))
        self.submissions = SubmissionDesk(self.forms, TwinPlaces(self))
        self.tables = TableImport(TwinTableBook(self))
        self.across, self.reminders = TwinAcross(self), TwinReminders(self)
        self.relocations, self.letters = TwinRelocations(self), TwinLetters(self)
        self.own_files, self.erasures = TwinOwnFiles(self), TwinErasures(self)
        self._told: dict[CaseId, list[Told]] = {}
        self._files: dict[CaseId, CaseFile] = {}
        self._readers: dict[tuple[CaseId, Part], frozenset[DeviceId]] = {}
        self._asked: dict[FactId, Request] = {}
        self._looked: set[tuple[CaseId, Part, Instant]] = set()

    def files(self, *, start: int, most: int) -> tuple[Sequence[CaseFile], int]:
        """Return the newest first."""
        files = list(reversed(self._files.values()))
        return files[start : start + most], len(files)

    def case(self, case: CaseId) -> CaseFile | None:
        """Return one."""
        return self._files.get(case)

    def may_open(self) -> bool:
        """Tell whether somebody here may open one."""
        return bool(self.desk.roster().roles(self.desk.device) & CASE_OPENERS)

    def may_write(self) -> bool:
        """Tell whether somebody here may write into one."""
        return bool(self.desk.roster().roles(self.desk.device) & CASE_WRITERS)

    def proposed(self) -> Mapping[Part, Collection[DeviceId]]:
        """Return what the crew's data proposes."""
        return {part: proposed(self.desk.roster(), part.value) for part in Part}

    def open(
        self,
        readers: Mapping[Part, Collection[DeviceId]],
        teams: Mapping[Part, Collection[VaultId]] = NO_TEAMS,
    ) -> CaseId:
        """Open one."""
        chosen = [readers.get(part, ()) for part in Part]
        usable = {team.id: team.members for team in self.desk.teams.usable()}
        through = [
            frozenset[DeviceId]().union(*(usable[team] for team in teams.get(part, ())))
            for part in Part
        ]
        roster, by = self.desk.roster(), self.desk.device
        named = check_opening(roster, by, chosen, through=through)
        given = [one | two for one, two in zip(named, through, strict=True)]
        case = CaseId(self.desk.rng.bytes(16))
        parts = tuple(OpenPart(part, VaultId(case), ()) for part in Part)
        name = cases.case_name(case, "en")
        self._files[case] = CaseFile(case, name, self.desk.now(), self.desk.device, parts)
        self._readers |= {(case, part): who for part, who in zip(Part, given, strict=True)}
        return case

    def givable(self, case: CaseId, part: Part) -> Chosen:
        """Return those who do not read it."""
        if (case, part) not in self._readers:
            raise NoSuchPart
        others = self.desk.roster().present() - self._readers[case, part]
        return Chosen(sorted(others), [team.id for team in self.desk.teams.usable()])

    def give(self, case: CaseId, part: Part, to: Chosen) -> None:
        """Give a part on."""
        if not to.devices and not to.teams:
            raise NobodyChosen
        teams = [one.members for one in self.desk.teams.all() if one.id in to.teams]
        self._readers[case, part] = self._readers[case, part].union(to.devices, *teams)

    def note(self, case: CaseId, part: Part, text: str) -> None:
        """Write into a part."""
        file = self._files[case]
        cases.write_note(file, part, text)
        by = FactId(self.desk.rng.bytes(36)), self.desk.now(), self.desk.device
        self._files[case] = replace(
            file,
            parts=tuple(
                replace(one, notes=(*one.notes, Note(*by, text))) if one.part is part else one
                for one in file.parts
            ),
        )

    def told(self, case: CaseId) -> Sequence[Told]:
        """Return the facts of the work on a case."""
        return tuple(self._told.get(case, ()))

    def write(self, case: CaseId, facts: Mapping[Part, PartFact]) -> None:
        """Write a fact into each of some parts."""
        self.write_all({case: facts})

    def write_all(self, facts: Mapping[CaseId, Mapping[Part, PartFact]]) -> None:
        """Write into several cases in one commit."""
        every = [(case, part, one) for case, some in facts.items() for part, one in some.items()]
        self.write_each(every)

    def write_each(self, every: Sequence[tuple[CaseId, Part, PartFact]]) -> None:
        """Write them in this order in one commit."""
        if not self.may_write():
            raise MayNotWrite
        commit, vaults = CommitId(self.desk.rng.bytes(32)), {of: at for at, of in VAULTS.items()}
        now = self.desk.now() << 16
        for slot, (case, part, event) in enumerate(every):
            told = self._told.get(case, [])
            fact, hlc = fact_id(commit, slot), max([now, *(one.hlc + 1 for one in told)])
            new = Told(fact, commit, vaults[part], self.desk.device, hlc, event)
            self._told[case] = [*told, new]

    def who_can_see(self, case: CaseId, part: Part) -> CanSee:
        """Return those who were chosen."""
        if (case, part) not in self._readers:
            raise NoSuchPart
        reach = dict.fromkeys(self._readers[case, part])
        return CanSee(holders(self.desk.roster(), reach), cards=True)

    def opened(self, file: CaseFile) -> None:
        """Report at once that this desk's person looked at it."""
        day = Instant(self.desk.now() // DAY * DAY)
        self._looked |= {(file.id, one.part, day) for one in file.parts}

    def reported(
        self, case: CaseId, part: Part, *, start: int, most: int
    ) -> tuple[Sequence[Reported], int]:
        """Return on which days somebody here looked at a part."""
        days = sorted((day for *of, day in self._looked if of == [case, part]), reverse=True)
        found = [Reported(day, self.desk.device, PART_READ, 1) for day in days]
        return found[start : start + most], len(found)

    def asked_for(self, case: CaseId, part: Part) -> Sequence[Request]:
        """Return who asked for a part."""
        name = cases.plain_name(self._files[case].name)
        asked = [one for one in self._asked.values() if cases.plain_name(one.case) == name]
        return [one for one in reversed(asked) if one.part is part]

    def requests(self) -> Sequence[Shown]:
        """Return what was asked, newest first."""
        names = {cases.plain_name(file.name) for file in self._files.values()}
        return [
            Shown(
                one,
                one.by == self.desk.device,
                one.by != self.desk.device and cases.plain_name(one.case) in names,
                any(said.by == self.desk.device for said in one.answers),
            )
            for one in reversed(self._asked.values())
        ]

    def to_answer(self) -> int:
        """Return how many wait for the person here."""
        return sum(
            one.holds and not one.request.given and not one.answered for one in self.requests()
        )

    def ask(self, name: str, part: Part, reason: str, by: DeviceId | None = None) -> None:
        """Ask, from here or from a colleague's desk."""
        cases.ask(name, part, reason)
        fact = FactId(self.desk.rng.bytes(36))
        said = fact, self.desk.now(), by or self.desk.device
        self._asked[fact] = Request(*said, name, part, reason, ())

    def answer(self, request: FactId, *, give: bool, word: str) -> None:
        """Answer a request."""
        found = self._asked.get(request)
        if found is None:
            raise AskedNoMore
        cases.answer(found, given=give, own=found.by == self.desk.device, word=word)
        said = Answered(self.desk.now(), self.desk.device, give, word)
        self._asked[request] = replace(found, answers=(*found.answers, said))
