# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about people who go abroad; behind it `relocations.py`.

Whatever has no key here leaves no trace in any answer.  What one case says of it is a fold of its
record (`rooms/cases/relocation.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from safeconduct.kernel.words import CaseId
    from safeconduct.rooms.cases import SheetId
    from safeconduct.rooms.cases.checklist import Proposed
    from safeconduct.rooms.cases.relocation import Abroad, Relocation

_NEVER: Final = "9999-99"
"""After every day: who has no day stands last."""


@dataclass(frozen=True, slots=True)
class HeldRelocation:
    """A relocation, and the case to which it belongs."""

    case: CaseId
    name: str
    of: Relocation


class RelocationsApi(Protocol):
    """People who go abroad, as pages see them."""

    def all(self) -> Sequence[HeldRelocation]:
        """Return those of all cases that are held here, by the day they travel."""
        ...

    def of(self, case: CaseId) -> Abroad:
        """Return what a case says of it, as far as it can be read here."""
        ...

    def proposed(
        self, case: CaseId, relocation: SheetId, lines: Iterable[str]
    ) -> Sequence[Proposed]:
        """Return what is not on a relocation's list and was never; `lines` the country asks for."""
        ...

    def begin(self, case: CaseId, relocation: SheetId, lines: Iterable[str]) -> None:
        """Put all of that on the list, in one act; durable on return.

        Raises:
            Refused: NoSuchPart, MayNotWrite, NothingNew; nothing was kept.
        """
        ...


def in_order(some: Iterable[HeldRelocation]) -> tuple[HeldRelocation, ...]:
    """Return relocations by the day on which they travel; those without one last."""
    return tuple(sorted(some, key=lambda one: (one.of.travels or _NEVER, one.case, one.of.id)))
