# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which parts of cases a page shows: those alone are reported as looked at (spec/crew.md 11)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safeconduct.edges.desk.visit import Visit
    from safeconduct.kernel.words import CaseId
    from safeconduct.rooms.cases import CaseFile, Part


def looked_at(visit: Visit, case: CaseFile, parts: Collection[Part]) -> None:
    """Remember that somebody here looked at these parts of a case, as far as they are held."""
    shown = tuple(one for one in case.parts if one.part in parts)
    if shown:
        visit.desk.cases.opened(replace(case, parts=shown))


def looked_through(visit: Visit, cases: Iterable[CaseId], parts: Collection[Part]) -> None:
    """Remember the same of each case of a list."""
    for case in dict.fromkeys(cases):
        file = visit.desk.cases.case(case)
        if file is not None:
            looked_at(visit, file, parts)
