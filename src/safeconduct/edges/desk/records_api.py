# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about the records of cases.

Whatever has no key here leaves no trace in any answer.  The engine behind it is `records.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from safeconduct.kernel.words import CaseId
    from safeconduct.rooms.cases import CaseRecord, Part, SheetId
    from safeconduct.rooms.cases.record_decide import Typed


class RecordsApi(Protocol):
    """Records of cases, as pages see them."""

    def record(self, case: CaseId) -> CaseRecord:
        """Return what can be read of a record; it is empty where that is nothing."""
        ...

    def write(
        self,
        case: CaseId,
        kind: str,
        sheet: SheetId | None,
        typed: Mapping[tuple[Part, str], Typed],
    ) -> SheetId:
        """Write fields of a sheet, of a new one unless one is named; durable on return.

        Raises:
            Refused: NoSuchPart, MayNotWrite, WrongFields, FieldsMissing, NothingNew; nothing was
                kept.
        """
        ...

    def take_off(self, case: CaseId, kind: str, sheet: SheetId, reason: str) -> None:
        """Take a sheet off the record, with a reason; durable on return.

        Raises:
            Refused: NoSuchPart, MayNotWrite, NoReasonToTakeOff; nothing was kept.
        """
        ...

    def put_back(self, case: CaseId, kind: str, sheet: SheetId) -> None:
        """Let a sheet stand again that was taken off; durable on return.

        Raises:
            Refused: NoSuchPart, MayNotWrite, NothingNew; nothing was kept.
        """
        ...
