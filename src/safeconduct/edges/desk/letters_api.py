# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about letters of support; behind it `letters.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.kernel.words import CaseId
    from safeconduct.rooms.cases import SheetId
    from safeconduct.rooms.cases.consent import Consent
    from safeconduct.rooms.cases.letters import LetterDraft, TypedLetter
    from safeconduct.rooms.cases.letters_made import Letter
    from safeconduct.rooms.cases.own_file_lines import Line


@dataclass(frozen=True, slots=True)
class DraftedLetter:
    """What a letter would say, under which consent; `digest` is of the very page."""

    draft: LetterDraft
    consent: Consent
    digest: bytes
    page: bytes


class LettersApi(Protocol):
    """Letters of support, as pages see them."""

    def of(self, case: CaseId) -> Sequence[Letter]:
        """Return those that were made, newest first; nothing without the part contact."""
        ...

    def allowed(self, case: CaseId) -> Sequence[Consent]:
        """Return the consents under which a letter may be written today."""
        ...

    def lines(self, case: CaseId, person: SheetId) -> Sequence[Line]:
        """Return what may stand in a letter about a person, as far as it can be read here."""
        ...

    def draft(self, case: CaseId, consent: bytes, typed: TypedLetter) -> DraftedLetter:
        """Return what a letter would say; nothing is kept.

        Raises:
            Refused: NoConsent, WrongLetter, LetterChanged, NothingInLetter.
        """
        ...

    def make(
        self, case: CaseId, consent: bytes, typed: TypedLetter, seen: bytes, words: str
    ) -> bytes:
        """Return the letter that was seen after it is reported; sealed if there are words.

        Raises:
            Refused: as for `draft`, NoSuchPart, MayNotWrite, CaseIsErased, StillChecking; no byte
                was given and nothing reported.
        """
        ...
