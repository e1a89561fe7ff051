# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that a desk does with cases: their files, and a door for each kind of work on them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final

from safeconduct.edges.desk.across import Across
from safeconduct.edges.desk.across_cases import AcrossCases, breathe
from safeconduct.edges.desk.case_links import CaseLinks
from safeconduct.edges.desk.cases import Cases
from safeconduct.edges.desk.consents import ConsentBook
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.erasures import Erasures
from safeconduct.edges.desk.files_along import FilesAlong, case_talks
from safeconduct.edges.desk.letters import Letters
from safeconduct.edges.desk.money import Money
from safeconduct.edges.desk.office_forms import JournalShelf, OfficeForms
from safeconduct.edges.desk.own_files import OwnFiles
from safeconduct.edges.desk.plans import Plans
from safeconduct.edges.desk.records import Records
from safeconduct.edges.desk.referrals import ReferralBook
from safeconduct.edges.desk.relocations import Relocations
from safeconduct.edges.desk.reminders import Reminders
from safeconduct.edges.desk.removals import Removals
from safeconduct.edges.desk.risks import Risks
from safeconduct.edges.desk.stages import Stages
from safeconduct.edges.desk.submissions import JournalPlaces, SubmissionDesk
from safeconduct.edges.desk.table_book import TableBook
from safeconduct.edges.desk.table_import import TableImport
from safeconduct.kernel.ports import Courier


class CaseWork(Cases):
    """Case files, and the work on them."""

    def __init__(self, journal: Journal, removals: Removals, online: Callable[[], Courier]) -> None:
        """Act for the device of this journal; `online` raises Unreachable without a relay."""
        super().__init__(journal, removals, online)
        self.records: Final = Records(journal, self)
        self.stages: Final = Stages(journal, self)
        self.links: Final = CaseLinks(journal, self)
        self.risks: Final = Risks(journal, self, self.records, self.links)
        self.consents: Final = ConsentBook(journal, self, self.records)
        self.plans: Final = Plans(journal, self)
        self.money: Final = Money(journal, self, self.records)
        self.erasures: Final = Erasures(journal, self)
        along = FilesAlong(case_talks(journal, self.links, online))
        self.referrals: Final = ReferralBook(journal, self, self, along, self.erasures.runs)
        self.across: Final = Across(journal, self, self.records)
        self.forms: Final = OfficeForms(JournalShelf(journal, self))
        self.submissions: Final = SubmissionDesk(self.forms, JournalPlaces(journal, self))
        self.tables: Final = TableImport(TableBook(journal, self, self.records, self.across))
        self.own_files: Final = OwnFiles(journal, self, self)
        self.letters: Final = Letters(journal, self, self, self.erasures.runs)
        self.relocations: Final = Relocations(journal, self, self.records)
        dates = self.plans, self.across, self.risks, self.relocations
        self.reminders: Final = Reminders(journal, *dates)
        self._stop: Final = threading.Event()
        self._reading: threading.Thread | None = None

    def lists(self) -> tuple[AcrossCases[Any], ...]:
        """Return what is read out of every case, for lists over all of them."""
        of = self.links, self.plans, self.stages, self.risks, self.money, self.own_files
        return (*(one.across for one in of), self.relocations.across)

    def begin(self) -> None:
        """Read in a thread, in slices, what lists over all cases show; pages wait for less then."""
        self._reading = threading.Thread(target=self._read_ahead, name="desk-cases", daemon=True)
        self.across.ahead = True
        self._reading.start()

    def stop(self) -> None:
        """End that thread, if it was begun."""
        self._stop.set()
        if self._reading is not None:
            self._reading.join()

    def _read_ahead(self) -> None:
        try:
            for one in self.lists():
                while not self._stop.is_set() and one.read_some():
                    breathe()
            while not self._stop.is_set() and self.across.read_some():
                breathe()
        finally:
            self.across.ahead = False
