# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about referrals; behind it `referrals.py`.

Where the contact part of a case cannot be read here, the answer says so and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.kernel.words import CaseId, ConversationId
    from safeconduct.rooms.cases import Sheet
    from safeconduct.rooms.cases.consent import Consent
    from safeconduct.rooms.cases.referrals import Piece, Referral, State
    from safeconduct.rooms.cases.referrals_decide import Draft, TypedReferral
    from safeconduct.rooms.hotline import Attachment


class Shown(NamedTuple):
    """A referral as it stands.

    `here` tells whether this desk holds what was written with its words, and `unsent` whether
    something of it still waits on this computer for the server.
    """

    referral: Referral
    state: State
    here: bool
    unsent: bool


class Drafted(NamedTuple):
    """What would go along, word for word, under which consents, and a short name of all that."""

    draft: Draft
    text: str
    consents: tuple[Consent, ...]
    digest: str


class Package(NamedTuple):
    """What a referral hands over, word for word, and under which consents; none that lacks one."""

    shown: Shown
    text: str
    consents: tuple[Consent, ...]


class CaseFileChoice(NamedTuple):
    """A file of a conversation of a case, which could go along."""

    talk: ConversationId
    file: Attachment
    code_name: str


class ReferralsApi(Protocol):
    """Referrals of cases, as pages see them."""

    def of(self, case: CaseId) -> Sequence[Shown] | None:
        """Return the referrals of a case, newest first; None where that cannot be known here."""
        ...

    def choices(self, case: CaseId) -> Sequence[tuple[Sheet, tuple[Piece, ...]]]:
        """Return the sheets of which something could go along, as they can be read here."""
        ...

    def files(self, case: CaseId) -> Sequence[CaseFileChoice]:
        """Return the files of its conversations that could go along, as they can be read here."""
        ...

    def allowed(self, case: CaseId) -> Sequence[Consent]:
        """Return the consents to a referral that hold today."""
        ...

    def draft(self, case: CaseId, typed: TypedReferral) -> Drafted:
        """Return what would go along, and try whether each file can; nothing is kept.

        Raises:
            Refused: WrongReferral, NothingReferred, ReferralTooLong, NoConsent, NoCopyOfFile,
                ReferralFileGone, ReferralFilesTooLarge; and as files are read.
        """
        ...

    def make(self, case: CaseId, typed: TypedReferral, seen: str) -> tuple[str, ...]:
        """Make a referral of what was seen, and return its eight words, this once; durable then.

        Raises:
            Refused: as `draft`, and ReferralChanged, ReferralWaits, NoSuchPart, MayNotWrite;
                nothing was kept.
        """
        ...

    def package(self, case: CaseId, fact: bytes) -> Package:
        """Return what a referral hands over.

        Raises:
            Refused: NoSuchReferral, ReferralUnread, NoConsent.
        """
        ...

    def hand_over(self, case: CaseId, fact: bytes) -> None:
        """Seal the package for who knows the words; durable on return, sent later.

        Raises:
            Refused: NoSuchReferral, HandedAlready, ReferralEnded, ReferralUnread, NobodyCame,
                NoConsent, StillChecking, MayNotWrite, ReferralFileChanged, and as `draft` of
                files; nothing was kept.
        """
        ...

    def withdraw(self, case: CaseId, fact: bytes, reason: str) -> None:
        """Withdraw a referral; durable on return.

        Raises:
            Refused: NoSuchReferral, WithdrawnAlready, SaidTooMuch, MayNotWrite; nothing was kept.
        """
        ...
