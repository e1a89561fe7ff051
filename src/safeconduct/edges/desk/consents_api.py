# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages, and every disclosure, may ask about consents.

Where the contact part of a case cannot be read here, the answer says so and nothing else, whatever
stands in it.  The engine behind it is `consents.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from safeconduct.kernel.words import CaseId
    from safeconduct.rooms.cases.consent import ConsentId, Consents
    from safeconduct.rooms.cases.consent_decide import Answer


class ConsentsApi(Protocol):
    """Consents of the people of cases, as pages see them."""

    def of(self, case: CaseId) -> Consents:
        """Return what the people of a case allowed and did not; `readable` if it is known here."""
        ...

    def give(self, case: CaseId, typed: Answer) -> ConsentId:
        """Write down that somebody said yes; durable on return.

        Raises:
            Refused: NoSuchPart, MayNotWrite, NoSuchPerson, WrongAnswer, SaidNoMeanwhile; nothing
                was kept.
        """
        ...

    def refuse(self, case: CaseId, typed: Answer) -> None:
        """Write down that somebody said no; durable on return.

        Raises:
            Refused: NoSuchPart, MayNotWrite, NoSuchPerson, WrongAnswer; nothing was kept.
        """
        ...

    def withdraw(self, case: CaseId, consent: bytes, reason: str) -> None:
        """Write down that somebody took a consent back; durable on return.

        Raises:
            Refused: NoSuchPart, MayNotWrite, NothingToWithdraw, SaidTooMuch; nothing was kept.
        """
        ...
