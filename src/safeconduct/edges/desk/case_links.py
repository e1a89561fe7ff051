# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which conversations belong to which case, as far as this desk has the keys to say so."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from safeconduct.edges.desk.across_cases import AcrossCases
from safeconduct.edges.desk.case_links_api import NamedCase
from safeconduct.edges.desk.cases import Cases
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.words import CaseId, ConversationId, FactId, VaultId
from safeconduct.rooms import cases
from safeconduct.rooms.cases import Part, Told
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.link_facts import ConversationLinked, ConversationUnlinked
from safeconduct.rooms.cases.links import Link, fold_links
from safeconduct.rooms.cases.links_decide import link, unlink

Links = tuple[Link, ...]


class CaseLinks:
    """Conversations of cases, over an open journal."""

    def __init__(self, journal: Journal, of: Cases) -> None:
        """Act for the device of this journal."""
        self._journal: Final = journal
        self._cases: Final = of
        kinds = ConversationLinked, ConversationUnlinked
        self.across: Final = AcrossCases(journal, of.held, _links, *kinds)

    def of_case(self, case: CaseId) -> Sequence[Link]:
        """Return the conversations of a case."""
        return self.across.of(case) or ()

    def of_talks(self, talks: Collection[ConversationId]) -> Sequence[NamedCase]:
        """Return the cases to which one of these conversations belongs."""
        found = self.across.all().items()
        return [
            self._named(case)
            for case, links in found
            if links and any(one.talk in talks for one in links)
        ]

    def choices(self, most: int) -> Sequence[NamedCase]:
        """Return the newest cases of whose contact this desk has the key."""
        found = [case for case, links in self.across.all().items() if links is not None]
        return [self._named(case) for case in found[:most]]

    def named(self, typed: str) -> Sequence[CaseId]:
        """Return such cases by a name, as it may be typed."""
        name, plain = self._cases.held.name, cases.plain_name
        found = self.across.all().items()
        wanted = plain(typed)
        return [case for case, some in found if some is not None and plain(name(case)) == wanted]

    def link(self, case: CaseId, talk: ConversationId) -> None:
        """Say that a conversation belongs to a case; durable on return."""
        with self._journal.store.lock:
            fact = link(case, self._need(case), talk)
            self._cases.write(case, {Part.CONTACT: fact})

    def unlink(self, case: CaseId, talk: ConversationId, saw: Collection[FactId]) -> None:
        """Take that back, over what was seen; durable on return."""
        with self._journal.store.lock:
            fact = unlink(case, self._need(case), talk, saw)
            self._cases.write(case, {Part.CONTACT: fact})

    def _need(self, case: CaseId) -> Links:
        links = self.across.of(case)
        if links is None:
            raise NoSuchPart
        return links

    def _named(self, case: CaseId) -> NamedCase:
        return NamedCase(case, self._cases.held.name(case))


def _links(case: CaseId, parts: Mapping[VaultId, Part], told: Sequence[Told]) -> Links | None:
    """Return the links of a case; None where its part of contact cannot be read here."""
    return fold_links(case, parts, told) if Part.CONTACT in parts.values() else None
