# SPDX-License-Identifier: AGPL-3.0-or-later
"""Referrals in the cases of a desk in memory: the room's own folds and refusals, and no relay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.files_along import CaseTalks, FilesAlong
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.edges.desk.referrals import (
    LIVES,
    WORD_BYTES,
    allowing,
    choices_in,
    drafted,
    drawn,
    holding,
    text_of,
)
from safeconduct.edges.desk.referrals_api import CaseFileChoice, Drafted, Package, Shown
from safeconduct.kernel.words import CaseId, Instant, OfficeId, end_of_day
from safeconduct.rooms.cases import Part, Sheet
from safeconduct.rooms.cases.consent import Consent
from safeconduct.rooms.cases.referral_facts import ReferralHandedOver
from safeconduct.rooms.cases.referrals import Piece, Referral, Referrals, fold_referrals
from safeconduct.rooms.cases.referrals_decide import (
    NoSuchReferral,
    ReferralChanged,
    ReferralUnread,
    TypedReferral,
    Words,
    draft,
    make,
    may_hand_over,
    withdraw,
)
from safeconduct.rooms.hotline.letters import conversation_of
from tests.kit.desk_twin_records import VAULTS

if TYPE_CHECKING:
    from safeconduct.edges.desk.api import NewFile
    from tests.kit.desk_twin_cases import TwinCases

OFFICE = OfficeId(bytes(16))


class TwinReferrals:
    """The referrals of a twin's cases."""

    def __init__(self, of: TwinCases) -> None:
        """Look at these cases."""
        self._cases = of
        self.parts = dict(VAULTS)
        """A test takes parts out, as for a desk without their keys."""
        self.heard: dict[bytes, list[Instant]] = {}
        """When somebody wrote with the words, by conversation; a test writes it."""
        self.sent: list[str] = []
        """What would be sealed."""
        self.sent_files: list[NewFile] = []
        """Files that would be sealed with it."""

    def of(self, case: CaseId) -> Sequence[Shown] | None:
        """Return them."""
        known = self._known(case)
        return [self._shown(one) for one in reversed(known.all)] if known.readable else None

    def choices(self, case: CaseId) -> Sequence[tuple[Sheet, tuple[Piece, ...]]]:
        """Return what could go along."""
        return choices_in(self._cases.records.record(case), frozenset(self.parts.values()))

    def files(self, case: CaseId) -> Sequence[CaseFileChoice]:
        """Return the files that could go along."""
        return self._files.choices(case)

    @property
    def _files(self) -> FilesAlong:
        desk, links = self._cases.desk, self._cases.links
        talks = CaseTalks(
            lambda case: [one.talk for one in links.of_case(case)],
            desk.conversation,
            lambda talk, file: desk.file_bytes(talk, file.blob, leaves=False),
            lambda _: None,
        )
        return FilesAlong(talks)

    def allowed(self, case: CaseId) -> Sequence[Consent]:
        """Return the consents that hold."""
        return holding(self._cases.consents, case, self._cases.desk.now())

    def draft(self, case: CaseId, typed: TypedReferral) -> Drafted:
        """Return what would go along."""
        now, record = self._cases.desk.now(), self._cases.records.record(case)
        typed = typed._replace(files=self._files.seen(case, typed.files))
        one = draft(record, frozenset(self.parts.values()), typed, LANGUAGES, now)
        told = drafted(self._cases, case, one, now)
        self._files.ready(case, one.files)
        return told

    def make(self, case: CaseId, typed: TypedReferral, seen: str) -> tuple[str, ...]:
        """Make one."""
        one = self.draft(case, typed)
        if one.digest != seen:
            raise ReferralChanged
        words, box = drawn(self._cases.desk.rng.bytes(WORD_BYTES), OFFICE, typed.language)
        given = Words(conversation_of(box.voice), box.voice, box.address, box.key.raw)
        facts = make(self._known(case), one.draft, given, self._cases.desk.now())
        self._cases.write_each([(case, part, fact) for part, fact in facts])
        self.sent.append(one.draft.greeting)
        return words

    def package(self, case: CaseId, fact: bytes) -> Package:
        """Return what one hands over."""
        found = self._find(case, fact)
        if not found.complete:
            raise ReferralUnread
        now = self._cases.desk.now()
        given = allowing(self._cases, case, found.askings, found.files, now)
        return Package(self._shown(found), text_of(found), given)

    def hand_over(self, case: CaseId, fact: bytes) -> None:
        """Hand one over."""
        found, now = self._find(case, fact), self._cases.desk.now()
        may_hand_over(found, self.heard.get(found.talk, []), now)
        given = allowing(self._cases, case, found.askings, found.files, now)
        self.sent_files = self._files.ready(case, found.files)
        said, end = tuple(one.id for one in given), end_of_day(Instant(now + LIVES))
        told = ReferralHandedOver(case, found.fact, said, end)
        self._cases.write(case, {Part.CONTACT: told})
        self.sent.append(text_of(found))

    def withdraw(self, case: CaseId, fact: bytes, reason: str) -> None:
        """Withdraw one."""
        self._cases.write(case, {Part.CONTACT: withdraw(self._known(case), fact, reason)})

    def _known(self, case: CaseId) -> Referrals:
        return fold_referrals(case, self.parts, self._cases.told(case))

    def _find(self, case: CaseId, fact: bytes) -> Referral:
        found = self._known(case).find(fact)
        if found is None:
            raise NoSuchReferral
        return found

    def _shown(self, one: Referral) -> Shown:
        heard = self.heard.get(one.talk, [])
        return Shown(one, one.state(heard, self._cases.desk.now()), bool(heard), unsent=False)
