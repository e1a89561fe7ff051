# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about the stages of cases.

Whatever has no key here leaves no trace in any answer.  The engine behind it is `stages.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.kernel.words import CaseId, FactId
    from safeconduct.rooms.cases import CaseStages
    from safeconduct.rooms.cases.stages_decide import TypedStage


class Staged(NamedTuple):
    """A case by its name, and its stages."""

    name: str
    stages: CaseStages


class StagesApi(Protocol):
    """Stages of cases, as pages see them."""

    def of(self, case: CaseId) -> CaseStages | None:
        """Return the stages of a case; None where its journey cannot be read here."""
        ...

    def all(self) -> Sequence[Staged]:
        """Return the stages of every case whose journey can be read here, newest case first."""
        ...

    def enter(self, case: CaseId, typed: TypedStage) -> None:
        """Move a case into a stage; durable on return.

        Raises:
            Refused: NoSuchPart, MayNotWrite, and those of `enter_stage`; nothing was kept.
        """
        ...

    def block(self, case: CaseId, text: str) -> None:
        """Say what blocks a case; durable on return.

        Raises:
            Refused: NoSuchPart, MayNotWrite, NoBlockNamed, StageNoteTooLong; nothing was kept.
        """
        ...

    def lift(self, case: CaseId, block: FactId, note: str) -> None:
        """Say that a block is gone; durable on return.

        Raises:
            Refused: NoSuchPart, MayNotWrite, NoSuchBlock, StageNoteTooLong; nothing was kept.
        """
        ...
