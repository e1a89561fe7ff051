# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page of a case shows of its record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from safeconduct.rooms.cases.sheets import APART, SHEETS

if TYPE_CHECKING:
    from safeconduct.edges.desk.visit import Visit
    from safeconduct.rooms.cases import CaseFile


def recorded(visit: Visit, case: CaseFile) -> dict[str, Any]:
    """Return the record, and the kinds of sheets of which something could be read here.

    The plan and money have pages of their own.
    """
    held = {one.part for one in case.parts}
    kinds = (
        kind
        for kind in SHEETS
        if kind not in APART and any(one.part in held for one in SHEETS[kind])
    )
    record = visit.desk.cases.records.record(case.id)
    off = [one for one in record.off if one.kind not in APART]
    return {
        "record": record,
        "kinds": tuple(kinds),
        "off_record": off,
        "alike": visit.desk.cases.across.of_case(case.id),
    }
