# SPDX-License-Identifier: AGPL-3.0-or-later
"""Marks that a sender means harm, and whether they put her away (spec/triage.md 6).

Pure values; what facts make of them is in `hostility_fold`.
Invariant: one mark puts nobody away whom somebody else judged to be in danger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from safeconduct.kernel.words import DeviceId, FactId


class Mark(NamedTuple):
    """That somebody says that a sender means harm, or does not."""

    fact: FactId
    by: DeviceId
    hostile: bool


@dataclass(frozen=True, slots=True)
class Hostility:
    """The marks that stand, in their order, and who else than the only marker judged danger."""

    marks: tuple[Mark, ...] = ()
    against: tuple[DeviceId, ...] = ()

    @property
    def marked_by(self) -> tuple[DeviceId, ...]:
        """Who says that they mean harm; nobody where somebody says at once that they do not."""
        if not all(one.hostile for one in self.marks):
            return ()
        return tuple(sorted({one.by for one in self.marks}))

    @property
    def put_away_by(self) -> DeviceId | None:
        """Who put her away; None where nobody did, or a second is needed for it."""
        marked = self.marked_by
        return marked[0] if marked and not self.needs_second else None

    @property
    def needs_second(self) -> bool:
        """Whether one says so of somebody whom another judged to be in danger."""
        return len(self.marked_by) == 1 and bool(self.against)


NOT_MARKED: Final = Hostility()
