# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a helper does with conversations beyond reading and answering, as a desk holds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from safeconduct.edges.desk.backups import Backups
from safeconduct.edges.desk.bulletins import Bulletins
from safeconduct.edges.desk.by_hand import ByHand
from safeconduct.edges.desk.duty import Duty
from safeconduct.edges.desk.duty_book import JournalBook
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.first_words import FirstWordsBook
from safeconduct.edges.desk.guidance import Guidance
from safeconduct.edges.desk.import_book import ImportBook
from safeconduct.edges.desk.importing.imports import Imports
from safeconduct.edges.desk.line_book import LineBook
from safeconduct.edges.desk.looks import Looks
from safeconduct.edges.desk.overview import Overviews
from safeconduct.edges.desk.retention import Retention
from safeconduct.edges.desk.saved_searches import SavedSearches
from safeconduct.edges.desk.talks_joined import Joining
from safeconduct.edges.desk.telephone_book import StoreShelf, Telephone
from safeconduct.edges.desk.triage import Triage
from safeconduct.edges.desk.vetting import Vetting
from safeconduct.edges.desk.watch import Watch
from safeconduct.edges.desk.watch_book import JournalWatch
from safeconduct.kernel.words import ConversationId
from safeconduct.rooms.hotline import Conversation


class Work:
    """The doors of `WorkApi`; a desk is one."""

    def __init__(
        self,
        journal: Journal,
        need: Callable[[ConversationId], Conversation],
        changed: Callable[[], None],
    ) -> None:
        """Know how a conversation is found, and whom to tell that one changed."""
        self.triage: Final = Triage(journal, need)
        self.guidance: Final = Guidance(journal, need)
        self.first_words: Final = FirstWordsBook(journal)
        self.lines: Final = LineBook(journal, need)
        self.vetting: Final = Vetting(journal, need, self.guidance.canned)
        self.joining: Final = Joining(journal, need)
        self.bulletins: Final = Bulletins(journal)
        self.by_hand: Final = ByHand(journal, need, changed)
        self.imports: Final = Imports(ImportBook(journal), changed)
        self.duty: Final = Duty(JournalBook(journal))
        self.telephone: Final = Telephone(StoreShelf(journal.store))
        self.check_ins: Final = Watch(JournalWatch(journal), self.duty.calls.topics)
        self.duty.calls.watched = self.check_ins.calls
        self.looks: Final = Looks(journal, need)
        self.saved_searches: Final = SavedSearches(journal.store)
        self.retention: Final = Retention(journal, need)
        self.backups: Final = Backups(journal)
        self.overview: Final = Overviews(journal, self.looks.total)


__all__ = ["Work"]
