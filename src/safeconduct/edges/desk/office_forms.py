# SPDX-License-Identifier: AGPL-3.0-or-later
"""An office's own forms at this desk, and the sheets that were filled in with them.

The room decides; a `Shelf` reads and writes: an open journal, or a twin in memory.
Invariant: a draft of a form lies in memory alone until a steward keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, Protocol, get_args

from safeconduct.edges.desk.cases import Cases
from safeconduct.edges.desk.counted_facts import CountedFacts
from safeconduct.edges.desk.engine import case_keys
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.importing.submission_files import ChosenFile
from safeconduct.edges.desk.importing.tables import Tables
from safeconduct.edges.desk.importing.workbook import read_workbook
from safeconduct.kernel.words import CaseId, VaultId, instant_of
from safeconduct.rooms import cases
from safeconduct.rooms.cases import CaseRecord, Part, Sheet, SheetId, SheetWritten, Told
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.form_facts import FormFact
from safeconduct.rooms.cases.office_forms import FormTold, OfficeForm, fold_forms
from safeconduct.rooms.cases.office_forms_decide import NoSuchForm, bring_form, end_form
from safeconduct.rooms.cases.record_decide import Typed, put_back, take_off, write_sheet
from safeconduct.rooms.cases.sheets import SHEET_BYTES, Kinds
from safeconduct.rooms.cases.xlsform import Draft, Remark, read_xlsform
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.decide import NotASteward


class Shelf(Protocol):
    """Where forms and cases lie."""

    def forms(self) -> Sequence[FormTold]:
        """Return the facts about forms that count."""
        ...

    def keep(self, fact: FormFact) -> None:
        """Write a fact about a form; durable on return."""
        ...

    def steward(self) -> bool:
        """Tell whether somebody here is a steward."""
        ...

    def of_case(self, case: CaseId) -> tuple[Mapping[VaultId, Part], Sequence[Told]]:
        """Return the parts of a case that can be read here, and its facts about sheets."""
        ...

    def write(self, case: CaseId, facts: Mapping[Part, SheetWritten]) -> None:
        """Write facts into parts of a case; durable on return."""
        ...

    def language(self) -> str:
        """Return the office's language."""
        ...

    def fresh(self, length: int) -> bytes:
        """Return bytes drawn by chance."""
        ...


class OfficeForms:
    """The forms of an office, over a shelf."""

    def __init__(self, shelf: Shelf, read: Callable[[bytes], Tables] = read_workbook) -> None:
        """Read workbooks with `read`, which starts the sandbox."""
        self._shelf: Final = shelf
        self._read: Final = read
        self._of: tuple[Sequence[FormTold], Sequence[OfficeForm]] = ((), ())
        self.draft: Draft | None = None

    def may_bring(self) -> bool:
        """Tell whether somebody here decides what the office asks."""
        return self._shelf.steward()

    def all(self) -> Sequence[OfficeForm]:
        """Return the forms of the office, by their ids; the same while the same facts are there."""
        told = self._shelf.forms()
        if told is not self._of[0]:
            self._of = told, fold_forms(told)
        return self._of[1]

    def form(self, kind: str) -> OfficeForm | None:
        """Return the form whose sheets are of a kind."""
        return next((one for one in self.all() if one.kind == kind), None)

    def look(self, file: ChosenFile) -> Draft:
        """Read a workbook in the sandbox, and hold what it asks until it is kept or dropped."""
        self._need_steward()
        tables = self._read(file.content)
        sheets = {one.name: one.rows for one in tables.sheets}
        draft = read_xlsform(sheets, file.name.rpartition(".")[0] or file.name)
        cut = tuple(Remark("cut", 0, one.name) for one in tables.sheets if one.cut)
        self.draft = replace(draft, remarks=(*cut, *draft.remarks))
        return self.draft

    def drop(self) -> None:
        """Hold no draft any more."""
        self.draft = None

    def bring(self, form: str, version: str, parts: Mapping[str, str]) -> OfficeForm:
        """Ask with what is held from here on; durable on return."""
        self._need_steward()
        if self.draft is None:
            raise NoSuchForm
        before = next((one for one in self.all() if one.id == " ".join(form.split())), None)
        fact = bring_form(self.draft, form, version, parts, before)
        self._shelf.keep(fact)
        self.draft = None
        return next(one for one in self.all() if one.id == fact.form)

    def end(self, kind: str) -> None:
        """Ask with a form no more; durable on return."""
        self._need_steward()
        self._shelf.keep(end_form(self.form(kind)))

    def filled(self, case: CaseId) -> CaseRecord:
        """Return the filled forms of a case, as much as can be read here."""
        return self._fold(case, {one.kind: one.fields for one in self.all()})

    def elsewhere(self, case: CaseId, form: OfficeForm) -> CaseRecord:
        """Return the same of one form, for answers of which none is needed."""
        return self._fold(case, {form.kind: form.unneeding})

    def write(
        self,
        case: CaseId,
        kind: str,
        sheet: SheetId | None,
        typed: Mapping[tuple[Part, str], Typed],
    ) -> SheetId:
        """Write answers into a form, into a new one unless one is named; durable on return."""
        form = self.form(kind)
        if form is None or (sheet is None and not form.asked):
            raise NoSuchForm
        at = sheet or SheetId(self._shelf.fresh(SHEET_BYTES))
        facts = write_sheet(self.filled(case), self.held(case), kind, at, typed)
        self._shelf.write(case, facts)
        return at

    def put(
        self,
        case: CaseId,
        form: OfficeForm,
        sheet: SheetId,
        typed: Mapping[tuple[Part, str], Typed],
    ) -> None:
        """Write answers that were given elsewhere; durable on return."""
        record = self.elsewhere(case, form)
        self._shelf.write(case, write_sheet(record, self.held(case), form.kind, sheet, typed))

    def take_off(self, case: CaseId, kind: str, sheet: SheetId, reason: str) -> None:
        """Take a filled form off the record; durable on return."""
        record, found = self._need(case, kind, sheet)
        self._shelf.write(case, take_off(record, self.held(case), found, reason))

    def put_back(self, case: CaseId, kind: str, sheet: SheetId) -> None:
        """Let it stand again; durable on return."""
        record, found = self._need(case, kind, sheet)
        self._shelf.write(case, put_back(record, self.held(case), found))

    def held(self, case: CaseId) -> Collection[Part]:
        """Return the parts of a case that can be read here."""
        return frozenset(self._shelf.of_case(case)[0].values())

    def _fold(self, case: CaseId, kinds: Kinds) -> CaseRecord:
        parts, told = self._shelf.of_case(case)
        return cases.fold_record(case, parts, told, self._shelf.language(), kinds)

    def _need(self, case: CaseId, kind: str, sheet: SheetId) -> tuple[CaseRecord, Sheet]:
        record = self.filled(case)
        found = record.sheet(sheet, kind)
        if found is None:
            raise NoSuchPart
        return record, found

    def _need_steward(self) -> None:
        if not self._shelf.steward():
            raise NotASteward


class JournalShelf:
    """Implements `Shelf` over an open journal."""

    def __init__(self, journal: Journal, of: Cases) -> None:
        """Act for the device of this journal."""
        self._journal: Final = journal
        self._cases: Final = of
        self._facts: Final = CountedFacts(journal, *get_args(FormFact))
        self._of: tuple[Sequence[Told], Sequence[FormTold]] = ((), ())

    def forms(self) -> Sequence[FormTold]:
        """Return the facts about forms that count."""
        with self._journal.store.lock:
            told = self._facts.all()
            if told is not self._of[0]:
                self._of = told, tuple(_told(told))
            return self._of[1]

    def keep(self, fact: FormFact) -> None:
        """Write a fact about a form; durable on return."""
        self._journal.write([case_keys.case_fact(self._journal.crew_vault, fact)])

    def steward(self) -> bool:
        """Tell whether somebody here is a steward."""
        return Role.STEWARD in self._journal.roster.roles(self._journal.device)

    def of_case(self, case: CaseId) -> tuple[Mapping[VaultId, Part], Sequence[Told]]:
        """Return the parts of a case that can be read here, and its facts about sheets."""
        held = self._cases.held
        with self._journal.store.lock:
            opened = held.find(case)
            if opened is None:
                return {}, ()
            return held.by_vault(opened), held.told(opened, SheetWritten)

    def write(self, case: CaseId, facts: Mapping[Part, SheetWritten]) -> None:
        """Write facts into parts of a case; durable on return."""
        self._cases.write(case, facts)

    def language(self) -> str:
        """Return the office's language."""
        return self._journal.lists.language

    def fresh(self, length: int) -> bytes:
        """Return bytes drawn by chance."""
        return self._journal.rng.bytes(length)


def _told(told: Iterable[Told]) -> Iterator[FormTold]:
    for one in told:
        if isinstance(one.event, FormFact):
            yield FormTold(one.fact, one.device, instant_of(one.hlc), one.event)
