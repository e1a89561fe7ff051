# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a helper does with conversations beyond reading and answering: a door for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from safeconduct.edges.desk.backups_api import BackupsApi
    from safeconduct.edges.desk.bulletins_api import BulletinsApi
    from safeconduct.edges.desk.burned_api import BurnedApi
    from safeconduct.edges.desk.by_hand_api import ByHandApi
    from safeconduct.edges.desk.duty_api import DutyApi
    from safeconduct.edges.desk.first_words_api import FirstWordsApi
    from safeconduct.edges.desk.guidance_api import GuidanceApi
    from safeconduct.edges.desk.importing.imports import Imports
    from safeconduct.edges.desk.joining_api import JoiningApi
    from safeconduct.edges.desk.lines_api import LinesApi
    from safeconduct.edges.desk.looks_api import LooksApi
    from safeconduct.edges.desk.overview_api import OverviewApi
    from safeconduct.edges.desk.retention_api import RetentionApi
    from safeconduct.edges.desk.search_api import SavedSearchesApi
    from safeconduct.edges.desk.slips_api import SlipsApi
    from safeconduct.edges.desk.telephone_api import TelephoneApi
    from safeconduct.edges.desk.triage_api import TriageApi
    from safeconduct.edges.desk.vetting_api import VettingApi
    from safeconduct.edges.desk.watch_api import WatchApi
    from safeconduct.edges.desk.ways_api import WaysApi


class WorkApi(Protocol):
    """The doors, as pages see them."""

    @property
    def triage(self) -> TriageApi:
        """How the work is ordered."""
        ...

    @property
    def guidance(self) -> GuidanceApi:
        """What guides an answer."""
        ...

    @property
    def first_words(self) -> FirstWordsApi:
        """What pages say at once."""
        ...

    @property
    def lines(self) -> LinesApi:
        """Telephone and messengers."""
        ...

    @property
    def vetting(self) -> VettingApi:
        """How far we know who writes, and what is guarded until then."""
        ...

    @property
    def joining(self) -> JoiningApi:
        """Conversations of one person."""
        ...

    @property
    def bulletins(self) -> BulletinsApi:
        """Threats, and whom they touch."""
        ...

    @property
    def by_hand(self) -> ByHandApi:
        """Contacts that helpers type in."""
        ...

    @property
    def imports(self) -> Imports:
        """What the office had before."""
        ...

    @property
    def looks(self) -> LooksApi:
        """Second looks of colleagues."""
        ...

    @property
    def saved_searches(self) -> SavedSearchesApi:
        """Searches that come again."""
        ...

    @property
    def duty(self) -> DutyApi:
        """Who is there for people when."""
        ...

    @property
    def telephone(self) -> TelephoneApi:
        """Telephoning from this desk."""
        ...

    @property
    def check_ins(self) -> WatchApi:
        """Who is to be heard of by when."""
        ...

    @property
    def retention(self) -> RetentionApi:
        """What is destroyed when."""
        ...

    @property
    def backups(self) -> BackupsApi:
        """When the whole office was backed up."""
        ...

    @property
    def ways(self) -> WaysApi:
        """Houses, roads and countries."""
        ...

    @property
    def slips(self) -> SlipsApi:
        """Slips for escorts and hosts."""
        ...

    @property
    def burned(self) -> BurnedApi:
        """Who is revealed by whom, and what is done at once."""
        ...

    @property
    def overview(self) -> OverviewApi:
        """How much there is to do."""
        ...


__all__ = ["WorkApi"]
