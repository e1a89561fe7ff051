# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about cases: their files, and a door for each kind of work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from safeconduct.edges.desk.cases_api import CasesApi

if TYPE_CHECKING:
    from safeconduct.edges.desk.across_api import AcrossApi
    from safeconduct.edges.desk.case_links_api import CaseLinksApi
    from safeconduct.edges.desk.consents_api import ConsentsApi
    from safeconduct.edges.desk.erasures_api import ErasuresApi
    from safeconduct.edges.desk.letters_api import LettersApi
    from safeconduct.edges.desk.money_api import MoneyApi
    from safeconduct.edges.desk.office_forms_api import OfficeFormsApi, SubmissionsApi
    from safeconduct.edges.desk.own_files_api import OwnFilesApi
    from safeconduct.edges.desk.plans_api import PlansApi
    from safeconduct.edges.desk.records_api import RecordsApi
    from safeconduct.edges.desk.referrals_api import ReferralsApi
    from safeconduct.edges.desk.relocations_api import RelocationsApi
    from safeconduct.edges.desk.reminders_api import RemindersApi
    from safeconduct.edges.desk.risks_api import RisksApi
    from safeconduct.edges.desk.stages_api import StagesApi
    from safeconduct.edges.desk.table_import import TableImport


class CaseWorkApi(CasesApi, Protocol):
    """The doors, as pages see them."""

    @property
    def records(self) -> RecordsApi:
        """Persons, pursuers, papers and places."""
        ...

    @property
    def stages(self) -> StagesApi:
        """Where cases stand, and what blocks them."""
        ...

    @property
    def risks(self) -> RisksApi:
        """In how great a danger people are, as two judged."""
        ...

    @property
    def consents(self) -> ConsentsApi:
        """What people allowed to be passed on, and what not."""
        ...

    @property
    def plans(self) -> PlansApi:
        """What is to be done, in all cases."""
        ...

    @property
    def money(self) -> MoneyApi:
        """Costs of cases, grants, limits, reports to donors."""
        ...

    @property
    def relocations(self) -> RelocationsApi:
        """Who goes abroad, and what is missing for it."""
        ...

    @property
    def letters(self) -> LettersApi:
        """Letters of support."""
        ...

    @property
    def links(self) -> CaseLinksApi:
        """Conversations of cases."""
        ...

    @property
    def referrals(self) -> ReferralsApi:
        """Packages for partner organisations."""
        ...

    @property
    def across(self) -> AcrossApi:
        """Papers that run out, and who is alike in two cases."""
        ...

    @property
    def forms(self) -> OfficeFormsApi:
        """The office's own forms."""
        ...

    @property
    def submissions(self) -> SubmissionsApi:
        """What phones filled in with them."""
        ...

    @property
    def tables(self) -> TableImport:
        """What is brought in of old tables."""
        ...

    @property
    def own_files(self) -> OwnFilesApi:
        """Files of what is kept about a person, for herself."""
        ...

    @property
    def erasures(self) -> ErasuresApi:
        """Cases that are erased, and what is left of them."""
        ...

    @property
    def reminders(self) -> RemindersApi:
        """The calendar for a colleague's telephone."""
        ...
