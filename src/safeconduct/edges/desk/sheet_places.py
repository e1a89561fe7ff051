# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where on a case's pages something stands: whoever saved or found it is led there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from safeconduct.rooms.cases.events import SheetWritten
from safeconduct.rooms.cases.sheets import ABROAD, COST, GOAL, PLAN, TASK

if TYPE_CHECKING:
    from safeconduct.kernel.words import CaseId
    from safeconduct.rooms.cases import Part
    from safeconduct.rooms.cases.events import CaseFact

HEADED: Final = {GOAL: "goal", TASK: "task"}
"""Kinds that the page of the plan shows under headings of their own."""


def page_of(case: CaseId, kind: str = "") -> str:
    """Return the page on which sheets of a kind stand, or the case's own."""
    path = f"/cases/{case.hex()}"
    if kind == COST:
        return f"{path}/money"
    if kind in ABROAD:
        return f"{path}/abroad"
    return f"{path}/plan" if kind in PLAN else path


def place_of(case: CaseId, kind: str, sheet: bytes, *, off: bool = False) -> str:
    """Return where on it a sheet stands; one that was taken off has the heading of any other."""
    name = "sheet" if off else HEADED.get(kind, "sheet")
    return f"{page_of(case, kind)}#{name}-{sheet.hex()}"


def found_at(case: CaseId, kind: str, part: Part, event: CaseFact | None) -> str:
    """Return where words stand that a search found, by what a hit in them is called."""
    if isinstance(event, SheetWritten):
        return place_of(case, event.kind, event.sheet)
    last = {"case-note": f"#{part.value}-title", "case-stage": "/stages", "case-risk": "/risk"}
    return f"{page_of(case)}{last.get(kind, '')}"
