# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about the risk of cases.

Whatever has no key here leaves no trace in any answer.  The engine behind it is `risks.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.kernel.words import CaseId, FactId
    from safeconduct.rooms.cases import CaseRisk
    from safeconduct.rooms.cases.risk import Assessment, Band
    from safeconduct.rooms.cases.risk_decide import Assessing, Seconding
    from safeconduct.rooms.cases.risk_due import Event, Reason


@dataclass(frozen=True, slots=True)
class CaseWaits:
    """A case about whose risk something waits to be done, longest first."""

    case: CaseId
    name: str
    band: Band | None
    reasons: tuple[Reason, ...]


class RisksApi(Protocol):
    """Risk, as pages see it."""

    def risk(self, case: CaseId) -> CaseRisk:
        """Return what was judged of a case; it is empty where nothing of that can be read."""
        ...

    def events(self, case: CaseId) -> Sequence[Event]:
        """Return what happened in a case that calls for a new assessment."""
        ...

    def waiting(self) -> Sequence[CaseWaits]:
        """Return the cases held here about whose risk something waits, longest first."""
        ...

    def may_second(self, assessment: Assessment) -> bool:
        """Tell whether an assessment waits, and somebody here is another person than made it."""
        ...

    def assess(self, case: CaseId, typed: Assessing) -> None:
        """Judge in how great a danger a person is; durable on return.

        Raises:
            Refused: what `risk_decide.assess` refuses, MayNotWrite; nothing was kept.
        """
        ...

    def second(self, case: CaseId, assessment: FactId, said: Seconding) -> None:
        """Say the same as a second person, or another band; durable on return.

        Raises:
            Refused: what `risk_decide.second` refuses, MayNotWrite; nothing was kept.
        """
        ...
