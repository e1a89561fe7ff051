# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters of support at this desk: written out of the record, with consent, and reported.

As with a person's own file the report is durable before the first byte is given, the letter is
made in memory, and nothing unverified goes into it (spec/relocation.md 5).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from safeconduct.edges.desk.handoffs import need_consent
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.edges.desk.letter_words import letter_words
from safeconduct.edges.desk.letters_api import DraftedLetter
from safeconduct.edges.desk.own_files import kept_of
from safeconduct.edges.desk.verified import need_verified
from safeconduct.kernel.seal.age import seal_with_words
from safeconduct.kernel.words import CaseId, Instant
from safeconduct.rooms.cases import SheetId
from safeconduct.rooms.cases.consent import Consent, WhyNot, day_of
from safeconduct.rooms.cases.consent_decide import NoConsent
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.letter_facts import LetterMade
from safeconduct.rooms.cases.letter_write import write_letter
from safeconduct.rooms.cases.letters import (
    LetterChanged,
    TypedLetter,
    draft_letter,
    letter_lines,
    made_of,
    may_be_for,
)
from safeconduct.rooms.cases.letters_made import LETTER_PART, Letter, fold_letters
from safeconduct.rooms.cases.own_file_lines import Line
from safeconduct.rooms.cases.referrals_decide import CaseIsErased

if TYPE_CHECKING:
    from safeconduct.edges.desk.cases import Cases
    from safeconduct.edges.desk.casework_api import CaseWorkApi
    from safeconduct.edges.desk.engine.journal import Journal


class Letters:
    """Letters, over an open journal."""

    def __init__(
        self, journal: Journal, of: Cases, work: CaseWorkApi, erased: Callable[[CaseId], bool]
    ) -> None:
        """Act for the device of this journal; `erased` tells of which cases that was asked."""
        self._journal: Final = journal
        self._cases: Final = of
        self._work: Final = work
        self._erased: Final = erased

    def of(self, case: CaseId) -> Sequence[Letter]:
        """Return those that were made, newest first; nothing without the part contact."""
        held = self._cases.held
        with self._journal.store.lock:
            opened = held.find(case)
            if opened is None:
                return ()
            told = held.told(opened, LetterMade)
            return fold_letters(case, held.by_vault(opened), told)[::-1]

    def allowed(self, case: CaseId) -> Sequence[Consent]:
        """Return the consents under which a letter may be written today."""
        return allowed(self._work, case, self._journal.clock.now())

    def lines(self, case: CaseId, person: SheetId) -> Sequence[Line]:
        """Return what may stand in a letter about a person, as far as it can be read here."""
        with self._journal.store.lock:
            return lines_for(self._work, case, person)

    def draft(self, case: CaseId, consent: bytes, typed: TypedLetter) -> DraftedLetter:
        """Return what a letter would say; nothing is kept."""
        with self._journal.store.lock:
            return drafted(self._work, case, consent, typed, self._journal.clock.now())

    def make(
        self, case: CaseId, consent: bytes, typed: TypedLetter, seen: bytes, words: str
    ) -> bytes:
        """Return the letter that was seen after it is reported; sealed if there are words."""
        journal = self._journal
        with journal.store.lock:
            one = self.draft(case, consent, typed)
            if one.digest != seen:
                raise LetterChanged
            if self._erased(case):
                raise CaseIsErased
            need_verified(journal)
            said = made_of(case, one.consent, one.draft, one.digest, sealed=bool(words))
            self._cases.write(case, {LETTER_PART: said})
        return seal_with_words(words, one.page, journal.rng) if words else one.page


def allowed(work: CaseWorkApi, case: CaseId, now: Instant) -> Sequence[Consent]:
    """Return the consents of a case under which a letter may be written on a day."""
    given, today = work.consents.of(case).given, day_of(now)
    return [one for one in given if may_be_for(one) and one.holds(today)]


def lines_for(work: CaseWorkApi, case: CaseId, person: SheetId) -> Sequence[Line]:
    """Return what may stand in a letter about a person."""
    file = work.case(case)
    return letter_lines(kept_of(work, file), person) if file else ()


def drafted(
    work: CaseWorkApi, case: CaseId, consent: bytes, typed: TypedLetter, now: Instant
) -> DraftedLetter:
    """Return what a letter would say, to the recipient of a consent that holds.

    Raises:
        NoConsent: there is none, it holds no more, or it is for another purpose.
        NoSuchPart: the part contact cannot be read here.
        WrongLetter, LetterChanged, NothingInLetter: see there.
    """
    known = work.consents.of(case)
    one = known.consent(consent)
    if not known.readable:
        raise NoSuchPart
    if one is None or not may_be_for(one):
        raise NoConsent(WhyNot.NONE)
    given = need_consent(work.consents, case, one.asking, now)
    lines = lines_for(work, case, given.asking.person)
    draft = draft_letter(lines, given.asking.recipient, typed, LANGUAGES)
    page = write_letter(draft, letter_words(draft, now))
    return DraftedLetter(draft, given, hashlib.sha256(page).digest(), page)
